//! One entry of a mailbox's log.

use crate::codec::bytes;
use crate::{Timestamp, TokenHash};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// An entry as the relay stores it and as every member reads it.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Entry {
    /// Its place in the log, from 0 on without gaps.
    pub index: u64,
    /// The relay's clock when it was appended, as it was read: it may lie before the entry before.
    pub time: Timestamp,
    /// What it does to the mailbox.
    pub kind: EntryKind,
    /// Opaque bytes of exactly a bucket's size; none for a reset.
    #[tls_codec(with = "bytes")]
    pub bytes: Vec<u8>,
}

/// What an entry does to its mailbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum EntryKind {
    /// Adds bytes.
    #[tls_codec(discriminant = 1)]
    Append,
    /// Adds bytes and ends the segment: the token behind `next` reads and writes from the next index on.
    #[tls_codec(discriminant = 2)]
    Rotate {
        /// The token of the segment that begins after this entry.
        next: TokenHash,
    },
    /// The founder made one segment of all that begins at an index or later, and gave it a token.
    #[tls_codec(discriminant = 3)]
    Reset {
        /// The token of that segment.
        token: TokenHash,
        /// The index.
        from: u64,
    },
}
