//! The name of a mailbox.

use crate::FounderHash;
use sha2::{Digest as _, Sha256};
use tls_codec::{Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice};

const LABEL: &[u8] = b"tracktwo/wire/v1/mailbox";

/// What is hashed for a name.
#[derive(TlsSerialize, TlsSize)]
struct NameInput<'a> {
    version: u8,
    label: VLByteSlice<'a>,
    founder: FounderHash,
}

/// A mailbox is named after the hash of its founder's secret. Knowing the name gives no right, and nobody
/// but that founder can make a mailbox of that name.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    TlsSerialize,
    TlsDeserializeBytes,
    TlsSize,
)]
pub struct MailboxId([u8; 32]);

impl MailboxId {
    /// The name of the mailbox that whoever holds the secret behind this hash can make.
    pub fn of(founder: &FounderHash) -> Self {
        let input = NameInput {
            version: 1,
            label: VLByteSlice(LABEL),
            founder: *founder,
        };
        let encoded = input
            .tls_serialize_detached()
            .expect("a fixed and short structure");
        Self(Sha256::digest(encoded).into())
    }

    /// Takes a name that was stored or received.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the name.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
