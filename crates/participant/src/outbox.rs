//! What this seat wants to have said: kept until the log echoes it, sealed anew in a new epoch.
//! Within one epoch it is sent again only as identical bytes.

use std::collections::BTreeMap;

use room::Digest;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::LogHead;

use crate::out::Out;
use crate::post::{Body, Post, Seen};
use crate::step::Area;

/// SHA-256 of what an author signed for.
pub(crate) type EntryHash = [u8; 32];

/// One thing to be said.
pub(crate) struct Item {
    pub(crate) body: Body,
    /// Its form in the current epoch.
    pub(crate) sealed: Option<Sealed>,
    /// Never sent again, but recognised if it stands in the log after all.
    pub(crate) withdrawn: bool,
    /// The log showed it where it did not count: it waits a while before it is sealed once more.
    again: bool,
}

/// How an item was sealed.
pub(crate) struct Sealed {
    /// This seat's number for it.
    pub(crate) number: u32,
    /// What it claims to have seen.
    pub(crate) seen: Seen,
    /// The entry's bytes.
    pub(crate) entry: Vec<u8>,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct ItemRow {
    withdrawn: u8,
    body: VLBytes,
    sealed: Option<SealedRow>,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct SealedRow {
    number: u32,
    next: u64,
    head: [u8; 32],
    digest: [u8; 32],
    entry: VLBytes,
}

/// In order of speaking.
#[derive(Default)]
pub(crate) struct Outbox {
    items: BTreeMap<u64, Item>,
    next: u64,
}

fn item_key(number: u64) -> Vec<u8> {
    [b"out/".as_slice(), &number.to_be_bytes()].concat()
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
            }
        }
        Some(outbox)
    }

    /// Keeps something to be said, and gives its number here.
    pub(crate) fn push(&mut self, area: Area, body: Body, out: &mut Out) -> u64 {
        let item = Item {
            body,
            sealed: None,
            withdrawn: false,
            again: false,
        };
        let number = self.next;
        out.write(area, item_key(number), item.to_bytes());
        self.items.insert(number, item);
        self.next += 1;
        number
    }

    /// How many wait to be seen in the log.
    pub(crate) fn waiting(&self) -> usize {
        self.items.values().filter(|item| !item.withdrawn).count()
    }

    /// Numbers of those that have no bytes in this epoch and never had any.
    pub(crate) fn unsealed(&self) -> Vec<u64> {
        self.to_seal(false)
    }

    /// Of those that had some, which stood in the log where they did not count.
    pub(crate) fn unsealed_again(&self) -> Vec<u64> {
        self.to_seal(true)
    }

    fn to_seal(&self, again: bool) -> Vec<u64> {
        let items = self.items.iter();
        let unsealed = items
            .filter(|(_, item)| item.sealed.is_none() && !item.withdrawn && item.again == again);
        unsealed.map(|(number, _)| *number).collect()
    }

    /// Whether the same words wait already.
    pub(crate) fn holds(&self, body: &Body) -> bool {
        let mut live = self.items.values().filter(|item| !item.withdrawn);
        live.any(|item| item.body == *body)
    }

    /// What is said by a number.
    pub(crate) fn body(&self, number: u64) -> Option<&Body> {
        self.items.get(&number).map(|item| &item.body)
    }

    /// Gives an item its form in this epoch.
    pub(crate) fn seal(&mut self, area: Area, item: u64, sealed: Sealed, out: &mut Out) {
        let seal = |item: &mut Item| {
            item.sealed = Some(sealed);
            item.again = false;
        };
        self.change(area, item, seal, out);
    }

    /// The bytes that may be sent again, in order.
    pub(crate) fn sealed(&self) -> impl Iterator<Item = &[u8]> {
        let live = self.items.values().filter(|item| !item.withdrawn);
        live.filter_map(|item| Some(item.sealed.as_ref()?.entry.as_slice()))
    }

    /// What this seat said under a number stands in the log, where it counts.
    pub(crate) fn echo(&mut self, area: Area, number: u32, out: &mut Out) -> Option<Post> {
        let item = self.item_of(number)?;
        out.remove(area, item_key(item));
        let Item { body, sealed, .. } = self.items.remove(&item)?;
        let seen = sealed?.seen;
        Some(Post { seen, body })
    }

    /// The log shows it where it does not count, as for everybody: it is said anew.
    pub(crate) fn unseal(&mut self, area: Area, number: u32, out: &mut Out) {
        if let Some(item) = self.item_of(number) {
            let unseal = |item: &mut Item| {
                item.sealed = None;
                item.again = true;
            };
            self.change(area, item, unseal, out);
        }
    }

    fn item_of(&self, number: u32) -> Option<u64> {
        let mut items = self.items.iter();
        let found =
            items.find(|(_, item)| item.sealed.as_ref().is_some_and(|s| s.number == number));
        found.map(|(item, _)| *item)
    }

    fn change(&mut self, area: Area, item: u64, with: impl FnOnce(&mut Item), out: &mut Out) {
        if let Some(changed) = self.items.get_mut(&item) {
            with(changed);
            out.write(area, item_key(item), changed.to_bytes());
        }
    }

    /// A new epoch: what is not in the log by now cannot get there as it was.
    pub(crate) fn enter_epoch(&mut self, area: Area, out: &mut Out) {
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
            item.sealed = None;
            item.again = false;
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
        let row = ItemRow {
            withdrawn: u8::from(self.withdrawn),
            body: self.body.to_bytes().into(),
            sealed: self.sealed.as_ref().map(|sealed| SealedRow {
                number: sealed.number,
                next: sealed.seen.next,
                head: *sealed.seen.head.as_bytes(),
                digest: sealed.seen.digest.0,
                entry: sealed.entry.as_slice().into(),
            }),
        };
        row.tls_serialize_detached()
            .expect("a body and an entry are far shorter than 2^30 bytes")
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Item> {
        let row = ItemRow::tls_deserialize_exact_bytes(bytes).ok()?;
        let sealed = row.sealed.map(|sealed| Sealed {
            number: sealed.number,
            seen: Seen {
                next: sealed.next,
                head: LogHead::new(sealed.head),
                digest: Digest(sealed.digest),
            },
            entry: sealed.entry.into(),
        });
        Some(Item {
            body: Body::parse(row.body.as_slice())?,
            sealed,
            withdrawn: row.withdrawn == 1,
            again: false,
        })
    }
}
