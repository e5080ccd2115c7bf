//! The vault on a real disk, and on one that fills up.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use redb::{StorageBackend, backends::FileBackend};

use super::*;

/// A switch that makes a disk full.
#[derive(Debug, Default, Clone)]
pub(crate) struct Disk(Arc<AtomicBool>);

impl Disk {
    pub fn fill(&self, full: bool) {
        self.0.store(full, Ordering::SeqCst);
    }

    pub(super) fn behind(&self, backend: FileBackend) -> DiskBackend {
        DiskBackend {
            backend,
            disk: self.clone(),
        }
    }

    fn check(&self) -> Result<(), std::io::Error> {
        match self.0.load(Ordering::SeqCst) {
            true => Err(std::io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }
}

#[derive(Debug)]
pub(super) struct DiskBackend {
    backend: FileBackend,
    disk: Disk,
}

impl StorageBackend for DiskBackend {
    fn len(&self) -> Result<u64, std::io::Error> {
        self.backend.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        self.backend.read(offset, out)
    }
    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        self.disk.check()?;
        self.backend.set_len(len)
    }
    fn sync_data(&self) -> Result<(), std::io::Error> {
        self.backend.sync_data()
    }
    fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), std::io::Error> {
        self.disk.check()?;
        self.backend.write(offset, bytes)
    }
    fn close(&self) -> Result<(), std::io::Error> {
        self.backend.close()
    }
}

const CANARY: &str = "Saskia Zwanenburg says: heron-on-the-mooring";

pub(super) fn words() -> Passphrase {
    Passphrase::new("six birds over the salt marsh").unwrap()
}

pub(super) fn put(area: u16, key: &str, value: &str) -> Row {
    Row {
        area,
        key: key.into(),
        value: Some(Zeroizing::new(value.into())),
    }
}

pub(super) fn texts(vault: &mut Vault, area: u16) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    vault
        .load(area)
        .unwrap()
        .iter()
        .map(|(key, value)| (text(key), text(value)))
        .collect()
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.into(), value.into())
}

#[test]
fn rows_come_back_after_closing() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault
        .commit(
            &[put(0, "b", "2"), put(0, "a", "1"), put(7, "a", "other")],
            true,
        )
        .unwrap();
    vault
        .commit(
            &[
                put(0, "b", "3"),
                Row {
                    area: 7,
                    key: b"a".to_vec(),
                    value: None,
                },
            ],
            false,
        )
        .unwrap();
    vault.commit(&[], true).unwrap();
    drop(vault);
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(texts(&mut vault, 0), [pair("a", "1"), pair("b", "3")]);
    assert_eq!(texts(&mut vault, 7), []);
    assert_eq!(vault.areas(), [0, 7]);
}

#[test]
fn a_commit_that_is_not_durable_is_seen_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault.commit(&[put(1, "a", "1")], false).unwrap();
    assert_eq!(texts(&mut vault, 1), [pair("a", "1")]);
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::create(dir.path(), &words()).unwrap());
    let before = std::fs::read(dir.path().join("keys")).unwrap();
    let wrong = Passphrase::new("six birds over the salt march").unwrap();
    assert!(matches!(
        Vault::open(dir.path(), &wrong),
        Err(VaultError::WrongPassphrase)
    ));
    assert_eq!(std::fs::read(dir.path().join("keys")).unwrap(), before);
    Vault::open(dir.path(), &words()).unwrap();
}

#[test]
fn a_passphrase_is_the_same_from_every_keyboard() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::create(dir.path(), &Passphrase::new("Caf\u{e9} del Mar").unwrap()).unwrap());
    Vault::open(dir.path(), &Passphrase::new("Cafe\u{301} del Mar").unwrap()).unwrap();
}

#[test]
fn a_second_opening_is_refused_while_the_first_lives() {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::create(dir.path(), &words()).unwrap();
    assert!(matches!(
        Vault::open(dir.path(), &words()),
        Err(VaultError::InUse)
    ));
    drop(vault);
    Vault::open(dir.path(), &words()).unwrap();
}

#[test]
fn nothing_that_was_written_is_readable_in_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    let large = CANARY.repeat(3000);
    vault
        .commit(&[put(3, CANARY, &large), put(0, "k", CANARY)], true)
        .unwrap();
    drop(vault);
    for file in ["vault.redb", "keys"] {
        let bytes = std::fs::read(dir.path().join(file)).unwrap();
        for part in [CANARY.as_bytes(), b"Zwanenburg", b"heron", b"salt marsh"] {
            assert!(
                !bytes.windows(part.len()).any(|window| window == part),
                "{file}"
            );
        }
    }
}

#[test]
fn a_wiped_area_cannot_be_opened_even_where_its_rows_remain() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault
        .commit(&[put(0, "a", "stays"), put(4, "a", CANARY)], true)
        .unwrap();
    let key = AreaSlot::read(dir.path(), 4);
    let rows = vault.store.read(4).unwrap();
    vault.wipe(4).unwrap();
    assert_eq!(texts(&mut vault, 4), []);
    drop(vault);
    assert_ne!(
        AreaSlot::read(dir.path(), 4),
        key,
        "the slot was overwritten in place"
    );
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(texts(&mut vault, 0), [pair("a", "stays")]);
    // The copies that a disk may have kept come back, and do not open under the area's next key.
    vault.commit(&[put(4, "b", "new")], true).unwrap();
    let remains = rows.into_iter().map(|(blinded, value)| store::SealedRow {
        area: 4,
        blinded,
        value: Some(value),
    });
    vault.store.write(remains.collect(), true).unwrap();
    assert!(matches!(vault.load(4), Err(VaultError::Damaged(_))));
}

