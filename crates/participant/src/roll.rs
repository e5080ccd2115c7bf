//! Who sat in the plenary, and from which entry to which: by this a caucus judges its commits,
//! at the place in the plenary's log that the commit names, so that all nodes judge alike.

use std::collections::BTreeMap;

use room::{Name, SideId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};

use crate::out::Out;
use crate::step::Area;

/// One seat's time at the table.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct Term {
    pub(crate) name: Name,
    pub(crate) side: Option<SideId>,
    /// Present once this many entries are folded.
    pub(crate) from: u64,
    /// Gone once this many are folded.
    pub(crate) to: Option<u64>,
}

/// All of them, by signature key.
#[derive(Default)]
pub(crate) struct Roll(BTreeMap<Vec<u8>, Term>);

fn row_key(signature_key: &[u8]) -> Vec<u8> {
    [b"roll/".as_slice(), signature_key].concat()
}

impl Roll {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Roll> {
        let mut roll = Roll::default();
        for (key, value) in rows {
            if let Some(signature_key) = key.strip_prefix(b"roll/".as_slice()) {
                let term = Term::tls_deserialize_exact_bytes(value).ok()?;
                roll.0.insert(signature_key.to_vec(), term);
            }
        }
        Some(roll)
    }

    /// Brings the roll up to the plenary's state after `next` entries.
    pub(crate) fn follow(&mut self, area: Area, state: &room::State, next: u64, out: &mut Out) {
        for seat in state.seats() {
            if !self.0.contains_key(&seat.signature_key) {
                let side = seat.role.side();
                let term = Term {
                    name: seat.name.clone(),
                    side,
                    from: next,
                    to: None,
                };
                self.put(area, &seat.signature_key, term, out);
            }
        }
        let present = |key: &[u8]| state.seats().iter().any(|s| s.signature_key == key);
        let gone: Vec<(Vec<u8>, Term)> = self
            .0
            .iter()
            .filter(|(key, term)| term.to.is_none() && !present(key))
            .map(|(key, term)| {
                (
                    key.clone(),
                    Term {
                        to: Some(next),
                        ..term.clone()
                    },
                )
            })
            .collect();
        for (key, term) in gone {
            self.put(area, &key, term, out);
        }
    }

    fn put(&mut self, area: Area, signature_key: &[u8], term: Term, out: &mut Out) {
        let bytes = term
            .tls_serialize_detached()
            .expect("a name and three numbers");
        out.write(area, row_key(signature_key), bytes);
        self.0.insert(signature_key.to_vec(), term);
    }

    /// The name of a seat of `side` that was present after `at` entries.
    pub(crate) fn seated(&self, signature_key: &[u8], side: SideId, at: u64) -> Option<&Name> {
        let term = self.0.get(signature_key)?;
        let present = term.from <= at && term.to.is_none_or(|to| at < to);
        (present && term.side == Some(side)).then_some(&term.name)
    }

    /// Had this seat left when `at` entries were folded?
    pub(crate) fn departed(&self, signature_key: &[u8], at: u64) -> bool {
        self.0
            .get(signature_key)
            .is_some_and(|term| term.to.is_some_and(|to| to <= at))
    }
}
