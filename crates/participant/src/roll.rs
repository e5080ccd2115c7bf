//! Who sat in the plenary, from which of its events to which, and by which key package for the caucus:
//! by this a caucus judges its commits, at the event that the commit names, so that all judge alike.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use room::{CommitName, Name, RequestId, SideId, State};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};

use crate::out::Out;
use crate::step::Area;

/// One seat's time at the table.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Term {
    name: Name,
    side: Option<SideId>,
    /// Present from this event of the plenary on.
    from: u64,
    /// Gone from this event on.
    to: Option<u64>,
}

/// A seat as a caucus sees it at some event of the plenary.
pub(crate) struct Seated<'a> {
    pub(crate) name: &'a Name,
    /// The key package by which it is to be added.
    pub(crate) key_package: Option<RequestId>,
}

/// What a caucus' commit follows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    /// The event that it names.
    It,
    /// No event: it is void for everybody.
    Nothing,
    /// The plenary has not come so far here, or never will.
    Unknown,
}

/// All seats, by signature key, and the events at which something of this changed.
#[derive(Default)]
pub(crate) struct Roll {
    terms: BTreeMap<Vec<u8>, Vec<Term>>,
    /// Key packages for the caucus, by signature key and the event at which each was published, or no
    /// longer asked by.
    published: BTreeMap<(Vec<u8>, u64), Option<RequestId>>,
    /// The numbers of these events.
    changes: BTreeSet<u64>,
    /// Commits of the own side's caucus, and before which event each of them followed nothing that stood.
    not_yet: BTreeMap<CommitName, u64>,
}

fn term_key(signature_key: &[u8]) -> Vec<u8> {
    [b"roll/".as_slice(), signature_key].concat()
}

fn published_key(signature_key: &[u8], event: u64) -> Vec<u8> {
    [
        b"published/".as_slice(),
        &event.to_be_bytes(),
        signature_key,
    ]
    .concat()
}

fn change_key(event: u64) -> Vec<u8> {
    [b"rolled/".as_slice(), &event.to_be_bytes()].concat()
}

fn not_yet_key(commit: CommitName) -> Vec<u8> {
    [b"not_yet/".as_slice(), &commit.0].concat()
}

fn number_of(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}

impl Roll {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Roll> {
        let mut roll = Roll::default();
        for (key, value) in rows {
            if let Some(signature_key) = key.strip_prefix(b"roll/".as_slice()) {
                let terms = Vec::tls_deserialize_exact_bytes(value).ok()?;
                roll.terms.insert(signature_key.to_vec(), terms);
            } else if let Some(rest) = key.strip_prefix(b"published/".as_slice()) {
                let (event, signature_key) = rest.split_first_chunk::<8>()?;
                let place = (signature_key.to_vec(), u64::from_be_bytes(*event));
                let hash = match value.is_empty() {
                    true => None,
                    false => Some(RequestId(value.as_slice().try_into().ok()?)),
                };
                roll.published.insert(place, hash);
            } else if let Some(event) = key.strip_prefix(b"rolled/".as_slice()) {
                roll.changes.insert(number_of(event)?);
            } else if let Some(commit) = key.strip_prefix(b"not_yet/".as_slice()) {
                let commit = CommitName(commit.try_into().ok()?);
                roll.not_yet.insert(commit, number_of(value)?);
            }
        }
        Some(roll)
    }

    /// Brings the roll up to the plenary's state.
    pub(crate) fn follow(&mut self, area: Area, state: &State, out: &mut Out) {
        let event = state.events();
        let mut changed: BTreeMap<Vec<u8>, Vec<Term>> = BTreeMap::new();
        for seat in state.seats() {
            let mut terms = self
                .terms
                .get(&seat.signature_key)
                .cloned()
                .unwrap_or_default();
            if terms.last().is_none_or(|last| last.to.is_some()) {
                terms.push(Term {
                    name: seat.name.clone(),
                    side: seat.role.side(),
                    from: event,
                    to: None,
                });
            }
            if self.terms.get(&seat.signature_key) != Some(&terms) {
                changed.insert(seat.signature_key.clone(), terms);
            }
        }
        for (key, terms) in &self.terms {
            let was_present = terms.last().is_some_and(|last| last.to.is_none());
            if was_present && state.by_signature_key(key).is_none() {
                let mut terms = terms.clone();
                terms
                    .iter_mut()
                    .for_each(|term| term.to = term.to.or(Some(event)));
                changed.insert(key.clone(), terms);
            }
        }
        let mut is_new = !changed.is_empty();
        for (key, terms) in changed {
            let bytes = terms.tls_serialize_detached();
            out.write(
                area,
                term_key(&key),
                bytes.expect("names and a few numbers"),
            );
            self.terms.insert(key, terms);
        }
        is_new |= self.publish(area, state, out);
        if is_new {
            out.write(area, change_key(event), []);
            self.changes.insert(event);
        }
    }

