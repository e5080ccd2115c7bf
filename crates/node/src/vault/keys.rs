//! `keys`: one fixed slot for each area key, wrapped by the passphrase and overwritten in place.
//! Must never show which slots are in use, nor leave a wiped key behind in the file.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use tls_codec::{
    DeserializeBytes, Serialize, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice,
};
use zeroize::Zeroizing;

use super::{
    VaultError,
    passphrase::{Cost, Passphrase},
    seal::{self, AreaKey},
    store,
};
use crate::limits::KEY_SLOTS;

/// The name of the file.
pub(super) const FILE: &str = "keys";

/// Header and slots are one disk sector each, so that a torn write hurts only one of them.
const SECTOR: usize = 512;
const MAGIC: [u8; 8] = *b"trk2keys";
const VERSION: u8 = 1;
/// Nonce, state and secret, tag.
const WRAPPED: usize = 24 + 33 + 16;
/// Nonce and tag over nothing: opens only with the right passphrase.
const CHECK: usize = 24 + 16;
const EMPTY: u8 = 0;
const USED: u8 = 1;

/// The first sector: how the wrapping key is derived.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize, Clone)]
struct Header {
    magic: [u8; 8],
    version: u8,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    slots: u16,
    salt: [u8; 32],
}

const HEADER: usize = 8 + 1 + 3 * 4 + 2 + 32;

/// Authenticated beside a slot: a slot cannot be moved, nor taken to another file.
#[derive(TlsSerialize, TlsSize)]
struct SlotPlace<'a> {
    label: VLByteSlice<'a>,
    header: Header,
    slot: u16,
}

/// The open keys file.
pub(super) struct KeyFile {
    file: File,
    header: Header,
    wrapping: Zeroizing<[u8; 32]>,
    /// By slot; as many as the header says.
    areas: Vec<Option<AreaKey>>,
}

impl KeyFile {
    /// Makes the file. It appears under its name only when it is whole.
    pub fn create(dir: &Path, passphrase: &Passphrase) -> Result<Self, VaultError> {
        Self::write(dir, passphrase, &[])
    }

    /// Wraps all keys anew; the file changes at once, or not at all.
    pub fn rewrap(
        &mut self,
        dir: &Path,
        old: &Passphrase,
        new: &Passphrase,
    ) -> Result<(), VaultError> {
        new.check_length()?;
        let offered = old.derive(self.header.cost(), &self.header.salt)?;
        if !bool::from(offered.as_slice().ct_eq(self.wrapping.as_slice())) {
            return Err(VaultError::WrongPassphrase);
        }
        let mut next = Self::write(dir, new, &self.areas)?;
        next.areas = std::mem::take(&mut self.areas);
        *self = next;
        Ok(())
    }

    fn write(
        dir: &Path,
        passphrase: &Passphrase,
        areas: &[Option<AreaKey>],
    ) -> Result<Self, VaultError> {
        let header = Header::new()?;
        let wrapping = passphrase.derive(header.cost(), &header.salt)?;
        let unfinished = dir.join("keys.new");
        let mut file = store::open_private(&unfinished)?;
        file.set_len(0)?;
        file.write_all(&header.sector(&wrapping)?)?;
        let mut keys = Self {
            file,
            header,
            wrapping,
            areas: Vec::new(),
        };
        for slot in 0..KEY_SLOTS {
            keys.areas.push(None);
            let key = areas.get(usize::from(slot)).and_then(Option::as_ref);
            keys.write_slot(slot, key)?;
        }
        keys.file.sync_all()?;
        fs::rename(&unfinished, dir.join(FILE))?;
        File::open(dir)?.sync_all()?;
        Ok(keys)
    }

    /// Opens the file with a passphrase.
    pub fn open(dir: &Path, passphrase: &Passphrase) -> Result<Self, VaultError> {
        let mut file = File::options()
            .read(true)
            .write(true)
            .open(dir.join(FILE))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let header = Header::parse(&bytes)?;
        let wrapping = passphrase.derive(header.cost(), &header.salt)?;
        header.check(&wrapping, &bytes)?;
        let mut keys = Self {
            file,
            header,
            wrapping,
            areas: Vec::new(),
        };
        for (slot, sector) in (0..keys.header.slots).zip(bytes.chunks_exact(SECTOR).skip(1)) {
            let area = keys.unwrap_slot(slot, sector)?;
            keys.areas.push(area);
        }
        if keys.areas.len() != usize::from(keys.header.slots) {
            return Err(VaultError::Damaged("the file keys is cut short"));
        }
        Ok(keys)
    }

    /// The key of an area, if it has one.
    pub fn area(&self, area: u16) -> Option<&AreaKey> {
        self.areas.get(usize::from(area))?.as_ref()
    }

    /// The areas that have a key.
    pub fn areas(&self) -> Vec<u16> {
        (0..self.header.slots)
            .filter(|area| self.area(*area).is_some())
            .collect()
    }

    /// The key of an area; a fresh one is on the disk before it is returned.
    pub fn area_or_new(&mut self, area: u16) -> Result<&AreaKey, VaultError> {
        if area >= self.header.slots {
            return Err(VaultError::TooManyAreas);
        }
        if self.area(area).is_none() {
            let key = AreaKey::new(Zeroizing::new(seal::random()?));
            self.write_slot(area, Some(&key))?;
            self.file.sync_data()?;
            self.put(area, Some(key));
        }
        self.area(area).ok_or(VaultError::TooManyAreas)
    }

