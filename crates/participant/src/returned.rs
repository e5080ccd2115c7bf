//! What was written for Rounds and did not appear: it stays with its author, out of reach of any Round,
//! until it is thrown away or written anew.

use std::collections::BTreeMap;

use crate::limits::RETURNED_TEXTS;
use crate::locks::text_hash;
use crate::out::Out;
use crate::round_name::RoundName;
use crate::step::Area;

const PREFIX: &[u8] = b"returned/";

/// In the order in which they came back.
#[derive(Default)]
pub(crate) struct Returned {
    texts: BTreeMap<u64, (RoundName, String)>,
}

fn row_key(number: u64) -> Vec<u8> {
    [PREFIX, &number.to_be_bytes()].concat()
}

impl Returned {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Returned> {
        let mut returned = Returned::default();
        for (key, value) in rows {
            if let Some(number) = key.strip_prefix(PREFIX) {
                let (name, text) = value.split_at_checked(64)?;
                let text = String::from_utf8(text.to_vec()).ok()?;
                let number = u64::from_be_bytes(number.try_into().ok()?);
                returned
                    .texts
                    .insert(number, (RoundName::parse(name)?, text));
            }
        }
        Some(returned)
    }

    /// All, the one that came back last at the end.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u64, &RoundName, &str)> {
        let texts = self.texts.iter();
        texts.map(|(number, (name, text))| (*number, name, text.as_str()))
    }

    pub(crate) fn keep(&mut self, area: Area, round: RoundName, text: String, out: &mut Out) {
        self.write_anew(area, &text, out);
        let last = self.texts.last_key_value();
        // No number is given again: an open page may still show the text that had it.
        let after = last.map_or(0, |(number, _)| number.saturating_add(1));
        let number = after.max(out.now().ms());
        let row = [&round.room, &round.open.0, text.as_bytes()].concat();
        out.write(area, row_key(number), row);
        out.durable();
        self.texts.insert(number, (round, text));
        while self.texts.len() > RETURNED_TEXTS {
            let oldest = self.texts.keys().next().copied();
            self.throw_away(area, oldest.unwrap_or_default(), out);
        }
    }

    /// Its owner does not want it any more. False where it is not there.
    pub(crate) fn throw_away(&mut self, area: Area, number: u64, out: &mut Out) -> bool {
        let known = self.texts.remove(&number).is_some();
        if known {
            out.remove(area, row_key(number));
            out.durable();
        }
        known
    }

    /// The same words are a draft again, or stand in a Round: they are not kept twice.
    pub(crate) fn write_anew(&mut self, area: Area, text: &str, out: &mut Out) {
        let words = text_hash(&round::normalise(text));
        let same = |(_, known): &(RoundName, String)| text_hash(&round::normalise(known)) == words;
        let again = self.texts.iter().filter(|(_, entry)| same(entry));
        let again: Vec<u64> = again.map(|(number, _)| *number).collect();
        for number in again {
            self.throw_away(area, number, out);
        }
    }
}
