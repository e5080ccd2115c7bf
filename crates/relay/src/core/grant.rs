//! Rights to make a few mailboxes, given out by whoever holds the relay's own secret.

use super::Mailbox;
use std::collections::BTreeMap;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use wire::MailboxId;

/// How far a grant goes. Stored under the hash of its secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Grant {
    /// Mailboxes that it is good for.
    pub mailboxes: u8,
    /// Those that were made by it.
    pub used: u8,
}

/// What a store holds, without the entries.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// All mailboxes.
    pub mailboxes: BTreeMap<MailboxId, Mailbox>,
    /// All grants, by the hashes of their secrets.
    pub grants: BTreeMap<[u8; 32], Grant>,
}