    /// Overwrites the slot of an area; when this returns, the key is gone from the file.
    pub fn wipe(&mut self, area: u16) -> Result<(), VaultError> {
        if self.area(area).is_some() {
            self.write_slot(area, None)?;
            self.file.sync_data()?;
            self.put(area, None);
        }
        Ok(())
    }

    fn put(&mut self, area: u16, key: Option<AreaKey>) {
        if let Some(place) = self.areas.get_mut(usize::from(area)) {
            *place = key;
        }
    }

    /// An empty slot looks like a used one: a state and 32 bytes, sealed.
    fn write_slot(&mut self, slot: u16, key: Option<&AreaKey>) -> Result<(), VaultError> {
        let mut plain = Zeroizing::new([EMPTY; 33]);
        if let (Some(key), Some((state, secret))) = (key, plain.split_first_mut()) {
            *state = USED;
            secret.copy_from_slice(key.secret());
        }
        let wrapped = seal::seal(&self.wrapping, &self.slot_place(slot)?, plain.as_ref())?;
        self.file
            .seek(SeekFrom::Start((u64::from(slot) + 1) * SECTOR as u64))?;
        self.file.write_all(&sector(&[&wrapped]))?;
        Ok(())
    }

    fn unwrap_slot(&self, slot: u16, sector: &[u8]) -> Result<Option<AreaKey>, VaultError> {
        let damaged = VaultError::Damaged("a part of the file keys");
        let Some(wrapped) = sector.get(..WRAPPED) else {
            return Err(damaged);
        };
        let Some(plain) = seal::open(&self.wrapping, &self.slot_place(slot)?, wrapped) else {
            return Err(damaged);
        };
        let plain = Zeroizing::new(plain);
        match plain
            .split_first()
            .map(|(state, secret)| (*state, <[u8; 32]>::try_from(secret)))
        {
            Some((USED, Ok(secret))) => Ok(Some(AreaKey::new(Zeroizing::new(secret)))),
            Some((EMPTY, Ok(_))) => Ok(None),
            _ => Err(damaged),
        }
    }

    fn slot_place(&self, slot: u16) -> Result<Vec<u8>, VaultError> {
        let place = SlotPlace {
            label: VLByteSlice(b"tracktwo/vault/v1/slot"),
            header: self.header.clone(),
            slot,
        };
        place
            .tls_serialize_detached()
            .map_err(|_| VaultError::TooLarge)
    }
}

impl Header {
    fn new() -> Result<Self, VaultError> {
        let Cost {
            memory_kib,
            passes,
            lanes,
        } = Cost::TODAY;
        let salt = seal::random()?;
        Ok(Self {
            magic: MAGIC,
            version: VERSION,
            memory_kib,
            passes,
            lanes,
            slots: KEY_SLOTS,
            salt,
        })
    }

    fn cost(&self) -> Cost {
        Cost {
            memory_kib: self.memory_kib,
            passes: self.passes,
            lanes: self.lanes,
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        self.tls_serialize_detached()
            .map_err(|_| VaultError::TooLarge)
    }

    /// Header, the check, and their hash, which tells damage from a wrong passphrase.
    fn sector(&self, wrapping: &[u8; 32]) -> Result<[u8; SECTOR], VaultError> {
        let bytes = self.bytes()?;
        let head = [bytes.as_slice(), &seal::seal(wrapping, &bytes, &[])?].concat();
        Ok(sector(&[&head, &Sha256::digest(&head)]))
    }

    fn parse(file: &[u8]) -> Result<Self, VaultError> {
        let damaged = || VaultError::Damaged("the head of the file keys");
        let bytes = file.get(..HEADER).ok_or_else(damaged)?;
        let header = Self::tls_deserialize_exact_bytes(bytes).map_err(|_| damaged())?;
        if header.magic != MAGIC {
            return Err(damaged());
        }
        if header.version != VERSION {
            return Err(VaultError::UnknownVersion(header.version));
        }
        let head = file.get(..HEADER + CHECK).ok_or_else(damaged)?;
        let intact = file
            .get(HEADER + CHECK..)
            .is_some_and(|rest| rest.starts_with(&Sha256::digest(head)));
        if !intact || !header.cost().is_within_limits() || header.slots > KEY_SLOTS {
            return Err(damaged());
        }
        Ok(header)
    }

    fn check(&self, wrapping: &[u8; 32], file: &[u8]) -> Result<(), VaultError> {
        let check = file
            .get(HEADER..HEADER + CHECK)
            .ok_or(VaultError::Damaged("the head of the file keys"))?;
        seal::open(wrapping, &self.bytes()?, check)
            .map(|_| ())
            .ok_or(VaultError::WrongPassphrase)
    }
}

/// The parts one after another, then zeros.
fn sector(parts: &[&[u8]]) -> [u8; SECTOR] {
    let mut sector = [0; SECTOR];
    let bytes = parts.concat();
    for (to, from) in sector.iter_mut().zip(&bytes) {
        *to = *from;
    }
    sector
}
