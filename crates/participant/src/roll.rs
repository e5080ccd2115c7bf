//! Who sat in the plenary, from which of its events to which, and by which key package for the caucus:
//! by this a caucus judges its commits, at the event that the commit names, so that all judge alike.

use std::collections::BTreeMap;

use room::{Name, RequestId, SideId, State};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use wire::Timestamp;

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

/// All seats, by signature key, and the events at which something of this changed.
#[derive(Default)]
pub(crate) struct Roll {
    terms: BTreeMap<Vec<u8>, Vec<Term>>,
    /// Key packages for the caucus, by signature key and the event at which each was published, or no
    /// longer asked by.
    published: BTreeMap<(Vec<u8>, u64), Option<RequestId>>,
    /// Log time of each such event, by its number.
    changes: BTreeMap<u64, Timestamp>,
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
                let time = Timestamp::from_ms(number_of(value)?);
                roll.changes.insert(number_of(event)?, time);
            }
        }
        Some(roll)
    }

    /// Brings the roll up to the plenary's state, whose last event stands at `time`.
    pub(crate) fn follow(&mut self, area: Area, state: &State, time: Timestamp, out: &mut Out) {
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
            out.write(area, change_key(event), time.ms().to_be_bytes());
            self.changes.insert(event, time);
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

    /// The event that a caucus names which has followed all of this.
    pub(crate) fn last_change(&self) -> u64 {
        self.changes.last_key_value().map_or(0, |(event, _)| *event)
    }

    /// When the event stood in the log, if something of this changed at it.
    pub(crate) fn time_of(&self, event: u64) -> Option<Timestamp> {
        self.changes.get(&event).copied()
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
