//! A relay's folder of which something is missing, cut, emptied or mixed up: it serves everything, or says so.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use relay::{RelayConfig, RelayHandle, StartError};

use crate::client::{Client, append, bytes, create, founder, mailbox, start, token};
use wire::Answer;

const ENTRIES: u64 = 12;
const PAGE: usize = 4096;

/// What a file holds before the zeros at its end, and its length.
type Laid<'a> = (&'a [u8], u64);

/// A folder with entries of two starts.
async fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for half in 0..2 {
        let relay = start(folder.path());
        let mut client = Client::of(&relay).await;
        if half == 0 {
            let made = client
                .ask(create(&founder(), relay.creation_secret()))
                .await;
            assert_eq!(made, Answer::Created);
        }
        for number in 0..ENTRIES / 2 {
            let entry = bytes(half * (ENTRIES / 2) + number);
            assert!(matches!(
                client.ask(append(b'a', entry)).await,
                Answer::Appended { .. }
            ));
        }
        relay.stop();
    }
    folder
}

/// All files, with what they hold before the zeros at their end, and their length.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let mut content = Vec::new();
            let file = File::open(&path).unwrap();
            // A journal is mostly a hole.
            (&file).take(4 << 20).read_to_end(&mut content).unwrap();
            let len = file.metadata().unwrap().len();
            let end = content.iter().rposition(|byte| *byte != 0);
            content.truncate(end.map_or(0, |end| end + 1));
            found.push((path, content, len));
        }
    }
    found.sort();
    found
}

fn lay(path: &Path, content: &[u8], len: u64) {
    let mut file = File::create(path).unwrap();
    file.write_all(content).unwrap();
    file.set_len(len).unwrap();
}

/// The whole folder as it was, at another place.
fn copy(from: &Path, whole: &[(PathBuf, Vec<u8>, u64)]) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for (path, content, len) in whole {
        let path = to.path().join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        lay(&path, content, *len);
    }
    to
}

fn try_start(data: &Path) -> Result<RelayHandle, StartError> {
    relay::start(RelayConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.to_owned(),
    })
}

/// Whether it serves everything; where it does not start, its sentence says that it is damaged.
async fn serves(data: &Path, pin: wire::Fingerprint, what: &str) -> bool {
    let relay = match try_start(data) {
        Ok(relay) => relay,
        Err(error) => {
            let said = error.to_string();
            assert!(said.contains("copy of the whole folder"), "{what}: {said}");
            return false;
        }
    };
    assert_eq!(relay.fingerprint(), pin, "{what}: another key was made");
    let mut client = Client::of(&relay).await;
    let entries = client.read_all(mailbox(), &token(b'a')).await;
    assert_eq!(
        entries.len(),
        ENTRIES as usize,
        "{what}: entries are gone, and nobody says so"
    );
    for (number, entry) in (0..ENTRIES).zip(&entries) {
        assert_eq!(entry.bytes, bytes(number), "{what}");
    }
    relay.stop();
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_without_one_of_its_files_serves_everything_or_says_what_is_wrong() {
    let original = folder().await;
    let relay = start(original.path());
    let pin = relay.fingerprint();
    relay.stop();
    let whole = files(original.path());
    assert!(serves(copy(original.path(), &whole).path(), pin, "whole").await);
    for (path, content, len) in &whole {
        let name = path.strip_prefix(original.path()).unwrap();
        let half = &content[..content.len() / 2];
        let laid: [(&str, Option<Laid>); 4] = [
            ("missing", None),
            ("empty", Some((&[], 0))),
            ("cut", Some((half, half.len() as u64))),
            ("zeros", Some((&[], *len))),
        ];
        for (how, laid) in laid {
            let damaged = copy(original.path(), &whole);
            let at = damaged.path().join(name);
            match laid {
                None => fs::remove_file(&at).unwrap(),
                Some((content, len)) => lay(&at, content, len),
            }
            let what = format!("{} {how}", name.display());
            let served = serves(damaged.path(), pin, &what).await;
            println!("{what}: {served}");
        }
        for page in 0..content.len().div_ceil(PAGE) {
            let mut content = content.clone();
            let end = content.len().min((page + 1) * PAGE);
            content[page * PAGE..end].fill(0);
            let damaged = copy(original.path(), &whole);
            lay(&damaged.path().join(name), &content, *len);
            let what = format!("{} page {page}", name.display());
            let served = serves(damaged.path(), pin, &what).await;
            println!("{what}: {served}");
        }
    }
}
