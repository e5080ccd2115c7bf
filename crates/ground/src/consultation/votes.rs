//! Packed votes: one word for each vote, people one after another. Exports have them; Rounds never do.

use std::fmt;

use crate::tally::Stance;

/// One vote of some person on one statement, by the statement's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cast(u32);

/// Places fit beside the two bits of an answer.
const STATEMENTS_MAX: u32 = 1 << 30;

impl Cast {
    /// None beyond 2^30 statements.
    pub fn new(statement: u32, stance: Stance) -> Option<Cast> {
        let code = match stance {
            Stance::Disagree => 0,
            Stance::Pass => 1,
            Stance::Agree => 2,
        };
        (statement < STATEMENTS_MAX).then_some(Cast(statement << 2 | code))
    }

    /// The statement's place.
    pub fn statement(self) -> u32 {
        self.0 >> 2
    }

    /// The answer.
    pub fn stance(self) -> Stance {
        match self.0 & 3 {
            0 => Stance::Disagree,
            1 => Stance::Pass,
            _ => Stance::Agree,
        }
    }

    /// 0 for disagree, 1 for pass, 2 for agree: the vote plus one.
    pub(super) fn code(self) -> u32 {
        self.0 & 3
    }

    pub(super) fn place(self) -> usize {
        self.statement() as usize
    }

    /// The same person and statement, answered otherwise.
    pub(super) fn with_code(self, code: u32) -> Cast {
        Cast(self.0 & !3 | code)
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }
}

/// The votes of all people, each with at most one on a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    statements: usize,
    ends: Vec<usize>,
    cast: Vec<Cast>,
}

/// A person's votes do not ascend strictly by statement, or name one that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unordered;

impl fmt::Display for Unordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a person's votes do not ascend by statement")
    }
}

impl std::error::Error for Unordered {}

impl Votes {
    /// Nobody's votes yet, on so many statements.
    pub fn on(statements: usize) -> Votes {
        Votes {
            statements,
            ..Votes::default()
        }
    }

    /// The same with room for so many, so that nothing is moved while they come.
    pub fn with_capacity(statements: usize, people: usize, votes: usize) -> Votes {
        Votes {
            statements,
            ends: Vec::with_capacity(people),
            cast: Vec::with_capacity(votes),
        }
    }

    /// Adds one person.
    ///
    /// # Errors
    /// Where the votes do not ascend strictly by statement, or name one that is not there.
    pub fn add(&mut self, votes: &[Cast]) -> Result<(), Unordered> {
        let ascends = votes
            .iter()
            .zip(votes.iter().skip(1))
            .all(|(a, b)| a.statement() < b.statement());
        let is_inside = votes
            .last()
            .is_none_or(|last| last.place() < self.statements);
        if !ascends || !is_inside {
            return Err(Unordered);
        }
        self.cast.extend_from_slice(votes);
        self.ends.push(self.cast.len());
        Ok(())
    }

    /// How many statements there are.
    pub fn statements(&self) -> usize {
        self.statements
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        self.ends.len()
    }

    /// How many votes there are.
    pub fn votes(&self) -> usize {
        self.cast.len()
    }

    /// One person's votes, ascending by statement; empty for nobody.
    pub fn of(&self, person: usize) -> &[Cast] {
        self.all_of(person, person + 1)
    }

    /// Everybody's votes, in turn.
    pub fn iter(&self) -> impl Iterator<Item = &[Cast]> {
        self.range(0, self.people())
    }

    /// The votes of some people in turn.
    pub(super) fn range(&self, from: usize, to: usize) -> impl Iterator<Item = &[Cast]> {
        (from..to).map(|person| self.of(person))
    }

    /// The votes of these people, in this order; somebody may be named twice.
    #[must_use]
    pub fn select(&self, people: &[usize]) -> Votes {
        let mut selected = Votes::on(self.statements);
        for person in people {
            selected.cast.extend_from_slice(self.of(*person));
            selected.ends.push(selected.cast.len());
        }
        selected
    }

    /// Replaces every answer by what `answer` says of its place among all votes.
    pub(super) fn answered_anew(&self, answers: &[u32]) -> Votes {
        let cast = self.cast.iter().zip(answers);
        Votes {
            statements: self.statements,
            ends: self.ends.clone(),
            cast: cast.map(|(cast, code)| cast.with_code(*code)).collect(),
        }
    }

    /// How far one gets from this person on with so many votes.
    pub(super) fn until(&self, from: usize, votes: usize) -> usize {
        let most = self.end_of(from).saturating_add(votes);
        self.ends.partition_point(|end| *end <= most)
    }

    /// Where the votes of so many people end.
    fn end_of(&self, people: usize) -> usize {
        match people.checked_sub(1) {
            Some(last) => self.ends.get(last).copied().unwrap_or(self.cast.len()),
            None => 0,
        }
    }

    /// The votes of some people, one after another.
    pub(super) fn all_of(&self, from: usize, to: usize) -> &[Cast] {
        self.cast
            .get(self.end_of(from)..self.end_of(to))
            .unwrap_or(&[])
    }

    pub(super) fn all(&self) -> &[Cast] {
        &self.cast
    }
}
