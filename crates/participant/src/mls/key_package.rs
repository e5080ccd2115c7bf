//! Key packages: those of others, checked before anything is done with them, and the own one that
//! waits for its Welcome.

use std::collections::BTreeMap;

use openmls::prelude::{
    BasicCredential, KeyPackage, KeyPackageIn, LeafNode, Lifetime, MlsGroup, MlsGroupJoinConfig,
    MlsMessageBodyIn, MlsMessageIn, OpenMlsCrypto, OpenMlsProvider, ProtocolVersion, StagedWelcome,
};
use openmls_libcrux_crypto::Provider;
use sha2::{Digest as _, Sha256};
use tls_codec::{DeserializeBytes as _, Serialize as _, VLBytes};

use super::group::{ratchet, wire_format};
use super::storage::{StoredChange, capture, new_provider, provider_with};
use super::{Group, MlsError, SUITE, SeatKey};

/// A key package as received, checked for signature and suite.
#[derive(Clone)]
pub struct CheckedKeyPackage(pub(super) KeyPackage);

impl CheckedKeyPackage {
    /// Parses and verifies (RFC 9420, section 10.1), and takes what every room takes: see [`fits`].
    pub fn parse(bytes: &[u8]) -> Result<CheckedKeyPackage, MlsError> {
        let provider = new_provider()?;
        let parsed = KeyPackageIn::tls_deserialize_exact_bytes(bytes)
            .map_err(|e| MlsError::of("key package", e))?
            .validate(provider.crypto(), ProtocolVersion::Mls10)
            .map_err(|e| MlsError::of("key package", e))?;
        match fits(&parsed, provider.crypto()) {
            true => Ok(CheckedKeyPackage(parsed)),
            false => Err(MlsError(
                "key package: not of the form that rooms use".into(),
            )),
        }
    }

    /// The signature key of the seat that made it.
    pub fn signature_key(&self) -> &[u8] {
        self.0.leaf_node().signature_key().as_slice()
    }
}

/// What every member must see alike, on every clock: our suite, the lifetime that never ends, a
/// credential that repeats the signature key, no extensions, and keys to which can be sealed.
pub(super) fn fits(package: &KeyPackage, crypto: &impl OpenMlsCrypto) -> bool {
    let lifetime = package.life_time();
    package.ciphersuite() == SUITE
        && (lifetime.not_before(), lifetime.not_after()) == (0, u64::MAX)
        && package.extensions().iter().next().is_none()
        && package.leaf_node().extensions().iter().next().is_none()
        && repeats_its_key(package.leaf_node())
        && can_be_sealed_to(crypto, package.hpke_init_key())
        && can_be_sealed_to(crypto, package.leaf_node().encryption_key())
}

pub(super) fn repeats_its_key(leaf: &LeafNode) -> bool {
    let credential = BasicCredential::try_from(leaf.credential().clone());
    credential.is_ok_and(|credential| credential.identity() == leaf.signature_key().as_slice())
}

/// A key to which nothing can be sealed would stop everybody's later commits.
pub(super) fn can_be_sealed_to(
    crypto: &impl OpenMlsCrypto,
    key: &impl tls_codec::Serialize,
) -> bool {
    let encoded = key.tls_serialize_detached().unwrap_or_default();
    let Ok(key) = VLBytes::tls_deserialize_exact_bytes(&encoded) else {
        return false;
    };
    crypto
        .hpke_seal(SUITE.hpke_config(), key.as_slice(), &[], &[], &[])
        .is_ok()
}

/// SHA-256 of a key package's bytes: how requests are named in events.
pub fn request_hash(key_package: &[u8]) -> [u8; 32] {
    Sha256::digest(key_package).into()
}

/// A key package waiting for its Welcome: private parts in memory and in the vault.
pub struct Waiting {
    provider: Provider,
    seen: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The public part, to be handed to whoever adds this seat.
    pub key_package: Vec<u8>,
}

impl Waiting {
    /// Makes a key package that never expires for MLS: expiry is judged by log time.
    pub fn generate(key: &SeatKey) -> Result<Waiting, MlsError> {
        let provider = new_provider()?;
        let bundle = KeyPackage::builder()
            .key_package_lifetime(Lifetime::init(0, u64::MAX))
            .build(SUITE, &provider, &key.0, key.credential())
            .map_err(|e| MlsError::of("key package", e))?;
        let key_package = bundle
            .key_package()
            .tls_serialize_detached()
            .map_err(|e| MlsError::of("key package", e))?;
        Ok(Waiting {
            provider,
            seen: BTreeMap::new(),
            key_package,
        })
    }

    /// Continues from the vault's rows.
    pub fn load(
        rows: BTreeMap<Vec<u8>, Vec<u8>>,
        key_package: Vec<u8>,
    ) -> Result<Waiting, MlsError> {
        let provider = provider_with(&rows)?;
        Ok(Waiting {
            provider,
            seen: rows,
            key_package,
        })
    }

    /// What the vault does not have yet.
    pub fn changes(&mut self) -> Result<Vec<StoredChange>, MlsError> {
        capture(&self.provider, &mut self.seen)
    }

    /// The keys of the rows that the vault has.
    pub fn rows(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.seen.keys()
    }

    /// Joins by a Welcome (RFC 9420, section 12.4.3.1). What waits goes on waiting: a false Welcome
    /// takes nothing from it. Of the group the vault has nothing yet.
    pub fn join(&self, welcome: &[u8]) -> Result<Group, MlsError> {
        // The library uses a key package up at the first attempt.
        let attempt = Waiting::load(self.seen.clone(), self.key_package.clone())?;
        let group = attempt.join_group(welcome)?;
        Ok(Group {
            provider: attempt.provider,
            group,
            seen: BTreeMap::new(),
        })
    }

    fn join_group(&self, welcome: &[u8]) -> Result<MlsGroup, MlsError> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(welcome)
            .map_err(|e| MlsError::of("welcome", e))?;
        let MlsMessageBodyIn::Welcome(welcome) = message.extract() else {
            return Err(MlsError("welcome: another kind of message".into()));
        };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(wire_format())
            .use_ratchet_tree_extension(true)
            .sender_ratchet_configuration(ratchet())
            .max_past_epochs(0)
            .build();
        StagedWelcome::build_from_welcome(&self.provider, &config, welcome)
            .map_err(|e| MlsError::of("welcome", e))?
            .build()
            .map_err(|e| MlsError::of("welcome", e))?
            .into_group(&self.provider)
            .map_err(|e| MlsError::of("welcome", e))
    }
}
