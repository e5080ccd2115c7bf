//! Votes, in either form. Of several on one statement by one person the latest counts; of two of the same
//! moment the later line.

use std::collections::BTreeSet;
use std::io::Read;

use crate::tally::Stance;

use super::names::Names;
use super::notes::{Notes, What};
use super::table::{Line, Table};
use super::{Agree, Fault, InvalidExport};

/// Votes as they stand in the file.
#[derive(Debug, Default)]
pub struct Ballots {
    pub(super) people: Names,
    pub(super) statements: Names,
    pub(super) marks: Vec<Mark>,
    pub(super) notes: Notes,
}

/// One line's vote. Sorted, those of one person on one statement stand together, the latest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub person: u32,
    pub statement: u32,
    pub time: u64,
    /// Of the same moment the later line counts: whole seconds are common.
    pub row: u32,
    pub stance: Stance,
}

/// Names, each with the column that it stands in, and the vote.
struct Said<'a> {
    person: (&'a str, &'static str),
    statement: (&'a str, &'static str),
    time: u64,
    stance: Stance,
}

/// How the columns of the first form are called.
struct Columns {
    person: &'static str,
    statement: &'static str,
    time: &'static str,
}

const EXPORT: Columns = Columns {
    person: "voter-id",
    statement: "comment-id",
    time: "timestamp",
};
/// Polis' own table, out of its database. There -1 agrees.
const RAW: Columns = Columns {
    person: "pid",
    statement: "tid",
    time: "created",
};

impl Ballots {
    /// Reads votes.csv or participants-votes.csv.
    ///
    /// # Errors
    /// Where the columns are of neither form, a line is not what it should be, or it is not known which of
    /// the two signs agrees.
    pub fn read<'a>(file: impl Read + 'a, agree: Agree) -> Result<Ballots, InvalidExport> {
        let mut table = Table::open(file)?;
        if table.has("n-important") {
            return Err(Fault::Importance.at(1));
        }
        let is_raw = ["zid", "tid", "pid", "created"]
            .iter()
            .any(|name| table.has(name));
        let is_wide =
            table.has("participant") && table.names().iter().any(|name| is_statement(name));
        let has = ["vote", "voter-id", "comment-id"]
            .iter()
            .any(|name| table.has(name));
        match (is_wide, is_raw, has) {
            (true, _, _) => Ballots::read_people(&mut table, agree),
            (false, true, _) if agree == Agree::Unsaid => Err(Fault::RawTable.at(1)),
            (false, true, _) | (false, _, true) => Ballots::read_marks(&mut table, agree),
            (false, false, false) => Err(Fault::NoForm.at(1)),
        }
    }

    fn read_marks(table: &mut Table<'_>, agree: Agree) -> Result<Ballots, InvalidExport> {
        let called = |raw, export| if table.has(raw) { raw } else { export };
        let columns = Columns {
            person: called(RAW.person, EXPORT.person),
            statement: called(RAW.statement, EXPORT.statement),
            time: called(RAW.time, EXPORT.time),
        };
        let statement = table.column(columns.statement)?;
        let person = table.column(columns.person)?;
        let vote = table.column("vote")?;
        let time = table.maybe(columns.time)?;
        let conversation = table.maybe("zid")?;
        let mut first = None;
        let mut ballots = Ballots::default();
        while let Some(mut line) = table.next()? {
            if let Some(at) = conversation {
                let own = line.field(at, "zid")?;
                if first.get_or_insert_with(|| own.to_owned()).as_str() != own {
                    return Err(Fault::TwoConversations(own.to_owned()).at(line.number));
                }
            }
            let stance = stance(line.field(vote, "vote")?, &mut line, agree)?;
            let time = match time {
                Some(at) => milliseconds(line.field(at, columns.time)?, &mut line)?,
                None => 0,
            };
            let said = Said {
                person: (line.field(person, columns.person)?, columns.person),
                statement: (line.field(statement, columns.statement)?, columns.statement),
                time,
                stance,
            };
            ballots.add(&said, line.number)?;
        }
        ballots.notes = std::mem::take(&mut table.notes);
        // Without times the later line is the later vote, and nothing is of one moment.
        if time.is_none() {
            for mark in &mut ballots.marks {
                mark.time = u64::from(mark.row);
            }
        }
        Ok(ballots)
    }

    fn read_people(table: &mut Table<'_>, agree: Agree) -> Result<Ballots, InvalidExport> {
        let participant = table.column("participant")?;
        let own = table.maybe("n-agree")?.zip(table.maybe("n-disagree")?);
        let names = table.names().iter().enumerate();
        let columns: Vec<(usize, String)> = names
            .filter(|(_, name)| is_statement(name))
            .map(|(at, name)| (at, name.clone()))
            .collect();
        let mut distinct = BTreeSet::new();
        if let Some((_, name)) = columns.iter().find(|(_, name)| !distinct.insert(name)) {
            return Err(Fault::Twice(name.clone()).at(1));
        }
        let mut ballots = Ballots::default();
        let mut signs = Signs::default();
        let mut seen = BTreeSet::new();
        while let Some(mut line) = table.next()? {
            let person = line.field(participant, "participant")?;
            if !seen.insert(person.to_owned()) {
                return Err(Fault::Twice(person.to_owned()).at(line.number));
            }
            let (mut agreed, mut disagreed) = (0_u32, 0_u32);
            for (at, name) in &columns {
                let value = line.field(*at, "statement")?;
                if value.is_empty() {
                    continue;
                }
                let stance = stance(value, &mut line, agree)?;
                agreed = agreed.saturating_add(u32::from(stance == Stance::Agree));
                disagreed = disagreed.saturating_add(u32::from(stance == Stance::Disagree));
                let said = Said {
                    person: (person, "participant"),
                    statement: (name, "statement"),
                    time: 0,
                    stance,
                };
                ballots.add(&said, line.number)?;
            }
            if let Some((agrees, disagrees)) = own {
                let count = |at| {
                    line.field(at, "n-agree")
                        .ok()
                        .and_then(|own| own.parse().ok())
                };
                if let (Some(agrees), Some(disagrees)) = (count(agrees), count(disagrees)) {
                    signs.compare((agreed, disagreed), (agrees, disagrees));
                }
            }
        }
        signs.judge("n-agree")?;
        ballots.notes = std::mem::take(&mut table.notes);
        Ok(ballots)
    }

    fn add(&mut self, said: &Said<'_>, line: u64) -> Result<(), InvalidExport> {
        for (name, column) in [said.person, said.statement] {
            if name.is_empty() {
                return Err(Fault::NoName(column).at(line));
            }
        }
        let too_many = || Fault::TooMany.at(line);
        self.marks.push(Mark {
            person: self.people.number(said.person.0).ok_or_else(too_many)?,
            statement: self
                .statements
                .number(said.statement.0)
                .ok_or_else(too_many)?,
            time: said.time,
            row: u32::try_from(self.marks.len()).map_err(|_| too_many())?,
            stance: said.stance,
        });
        Ok(())
    }
}

