//! The signature key of a seat, and what is signed with it beside the MLS messages.

use openmls::prelude::{BasicCredential, CredentialWithKey, OpenMlsCrypto as _, OpenMlsProvider};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::signatures::Signer as _;
use tls_codec::{DeserializeBytes as _, Serialize as _};
use zeroize::Zeroizing;

use super::{Group, MlsError, SUITE, storage::new_provider};

/// What a key signs when it is read, and nobody ever sees.
const TRIAL: &[u8] = b"tracktwo/vault/v1/trial";

/// The signature key of one seat in one dialogue; vouched by voice, never certified.
pub struct SeatKey(pub(super) SignatureKeyPair);

impl SeatKey {
    /// A fresh Ed25519 key pair, drawn from the system's randomness.
    pub fn generate() -> Result<SeatKey, MlsError> {
        SignatureKeyPair::new(SUITE.signature_algorithm())
            .map(SeatKey)
            .map_err(|e| MlsError::of("key pair", e))
    }

    /// Bytes for the vault alone.
    pub fn to_vault(&self) -> Result<Zeroizing<Vec<u8>>, MlsError> {
        let bytes = self.0.tls_serialize_detached();
        bytes
            .map(Zeroizing::new)
            .map_err(|e| MlsError::of("key pair", e))
    }

    /// Reads what [`SeatKey::to_vault`] wrote. A pair whose halves do not belong together is damage, and is
    /// found here and not in the middle of a sentence.
    pub fn from_vault(bytes: &[u8]) -> Result<SeatKey, MlsError> {
        let key = SignatureKeyPair::tls_deserialize_exact_bytes(bytes)
            .map(SeatKey)
            .map_err(|e| MlsError::of("key pair", e))?;
        let signature = key.sign(TRIAL)?;
        new_provider()?
            .crypto()
            .verify_signature(SUITE.signature_algorithm(), TRIAL, key.public(), &signature)
            .map_err(|e| MlsError::of("key pair", e))?;
        Ok(key)
    }

    /// The public half: 32 bytes.
    pub fn public(&self) -> &[u8] {
        self.0.public()
    }

    /// Signs what begins with a label of its own, so that it is no signature of MLS.
    pub fn sign(&self, labelled: &[u8]) -> Result<Vec<u8>, MlsError> {
        self.0
            .sign(labelled)
            .map_err(|_| MlsError("key pair: it does not sign".into()))
    }

    pub(super) fn credential(&self) -> CredentialWithKey {
        // Names live in the room's encrypted events; the credential repeats only the key.
        CredentialWithKey {
            credential: BasicCredential::new(self.0.public().to_vec()).into(),
            signature_key: self.0.public().into(),
        }
    }
}

impl Group {
    /// Was this signed by the holder of the key?
    pub fn is_signed_by(&self, public: &[u8], labelled: &[u8], signature: &[u8]) -> bool {
        let scheme = SUITE.signature_algorithm();
        self.provider
            .crypto()
            .verify_signature(scheme, labelled, public, signature)
            .is_ok()
    }
}
