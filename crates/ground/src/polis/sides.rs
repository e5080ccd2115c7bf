//! Declared sides: who belongs where.

use std::collections::BTreeMap;
use std::io::Read;

use crate::consultation::Sides;

use super::{Fault, InvalidExport, column, field, header, line_of, reader};

/// Reads `participant,side`; `places` are those of people who voted. Sides stand in the order of
/// their names, so that the order of lines changes nothing.
pub fn read(file: impl Read, places: &BTreeMap<&str, usize>) -> Result<Sides, InvalidExport> {
    let mut reader = reader(file);
    let names = header(&mut reader)?;
    let (participant, side) = (column(&names, "participant")?, column(&names, "side")?);
    let mut declared: BTreeMap<String, String> = BTreeMap::new();
    for record in reader.byte_records() {
        let record = record.map_err(InvalidExport::of)?;
        let line = line_of(&record);
        let person = field(&record, participant, "participant", line)?;
        let side = field(&record, side, "side", line)?;
        if person.is_empty() {
            return Err(Fault::NoName("participant").at(line));
        }
        if side.is_empty() {
            return Err(Fault::NoName("side").at(line));
        }
        let before = declared.insert(person.to_owned(), side.to_owned());
        if before.is_some_and(|before| before != side) {
            return Err(Fault::TwoSides(person.to_owned()).at(line));
        }
    }
    let voting = || {
        declared
            .iter()
            .filter_map(|(person, side)| Some((*places.get(person.as_str())?, side)))
    };
    let mut sides: Vec<String> = voting().map(|(_, side)| side.clone()).collect();
    sides.sort();
    sides.dedup();
    let mut of = vec![None; places.len()];
    for (place, side) in voting() {
        if let Some(own) = of.get_mut(place) {
            *own = sides.binary_search(side).ok();
        }
    }
    Sides::declared(sides, of)
        .filter(|sides| !sides.names().is_empty())
        .ok_or_else(|| Fault::NobodyVoted.at(0))
}
