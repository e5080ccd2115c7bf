//! Where mailboxes and entries are kept. A store knows rows, not rules.

mod disk;
mod journal;
mod known;
mod rows;

pub use disk::DiskStore;

use crate::core::{Batch, ContentDigest, Stored};
use crate::start::STORE_FOLDER;
use crate::transport::ADVICE;
use core::fmt;
use wire::{Entry, MailboxId};

/// The store could not do it.
#[derive(Debug)]
pub enum StoreError {
    /// Another relay uses the folder.
    InUse,
    /// The disk or its file system failed.
    Io(std::io::Error),
    /// Something stored cannot be read; nothing is guessed in its place.
    Damaged,
    /// An earlier commit failed, and the store has not been reopened since.
    Closed,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => {
                f.write_str("another relay runs with this folder. End it, or name another folder")
            }
            Self::Io(error) => write!(f, "the relay's disk failed: {error}"),
            Self::Damaged => write!(
                f,
                "what the relay keeps in its folder {STORE_FOLDER} is damaged. {ADVICE}"
            ),
            Self::Closed => f.write_str("the relay's store is closed after a failure"),
        }
    }
}

impl std::error::Error for StoreError {}

/// How much to read at once.
#[derive(Clone, Copy, Debug)]
pub struct Portion {
    /// The first index.
    pub from: u64,
    /// The index after the last.
    pub until: u64,
    /// At most so many entries.
    pub entries: usize,
    /// At most so many bytes of entries; but one entry is always read.
    pub bytes: usize,
}

/// A durable store. After `commit` returned `Ok`, its rows survive the loss of process and power.
pub trait Store: Send + Sync + 'static {
    /// All mailboxes and grants, as of the last commit.
    fn load(&self) -> Result<Stored, StoreError>;

    /// Whether so many bytes can be added with space to spare.
    fn has_room(&self, bytes: u64) -> bool;

    /// Writes all rows of the batch and flushes them to the disk, or nothing.
    /// After an error only [`Store::reopen`] tells which of the two it was.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// Reads entries in order. The caller keeps to what was committed.
    fn entries(&self, mailbox: &MailboxId, portion: Portion) -> Result<Vec<Entry>, StoreError>;

    /// The index of the entry with this content.
    fn find(&self, mailbox: &MailboxId, content: &ContentDigest)
    -> Result<Option<u64>, StoreError>;

    /// Goes back to what is durable, after a failure. What it then shows is durable for sure.
    fn reopen(&self) -> Result<(), StoreError>;
}
