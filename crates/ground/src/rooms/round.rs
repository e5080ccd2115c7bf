//! What a closed Round hands in: checked once, here.

use std::collections::BTreeSet;
use std::fmt;

use crate::floor::Floor;
use crate::statement::{Statement, StatementId};
use crate::tally::{Stance, Tally};

/// More seats than any room can have.
const SEATS_MAX: u32 = 1_000_000;

/// One declared side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its name; the same side has the same name in every Round.
    pub name: String,
    /// How many seats were in the Round's roster for it.
    pub seats: u32,
    /// What was agreed at set-up.
    pub telling: Telling,
}

/// Whether a side is ever shown by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Wherever it has as many ballots as the floor asks for.
    BySide,
    /// Never: its ballots count in whole-room totals only.
    TotalsOnly,
}

/// How one side answered one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Anonymous ballots.
    Ballots(Tally),
    /// One answer, agreed in the caucus of a side too small for ballots.
    Bloc(Stance),
}

/// The answers of a Round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tallies {
    /// Every side by itself.
    BySide {
        /// The sides.
        sides: Vec<Side>,
        /// For each statement, one answer of each side, in their order.
        answers: Vec<Vec<Answer>>,
    },
    /// One roster for the room: nothing is known of sides.
    Whole {
        /// How many seats it had.
        seats: u32,
        /// One for each statement.
        tallies: Vec<Tally>,
    },
}

/// A closed Round of ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    statements: Vec<Statement>,
    tallies: Tallies,
    floor: Floor,
}

/// What was handed in cannot be a Round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidRound {
    /// Two statements have this name.
    SameStatement(StatementId),
    /// Two sides have this name.
    SameSide(String),
    /// There are not as many answers as statements, or as sides, at this statement's place.
    Answers(usize),
    /// More ballots than seats, at this statement's place.
    TooManyBallots(usize),
    /// More seats than a room can have.
    Seats,
}

impl fmt::Display for InvalidRound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidRound::SameStatement(id) => {
                write!(f, "two statements are named {}", id.as_str())
            }
            InvalidRound::SameSide(name) => write!(f, "two sides are named {name}"),
            InvalidRound::Answers(at) => {
                write!(f, "statement {at} has not one answer for each side")
            }
            InvalidRound::TooManyBallots(at) => {
                write!(f, "statement {at} has more ballots than seats")
            }
            InvalidRound::Seats => write!(f, "a side has more than {SEATS_MAX} seats"),
        }
    }
}

impl std::error::Error for InvalidRound {}

impl Round {
    /// Checks what a Round came to.
    ///
    /// # Errors
    /// Where names repeat, or numbers cannot belong together.
    pub fn new(
        statements: Vec<Statement>,
        tallies: Tallies,
        floor: Floor,
    ) -> Result<Round, InvalidRound> {
        let mut ids = BTreeSet::new();
        for statement in &statements {
            if !ids.insert(&statement.id) {
                return Err(InvalidRound::SameStatement(statement.id.clone()));
            }
        }
        check(&tallies, statements.len())?;
        Ok(Round {
            statements,
            tallies,
            floor,
        })
    }

    /// In the order in which they were given.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The answers; they never leave this crate but as a report.
    pub(crate) fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    /// The smallest number of ballots that may be shown.
    pub fn floor(&self) -> Floor {
        self.floor
    }
}

fn check(tallies: &Tallies, statements: usize) -> Result<(), InvalidRound> {
    let fits = |tally: &Tally, seats: u32| {
        let all = [tally.agree, tally.disagree, tally.pass];
        all.into_iter().map(u64::from).sum::<u64>() <= u64::from(seats)
    };
    match tallies {
        Tallies::BySide { sides, answers } => {
            let mut names = BTreeSet::new();
            for side in sides {
                if !names.insert(side.name.as_str()) {
                    return Err(InvalidRound::SameSide(side.name.clone()));
                }
            }
            if sides.iter().any(|side| side.seats > SEATS_MAX) {
                return Err(InvalidRound::Seats);
            }
            if answers.len() != statements {
                return Err(InvalidRound::Answers(answers.len().min(statements)));
            }
            for (at, row) in answers.iter().enumerate() {
                if row.len() != sides.len() {
                    return Err(InvalidRound::Answers(at));
                }
                let all_fit = row.iter().zip(sides).all(|(answer, side)| match answer {
                    Answer::Ballots(tally) => fits(tally, side.seats),
                    Answer::Bloc(_) => true,
                });
                if !all_fit {
                    return Err(InvalidRound::TooManyBallots(at));
                }
            }
        }
        Tallies::Whole { seats, tallies } => {
            if *seats > SEATS_MAX {
                return Err(InvalidRound::Seats);
            }
            if tallies.len() != statements {
                return Err(InvalidRound::Answers(tallies.len().min(statements)));
            }
            if let Some(at) = tallies.iter().position(|tally| !fits(tally, *seats)) {
                return Err(InvalidRound::TooManyBallots(at));
            }
        }
    }
    Ok(())
}
