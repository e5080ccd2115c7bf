//! What is written for a Round and has not left this machine.

use std::collections::BTreeMap;

use crate::out::Out;
use crate::round_name::RoundName;
use crate::step::Area;

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) text: String,
    /// The author's own floor, where it is not the usual one.
    pub(crate) minimum: Option<u16>,
}

/// By Round.
#[derive(Default)]
pub(crate) struct Drafts(BTreeMap<RoundName, Draft>);

const PREFIX: &[u8] = b"draft/";

impl Drafts {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Drafts> {
        let mut drafts = Drafts::default();
        for (key, value) in rows {
            if let Some(round) = key.strip_prefix(PREFIX) {
                drafts
                    .0
                    .insert(RoundName::parse(round)?, Draft::parse(value)?);
            }
        }
        Some(drafts)
    }

    pub(crate) fn of(&self, round: &RoundName) -> Option<&Draft> {
        self.0.get(round)
    }

    pub(crate) fn put(&mut self, area: Area, round: RoundName, draft: Draft, out: &mut Out) {
        out.write(area, round.row_key(PREFIX), draft.to_bytes());
        out.durable();
        self.0.insert(round, draft);
    }

    pub(crate) fn remove(&mut self, area: Area, round: &RoundName, out: &mut Out) {
        if self.0.remove(round).is_some() {
            out.remove(area, round.row_key(PREFIX));
        }
    }

    /// A draft lives as long as its Round: no later one, whatever it is called, can take it up. What is
    /// left over is taken out of the vault and handed back.
    pub(crate) fn keep_only(
        &mut self,
        area: Area,
        open: Option<RoundName>,
        out: &mut Out,
    ) -> Vec<(RoundName, String)> {
        let over: Vec<RoundName> = self
            .0
            .keys()
            .copied()
            .filter(|id| Some(*id) != open)
            .collect();
        let over = over.into_iter().filter_map(|id| {
            out.remove(area, id.row_key(PREFIX));
            self.0.remove(&id).map(|draft| (id, draft.text))
        });
        over.collect()
    }

    pub(crate) fn clear(&mut self, area: Area, out: &mut Out) {
        for round in std::mem::take(&mut self.0).into_keys() {
            out.remove(area, round.row_key(PREFIX));
        }
    }
}

impl Draft {
    fn to_bytes(&self) -> Vec<u8> {
        let minimum = self.minimum.unwrap_or(0).to_be_bytes();
        [minimum.as_slice(), self.text.as_bytes()].concat()
    }

    fn parse(bytes: &[u8]) -> Option<Draft> {
        let (minimum, text) = bytes.split_first_chunk::<2>()?;
        let minimum = u16::from_be_bytes(*minimum);
        let text = String::from_utf8(text.to_vec()).ok()?;
        Some(Draft {
            text,
            minimum: (minimum > 0).then_some(minimum),
        })
    }
}
