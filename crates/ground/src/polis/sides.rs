//! Declared sides: who belongs where.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use crate::consultation::Sides;

use super::notes::{Note, Notes, What};
use super::table::Table;
use super::{Fault, InvalidExport};

/// Reads `participant,side`; `places` are those of people who voted. Sides stand in the order of
/// their names, so that the order of lines changes nothing.
pub fn read<'a>(
    file: impl Read + 'a,
    places: &BTreeMap<&str, usize>,
) -> Result<(Sides, Vec<Note>), InvalidExport> {
    let mut table = Table::open(file)?;
    let (participant, side) = (table.column("participant")?, table.column("side")?);
    let mut declared: BTreeMap<String, String> = BTreeMap::new();
    // A number with leading zeros is another name: a spreadsheet may have added or taken them.
    let numbers: BTreeMap<&str, &str> = places
        .keys()
        .filter_map(|name| Some((bare(name)?, *name)))
        .collect();
    let mut spelt: BTreeMap<String, String> = BTreeMap::new();
    while let Some(line) = table.next()? {
        let number = line.number;
        let person = line.field(participant, "participant")?;
        let side = line.field(side, "side")?;
        if person.is_empty() {
            return Err(Fault::NoName("participant").at(number));
        }
        if side.is_empty() {
            return Err(Fault::NoName("side").at(number));
        }
        let other = bare(person).and_then(|bare| numbers.get(bare));
        if let (Some(meant), false) = (other, places.contains_key(person)) {
            return Err(Fault::OtherName(person.to_owned(), (*meant).to_owned()).at(number));
        }
        let before = spelt.entry(folded(side)).or_insert_with(|| side.to_owned());
        if before.as_str() != side {
            return Err(Fault::TwoSpellings(before.clone(), side.to_owned()).at(number));
        }
        let before = declared.insert(person.to_owned(), side.to_owned());
        if before.is_some_and(|before| before != side) {
            return Err(Fault::TwoSides(person.to_owned()).at(number));
        }
    }
    let mut notes = std::mem::take(&mut table.notes);
    left_out(&declared, places, &mut notes);
    let sides = placed(&declared, places).ok_or_else(|| Fault::NobodyVoted.at(0))?;
    Ok((sides, notes.into_list()))
}

fn placed(declared: &BTreeMap<String, String>, places: &BTreeMap<&str, usize>) -> Option<Sides> {
    let voting = || {
        let all = declared.iter();
        all.filter_map(|(person, side)| Some((*places.get(person.as_str())?, side)))
    };
    let sides: BTreeSet<String> = voting().map(|(_, side)| side.clone()).collect();
    let sides: Vec<String> = sides.into_iter().collect();
    let mut of = vec![None; places.len()];
    for (place, side) in voting() {
        if let Some(own) = of.get_mut(place) {
            *own = sides.binary_search(side).ok();
        }
    }
    Sides::declared(sides, of).filter(|sides| !sides.names().is_empty())
}

fn left_out(
    declared: &BTreeMap<String, String>,
    places: &BTreeMap<&str, usize>,
    notes: &mut Notes,
) {
    for person in declared
        .keys()
        .filter(|name| !places.contains_key(name.as_str()))
    {
        notes.add(What::NeverVoted, person);
    }
    for person in places.keys().filter(|name| !declared.contains_key(**name)) {
        notes.add(What::WithoutSide, person);
    }
}

/// Two names that differ in this only are one side, written in two ways.
fn folded(side: &str) -> String {
    let words = side.split_ascii_whitespace();
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    words.join(" ")
}

/// A number without its leading zeros.
fn bare(name: &str) -> Option<&str> {
    let is_number = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| name.trim_start_matches('0'))
}
