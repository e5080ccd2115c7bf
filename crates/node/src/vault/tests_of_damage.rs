//! A vault on a disk that lost, cut, emptied or mixed up its files.

use std::fs;

use super::{
    tests::{put, texts, words},
    *,
};

const PAGE: usize = 4096;

/// Whether it opens with everything, or says what is wrong and leaves the file as it was.
fn store_holds_or_says(dir: &Path, rows: &[(seal::Blinded, Vec<u8>)], what: &str) -> bool {
    let path = dir.join(store::FILE);
    let before = fs::read(&path).ok();
    let read = Store::open(dir).and_then(|mut store| store.read(3));
    match read {
        Ok(read) => {
            assert!(read == rows, "{what}: rows are missing, and nobody says so");
            true
        }
        Err(VaultError::Damaged(_)) => {
            assert!(fs::read(&path).ok() == before, "{what}: overwritten");
            false
        }
        Err(error) => panic!("{what}: {error:?}"),
    }
}

#[test]
fn each_page_of_the_rows_that_is_lost_is_noticed_and_nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    for number in 0..40 {
        let row = put(3, &format!("row {number}"), &"x".repeat(number * 97));
        vault.commit(&[row], true).unwrap();
    }
    let rows = vault.store.read(3).unwrap();
    drop(vault);
    let path = dir.path().join(store::FILE);
    let whole = fs::read(&path).unwrap();
    let mut noticed = 0;
    for page in 0..whole.len().div_ceil(PAGE) {
        for fill in [0, 0xff] {
            let mut bytes = whole.clone();
            let end = whole.len().min((page + 1) * PAGE);
            bytes[page * PAGE..end].fill(fill);
            fs::write(&path, &bytes).unwrap();
            noticed += usize::from(!store_holds_or_says(
                dir.path(),
                &rows,
                &format!("page {page}"),
            ));
        }
    }
    assert!(noticed > 20, "only {noticed} of all pages hold something");
    for len in [
        0,
        1,
        PAGE,
        whole.len() / 2,
        whole.len() - PAGE,
        whole.len() - 1,
    ] {
        fs::write(&path, &whole[..len]).unwrap();
        let holds = store_holds_or_says(dir.path(), &rows, &format!("cut to {len}"));
        assert!(!holds, "cut to {len}");
    }
    fs::remove_file(&path).unwrap();
    assert!(!store_holds_or_says(dir.path(), &rows, "missing"));
    assert!(!path.exists(), "it is not made anew");
    fs::write(&path, &whole).unwrap();
    assert!(store_holds_or_says(dir.path(), &rows, "put back"));
}

#[test]
fn a_store_that_a_crash_left_open_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    for number in 0..20 {
        vault
            .commit(&[put(3, &format!("{number}"), "kept")], true)
            .unwrap();
        vault
            .commit(&[put(3, &format!("later {number}"), "lost")], false)
            .unwrap();
        for file in [store::FILE, keys::FILE] {
            fs::copy(dir.path().join(file), copy.path().join(file)).unwrap();
        }
        let mut crashed = Vault::open(copy.path(), &words()).unwrap();
        let kept = texts(&mut crashed, 3);
        let kept = kept.iter().filter(|(_, value)| value == "kept");
        assert_eq!(kept.count(), number + 1);
    }
}

#[test]
fn a_vault_whose_other_file_is_gone_is_damaged_and_never_a_first_start() {
    for file in [store::FILE, keys::FILE] {
        for empty in [true, false] {
            let dir = tempfile::tempdir().unwrap();
            drop(Vault::create(dir.path(), &words()).unwrap());
            let path = dir.path().join(file);
            match empty {
                true => fs::write(&path, []).unwrap(),
                false => fs::remove_file(&path).unwrap(),
            }
            assert!(Vault::exists(dir.path()), "{file}");
            let opened = Vault::open(dir.path(), &words());
            assert!(matches!(opened, Err(VaultError::Damaged(_))), "{file}");
            let made = Vault::create(dir.path(), &words());
            assert!(matches!(made, Err(VaultError::Exists)), "{file}");
            assert_eq!(path.exists(), empty, "{file} is not made anew");
        }
    }
}

