//! Exports of Polis: votes in rows (one for each vote) or in columns (one row for each person),
//! statements, and declared sides. Columns are found by name. Takes bytes, opens nothing.

mod fault;
mod names;
mod sides;
mod statements;
mod votes;

use std::collections::BTreeMap;
use std::io::Read;

use crate::consultation::{Conversation, Sides};

pub use fault::{Fault, InvalidExport};
pub use statements::Texts;
pub use votes::Ballots;

/// What was read: the conversation, and how people are called in the file.
#[derive(Debug)]
pub struct Export {
    /// Statements and votes.
    pub conversation: Conversation,
    /// Each person's name in the file, by place.
    people: Vec<String>,
}

impl Export {
    /// Reads votes, and texts of statements where there are any. Statements that were moderated out,
    /// and those without a vote, are left out.
    ///
    /// # Errors
    /// Where a column is missing, or a line is not what it should be; the error names the line.
    pub fn read(votes: impl Read, texts: Option<&Texts>) -> Result<Export, InvalidExport> {
        Ballots::read(votes)?.export(texts)
    }

    /// Reads declared sides: two columns, `participant` and `side`.
    ///
    /// # Errors
    /// Where a column is missing, somebody stands on two sides, or nobody in the file has voted.
    pub fn sides(&self, file: impl Read) -> Result<Sides, InvalidExport> {
        let places: BTreeMap<&str, usize> = self
            .people
            .iter()
            .enumerate()
            .map(|(place, name)| (name.as_str(), place))
            .collect();
        sides::read(file, &places)
    }
}

/// A reader that takes lines of unequal length, so that the error can say which.
fn reader<R: Read>(file: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().flexible(true).from_reader(file)
}

/// The names in the first line, without the mark that some programs put before them.
fn header<R: Read>(reader: &mut csv::Reader<R>) -> Result<Vec<String>, InvalidExport> {
    let headers = reader.byte_headers().map_err(InvalidExport::of)?;
    let names = headers.iter().map(|name| {
        let name = String::from_utf8_lossy(name);
        name.trim_start_matches('\u{feff}').trim_ascii().to_owned()
    });
    let names: Vec<String> = names.collect();
    match names.iter().all(String::is_empty) {
        true => Err(Fault::Empty.at(1)),
        false => Ok(names),
    }
}

/// The place of a column.
fn column(names: &[String], name: &'static str) -> Result<usize, InvalidExport> {
    names
        .iter()
        .position(|own| own == name)
        .ok_or_else(|| Fault::NoColumn(name).at(1))
}

/// A record's field, without blanks around it.
fn field<'a>(
    record: &'a csv::ByteRecord,
    place: usize,
    name: &'static str,
    line: u64,
) -> Result<&'a str, InvalidExport> {
    let bytes = record
        .get(place)
        .ok_or_else(|| Fault::Short(name).at(line))?;
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::NoText(name).at(line))?;
    Ok(text.trim_ascii())
}

fn line_of(record: &csv::ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}
