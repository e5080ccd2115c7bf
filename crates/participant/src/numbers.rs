//! Whose numbers stand in the log of this epoch, and which this vault has given to its own entries.
//! An author's messages count in the order of their numbers, each once, for everybody alike, and so do its
//! commits, by numbers of their own: a commit that waits is not overtaken by what its author says meanwhile.

use std::collections::BTreeMap;

use crate::limits::NUMBERS_AHEAD;
use crate::mls::Kind;
use crate::out::Out;
use crate::outbox::EntryHash;
use crate::step::Area;

/// Of one room, in its present epoch.
#[derive(Default)]
pub(crate) struct Numbers {
    /// By leaf and kind: the smallest number that may come now.
    next: BTreeMap<(u32, Kind), u32>,
    /// What this vault has sealed, by kind and number.
    own: BTreeMap<(Kind, u32), EntryHash>,
}

fn next_key(leaf: u32, kind: Kind) -> Vec<u8> {
    [b"next/".as_slice(), &[kind.code()], &leaf.to_be_bytes()].concat()
}

fn own_key(kind: Kind, number: u32) -> Vec<u8> {
    [b"own/".as_slice(), &[kind.code()], &number.to_be_bytes()].concat()
}

fn number_of(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_be_bytes)
}

/// What follows a prefix in a row's key: a kind and a number.
fn place_of(bytes: &[u8]) -> Option<(Kind, u32)> {
    let (kind, number) = bytes.split_first()?;
    Some((Kind::of_code(*kind)?, number_of(number)?))
}

impl Numbers {
    /// Rebuilds from the vault's rows; `None` if a row is damaged.
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Numbers> {
        let mut numbers = Numbers::default();
        for (key, value) in rows {
            if let Some(place) = key.strip_prefix(b"next/".as_slice()) {
                let (kind, leaf) = place_of(place)?;
                numbers.next.insert((leaf, kind), number_of(value)?);
            } else if let Some(place) = key.strip_prefix(b"own/".as_slice()) {
                let hash = value.as_slice().try_into().ok()?;
                numbers.own.insert(place_of(place)?, hash);
            }
        }
        Some(numbers)
    }

    /// The number of this vault's next entry of a kind.
    pub(crate) fn of_next_own(&self, kind: Kind) -> u32 {
        let mut given = self.own.range((kind, 0)..=(kind, u32::MAX));
        let last = given.next_back();
        last.map_or(0, |((_, number), _)| number.saturating_add(1))
    }

    /// Gives a number to an entry of this vault, whether it will ever stand in the log or not.
    pub(crate) fn give(
        &mut self,
        area: Area,
        (kind, number): (Kind, u32),
        hash: EntryHash,
        out: &mut Out,
    ) {
        out.write(area, own_key(kind, number), hash);
        self.own.insert((kind, number), hash);
    }

    /// Did this vault give the number to this very entry?
    pub(crate) fn gave(&self, kind: Kind, number: u32, hash: &EntryHash) -> bool {
        self.own.get(&(kind, number)) == Some(hash)
    }

    /// How far a number of this leaf runs ahead of what counted; `None` where it comes too late.
    pub(crate) fn ahead(&self, leaf: u32, kind: Kind, number: u32) -> Option<u32> {
        let next = self.next.get(&(leaf, kind)).copied().unwrap_or(0);
        number.checked_sub(next)
    }

    /// May an entry of this leaf with this number count now?
    pub(crate) fn admits(&self, leaf: u32, kind: Kind, number: u32) -> bool {
        let ahead = self.ahead(leaf, kind, number);
        number < u32::MAX && ahead.is_some_and(|ahead| ahead < NUMBERS_AHEAD)
    }

    /// It stands in the log.
    pub(crate) fn count(
        &mut self,
        area: Area,
        leaf: u32,
        (kind, number): (Kind, u32),
        out: &mut Out,
    ) {
        let next = number.saturating_add(1);
        out.write(area, next_key(leaf, kind), next.to_be_bytes());
        self.next.insert((leaf, kind), next);
    }

    /// A new epoch begins at 0 for everybody.
    pub(crate) fn enter_epoch(&mut self, area: Area, out: &mut Out) {
        for (leaf, kind) in std::mem::take(&mut self.next).into_keys() {
            out.remove(area, next_key(leaf, kind));
        }
        for (kind, number) in std::mem::take(&mut self.own).into_keys() {
            out.remove(area, own_key(kind, number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_upwards_and_not_too_far_ahead() {
        let mut numbers = Numbers::default();
        let said = Kind::Message;
        assert!(numbers.admits(3, said, 0) && numbers.admits(3, said, NUMBERS_AHEAD - 1));
        assert!(!numbers.admits(3, said, NUMBERS_AHEAD));
        numbers.next.insert((3, said), 8);
        assert!(!numbers.admits(3, said, 7) && numbers.admits(3, said, 8));
        assert!(numbers.admits(4, said, 0));
        numbers.next.insert((3, said), u32::MAX - 1);
        assert!(numbers.admits(3, said, u32::MAX - 1) && !numbers.admits(3, said, u32::MAX));
    }

    #[test]
    fn commits_have_numbers_of_their_own() {
        let mut numbers = Numbers::default();
        numbers.next.insert((3, Kind::Message), 8);
        assert!(numbers.admits(3, Kind::Commit, 0));
        numbers.own.insert((Kind::Message, 7), [1; 32]);
        assert_eq!(numbers.of_next_own(Kind::Commit), 0);
        assert_eq!(numbers.of_next_own(Kind::Message), 8);
        assert!(!numbers.gave(Kind::Commit, 7, &[1; 32]));
    }
}
