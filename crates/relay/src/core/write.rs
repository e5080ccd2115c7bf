//! Requests that change something, as the core takes them: secrets are hashed already, and so are the bytes.

use super::ContentDigest;
use crate::store::StoreError;
use wire::{
    CreationRight, CreationSecret, FounderHash, GrantHash, MailboxId, Timestamp, TokenHash,
};

/// Finds entries by their content.
pub trait Lookup {
    /// The index of the entry with this content, if the mailbox has one.
    fn find(&self, mailbox: &MailboxId, content: &ContentDigest)
    -> Result<Option<u64>, StoreError>;
}

/// When a request came, and from whom.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The relay's clock.
    pub now: Timestamp,
    /// Its connection has saved up for it: it has written little for as long.
    pub frugal: bool,
}

/// A request that changes something. The fields are those of [`wire::Request`].
#[derive(Debug)]
#[expect(missing_docs, reason = "they are documented at Request")]
pub enum Write {
    /// Makes a mailbox.
    Create {
        mailbox: MailboxId,
        creation: CreationRight,
        token: TokenHash,
        founder: FounderHash,
    },
    /// Lets others make mailboxes.
    Grant {
        creation: CreationSecret,
        grant: GrantHash,
        mailboxes: u8,
    },
    /// Adds an entry.
    Append {
        mailbox: MailboxId,
        token: TokenHash,
        bytes: Vec<u8>,
        content: ContentDigest,
    },
    /// Adds an entry and ends the segment.
    Rotate {
        mailbox: MailboxId,
        token: TokenHash,
        bytes: Vec<u8>,
        content: ContentDigest,
        next: TokenHash,
        founder: Option<FounderHash>,
    },
    /// Makes one segment of what begins at an index or later.
    Reset {
        mailbox: MailboxId,
        founder: FounderHash,
        token: TokenHash,
        from: u64,
    },
}

impl Write {
    /// Whether it adds an entry.
    pub fn adds(&self) -> bool {
        match self {
            Self::Append { .. } | Self::Rotate { .. } | Self::Reset { .. } => true,
            Self::Create { .. } | Self::Grant { .. } => false,
        }
    }

    /// Bytes of the entry that it wants to add.
    pub fn size(&self) -> usize {
        match self {
            Self::Append { bytes, .. } | Self::Rotate { bytes, .. } => bytes.len(),
            Self::Create { .. } | Self::Grant { .. } | Self::Reset { .. } => 0,
        }
    }
}