#[test]
fn each_part_of_the_keys_file_that_is_lost_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault.commit(&[put(7, "a", "1")], true).unwrap();
    drop(vault);
    let path = dir.path().join(keys::FILE);
    let whole = fs::read(&path).unwrap();
    for sector in [0, 1, 8, 256] {
        let mut bytes = whole.clone();
        bytes[sector * 512..(sector + 1) * 512].fill(0);
        fs::write(&path, &bytes).unwrap();
        let opened = Vault::open(dir.path(), &words());
        assert!(matches!(opened, Err(VaultError::Damaged(_))), "{sector}");
        assert!(fs::read(&path).unwrap() == bytes);
    }
}

/// Both files as they are now.
fn files(dir: &Path) -> [Vec<u8>; 2] {
    [store::FILE, keys::FILE].map(|file| fs::read(dir.join(file)).unwrap())
}

#[test]
fn files_of_different_times_open_with_everything_or_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(dir.path(), &words()).unwrap();
    vault
        .commit(&[put(0, "a", "1"), put(4, "a", "room")], true)
        .unwrap();
    drop(vault);
    let older = files(dir.path());
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    vault.commit(&[put(9, "a", "a later room")], true).unwrap();
    drop(vault);
    let grown = files(dir.path());
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    vault.wipe(4).unwrap();
    drop(vault);
    let wiped = files(dir.path());
    let lay = |rows: &[Vec<u8>; 2], secrets: &[Vec<u8>; 2]| {
        fs::write(dir.path().join(store::FILE), &rows[0]).unwrap();
        fs::write(dir.path().join(keys::FILE), &secrets[1]).unwrap();
        let opened = Vault::open(dir.path(), &words());
        opened.map(|mut vault| [0, 4, 9].map(|area| texts(&mut vault, area).len()))
    };
    // Keys that do not know a room: its rows are not thrown away.
    assert!(matches!(lay(&grown, &older), Err(VaultError::Damaged(_))));
    fs::write(dir.path().join(keys::FILE), &grown[1]).unwrap();
    let mut put_back = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(texts(&mut put_back, 9).len(), 1);
    drop(put_back);
    // Rows of a room whose key is destroyed.
    assert!(matches!(lay(&grown, &wiped), Err(VaultError::Damaged(_))));
    // Older rows under the same keys: whole, and found to be old when the log is caught up.
    assert_eq!(lay(&older, &grown).unwrap(), [1, 1, 0]);
    // Older keys under which all rows open.
    assert_eq!(lay(&wiped, &grown).unwrap(), [1, 0, 1]);
    // Another vault's rows.
    let other = tempfile::tempdir().unwrap();
    drop(Vault::create(other.path(), &words()).unwrap());
    let other = files(other.path());
    assert!(matches!(lay(&other, &grown), Err(VaultError::Damaged(_))));
}

#[test]
fn a_making_that_a_crash_cut_short_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::create(dir.path(), &words()).unwrap());
    let [row, _] = [store::FILE, store::UNFINISHED].map(|file| dir.path().join(file));
    fs::rename(&row, dir.path().join(store::UNFINISHED)).unwrap();
    assert!(Vault::exists(dir.path()));
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    vault.commit(&[put(0, "a", "1")], true).unwrap();
    drop(vault);
    let mut vault = Vault::open(dir.path(), &words()).unwrap();
    assert_eq!(texts(&mut vault, 0).len(), 1);
}

#[test]
fn a_short_passphrase_makes_no_vault_however_it_comes() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("passphrase");
    let vault = dir.path().join("vault");
    for line in [
        "",
        "\n",
        "x\n",
        "\u{feff}x\n",
        "1234567",
        "a b c d e",
        "\nin the second line",
    ] {
        fs::write(&file, line).unwrap();
        let short = Passphrase::from_file(&file).unwrap();
        let made = Vault::create(&vault, &short);
        assert!(matches!(made, Err(VaultError::ShortPassphrase)), "{line:?}");
        assert!(!vault.exists(), "{line:?}");
    }
    fs::write(&file, "\u{feff}six birds over the salt marsh\r\n").unwrap();
    let mut made = Vault::create(&vault, &Passphrase::from_file(&file).unwrap()).unwrap();
    let changed = made.change_passphrase(&words(), &Passphrase::new("short").unwrap());
    assert!(matches!(changed, Err(VaultError::ShortPassphrase)));
    drop(made);
    Vault::open(&vault, &words()).unwrap();
}
