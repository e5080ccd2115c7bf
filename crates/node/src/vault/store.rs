//! `vault.redb`: sealed rows, by area and blinded key.
//! Must never see a row in the clear.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use redb::{
    Builder, Database, Durability, ReadableDatabase, ReadableTable, TableDefinition,
    WriteTransaction, backends::FileBackend,
};

use super::{VaultError, seal::Blinded, trial};

/// The name of the file.
pub(super) const FILE: &str = "vault.redb";

/// Its name until a vault is made: so a missing file is damage, and never a first start.
pub(super) const UNFINISHED: &str = "vault.new";

/// The area (big-endian), then the blinded key: so an area is one range.
const ROWS: TableDefinition<&[u8; 34], &[u8]> = TableDefinition::new(ROWS_NAME);
pub(super) const ROWS_NAME: &str = "rows";

/// Areas whose key is being destroyed. Rows without a key that are not named here are damage.
const WIPED: TableDefinition<u16, ()> = TableDefinition::new("wiped");

/// One change, ready for the disk.
pub(super) struct SealedRow {
    pub area: u16,
    pub blinded: Blinded,
    pub value: Option<Vec<u8>>,
}

/// The open store.
pub(super) struct Store {
    path: PathBuf,
    /// redb locks its file too, but lets go of it when it must be opened anew.
    _lock: File,
    /// Nothing after a failed write: redb then wants to be opened anew.
    database: Option<Database>,
    /// What was written since the last durable write: opening anew loses it, and it is written again.
    undurable: Vec<SealedRow>,
    #[cfg(test)]
    pub(super) disk: super::tests::Disk,
}

impl Store {
    /// Makes an empty store, under its first name.
    pub fn create(dir: &Path) -> Result<Self, VaultError> {
        let mut store = Self::at(dir, UNFINISHED)?;
        // What an earlier start left here was never a vault.
        open_private(&store.path)?.set_len(0)?;
        store.prepare(store.new_database()?)?;
        Ok(store)
    }

    /// Opens a store that is there; nothing is written before every page of it was checked.
    pub fn open(dir: &Path) -> Result<Self, VaultError> {
        let mut store = Self::at(dir, FILE)?;
        trial::check(store.file()?, CACHE_BYTES)?;
        store.opened()?;
        Ok(store)
    }

    fn at(dir: &Path, name: &str) -> Result<Self, VaultError> {
        Ok(Self {
            path: dir.join(name),
            _lock: lock(dir)?,
            database: None,
            undurable: Vec::new(),
            #[cfg(test)]
            disk: super::tests::Disk::default(),
        })
    }

    /// Gives it its name: from here on it must be there.
    pub fn finish(&mut self, dir: &Path) -> Result<(), VaultError> {
        let path = dir.join(FILE);
        fs::rename(&self.path, &path)?;
        File::open(dir)?.sync_all()?;
        self.path = path;
        Ok(())
    }

    /// Writes all of them or none.
    pub fn write(&mut self, rows: Vec<SealedRow>, durable: bool) -> Result<(), VaultError> {
        let durable = durable || self.undurable.len() >= UNDURABLE_ROWS;
        self.catch_up()?;
        self.transact(
            if durable {
                Durability::Immediate
            } else {
                Durability::None
            },
            |transaction| put(transaction, &rows),
        )?;
        match durable {
            true => self.undurable.clear(),
            false => self.undurable.extend(rows),
        }
        Ok(())
    }

    /// Opens the store again after a failed write, with everything that it had been given before.
    fn catch_up(&mut self) -> Result<(), VaultError> {
        if self.database.is_some() {
            return Ok(());
        }
        let earlier = std::mem::take(&mut self.undurable);
        let caught_up = self.transact(Durability::Immediate, |transaction| {
            put(transaction, &earlier)
        });
        if caught_up.is_err() {
            self.undurable = earlier;
        }
        caught_up
    }

    /// All rows of an area: place and sealed value.
    pub fn read(&mut self, area: u16) -> Result<Vec<(Blinded, Vec<u8>)>, VaultError> {
        self.catch_up()?;
        let table = self.opened()?.begin_read()?.open_table(ROWS)?;
        let mut rows = Vec::new();
        for row in table.range::<&[u8; 34]>(&place(area, &[0; 32])..=&place(area, &[0xff; 32]))? {
            let (place, value) = row?;
            if let Some(blinded) = place.value().last_chunk::<32>() {
                rows.push((*blinded, value.value().to_vec()));
            }
        }
        Ok(rows)
    }

    /// Notes that an area is about to lose its key.
    pub fn intend(&mut self, area: u16) -> Result<(), VaultError> {
        self.catch_up()?;
        self.transact(Durability::Immediate, |transaction| {
            transaction.open_table(WIPED)?.insert(area, ())?;
            Ok(())
        })
    }

