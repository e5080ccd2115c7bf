//! The signature key of a seat.

use openmls::prelude::{BasicCredential, CredentialWithKey};
use openmls_basic_credential::SignatureKeyPair;
use tls_codec::{DeserializeBytes as _, Serialize as _};
use zeroize::Zeroizing;

use super::{MlsError, SUITE};

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

    /// Reads what [`SeatKey::to_vault`] wrote.
    pub fn from_vault(bytes: &[u8]) -> Result<SeatKey, MlsError> {
        SignatureKeyPair::tls_deserialize_exact_bytes(bytes)
            .map(SeatKey)
            .map_err(|e| MlsError::of("key pair", e))
    }

    /// The public half: 32 bytes.
    pub fn public(&self) -> &[u8] {
        self.0.public()
    }

    pub(super) fn credential(&self) -> CredentialWithKey {
        // Names live in the room's encrypted events; the credential repeats only the key.
        CredentialWithKey {
            credential: BasicCredential::new(self.0.public().to_vec()).into(),
            signature_key: self.0.public().into(),
        }
    }
}
