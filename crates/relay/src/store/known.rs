//! How many batches a store has taken, noted beside it: a store that holds fewer has lost some, and says so.
//! `fjall` takes a journal that is gone or broken for one that a crash cut short, and cuts it there itself.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{StoreError, journal};

/// Where `fjall` keeps its tables, each in a folder of its own.
const TABLES: &str = "keyspaces";

/// The file that names a table's newest version; of a table without one `fjall` makes an empty one.
const CURRENT: &str = "current";

fn tables_are_whole(folder: &Path) -> Result<bool, StoreError> {
    let tables = folder.join(TABLES);
    if !tables.exists() {
        return Ok(false);
    }
    for table in fs::read_dir(tables).map_err(StoreError::Io)? {
        let current = table.map_err(StoreError::Io)?.path().join(CURRENT);
        if !current.metadata().is_ok_and(|current| current.len() > 0) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A store that was opened.
pub(super) trait Counted {
    /// The batches that it holds.
    fn batches(&self) -> u64;
}

/// The note beside a store's folder.
pub(super) struct Known {
    note: PathBuf,
    /// Where journals wait until what was read of them is known to be all.
    aside: PathBuf,
}

impl Known {
    pub(super) fn beside(folder: &Path) -> Self {
        Self {
            note: folder.with_extension("known"),
            aside: folder.with_extension("aside"),
        }
    }

    /// Opens a store that holds all that is known of it; of another one, the journals are left as they were.
    pub(super) fn whole<T: Counted>(
        &self,
        folder: &Path,
        open: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (known, is_there) = (self.read()?, folder.exists());
        if known.is_some() && !is_there {
            return Err(StoreError::Damaged);
        }
        if known.is_some_and(|known| known > 0) && !tables_are_whole(folder)? {
            return Err(StoreError::Damaged);
        }
        // Another process writes into the journals where they are locked: opening says that first.
        let journals = match is_there {
            true => journal::copy(folder, &self.aside).map_err(StoreError::Io)?,
            false => Vec::new(),
        };
        let opened = open().and_then(|opened| match known {
            Some(known) if opened.batches() >= known => Ok(opened),
            None if opened.batches() == 0 => Ok(opened),
            Some(_) | None => Err(StoreError::Damaged),
        });
        if matches!(opened, Err(StoreError::Damaged)) {
            journal::put_back(&journals).map_err(StoreError::Io)?;
        }
        if self.aside.exists() {
            fs::remove_dir_all(&self.aside).map_err(StoreError::Io)?;
        }
        let opened = opened?;
        self.note(opened.batches()).map_err(StoreError::Io)?;
        Ok(opened)
    }

    /// Under its name the note is whole or not there, also after the power failed.
    pub(super) fn note(&self, batches: u64) -> io::Result<()> {
        let unfinished = self.note.with_extension("new");
        let mut file = File::create(&unfinished)?;
        writeln!(file, "{batches}")?;
        file.sync_all()?;
        fs::rename(&unfinished, &self.note)
    }

    fn read(&self) -> Result<Option<u64>, StoreError> {
        match fs::read_to_string(&self.note) {
            Ok(text) => {
                let number = text.strip_suffix('\n').and_then(|text| text.parse().ok());
                number.map(Some).ok_or(StoreError::Damaged)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(StoreError::Damaged),
            Err(error) => Err(StoreError::Io(error)),
        }
    }
}
