//! Rights to make a few mailboxes, given out by whoever holds the relay's own secret.

use super::Mailbox;
use std::collections::BTreeMap;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use wire::{MailboxId, Timestamp};

/// How far a grant goes. Stored under the hash of its secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Grant {
    /// Mailboxes that it is good for.
    pub mailboxes: u8,
    /// Those that were made by it.
    pub used: u8,
    /// When it was given.
    pub at: Timestamp,
}

impl Grant {
    /// Nothing was made by it for so long that it gives way.
    pub(super) fn is_unused(&self, unused_ms: u64, now: Timestamp) -> bool {
        self.used == 0 && now.since_ms(self.at) >= unused_ms
    }
}

/// What a store holds, without the entries.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// All mailboxes.
    pub mailboxes: BTreeMap<MailboxId, Mailbox>,
    /// All grants, by the hashes of their secrets.
    pub grants: BTreeMap<[u8; 32], Grant>,
}

impl Stored {
    /// Whether nobody has begun anything here.
    pub fn is_empty(&self) -> bool {
        self.mailboxes.is_empty() && self.grants.is_empty()
    }
}
