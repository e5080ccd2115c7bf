//! The vault of one seat: rows sealed in `vault.redb` under area keys, which lie in `keys`.
//! Must never write a name, a text or a key in the clear, nor decide what is kept.

mod error;
mod keys;
mod passphrase;
mod seal;
mod store;
mod trial;

use std::path::{Path, PathBuf};

pub use error::VaultError;
use keys::KeyFile;
pub use passphrase::Passphrase;
use store::Store;
pub use store::make_private_folder;
pub use trial::contained;
use zeroize::Zeroizing;

use crate::limits::KEY_SLOTS;

/// One change to the vault: a value put under a key of an area, or taken away.
pub struct Row {
    /// What the row belongs to; 0 is the seat itself. Wiping works by area.
    pub area: u16,
    /// The key inside its area. Nobody sees it on the disk.
    pub key: Vec<u8>,
    /// The value to keep, or nothing to remove the row.
    pub value: Option<Zeroizing<Vec<u8>>>,
}

/// The last slot, which says that both files belong to one vault. Nobody sees it from outside.
const MARK: u16 = KEY_SLOTS - 1;

const APART: VaultError =
    VaultError::Damaged("the files keys and vault.redb are not of the same vault and time");

/// What an area holds, sorted by key.
pub type Entries = Vec<(Vec<u8>, Zeroizing<Vec<u8>>)>;

/// An open vault. As long as it lives, nobody else can open it.
pub struct Vault {
    dir: PathBuf,
    store: Store,
    keys: KeyFile,
}

impl Vault {
    /// Whether there is a vault in this folder, or what is left of one.
    pub fn exists(dir: &Path) -> bool {
        [keys::FILE, store::FILE]
            .iter()
            .any(|file| dir.join(file).exists())
    }

    /// Makes a new vault; its keys are wrapped by the passphrase.
    ///
    /// # Errors
    /// `Exists` where there is one already or what is left of one, `ShortPassphrase`, `InUse`, `DiskFull`, `Io`.
    pub fn create(dir: &Path, passphrase: &Passphrase) -> Result<Self, VaultError> {
        passphrase.check_length()?;
        store::make_private_folder(dir)?;
        if Self::exists(dir) {
            return Err(VaultError::Exists);
        }
        let store = Store::create(dir)?;
        let keys = KeyFile::create(dir, passphrase)?;
        Self::begin(dir, store, keys)
    }

    /// Joins both files by a row that only these keys open.
    fn begin(dir: &Path, store: Store, keys: KeyFile) -> Result<Self, VaultError> {
        let mut vault = Self {
            dir: dir.to_owned(),
            store,
            keys,
        };
        let mark = Row {
            area: MARK,
            key: Vec::new(),
            value: Some(Zeroizing::default()),
        };
        vault.commit(&[mark], true)?;
        vault.store.finish(dir)?;
        Ok(vault)
    }

    /// Opens a vault that is there.
    ///
    /// # Errors
    /// `Missing`, `InUse` (another node has it open), `WrongPassphrase`, `Damaged`, `Io`.
    pub fn open(dir: &Path, passphrase: &Passphrase) -> Result<Self, VaultError> {
        if !Self::exists(dir) {
            return Err(VaultError::Missing);
        }
        if !dir.join(keys::FILE).exists() {
            return Err(VaultError::Damaged("the file keys is missing"));
        }
        // Nothing was ever kept in it: the power failed while the vault was made.
        let is_unfinished = !dir.join(store::FILE).exists() && dir.join(store::UNFINISHED).exists();
        if is_unfinished {
            let store = Store::create(dir)?;
            return Self::begin(dir, store, KeyFile::open(dir, passphrase)?);
        }
        // The store first: it holds the lock, and the passphrase costs a fifth of a second.
        let store = Store::open(dir)?;
        let keys = KeyFile::open(dir, passphrase)?;
        let mut vault = Self {
            dir: dir.to_owned(),
            store,
            keys,
        };
        if vault.load(MARK)?.is_empty() {
            return Err(APART);
        }
        vault.finish_wiping()?;
        Ok(vault)
    }

    /// The folder of this vault.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes all rows, or none, in one transaction.
    /// A commit that is not durable is seen at once and reaches the disk with the next durable one.
    ///
    /// # Errors
    /// `DiskFull`, `Io`, `TooManyAreas`, `TooLarge`; nothing is written then.
    pub fn commit(&mut self, rows: &[Row], durable: bool) -> Result<(), VaultError> {
        let sealed = rows
            .iter()
            .map(|row| self.seal(row))
            .collect::<Result<Vec<_>, _>>()?;
        self.store.write(sealed, durable)
    }

    /// All rows of an area, sorted by key; none where the area does not exist or was wiped.
    ///
    /// # Errors
    /// `Damaged` where a row does not open, `Io`.
    pub fn load(&mut self, area: u16) -> Result<Entries, VaultError> {
        let Some(key) = self.keys.area(area) else {
            return Ok(Vec::new());
        };
        let mut entries = Vec::new();
        for (blinded, sealed) in self.store.read(area)? {
            let entry = key.open(area, &blinded, &sealed);
            entries.push(entry.ok_or(VaultError::Damaged("a row does not open"))?);
        }
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(entries)
    }

    /// The areas that have a key, in order.
    pub fn areas(&self) -> Vec<u16> {
        let mut areas = self.keys.areas();
        areas.retain(|area| *area != MARK);
        areas
    }

    /// Wraps the vault's keys anew. Copies of the old keys file still open with the old passphrase.
    ///
    /// # Errors
    /// `WrongPassphrase`, `DiskFull`, `Io`; the old passphrase holds then.
    pub fn change_passphrase(
        &mut self,
        old: &Passphrase,
        new: &Passphrase,
    ) -> Result<(), VaultError> {
        self.keys.rewrap(&self.dir, old, new)
    }

    /// Destroys an area's key, then removes its rows: what remains of them on the disk cannot be opened.
    ///
    /// # Errors
    /// `Io`, `DiskFull`. Where only the removal failed, the next opening repeats it.
    pub fn wipe(&mut self, area: u16) -> Result<(), VaultError> {
        self.store.intend(area)?;
        self.keys.wipe(area)?;
        self.store.remove(area)
    }

    /// A crash may have come between the end of a key and the end of its rows. Other rows without a key are
    /// what an older keys file does not know of, and are left as they are.
    fn finish_wiping(&mut self) -> Result<(), VaultError> {
        let intended = self.store.intended()?;
        let rows = self.store.areas()?.into_iter();
        let mut apart = rows.filter(|area| !intended.contains(area));
        if apart.any(|area| self.keys.area(area).is_none()) {
            return Err(APART);
        }
        for area in intended {
            self.keys.wipe(area)?;
            self.store.remove(area)?;
        }
        Ok(())
    }

    fn seal(&mut self, row: &Row) -> Result<store::SealedRow, VaultError> {
        let key = self.keys.area_or_new(row.area)?;
        let blinded = key.blind(row.area, &row.key)?;
        let value = match &row.value {
            Some(value) => Some(key.seal(row.area, &blinded, &row.key, value)?),
            None => None,
        };
        Ok(store::SealedRow {
            area: row.area,
            blinded,
            value,
        })
    }

    /// The switch that makes every write fail as on a full disk.
    #[cfg(test)]
    pub(crate) fn disk(&self) -> tests::Disk {
        self.store.disk.clone()
    }
}

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod tests_of_damage;
