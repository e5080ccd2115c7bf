//! What a group of requests changes: rows that are committed together or not at all.

use super::{Grant, MailboxRow};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use tls_codec::{Serialize as _, TlsSerialize, TlsSize, VLByteSlice};
use wire::{Entry, EntryKind, MailboxId, TokenHash};

/// SHA-256 over the kind and bytes of an entry, by which a repeated request is recognised.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ContentDigest([u8; 32]);

#[derive(TlsSerialize, TlsSize)]
struct ContentInput<'a> {
    version: u8,
    kind: EntryKind,
    bytes: VLByteSlice<'a>,
}

impl ContentDigest {
    /// The digest of an entry's content, whatever its place and time.
    pub fn of(kind: &EntryKind, bytes: &[u8]) -> Self {
        let input = ContentInput {
            version: 1,
            kind: *kind,
            bytes: VLByteSlice(bytes),
        };
        let encoded = input
            .tls_serialize_detached()
            .expect("a frame is far below 2^30 bytes");
        Self(Sha256::digest(encoded).into())
    }

    /// The bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// An entry that waits for its commit.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Where it stands.
    pub mailbox: MailboxId,
    /// The entry.
    pub entry: Entry,
    /// By which it is found again.
    pub content: ContentDigest,
    /// Whether the token that read so far reads no further.
    pub ends_token: bool,
}

/// Rows to write in one transaction. Every key occurs once.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The mailboxes that are new or changed; none where one gave way.
    pub mailboxes: BTreeMap<MailboxId, Option<MailboxRow>>,
    /// The tokens of segments that are new or changed, by mailbox and first index; none where a segment
    /// became a part of the one before, or its mailbox gave way.
    pub segments: BTreeMap<(MailboxId, u64), Option<TokenHash>>,
    /// The grants that are new or used; none where one gave way.
    pub grants: BTreeMap<[u8; 32], Option<Grant>>,
    entries: Vec<NewEntry>,
    contents: BTreeMap<(MailboxId, ContentDigest), u64>,
}

/// The entries of a batch that is durable now.
pub type Committed = Vec<NewEntry>;

impl Batch {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.mailboxes.is_empty() && self.grants.is_empty()
    }

    /// The new entries in order.
    pub fn entries(&self) -> &[NewEntry] {
        &self.entries
    }

    /// Where each content stands. Of two equal resets, the later one.
    pub fn contents(&self) -> impl Iterator<Item = (&(MailboxId, ContentDigest), &u64)> {
        self.contents.iter()
    }

    /// Gives up the entries once they are durable.
    pub fn into_committed(self) -> Committed {
        self.entries
    }

    pub(super) fn push(&mut self, new: NewEntry) {
        self.contents
            .insert((new.mailbox, new.content), new.entry.index);
        self.entries.push(new);
    }

    pub(super) fn find(&self, mailbox: &MailboxId, content: &ContentDigest) -> Option<u64> {
        self.contents.get(&(*mailbox, *content)).copied()
    }
}
