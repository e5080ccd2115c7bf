//! Reading a store for the first time without touching it: what is written meanwhile stays in memory.
//! Must never let a damaged file be changed, nor its reader's panic leave this module.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io,
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

use redb::{Builder, ReadableDatabase, StorageBackend, TableHandle, backends::FileBackend};

use super::VaultError;

const BLOCK: usize = 4096;

thread_local! {
    /// Whether a panic of this thread is a fault of the file that it reads.
    static READS_A_DAMAGED_FILE: Cell<bool> = const { Cell::new(false) };
}

/// Opens the store with all repairs that it needs after a crash, in memory, and checks each of its pages.
///
/// # Errors
/// `Damaged` where a page is not what was written, `Io`, `UnknownVersion`, `InUse`.
pub(super) fn check(file: FileBackend, cache_bytes: usize) -> Result<(), VaultError> {
    contained(|| {
        let untouched = Untouched::of(file)?;
        let mut database = Builder::new()
            .set_cache_size(cache_bytes)
            .create_with_backend(untouched)?;
        let whole = database.check_integrity()?;
        let transaction = database.begin_read()?;
        let mut tables = transaction.list_tables()?;
        match whole && tables.any(|table| table.name() == super::store::ROWS_NAME) {
            true => Ok(()),
            false => Err(VaultError::Damaged("the file vault.redb")),
        }
    })
}

/// Does what may panic over a damaged file; the person reads a sentence, and nothing else is printed.
pub fn contained<T>(work: impl FnOnce() -> Result<T, VaultError>) -> Result<T, VaultError> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if !READS_A_DAMAGED_FILE.get() {
                usual(panicked);
            }
        }));
    });
    let before = READS_A_DAMAGED_FILE.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    READS_A_DAMAGED_FILE.set(before);
    done.unwrap_or(Err(VaultError::Damaged("the file vault.redb")))
}

/// A file that is read, under blocks that were written since.
#[derive(Debug)]
struct Untouched {
    file: FileBackend,
    file_len: u64,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    len: u64,
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl Untouched {
    fn of(file: FileBackend) -> io::Result<Self> {
        let file_len = file.len()?;
        let written = Written {
            len: file_len,
            blocks: BTreeMap::new(),
        };
        Ok(Self {
            file,
            file_len,
            written: Mutex::new(written),
        })
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the file has there, and zeros behind its end.
    fn read_file(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let there = usize::try_from(self.file_len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let (read, behind) = out.split_at_mut(there.min(out.len()));
        behind.fill(0);
        match read.is_empty() {
            true => Ok(()),
            false => self.file.read(offset, read),
        }
    }
}

/// The parts of a stretch by block: the block's number, where in it the part begins, and its length.
fn parts(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let mut at = offset;
    let end = offset.saturating_add(len as u64);
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let (block, inside) = (at / BLOCK as u64, (at % BLOCK as u64) as usize);
        let rest = usize::try_from(end.saturating_sub(at)).unwrap_or(BLOCK);
        let len = rest.min(BLOCK.saturating_sub(inside));
        at = at.saturating_add(len as u64);
        Some((block, inside, len))
    })
}

impl StorageBackend for Untouched {
    fn len(&self) -> io::Result<u64> {
        Ok(self.written().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let written = self.written();
        if offset.saturating_add(out.len() as u64) > written.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read_file(offset, out)?;
        let mut rest = out;
        for (block, inside, len) in parts(offset, rest.len()) {
            let (part, behind) = rest.split_at_mut(len);
            let block = written.blocks.get(&block);
            if let Some(bytes) =
                block.and_then(|block| block.get(inside..inside.saturating_add(len)))
            {
                part.copy_from_slice(bytes);
            }
            rest = behind;
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.written().len = len;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.written();
        let mut rest = bytes;
        for (number, inside, len) in parts(offset, bytes.len()) {
            let (part, behind) = rest.split_at(len);
            let mut block = match written.blocks.remove(&number) {
                Some(block) => block,
                None => {
                    let mut block = vec![0; BLOCK];
                    self.read_file(number.saturating_mul(BLOCK as u64), &mut block)?;
                    block
                }
            };
            if let Some(place) = block.get_mut(inside..inside.saturating_add(len)) {
                place.copy_from_slice(part);
            }
            written.blocks.insert(number, block);
            rest = behind;
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}
