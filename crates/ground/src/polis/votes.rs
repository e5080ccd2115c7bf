//! Votes, in either form. Of several on one statement by one person the latest counts.

use std::collections::BTreeSet;
use std::io::Read;

use rayon::prelude::*;

use crate::consultation::{Cast, Conversation, Votes};
use crate::statement::{Statement, StatementId};
use crate::tally::Stance;

use super::names::Names;
use super::{Export, Fault, InvalidExport, Texts, column, field, header, line_of, reader};

/// Votes as they stand in the file.
#[derive(Debug, Default)]
pub struct Ballots {
    people: Names,
    statements: Names,
    marks: Vec<Mark>,
}

/// One line's vote. Sorted, those of one person on one statement stand together, the latest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    person: u32,
    statement: u32,
    time: u64,
    stance: Stance,
}

impl Ballots {
    /// Reads votes.csv or participants-votes.csv.
    ///
    /// # Errors
    /// Where the columns are of neither form, or a line is not what it should be.
    pub fn read(file: impl Read) -> Result<Ballots, InvalidExport> {
        let mut reader = reader(file);
        let names = header(&mut reader)?;
        let has = |name: &str| names.iter().any(|own| own == name);
        if has("participant") && names.iter().any(|name| is_statement(name)) {
            Ballots::read_people(reader, &names)
        } else if has("vote") || has("voter-id") || has("comment-id") {
            Ballots::read_marks(reader, &names)
        } else {
            Err(Fault::NoForm.at(1))
        }
    }

    fn read_marks<R: Read>(
        mut reader: csv::Reader<R>,
        names: &[String],
    ) -> Result<Ballots, InvalidExport> {
        let statement = column(names, "comment-id")?;
        let person = column(names, "voter-id")?;
        let vote = column(names, "vote")?;
        let time = column(names, "timestamp").ok();
        let mut ballots = Ballots::default();
        let mut record = csv::ByteRecord::new();
        let mut row = 0;
        while reader
            .read_byte_record(&mut record)
            .map_err(InvalidExport::of)?
        {
            let line = line_of(&record);
            let stance = stance(field(&record, vote, "vote", line)?, line)?;
            let at = match time {
                Some(at) => milliseconds(field(&record, at, "timestamp", line)?, line)?,
                None => row,
            };
            row += 1;
            ballots.add(
                (field(&record, person, "voter-id", line)?, "voter-id"),
                (field(&record, statement, "comment-id", line)?, "comment-id"),
                (at, stance),
                line,
            )?;
        }
        Ok(ballots)
    }