    /// Notes the key packages that are new; were there any?
    fn publish(&mut self, area: Area, state: &State, out: &mut Out) -> bool {
        let event = state.events();
        let mut any = false;
        for seat in state.seats() {
            let terms = self.terms.get(&seat.signature_key);
            let from = terms.and_then(|terms| Some(terms.last()?.from));
            let newest = self.newest(&seat.signature_key, from.unwrap_or(event), event);
            if seat.key_package != newest {
                let hash = seat.key_package.as_ref().map_or(&[][..], |hash| &hash.0);
                out.write(area, published_key(&seat.signature_key, event), hash);
                let place = (seat.signature_key.clone(), event);
                self.published.insert(place, seat.key_package);
                any = true;
            }
        }
        any
    }

    /// The key package that was published last between two events.
    fn newest(&self, signature_key: &[u8], from: u64, to: u64) -> Option<RequestId> {
        let first = (signature_key.to_vec(), from);
        let last = (signature_key.to_vec(), to);
        let mut published = self.published.range(first..=last);
        *published.next_back()?.1
    }

    /// Somebody says at this event that a commit follows nothing that stands before. The first time counts.
    pub(crate) fn deny(&mut self, area: Area, commit: CommitName, event: u64, out: &mut Out) {
        if let Entry::Vacant(place) = self.not_yet.entry(commit) {
            place.insert(event);
            out.write(area, not_yet_key(commit), event.to_be_bytes());
        }
    }

    /// The event that a caucus names which has followed all of this.
    pub(crate) fn last_change(&self) -> u64 {
        self.changes.last().copied().unwrap_or(0)
    }

    /// Whether a commit may follow an event, of so many that are folded in. Nobody can name a commit before
    /// it is made, and whoever is honest makes none that follows what it has not read: so of those nobody has
    /// said that they follow nothing before the event stood.
    pub(crate) fn follows(&self, commit: CommitName, event: u64, events: u64) -> Follows {
        let denied = self.not_yet.get(&commit);
        match self.changes.contains(&event) {
            true if denied.is_some_and(|denied| *denied < event) => Follows::Nothing,
            true => Follows::It,
            false if denied.is_none() && event > events => Follows::Unknown,
            false => Follows::Nothing,
        }
    }

    /// The seats of `side` that were present at an event, by signature key.
    pub(crate) fn side(
        &self,
        side: SideId,
        event: u64,
    ) -> impl Iterator<Item = (&[u8], Seated<'_>)> {
        let keys = self.terms.keys();
        keys.filter_map(move |key| Some((key.as_slice(), self.seated(key, side, event)?)))
    }

    /// The seat of `side` with this key, if it was present at an event.
    pub(crate) fn seated(
        &self,
        signature_key: &[u8],
        side: SideId,
        event: u64,
    ) -> Option<Seated<'_>> {
        let mut terms = self.terms.get(signature_key)?.iter();
        let present = |term: &&Term| term.from <= event && term.to.is_none_or(|to| event < to);
        let term = terms.find(present).filter(|term| term.side == Some(side))?;
        Some(Seated {
            name: &term.name,
            key_package: self.newest(signature_key, term.from, event),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_follows_an_event_unless_it_was_denied_before_that_stood() {
        let (one, two) = (CommitName([1; 32]), CommitName([2; 32]));
        let mut roll = Roll {
            changes: BTreeSet::from([4, 9]),
            ..Roll::default()
        };
        roll.not_yet.insert(two, 7);
        assert_eq!(roll.follows(one, 9, 9), Follows::It);
        assert_eq!(roll.follows(two, 9, 9), Follows::Nothing);
        assert_eq!(roll.follows(two, 4, 9), Follows::It, "denied too late");
        assert_eq!(roll.follows(one, 5, 9), Follows::Nothing, "no change");
        assert_eq!(roll.follows(one, 10, 9), Follows::Unknown);
        assert_eq!(roll.follows(two, 10, 9), Follows::Nothing);
    }
}
