//! The embedded store on `fjall`: one journal for all rows, flushed by fsync once a batch.

use super::rows::{
    SegmentRow, content_key, decode, encode, indexed_key, mailbox_of_key, split_indexed_key,
};
use super::{Portion, Store, StoreError, journal, known::Known};
use crate::core::{Batch, ContentDigest, Grant, Mailbox, Segment, Stored};
use fjall::config::CompressionPolicy;
use fjall::{CompressionType, Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{RwLock, RwLockReadGuard};
use wire::{Entry, MailboxId};

/// Threads that tidy the store up in the background.
const WORKERS: usize = 1;

/// Rows in memory, of one kind, before they become a file.
const MEMTABLE_BYTES: u64 = 16 << 20;

/// Blocks kept in memory for readers.
const CACHE_BYTES: u64 = 16 << 20;

/// A store in a folder of its own. One process at a time.
pub struct DiskStore {
    folder: PathBuf,
    known: Known,
    reserved_bytes: u64,
    /// `None` between a failure and a successful reopening.
    open: RwLock<Option<Open>>,
}

/// The key of the only row in `count`.
const BATCHES: &[u8] = b"batches";

fn batches(count: &Keyspace) -> Result<u64, StoreError> {
    match count.get(BATCHES)? {
        None => Ok(0),
        Some(row) => {
            let row = row.as_ref().try_into().map_err(|_| StoreError::Damaged)?;
            Ok(u64::from_be_bytes(row))
        }
    }
}

struct Open {
    database: Database,
    mailboxes: Keyspace,
    segments: Keyspace,
    entries: Keyspace,
    contents: Keyspace,
    grants: Keyspace,
    count: Keyspace,
    /// Batches that were written, ever.
    batches: AtomicU64,
}

impl DiskStore {
    /// Opens or makes the store. It takes no more entries when only `reserved_bytes` are free.
    pub fn open(folder: &Path, reserved_bytes: u64) -> Result<Self, StoreError> {
        let known = Known::beside(folder);
        let open = known.whole(folder, || {
            let open = Open::at(folder)?;
            open.read_all()?;
            Ok(open)
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            known,
            reserved_bytes,
            open: RwLock::new(Some(open)),
        })
    }

    fn read_lock(&self) -> RwLockReadGuard<'_, Option<Open>> {
        self.open
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl super::known::Counted for Open {
    fn batches(&self) -> u64 {
        self.batches.load(Ordering::Relaxed)
    }
}

impl Open {
    fn at(folder: &Path) -> Result<Self, StoreError> {
        let database = Database::builder(folder)
            .cache_size(CACHE_BYTES)
            .worker_threads(WORKERS)
            .journal_compression(CompressionType::None)
            .manual_journal_persist(true)
            .open()?;
        // Everything stored is random bytes: compressing it would only cost time.
        let options = || {
            KeyspaceCreateOptions::default()
                .max_memtable_size(MEMTABLE_BYTES)
                .data_block_compression_policy(CompressionPolicy::all(CompressionType::None))
        };
        let count = database.keyspace("count", options)?;
        Ok(Self {
            mailboxes: database.keyspace("mailboxes", options)?,
            segments: database.keyspace("segments", options)?,
            entries: database.keyspace("entries", options)?,
            contents: database.keyspace("contents", options)?,
            grants: database.keyspace("grants", options)?,
            batches: AtomicU64::new(batches(&count)?),
            count,
            database,
        })
    }

    /// Reads every entry once: what is broken is said at the start, and not to whoever asks for it years later.
    fn read_all(&self) -> Result<(), StoreError> {
        let mut read: BTreeMap<MailboxId, u64> = BTreeMap::new();
        for guard in self.entries.iter() {
            let (key, value) = guard.into_inner()?;
            let (id, index) = split_indexed_key(&key)?;
            let entry: Entry = decode(&value)?;
            let next = read.entry(id).or_default();
            if entry.index != index || index != *next {
                return Err(StoreError::Damaged);
            }
            *next = next.saturating_add(1);
        }
        let stored = self.load()?.mailboxes.into_iter();
        for (id, mailbox) in stored {
            if read.remove(&id).unwrap_or_default() != mailbox.row.next {
                return Err(StoreError::Damaged);
            }
        }
        for guard in self.contents.iter() {
            guard.into_inner()?;
        }
        Ok(())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut rows = self.database.batch().durability(Some(PersistMode::SyncAll));
        for (id, row) in &batch.mailboxes {
            match row {
                Some(row) => rows.insert(&self.mailboxes, *id.as_bytes(), encode(row)),
                None => rows.remove(&self.mailboxes, *id.as_bytes()),
            }
        }
        for ((id, start), token) in &batch.segments {
            let key = indexed_key(id, *start);
            match token {
                Some(token) => {
                    rows.insert(&self.segments, key, encode(&SegmentRow { token: *token }));
                }
                None => rows.remove(&self.segments, key),
            }
        }
        for (hash, grant) in &batch.grants {
            match grant {
                Some(grant) => rows.insert(&self.grants, *hash, encode(grant)),
                None => rows.remove(&self.grants, *hash),
            }
        }
        for new in batch.entries() {
            let key = indexed_key(&new.mailbox, new.entry.index);
            rows.insert(&self.entries, key, encode(&new.entry));
        }
        for ((id, content), index) in batch.contents() {
            rows.insert(
                &self.contents,
                content_key(id, content.as_bytes()),
                encode(index),
            );
        }
        let batches = self.batches.load(Ordering::Relaxed).saturating_add(1);
        rows.insert(&self.count, BATCHES, batches.to_be_bytes());
        rows.commit()?;
        self.batches.store(batches, Ordering::Relaxed);
        Ok(())
    }

    fn load(&self) -> Result<Stored, StoreError> {
        let mut mailboxes = BTreeMap::new();
        for guard in self.mailboxes.iter() {
            let (key, value) = guard.into_inner()?;
            let mailbox = Mailbox {
                row: decode(&value)?,
                segments: Vec::new(),
            };
            mailboxes.insert(mailbox_of_key(&key)?, mailbox);
        }
        for guard in self.segments.iter() {
            let (key, value) = guard.into_inner()?;
            let (id, start) = split_indexed_key(&key)?;
            let SegmentRow { token } = decode(&value)?;
            let mailbox = mailboxes.get_mut(&id).ok_or(StoreError::Damaged)?;
            mailbox.segments.push(Segment { start, token });
        }
        let whole = mailboxes
            .values()
            .all(|mailbox| !mailbox.segments.is_empty());
        if !whole {
            return Err(StoreError::Damaged);
        }
        let grants = self.load_grants()?;
        Ok(Stored { mailboxes, grants })
    }

    fn load_grants(&self) -> Result<BTreeMap<[u8; 32], Grant>, StoreError> {
        let mut grants = BTreeMap::new();
        for guard in self.grants.iter() {
            let (key, value) = guard.into_inner()?;
            let hash = key.as_ref().try_into().map_err(|_| StoreError::Damaged)?;
            grants.insert(hash, decode(&value)?);
        }
        Ok(grants)
    }

    fn entries(&self, mailbox: &MailboxId, portion: Portion) -> Result<Vec<Entry>, StoreError> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut bytes = 0_usize;
        let keys = indexed_key(mailbox, portion.from)..indexed_key(mailbox, portion.until);
        for (guard, index) in self.entries.range(keys).zip(portion.from..) {
            let entry: Entry = decode(&guard.value()?)?;
            if entry.index != index {
                return Err(StoreError::Damaged);
            }
            bytes = bytes.saturating_add(entry.bytes.len());
            if !entries.is_empty() && bytes > portion.bytes {
                break;
            }
            entries.push(entry);
            if entries.len() >= portion.entries {
                break;
            }
        }
        if entries.is_empty() {
            Err(StoreError::Damaged)
        } else {
            Ok(entries)
        }
    }
}

impl Store for DiskStore {
    fn load(&self) -> Result<Stored, StoreError> {
        self.read_lock().as_ref().ok_or(StoreError::Closed)?.load()
    }

    fn has_room(&self, bytes: u64) -> bool {
        let Ok(disk) = rustix::fs::statvfs(&self.folder) else {
            return false;
        };
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        free >= self.reserved_bytes.saturating_add(bytes)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.read_lock()
            .as_ref()
            .ok_or(StoreError::Closed)?
            .commit(batch)
    }

    fn entries(&self, mailbox: &MailboxId, portion: Portion) -> Result<Vec<Entry>, StoreError> {
        // An empty range is no damage, and the range of keys must not run backwards.
        if portion.from >= portion.until {
            return Ok(Vec::new());
        }
        self.read_lock()
            .as_ref()
            .ok_or(StoreError::Closed)?
            .entries(mailbox, portion)
    }

    fn find(
        &self,
        mailbox: &MailboxId,
        content: &ContentDigest,
    ) -> Result<Option<u64>, StoreError> {
        let open = self.read_lock();
        let open = open.as_ref().ok_or(StoreError::Closed)?;
        let value = open
            .contents
            .get(content_key(mailbox, content.as_bytes()))?;
        value.map(|value| decode(&value)).transpose()
    }

    fn reopen(&self) -> Result<(), StoreError> {
        let mut open = self
            .open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // The old handles must be gone before the folder's lock can be taken again.
        *open = None;
        journal::write_again(&self.folder).map_err(StoreError::Io)?;
        *open = Some(Open::at(&self.folder)?);
        Ok(())
    }
}

/// Whether the disk has no room, however deep that lies in an error.
fn is_full_disk(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == ErrorKind::StorageFull)
        || error.source().is_some_and(is_full_disk)
}

impl Drop for DiskStore {
    fn drop(&mut self) {
        let open = self.read_lock();
        if let Some(open) = open.as_ref() {
            // Where it cannot be noted, the next start notices less, and loses nothing by it.
            let _ = self.known.note(open.batches.load(Ordering::Relaxed));
        }
    }
}

impl From<fjall::Error> for StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's open list")]
    fn from(error: fjall::Error) -> Self {
        match error {
            fjall::Error::Io(error) => match error.kind() {
                // It makes anew what is not there, beside what is.
                ErrorKind::NotFound
                | ErrorKind::AlreadyExists
                | ErrorKind::InvalidData
                | ErrorKind::UnexpectedEof => Self::Damaged,
                _ => Self::Io(error),
            },
            fjall::Error::Poisoned => Self::Closed,
            fjall::Error::Locked => Self::InUse,
            // Whatever else it finds is in its files, and not in the disk below them.
            other => match is_full_disk(&other) {
                true => Self::Io(ErrorKind::StorageFull.into()),
                false => Self::Damaged,
            },
        }
    }
}