struct AreaSlot;

impl AreaSlot {
    fn read(dir: &Path, slot: usize) -> Vec<u8> {
        let keys = std::fs::read(dir.join("keys")).unwrap();
        keys.chunks(512).nth(slot + 1).unwrap().to_vec()
    }
}

#[test]
fn a_wiping_that_a_crash_cut_short_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault
        .commit(&[put(4, "a", CANARY), put(9, "a", "stays")], true)
        .unwrap();
    vault.store.intend(4).unwrap();
    vault.keys.wipe(4).unwrap();
    drop(vault);
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(vault.store.read(4).unwrap(), []);
    assert_eq!(texts(&mut vault, 9), [pair("a", "stays")]);
}

#[test]
fn a_row_moved_to_another_place_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault
        .commit(&[put(1, "a", "1"), put(1, "b", "2")], true)
        .unwrap();
    let rows = vault.store.read(1).unwrap();
    let swapped = store::SealedRow {
        area: 1,
        blinded: rows[0].0,
        value: Some(rows[1].1.clone()),
    };
    vault.store.write(vec![swapped], true).unwrap();
    assert!(matches!(vault.load(1), Err(VaultError::Damaged(_))));
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault
        .commit(&[put(1, "a", "old"), put(2, "a", "old")], true)
        .unwrap();
    vault.disk().fill(true);
    let large = "x".repeat(1_000_000);
    let rows = [put(1, "a", "new"), put(2, "a", "new"), put(2, "b", &large)];
    assert!(matches!(
        vault.commit(&rows, true),
        Err(VaultError::DiskFull)
    ));
    assert!(vault.commit(&rows, true).is_err());
    vault.disk().fill(false);
    assert_eq!(texts(&mut vault, 1), [pair("a", "old")]);
    assert_eq!(texts(&mut vault, 2), [pair("a", "old")]);
    vault.commit(&[put(1, "a", "new")], true).unwrap();
    drop(vault);
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(texts(&mut vault, 1), [pair("a", "new")]);
}

#[test]
fn what_was_not_yet_durable_survives_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault.commit(&[put(1, "a", "first")], false).unwrap();
    vault.disk().fill(true);
    assert!(vault.commit(&[put(1, "b", "second")], true).is_err());
    vault.disk().fill(false);
    vault.commit(&[put(1, "b", "second")], true).unwrap();
    drop(vault);
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(
        texts(&mut vault, 1),
        [pair("a", "first"), pair("b", "second")]
    );
}

#[test]
fn each_damaged_byte_of_the_keys_file_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::create(dir.path(), &words()).unwrap());
    let path = dir.path().join("keys");
    let whole = std::fs::read(&path).unwrap();
    for at in [0, 8, 12, 30, 60, 100, 512 + 5, 512 * 9 + 70] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let opened = Vault::open(dir.path(), &words());
        assert!(
            matches!(
                opened,
                Err(VaultError::Damaged(_) | VaultError::UnknownVersion(_))
            ),
            "byte {at}"
        );
    }
    std::fs::write(&path, &whole[..5000]).unwrap();
    assert!(matches!(
        Vault::open(dir.path(), &words()),
        Err(VaultError::Damaged(_))
    ));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(
        Vault::open(dir.path(), &words()),
        Err(VaultError::Damaged(_))
    ));
}

#[test]
fn rows_without_their_keys_are_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault.commit(&[put(1, "a", "1")], true).unwrap();
    drop(vault);
    std::fs::remove_file(dir.path().join("keys")).unwrap();
    assert!(matches!(
        Vault::create(dir.path(), &words()),
        Err(VaultError::Exists)
    ));
}

#[test]
fn limits_are_refusals() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    let area = put(crate::limits::KEY_SLOTS, "a", "1");
    assert!(matches!(
        vault.commit(&[put(1, "a", "1"), area], true),
        Err(VaultError::TooManyAreas)
    ));
    assert_eq!(texts(&mut vault, 1), []);
    let key = put(1, &"k".repeat(5000), "1");
    assert!(matches!(
        vault.commit(&[key], true),
        Err(VaultError::TooLarge)
    ));
    assert!(matches!(
        Vault::create(dir.path(), &words()),
        Err(VaultError::Exists)
    ));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("new");
    drop(Vault::create(&place, &words()).unwrap());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place), 0o700);
    assert_eq!(mode(&place.join("keys")), 0o600);
    assert_eq!(mode(&place.join("vault.redb")), 0o600);
}

#[test]
fn a_changed_passphrase_opens_the_same_rows_and_the_old_one_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let old = Passphrase::new("seven birds over the salt marsh").unwrap();
    let new = Passphrase::new("eight boats under the harbour wall").unwrap();
    let mut vault = Vault::create(dir.path(), &old).unwrap();
    let row = Row {
        area: 3,
        key: b"k".to_vec(),
        value: Some(Zeroizing::new(b"kept".to_vec())),
    };
    vault.commit(&[row], true).unwrap();
    assert!(matches!(
        vault.change_passphrase(&new, &new),
        Err(VaultError::WrongPassphrase)
    ));
    vault.change_passphrase(&old, &new).unwrap();
    assert_eq!(*vault.load(3).unwrap()[0].1, b"kept");
    drop(vault);
    assert!(matches!(
        Vault::open(dir.path(), &old),
        Err(VaultError::WrongPassphrase)
    ));
    let mut vault = Vault::open(dir.path(), &new).unwrap();
    assert_eq!(*vault.load(3).unwrap()[0].1, b"kept");
}
