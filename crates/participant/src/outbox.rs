//! What this seat wants to have said: kept until the log echoes it, sealed anew in a new epoch.
//! Within one epoch it is sent again only as identical bytes.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::out::Out;
use crate::post::Body;
use crate::step::Area;

/// SHA-256 of an entry's bytes.
pub(crate) type EntryHash = [u8; 32];

/// Names an entry that this vault wrote.
pub(crate) fn entry_hash(entry: &[u8]) -> EntryHash {
    Sha256::digest(entry).into()
}

/// One thing to be said.
pub(crate) struct Item {
    pub(crate) body: Body,
    /// Its bytes in the current epoch, once sealed.
    pub(crate) entry: Option<Vec<u8>>,
    /// Never sent again, but recognised if it stands in the log after all.
    pub(crate) withdrawn: bool,
}

/// What an own entry in the log is to this vault.
pub(crate) enum Echo {
    /// Waited for.
    Of(Body),
    /// Shown before: the relay repeats itself.
    Repeated,
    /// This vault never wrote it.
    Unknown,
}

/// In order of speaking.
#[derive(Default)]
pub(crate) struct Outbox {
    items: BTreeMap<u64, Item>,
    echoed: BTreeSet<EntryHash>,
    next: u64,
}

fn item_key(number: u64) -> Vec<u8> {
    [b"out/".as_slice(), &number.to_be_bytes()].concat()
}

fn echo_key(hash: &EntryHash) -> Vec<u8> {
    [b"own/".as_slice(), hash].concat()
}

impl Outbox {
    /// Rebuilds from the vault's rows; `None` if a row is damaged.
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Outbox> {
        let mut outbox = Outbox::default();
        for (key, value) in rows {
            if let Some(number) = key.strip_prefix(b"out/".as_slice()) {
                let number = u64::from_be_bytes(number.try_into().ok()?);
                outbox.items.insert(number, Item::parse(value)?);
                outbox.next = outbox.next.max(number + 1);
            } else if let Some(hash) = key.strip_prefix(b"own/".as_slice()) {
                outbox.echoed.insert(hash.try_into().ok()?);
            }
        }
        Some(outbox)
    }

    /// Keeps something to be said.
    pub(crate) fn push(&mut self, area: Area, body: Body, out: &mut Out) {
        let item = Item {
            body,
            entry: None,
            withdrawn: false,
        };
        out.write(area, item_key(self.next), item.to_bytes());
        self.items.insert(self.next, item);
        self.next += 1;
    }

    /// How many wait to be seen in the log.
    pub(crate) fn waiting(&self) -> usize {
        self.items.values().filter(|item| !item.withdrawn).count()
    }

    /// Numbers of those that have no bytes in this epoch.
    pub(crate) fn unsealed(&self) -> Vec<u64> {
        let unsealed = self
            .items
            .iter()
            .filter(|(_, i)| i.entry.is_none() && !i.withdrawn);
        unsealed.map(|(number, _)| *number).collect()
    }

    /// What is said by a number.
    pub(crate) fn body(&self, number: u64) -> Option<&Body> {
        self.items.get(&number).map(|item| &item.body)
    }

    /// Gives an item its bytes in this epoch.
    pub(crate) fn seal(&mut self, area: Area, number: u64, entry: Vec<u8>, out: &mut Out) {
        if let Some(item) = self.items.get_mut(&number) {
            item.entry = Some(entry);
            out.write(area, item_key(number), item.to_bytes());
        }
    }

    /// The bytes that may be sent again, in order.
    pub(crate) fn sealed(&self) -> impl Iterator<Item = &[u8]> {
        let live = self.items.values().filter(|item| !item.withdrawn);
        live.filter_map(|item| item.entry.as_deref())
    }

    /// An entry of this seat's leaf stands in the log: which of ours is it?
    pub(crate) fn echo(&mut self, area: Area, entry: &[u8], out: &mut Out) -> Echo {
        let hash = entry_hash(entry);
        if self.echoed.contains(&hash) {
            return Echo::Repeated;
        }
        let found = self
            .items
            .iter()
            .find(|(_, item)| item.entry.as_deref() == Some(entry));
        let Some(number) = found.map(|(number, _)| *number) else {
            return Echo::Unknown;
        };
        self.echoed.insert(hash);
        out.write(area, echo_key(&hash), []);
        out.remove(area, item_key(number));
        match self.items.remove(&number) {
            Some(item) => Echo::Of(item.body),
            None => Echo::Unknown,
        }
    }

    /// A new epoch: what is not in the log by now cannot get there as it was.
    pub(crate) fn enter_epoch(&mut self, area: Area, out: &mut Out) {
        for hash in std::mem::take(&mut self.echoed) {
            out.remove(area, echo_key(&hash));
        }
        let withdrawn: Vec<u64> = self
            .items
            .iter()
            .filter(|(_, i)| i.withdrawn)
            .map(|(n, _)| *n)
            .collect();
        for number in withdrawn {
            self.items.remove(&number);
            out.remove(area, item_key(number));
        }
        for (number, item) in &mut self.items {
            item.entry = None;
            out.write(area, item_key(*number), item.to_bytes());
        }
    }

    /// Stops sending what matches: it stays only to be recognised.
    pub(crate) fn withdraw(&mut self, area: Area, matches: impl Fn(&Body) -> bool, out: &mut Out) {
        for (number, item) in &mut self.items {
            if matches(&item.body) && !item.withdrawn {
                item.withdrawn = true;
                out.write(area, item_key(*number), item.to_bytes());
            }
        }
    }

    /// Forgets everything: a restored copy never sends again.
    pub(crate) fn clear(&mut self, area: Area, out: &mut Out) {
        for number in std::mem::take(&mut self.items).into_keys() {
            out.remove(area, item_key(number));
        }
    }
}

impl Item {
    fn to_bytes(&self) -> Vec<u8> {
        let body = self.body.to_bytes();
        let length = u32::try_from(body.len()).expect("a body is below a bucket's size");
        let entry = self.entry.as_deref().unwrap_or_default();
        [
            [u8::from(self.withdrawn)].as_slice(),
            &length.to_be_bytes(),
            &body,
            entry,
        ]
        .concat()
    }

    fn parse(bytes: &[u8]) -> Option<Item> {
        let (withdrawn, rest) = bytes.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (body, entry) = rest.split_at_checked(length)?;
        Some(Item {
            body: Body::parse(body)?,
            entry: (!entry.is_empty()).then(|| entry.to_vec()),
            withdrawn: *withdrawn == 1,
        })
    }
}