/// How far tallies that a file carries are from the votes, as they are and with the signs turned.
#[derive(Debug, Default)]
pub(super) struct Signs {
    straight: u64,
    turned: u64,
    all: u64,
}

impl Signs {
    /// Adds one tally: agree and disagree, as counted and as the file says.
    pub fn compare(&mut self, counted: (u32, u32), said: (u32, u32)) {
        let far = |a: u32, b: u32| u64::from(a.abs_diff(b));
        self.straight += far(counted.0, said.0) + far(counted.1, said.1);
        self.turned += far(counted.0, said.1) + far(counted.1, said.0);
        self.all += u64::from(said.0) + u64::from(said.1);
    }

    /// Turned tallies that fit, where straight ones do not, are no accident.
    pub fn judge(&self, column: &'static str) -> Result<(), InvalidExport> {
        match self.turned < self.straight && self.turned.saturating_mul(4) <= self.all {
            true => Err(Fault::OtherSign(column).at(0)),
            false => Ok(()),
        }
    }
}

/// A column of the second form that is a statement: its name is a number.
fn is_statement(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit())
}

fn stance(value: &str, line: &mut Line<'_>, agree: Agree) -> Result<Stance, InvalidExport> {
    let stance = match plain(value) {
        "1" => Stance::Agree,
        "-1" => Stance::Disagree,
        "0" => Stance::Pass,
        _ => {
            let unsigned = value.strip_prefix('\u{2212}').map(plain);
            match (unsigned, value.eq_ignore_ascii_case("true")) {
                (Some("1"), _) => Stance::Disagree,
                (Some("0"), _) => Stance::Pass,
                (Some(_) | None, true) => Stance::Agree,
                (Some(_) | None, false) => {
                    return Err(Fault::NoVote(value.to_owned()).at(line.number));
                }
            }
        }
    };
    if !matches!(value, "1" | "-1" | "0") {
        line.notes.add(What::VotesRewritten, value);
    }
    match agree {
        Agree::Unsaid | Agree::Plus => Ok(stance),
        Agree::Minus => {
            line.notes.add(What::SignsTurned, "");
            Ok(match stance {
                Stance::Agree => Stance::Disagree,
                Stance::Disagree => Stance::Agree,
                Stance::Pass => Stance::Pass,
            })
        }
    }
}

/// Without a plus before it and a fraction of zero behind it.
fn plain(value: &str) -> &str {
    let value = value.strip_prefix('+').unwrap_or(value);
    match value.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) | None => value,
    }
}

fn milliseconds(value: &str, line: &mut Line<'_>) -> Result<u64, InvalidExport> {
    if plain(value) != value {
        line.notes.add(What::TimesRewritten, value);
    }
    let parsed = plain(value).parse();
    parsed.map_err(|_| Fault::NoTime(value.to_owned()).at(line.number))
}