    /// The areas that were about to lose their key.
    pub fn intended(&mut self) -> Result<Vec<u16>, VaultError> {
        let table = self.opened()?.begin_read()?.open_table(WIPED)?;
        let areas = table.iter()?.map(|row| Ok(row?.0.value()));
        areas.collect()
    }

    /// Removes all rows of an area.
    pub fn remove(&mut self, area: u16) -> Result<(), VaultError> {
        self.catch_up()?;
        self.undurable.retain(|row| row.area != area);
        self.transact(Durability::Immediate, |transaction| {
            transaction.open_table(WIPED)?.remove(area)?;
            let mut table = transaction.open_table(ROWS)?;
            let (first, last) = (place(area, &[0; 32]), place(area, &[0xff; 32]));
            table.retain_in::<&[u8; 34], _>(&first..=&last, |_, _| false)?;
            Ok(())
        })
    }

    /// The areas that have rows.
    pub fn areas(&mut self) -> Result<Vec<u16>, VaultError> {
        let table = self.opened()?.begin_read()?.open_table(ROWS)?;
        let (mut areas, mut from) = (Vec::new(), Some(0));
        while let Some(area) = from {
            let next = table.range::<&[u8; 34]>(&place(area, &[0; 32])..)?.next();
            let found = next
                .transpose()?
                .and_then(|row| row.0.value().first_chunk::<2>().copied());
            areas.extend(found.map(u16::from_be_bytes));
            from = found.and_then(|bytes| u16::from_be_bytes(bytes).checked_add(1));
        }
        Ok(areas)
    }

    fn transact(
        &mut self,
        durability: Durability,
        change: impl FnOnce(&WriteTransaction) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let mut transaction = self.opened()?.begin_write()?;
        transaction
            .set_durability(durability)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let written = change(&transaction).and_then(|()| Ok(transaction.commit()?));
        if written.is_err() {
            self.database = None;
        }
        written
    }

    fn opened(&mut self) -> Result<&Database, VaultError> {
        if self.database.is_none() {
            let database = self.database(self.file()?)?;
            self.prepare(database)?;
        }
        self.database
            .as_ref()
            .ok_or(VaultError::Damaged("the file vault.redb is missing"))
    }

    fn prepare(&mut self, database: Database) -> Result<(), VaultError> {
        let transaction = database.begin_write()?;
        transaction.open_table(ROWS)?;
        transaction.open_table(WIPED)?;
        transaction.commit()?;
        self.database = Some(database);
        Ok(())
    }

    fn new_database(&self) -> Result<Database, VaultError> {
        self.database(FileBackend::new(open_private(&self.path)?)?)
    }

    /// The file, which is never made anew: an empty one would look like a first start.
    fn file(&self) -> Result<FileBackend, VaultError> {
        let file = File::options().read(true).write(true).open(&self.path);
        let file = file.map_err(|error| match error.kind() == io::ErrorKind::NotFound {
            true => VaultError::Damaged("the file vault.redb is missing"),
            false => error.into(),
        })?;
        if file.metadata()?.len() == 0 {
            return Err(VaultError::Damaged("the file vault.redb is empty"));
        }
        Ok(FileBackend::new(file)?)
    }

    fn database(&self, backend: FileBackend) -> Result<Database, VaultError> {
        #[cfg(test)]
        let backend = self.disk.behind(backend);
        Ok(Builder::new()
            .set_cache_size(CACHE_BYTES)
            .create_with_backend(backend)?)
    }
}

/// Thirty nodes run in one process when a dialogue is rehearsed: redb's own default is a gibibyte each.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

/// More than these, and a write becomes durable by itself.
const UNDURABLE_ROWS: usize = 1024;

fn put(transaction: &WriteTransaction, rows: &[SealedRow]) -> Result<(), VaultError> {
    let mut table = transaction.open_table(ROWS)?;
    for row in rows {
        let place = place(row.area, &row.blinded);
        match &row.value {
            Some(value) => table.insert(&place, value.as_slice())?,
            None => table.remove(&place)?,
        };
    }
    Ok(())
}

fn place(area: u16, blinded: &Blinded) -> [u8; 34] {
    let mut place = [0; 34];
    if let Some((head, tail)) = place.split_first_chunk_mut::<2>() {
        *head = area.to_be_bytes();
        tail.copy_from_slice(blinded);
    }
    place
}

/// One node for each vault: the system lets go of this lock however the process ends.
fn lock(dir: &Path) -> Result<File, VaultError> {
    let file = open_private(&dir.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Opens a file, or makes it so that only its owner can read it.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that only its owner can enter.
pub fn make_private_folder(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
