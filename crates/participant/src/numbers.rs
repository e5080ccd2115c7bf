//! Whose numbers stand in the log of this epoch, and which this vault has given to its own entries.
//! An author's entries count in the order of their numbers, each once, for everybody alike.

use std::collections::BTreeMap;

use crate::limits::NUMBERS_AHEAD;
use crate::out::Out;
use crate::outbox::EntryHash;
use crate::step::Area;

/// Of one room, in its present epoch.
#[derive(Default)]
pub(crate) struct Numbers {
    /// By leaf: the smallest number that may come now.
    next: BTreeMap<u32, u32>,
    /// What this vault has sealed, by number.
    own: BTreeMap<u32, EntryHash>,
}

fn next_key(leaf: u32) -> Vec<u8> {
    [b"next/".as_slice(), &leaf.to_be_bytes()].concat()
}

fn own_key(number: u32) -> Vec<u8> {
    [b"own/".as_slice(), &number.to_be_bytes()].concat()
}

fn number_of(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_be_bytes)
}

impl Numbers {
    /// Rebuilds from the vault's rows; `None` if a row is damaged.
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Numbers> {
        let mut numbers = Numbers::default();
        for (key, value) in rows {
            if let Some(leaf) = key.strip_prefix(b"next/".as_slice()) {
                numbers.next.insert(number_of(leaf)?, number_of(value)?);
            } else if let Some(number) = key.strip_prefix(b"own/".as_slice()) {
                let hash = value.as_slice().try_into().ok()?;
                numbers.own.insert(number_of(number)?, hash);
            }
        }
        Some(numbers)
    }

    /// The number of this vault's next entry.
    pub(crate) fn of_next_own(&self) -> u32 {
        let last = self.own.last_key_value();
        last.map_or(0, |(number, _)| number.saturating_add(1))
    }

    /// Gives a number to an entry of this vault, whether it will ever stand in the log or not.
    pub(crate) fn give(&mut self, area: Area, number: u32, hash: EntryHash, out: &mut Out) {
        out.write(area, own_key(number), hash);
        self.own.insert(number, hash);
    }

    /// Did this vault give the number to this very entry?
    pub(crate) fn gave(&self, number: u32, hash: &EntryHash) -> bool {
        self.own.get(&number) == Some(hash)
    }

    /// May an entry of this leaf with this number count now?
    pub(crate) fn admits(&self, leaf: u32, number: u32) -> bool {
        let next = self.next.get(&leaf).copied().unwrap_or(0);
        let ahead = number.checked_sub(next);
        number < u32::MAX && ahead.is_some_and(|ahead| ahead < NUMBERS_AHEAD)
    }

    /// It stands in the log.
    pub(crate) fn count(&mut self, area: Area, leaf: u32, number: u32, out: &mut Out) {
        let next = number.saturating_add(1);
        out.write(area, next_key(leaf), next.to_be_bytes());
        self.next.insert(leaf, next);
    }

    /// A new epoch begins at 0 for everybody.
    pub(crate) fn enter_epoch(&mut self, area: Area, out: &mut Out) {
        for leaf in std::mem::take(&mut self.next).into_keys() {
            out.remove(area, next_key(leaf));
        }
        for number in std::mem::take(&mut self.own).into_keys() {
            out.remove(area, own_key(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_upwards_and_not_too_far_ahead() {
        let mut numbers = Numbers::default();
        assert!(numbers.admits(3, 0) && numbers.admits(3, NUMBERS_AHEAD - 1));
        assert!(!numbers.admits(3, NUMBERS_AHEAD));
        numbers.next.insert(3, 8);
        assert!(!numbers.admits(3, 7) && numbers.admits(3, 8) && numbers.admits(4, 0));
        numbers.next.insert(3, u32::MAX - 1);
        assert!(numbers.admits(3, u32::MAX - 1) && !numbers.admits(3, u32::MAX));
    }
}
