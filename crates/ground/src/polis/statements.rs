//! The texts of statements, and which of them are left out.

use std::collections::BTreeMap;
use std::io::Read;

use super::notes::{Note, Notes, What};
use super::table::{Line, Table};
use super::{Fault, InvalidExport};

/// comments.csv: texts by name.
#[derive(Debug, Default)]
pub struct Texts {
    statements: BTreeMap<String, Known>,
    notes: Notes,
}

/// What the file says of one statement.
#[derive(Debug)]
struct Known {
    text: String,
    state: State,
    tally: Option<OwnTally>,
}

/// Whether a statement is in the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    In,
    /// It was moderated out.
    Out,
    /// It is about the person who votes, and so no statement that sides could share.
    Meta,
}

/// How many agreed and disagreed, as the file of statements has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnTally {
    /// `agrees`.
    pub agrees: u32,
    /// `disagrees`.
    pub disagrees: u32,
}

/// Where the columns stand.
struct Columns {
    id: usize,
    body: usize,
    moderated: Option<usize>,
    meta: Option<usize>,
    tally: Option<(usize, usize)>,
}

impl Texts {
    /// Reads the columns `comment-id`, `comment-body` and, where they are there, `moderated`, `is-meta`,
    /// `agrees` and `disagrees`.
    ///
    /// # Errors
    /// Where a column is missing, a statement stands twice, or a line is not what it should be.
    pub fn read<'a>(file: impl Read + 'a) -> Result<Texts, InvalidExport> {
        let mut table = Table::open(file)?;
        let columns = Columns {
            id: table.column("comment-id")?,
            body: table.column("comment-body")?,
            moderated: table.maybe("moderated")?,
            meta: table.maybe("is-meta")?,
            tally: table.maybe("agrees")?.zip(table.maybe("disagrees")?),
        };
        let mut statements = BTreeMap::new();
        while let Some(mut line) = table.next()? {
            let name = line.field(columns.id, "comment-id")?.to_owned();
            if name.is_empty() {
                return Err(Fault::NoName("comment-id").at(line.number));
            }
            let known = columns.known(&mut line)?;
            if statements.insert(name.clone(), known).is_some() {
                return Err(Fault::Twice(name).at(line.number));
            }
        }
        Ok(Texts {
            statements,
            notes: table.notes,
        })
    }

    /// What was read in another way than it is written.
    pub fn notes(&self) -> Vec<Note> {
        self.notes.clone().into_list()
    }

    /// What is known of a statement's state.
    pub(super) fn state(&self, name: &str) -> State {
        self.statements
            .get(name)
            .map_or(State::In, |known| known.state)
    }

    /// Whether the file has this statement.
    pub(super) fn has(&self, name: &str) -> bool {
        self.statements.contains_key(name)
    }

    /// The names of those that are in.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.statements.iter();
        all.filter_map(|(name, known)| (known.state == State::In).then_some(name.as_str()))
    }

    /// Its words; empty where nothing is known of it.
    pub(super) fn text(&self, name: &str) -> String {
        let known = self.statements.get(name);
        known.map_or(String::new(), |known| known.text.clone())
    }

    /// Its own tally.
    pub(super) fn tally(&self, name: &str) -> Option<OwnTally> {
        self.statements.get(name)?.tally
    }
}

impl Columns {
    fn known(&self, line: &mut Line<'_>) -> Result<Known, InvalidExport> {
        let text = line.field(self.body, "comment-body")?.to_owned();
        let is_out = match self.moderated {
            Some(at) => is_out(line, at)?,
            None => false,
        };
        let is_meta = match self.meta {
            Some(at) => is_meta(line, at)?,
            None => false,
        };
        let tally = self.tally.map(|(agrees, disagrees)| {
            Ok(OwnTally {
                agrees: count(line, agrees, "agrees")?,
                disagrees: count(line, disagrees, "disagrees")?,
            })
        });
        Ok(Known {
            text,
            state: match (is_out, is_meta) {
                (true, _) => State::Out,
                (false, true) => State::Meta,
                (false, false) => State::In,
            },
            tally: tally.transpose()?,
        })
    }
}

fn is_out(line: &mut Line<'_>, at: usize) -> Result<bool, InvalidExport> {
    let value = line.field(at, "moderated")?;
    let is_word = value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    if is_word {
        line.notes.add(What::StatesRewritten, value);
        return Ok(false);
    }
    match value {
        "" | "0" | "1" => Ok(false),
        "-1" | "\u{2212}1" => Ok(true),
        other => Err(Fault::NoModeration(other.to_owned()).at(line.number)),
    }
}

fn is_meta(line: &Line<'_>, at: usize) -> Result<bool, InvalidExport> {
    let value = line.field(at, "is-meta")?;
    match value.to_ascii_lowercase().as_str() {
        "" | "0" | "false" | "f" => Ok(false),
        "1" | "true" | "t" => Ok(true),
        _ => Err(Fault::NoMeta(value.to_owned()).at(line.number)),
    }
}

fn count(line: &Line<'_>, at: usize, name: &'static str) -> Result<u32, InvalidExport> {
    let value = line.field(at, name)?;
    match value {
        "" => Ok(0),
        value => {
            let parsed = value.parse();
            parsed.map_err(|_| Fault::NoCount(value.to_owned()).at(line.number))
        }
    }
}