    fn read_people<R: Read>(
        mut reader: csv::Reader<R>,
        names: &[String],
    ) -> Result<Ballots, InvalidExport> {
        let participant = column(names, "participant")?;
        let columns: Vec<(usize, &str)> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| is_statement(name))
            .map(|(at, name)| (at, name.as_str()))
            .collect();
        let mut distinct = BTreeSet::new();
        if let Some((_, name)) = columns.iter().find(|(_, name)| !distinct.insert(*name)) {
            return Err(Fault::Twice((*name).to_owned()).at(1));
        }
        let mut ballots = Ballots::default();
        let mut seen = BTreeSet::new();
        let mut record = csv::ByteRecord::new();
        while reader
            .read_byte_record(&mut record)
            .map_err(InvalidExport::of)?
        {
            let line = line_of(&record);
            let person = field(&record, participant, "participant", line)?;
            if !seen.insert(person.to_owned()) {
                return Err(Fault::Twice(person.to_owned()).at(line));
            }
            for (at, name) in &columns {
                let value = field(&record, *at, "statement", line)?;
                if !value.is_empty() {
                    let vote = (0, stance(value, line)?);
                    ballots.add((person, "participant"), (name, "statement"), vote, line)?;
                }
            }
        }
        Ok(ballots)
    }

    /// Adds one vote; names come with their columns'.
    fn add(
        &mut self,
        person: (&str, &'static str),
        statement: (&str, &'static str),
        (time, stance): (u64, Stance),
        line: u64,
    ) -> Result<(), InvalidExport> {
        for (name, column) in [person, statement] {
            if name.is_empty() {
                return Err(Fault::NoName(column).at(line));
            }
        }
        let too_many = || Fault::TooMany.at(line);
        self.marks.push(Mark {
            person: self.people.number(person.0).ok_or_else(too_many)?,
            statement: self.statements.number(statement.0).ok_or_else(too_many)?,
            time,
            stance,
        });
        Ok(())
    }

    /// The latest votes, on statements that were not moderated out.
    ///
    /// # Errors
    /// Where no vote is left.
    pub fn export(self, texts: Option<&Texts>) -> Result<Export, InvalidExport> {
        let Ballots {
            people,
            statements,
            mut marks,
        } = self;
        let statements = Order::of(statements.into_names(), |name| {
            texts.is_some_and(|texts| texts.is_out(name))
        });
        marks.retain_mut(|mark| match statements.place(mark.statement) {
            Some(place) => {
                mark.statement = place;
                true
            }
            None => false,
        });
        marks.par_sort_unstable();
        // Statements without a vote never came up; those moderated out are gone.
        let names = people.into_names();
        let mut votes = Votes::with_capacity(statements.names.len(), names.len(), marks.len());
        let mut people = Vec::new();
        for own in marks.chunk_by(|a, b| a.person == b.person) {
            let latest: Vec<Cast> = own
                .chunk_by(|a, b| a.statement == b.statement)
                .filter_map(|marks| Cast::new(marks.last()?.statement, latest(marks)?))
                .collect();
            let name = own.first().and_then(|mark| names.get(mark.person as usize));
            if let (Some(name), Ok(())) = (name, votes.add(&latest)) {
                people.push(name.clone());
            }
        }
        let statements = statements.names.into_iter().map(|name| Statement {
            text: texts.map(|texts| texts.text(&name)).unwrap_or_default(),
            id: StatementId::new(name),
        });
        let has_votes = votes.votes() > 0;
        Conversation::new(statements.collect(), votes)
            .filter(|_| has_votes)
            .map(|conversation| Export {
                conversation,
                people,
            })
            .ok_or_else(|| Fault::NoVotes.at(0))
    }
}

/// The latest vote. Where two of the same moment contradict each other nobody knows: a pass.
fn latest(marks: &[Mark]) -> Option<Stance> {
    let last = marks.last()?;
    let mut same = marks.iter().filter(|mark| mark.time == last.time);
    match same.all(|mark| mark.stance == last.stance) {
        true => Some(last.stance),
        false => Some(Stance::Pass),
    }
}

/// Statements by name, without those moderated out.
struct Order {
    names: Vec<String>,
    places: Vec<Option<u32>>,
}

impl Order {
    fn of(names: Vec<String>, is_out: impl Fn(&str) -> bool) -> Order {
        let mut places = vec![None; names.len()];
        let mut kept: Vec<(usize, StatementId)> = names
            .into_iter()
            .enumerate()
            .filter(|(_, name)| !is_out(name))
            .map(|(number, name)| (number, StatementId::new(name)))
            .collect();
        kept.sort_by(|a, b| a.1.cmp(&b.1));
        for (place, (number, _)) in (0..).zip(&kept) {
            if let Some(own) = places.get_mut(*number) {
                *own = Some(place);
            }
        }
        let names = kept.into_iter().map(|(_, id)| id.as_str().to_owned());
        Order {
            names: names.collect(),
            places,
        }
    }

    fn place(&self, number: u32) -> Option<u32> {
        self.places.get(number as usize).copied().flatten()
    }
}

/// A column of the second form that is a statement: its name is a number.
fn is_statement(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit())
}

fn stance(value: &str, line: u64) -> Result<Stance, InvalidExport> {
    match value {
        "1" => Ok(Stance::Agree),
        "-1" => Ok(Stance::Disagree),
        "0" => Ok(Stance::Pass),
        other => Err(Fault::NoVote(other.to_owned()).at(line)),
    }
}

fn milliseconds(value: &str, line: u64) -> Result<u64, InvalidExport> {
    value
        .parse()
        .map_err(|_| Fault::NoTime(value.to_owned()).at(line))
}
