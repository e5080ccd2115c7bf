//! Who the relay is: a key of its own making, by whose hash nodes know it, and the secret that lets them
//! create mailboxes. Both are made at the first start and kept in the relay's folder.

use core::fmt;
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, PublicKeyData as _};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, version::TLS13};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use wire::{CreationSecret, Fingerprint};
use zeroize::Zeroizing;

const KEY_FILE: &str = "key";
const CREATION_FILE: &str = "creation-secret";

/// The name in the certificate. Nobody checks it: the key is what counts.
const CERTIFICATE_NAME: &str = "relay";

/// What to do with a folder that is damaged.
pub(crate) const ADVICE: &str = "Nothing was changed. Put a copy of the whole folder back. In another folder there would be another relay, which no invitation knows";

/// The relay's key and creation secret could not be had.
#[derive(Debug)]
pub enum IdentityError {
    /// The folder cannot be read or written.
    Io(std::io::Error),
    /// What stands there is no key or secret, or the file of this name is gone although something was stored
    /// under it. It is not replaced: invitations name it.
    Damaged(&'static str),
    /// The system gave no randomness.
    NoRandomness,
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the relay's folder cannot be used: {error}"),
            Self::Damaged(file) => write!(
                f,
                "the file {file} is missing or damaged, and no other can take its place: invitations name it. {ADVICE}"
            ),
            Self::NoRandomness => f.write_str("the system gives no random numbers"),
        }
    }
}

impl std::error::Error for IdentityError {}

impl From<std::io::Error> for IdentityError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// The relay's key, ready for TLS, and its creation secret.
pub(crate) struct Identity {
    pub(crate) tls: TlsAcceptor,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) creation: CreationSecret,
}

impl Identity {
    /// Whether a relay was begun in this folder: the key is what is made last.
    pub(crate) fn is_in(folder: &Path) -> bool {
        folder.join(KEY_FILE).exists()
    }

    /// Reads the identity in a folder, or makes one where it was never used: `is_fresh` says that nothing is stored.
    pub(crate) fn load_or_make(folder: &Path, is_fresh: bool) -> Result<Self, IdentityError> {
        fs::create_dir_all(folder)?;
        let may_make = is_fresh && !Self::is_in(folder);
        let creation = read_or_make(folder, CREATION_FILE, may_make, new_secret)?;
        let key = read_or_make(folder, KEY_FILE, may_make, new_key)?;
        let creation: [u8; 32] = creation
            .as_slice()
            .try_into()
            .map_err(|_| IdentityError::Damaged(CREATION_FILE))?;
        // Nobody drew this one: the disk lost its page, and everybody could guess it.
        if creation == [0; 32] {
            return Err(IdentityError::Damaged(CREATION_FILE));
        }
        let (tls, fingerprint) = tls(&key)?;
        Ok(Self {
            tls,
            fingerprint,
            creation: CreationSecret::new(creation),
        })
    }
}

type Secret = Zeroizing<Vec<u8>>;

fn new_key() -> Result<Secret, IdentityError> {
    let key = KeyPair::generate_for(&PKCS_ED25519).map_err(|_| IdentityError::NoRandomness)?;
    Ok(Zeroizing::new(key.serialize_der()))
}

fn new_secret() -> Result<Secret, IdentityError> {
    let mut secret = Zeroizing::new(vec![0; 32]);
    getrandom::fill(&mut secret).map_err(|_| IdentityError::NoRandomness)?;
    Ok(secret)
}

fn read_or_make(
    folder: &Path,
    name: &'static str,
    may_make: bool,
    make: fn() -> Result<Secret, IdentityError>,
) -> Result<Secret, IdentityError> {
    let file = folder.join(name);
    match fs::read(&file) {
        Ok(content) => Ok(Zeroizing::new(content)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match may_make {
            true => {
                let content = make()?;
                write_new(&file, &content)?;
                Ok(content)
            }
            false => Err(IdentityError::Damaged(name)),
        },
        Err(error) => Err(error.into()),
    }
}

/// Under its name the file is whole or not there, also after the power failed.
fn write_new(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let unfinished = file.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut handle = options.open(&unfinished)?;
    handle.write_all(content)?;
    handle.sync_all()?;
    fs::rename(&unfinished, file)?;
    file.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// TLS 1.3 with the hybrid post-quantum key exchange and nothing else. No session is ever resumed,
/// because a ticket would join the connections of one node.
fn tls(key: &Secret) -> Result<(TlsAcceptor, Fingerprint), IdentityError> {
    let der = PrivatePkcs8KeyDer::from(key.to_vec());
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ED25519)
        .map_err(|_| IdentityError::Damaged(KEY_FILE))?;
    let fingerprint = Fingerprint::new(Sha256::digest(pair.subject_public_key_info()).into());
    let certificate = CertificateParams::new([CERTIFICATE_NAME.to_owned()])
        .and_then(|params| params.self_signed(&pair))
        .map_err(|_| IdentityError::Damaged(KEY_FILE))?;
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&TLS13])
        .map_err(|_| IdentityError::Damaged(KEY_FILE))?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(der))
        .map_err(|_| IdentityError::Damaged(KEY_FILE))?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok((TlsAcceptor::from(Arc::new(config)), fingerprint))
}
