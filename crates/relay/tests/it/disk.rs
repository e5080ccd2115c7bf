//! A disk that is full or fails: nothing acknowledged is lost, nothing half is there, and it goes on afterwards.

use crate::client::{Client, append, bytes, create, founder, mailbox, subscribe, token};
use relay::core::{Batch, ContentDigest, Stored};
use relay::store::{DiskStore, Portion, Store, StoreError};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use wire::{Answer, Entry, MailboxId, Push, Refusal};

const FINE: u8 = 0;
const NO_ROOM: u8 = 1;
const FAILS_BEFORE_WRITING: u8 = 2;
const FAILS_AFTER_WRITING: u8 = 3;

/// A disk store that fails on demand.
struct Failing {
    inner: DiskStore,
    how: AtomicU8,
}

impl Failing {
    fn at(folder: &Path) -> Arc<Self> {
        let inner = DiskStore::open(&folder.join("log"), 0).unwrap();
        Arc::new(Self {
            inner,
            how: AtomicU8::new(FINE),
        })
    }

    fn now(&self, how: u8) {
        self.how.store(how, Ordering::SeqCst);
    }

    fn is(&self, how: u8) -> bool {
        self.how.load(Ordering::SeqCst) == how
    }

    fn failure() -> StoreError {
        StoreError::Io(std::io::ErrorKind::StorageFull.into())
    }
}

impl Store for Failing {
    fn load(&self) -> Result<Stored, StoreError> {
        self.inner.load()
    }

    fn has_room(&self, bytes: u64) -> bool {
        !self.is(NO_ROOM) && self.inner.has_room(bytes)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if self.is(FAILS_BEFORE_WRITING) {
            return Err(Self::failure());
        }
        self.inner.commit(batch)?;
        if self.is(FAILS_AFTER_WRITING) {
            Err(Self::failure())
        } else {
            Ok(())
        }
    }

    fn entries(&self, mailbox: &MailboxId, portion: Portion) -> Result<Vec<Entry>, StoreError> {
        self.inner.entries(mailbox, portion)
    }

    fn find(&self, id: &MailboxId, content: &ContentDigest) -> Result<Option<u64>, StoreError> {
        self.inner.find(id, content)
    }

    fn reopen(&self) -> Result<(), StoreError> {
        if self.is(FINE) {
            self.inner.reopen()
        } else {
            Err(Self::failure())
        }
    }
}

#[tokio::test]
async fn a_disk_that_fails_loses_nothing_and_recovers() {
    for how in [NO_ROOM, FAILS_BEFORE_WRITING, FAILS_AFTER_WRITING] {
        let folder = tempfile::tempdir().unwrap();
        let store = Failing::at(folder.path());
        let listen = "127.0.0.1:0".parse().unwrap();
        let relay = relay::start_with(listen, folder.path(), store.clone()).unwrap();
        let mut client = Client::of(&relay).await;
        client
            .ask(create(&founder(), relay.creation_secret()))
            .await;
        client.ask(append(b'a', bytes(0))).await;
        let mut reader = Client::of(&relay).await;
        reader.ask(subscribe(b'a', 1)).await;
        assert_eq!(reader.push().await, Push::CaughtUp { next: 1 });

        store.now(how);
        for number in 1..4 {
            let answer = client.ask(append(b'a', bytes(number))).await;
            assert_eq!(answer, Answer::Refused(Refusal::DiskFull), "{how}");
        }
        store.now(FINE);
        for number in 0..4 {
            let answer = client.ask(append(b'a', bytes(number))).await;
            assert_eq!(answer, Answer::Appended { index: number }, "{how}");
        }
        let entries = client.read_all(mailbox(), &token(b'a')).await;
        let stored: Vec<Vec<u8>> = entries.into_iter().map(|entry| entry.bytes).collect();
        assert_eq!(stored, (0..4).map(bytes).collect::<Vec<_>>(), "{how}");
        for number in 1..4 {
            let Push::Entry(entry) = reader.push().await else {
                panic!("an entry")
            };
            assert_eq!((entry.index, entry.bytes), (number, bytes(number)), "{how}");
        }
        relay.stop();
    }
}

/// A file system of a few megabytes, where the machine lets the test mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(folder.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[tokio::test]
async fn a_disk_that_is_truly_full_loses_nothing_and_recovers() {
    // Without the right to mount, the failing store above has to do.
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    for reserved in [0, 4 << 20] {
        let folder = disk.0.path().join(reserved.to_string());
        std::fs::create_dir(&folder).unwrap();
        let store = Arc::new(DiskStore::open(&folder.join("log"), reserved).unwrap());
        let listen = "127.0.0.1:0".parse().unwrap();
        let relay = relay::start_with(listen, &folder, store).unwrap();
        fill_and_recover(&relay, &folder).await;
        relay.stop();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

async fn fill_and_recover(relay: &relay::RelayHandle, folder: &Path) {
    let large = |number: u64| [bytes(number), vec![7; 63 << 10]].concat();
    // Something else takes half of the disk, and gives it back later.
    let other = folder.join("other");
    std::fs::write(&other, vec![1; 12 << 20]).unwrap();
    let mut client = Client::of(relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    let mut stored = 0;
    while let Answer::Appended { index } = client.ask(append(b'a', large(stored))).await {
        assert_eq!(index, stored);
        stored += 1;
        assert!(stored < 1_000, "the disk was never full");
    }
    let entries = client.read_all(mailbox(), &token(b'a')).await;
    assert_eq!(entries.len() as u64, stored);

    std::fs::remove_file(&other).unwrap();
    let mut client = Client::of(relay).await;
    assert_eq!(
        client.ask(subscribe(b'a', stored)).await,
        Answer::Subscribed
    );
    for number in [stored - 1, stored, stored + 1] {
        let answer = client.ask(append(b'a', large(number))).await;
        assert_eq!(answer, Answer::Appended { index: number });
    }
    let entries = client.read_all(mailbox(), &token(b'a')).await;
    assert_eq!(entries.len() as u64, stored + 2);
    assert!(
        entries
            .iter()
            .zip(0..)
            .all(|(entry, number)| entry.bytes == large(number))
    );
}
