//! The key of one area: it blinds the keys of rows and seals their values.
//! Must never let a row be moved to another place: its area and blinded key are authenticated.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;
use tls_codec::{
    DeserializeBytes, Serialize, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice, VLBytes,
};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::VaultError;
use crate::limits;

const NONCE: usize = 24;
const VERSION: u8 = 1;

/// The place of a row, as the disk shows it.
pub(super) type Blinded = [u8; 32];

/// What is sealed: the real key travels with the value, because the place tells only its hash.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Plain {
    version: u8,
    key: VLBytes,
    value: VLBytes,
}

/// Authenticated beside the sealed value.
#[derive(TlsSerialize, TlsSize)]
struct Place<'a> {
    label: VLByteSlice<'a>,
    area: u16,
    blinded: VLByteSlice<'a>,
}

/// The secret of an area and what is derived from it.
#[derive(ZeroizeOnDrop)]
pub(super) struct AreaKey {
    secret: [u8; 32],
    blind: [u8; 32],
    seal: [u8; 32],
}

impl AreaKey {
    /// Derives both keys of an area from its secret.
    pub fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        let expand = |info: &[u8]| {
            let mut key = [0; 32];
            prf(&secret, &[info], &mut key);
            key
        };
        Self {
            secret: *secret,
            blind: expand(b"tracktwo/vault/v1/blind"),
            seal: expand(b"tracktwo/vault/v1/seal"),
        }
    }

    /// The secret, to be wrapped in a slot.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Where a row lies: a keyed hash of its key.
    pub fn blind(&self, area: u16, key: &[u8]) -> Result<Blinded, VaultError> {
        if key.len() > limits::ROW_KEY_BYTES {
            return Err(VaultError::TooLarge);
        }
        let mut blinded = [0; 32];
        prf(&self.blind, &[&area.to_be_bytes(), key], &mut blinded);
        Ok(blinded)
    }

    /// Seals a row: nonce, ciphertext, tag.
    pub fn seal(
        &self,
        area: u16,
        blinded: &Blinded,
        key: &[u8],
        value: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        if value.len() > limits::ROW_VALUE_BYTES {
            return Err(VaultError::TooLarge);
        }
        let plain = Plain {
            version: VERSION,
            key: key.into(),
            value: value.into(),
        };
        let plain = Zeroizing::new(
            plain
                .tls_serialize_detached()
                .map_err(|_| VaultError::TooLarge)?,
        );
        seal(&self.seal, &place(area, blinded), &plain)
    }

    /// Opens a row: its real key and its value, or nothing where a byte differs.
    pub fn open(
        &self,
        area: u16,
        blinded: &Blinded,
        sealed: &[u8],
    ) -> Option<(Vec<u8>, Zeroizing<Vec<u8>>)> {
        let plain = Zeroizing::new(open(&self.seal, &place(area, blinded), sealed)?);
        let plain = Plain::tls_deserialize_exact_bytes(&plain).ok()?;
        let value = Zeroizing::new(plain.value.into());
        (plain.version == VERSION).then(|| (plain.key.into(), value))
    }
}

fn place(area: u16, blinded: &Blinded) -> Vec<u8> {
    let place = Place {
        label: VLByteSlice(b"tracktwo/vault/v1/row"),
        area,
        blinded: VLByteSlice(blinded),
    };
    place
        .tls_serialize_detached()
        .expect("a label, an area and 32 bytes have an encoding")
}

/// HKDF-Expand with SHA-256 (RFC 5869) as a keyed hash of the parts.
fn prf(key: &[u8; 32], parts: &[&[u8]], out: &mut [u8; 32]) {
    let hkdf = Hkdf::<Sha256>::from_prk(key).expect("32 bytes are as long as the hash");
    hkdf.expand_multi_info(parts, out)
        .expect("32 bytes are one block");
}

/// XChaCha20-Poly1305 with a random nonce in front.
pub(super) fn seal(key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce: [u8; NONCE] = random()?;
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad });
    let sealed = sealed.map_err(|_| VaultError::TooLarge)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The reverse of `seal`, or nothing where a byte differs.
pub(super) fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .ok()
}

/// Random bytes of the system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| VaultError::Io(std::io::Error::other(error.to_string())))?;
    Ok(bytes)
}
