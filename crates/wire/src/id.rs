//! The name of a mailbox.

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// A mailbox is named by 32 random bytes. Knowing the name gives no right.
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
    /// Names a mailbox by 32 bytes that somebody drew at random.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the name.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
