//! What is shown of each side on each statement, Round after Round.

use std::collections::{BTreeMap, BTreeSet};

use crate::floor::Floor;
use crate::report::{Cell, Lock};
use crate::statement::StatementId;
use crate::tally::Tally;

use super::history::History;
use super::round::{Answer, Round, Side, Tallies, Telling};

/// What one Round shows of one statement.
#[derive(Clone, Debug)]
pub struct Cells {
    /// One for each side.
    pub sides: Vec<Cell>,
    /// The room as a whole, where it may be told.
    pub whole: Option<Cell>,
}

/// All that was told so far, by statement.
#[derive(Default)]
pub struct Told {
    /// The highest that any Round asked for: a lower one later would tell what was kept private before.
    floor: Floor,
    statements: BTreeMap<StatementId, OfStatement>,
}

/// All that was told of one statement. It is told by sides or as a whole, for ever as at first:
/// whoever has both can subtract. The whole is that of the same sides for ever, too.
#[derive(Default)]
struct OfStatement {
    sides: BTreeMap<String, History>,
    whole: History,
    whole_of: Option<Whole>,
}

/// Whose ballots a total holds. With one of these and the other a side can be subtracted.
#[derive(Clone, PartialEq, Eq)]
enum Whole {
    /// One roster.
    Room,
    /// Those sides that had a roster and did not answer as a bloc.
    Sides(BTreeSet<String>),
}

/// Ballots with their roster's size.
#[derive(Clone, Copy)]
pub struct Counted {
    pub tally: Tally,
    pub seats: u32,
}

impl Told {
    /// The floor that holds after all Rounds so far.
    pub fn floor(&self) -> Floor {
        self.floor
    }

    /// Adds a Round: one entry for each of its statements.
    pub fn add(&mut self, round: &Round, place: usize) -> Vec<Cells> {
        self.floor = self.floor.max(round.floor());
        let floor = self.floor.ballots();
        let mut all = Vec::new();
        for (at, statement) in round.statements().iter().enumerate() {
            let told = self.statements.entry(statement.id.clone()).or_default();
            all.push(match round.tallies() {
                Tallies::BySide { sides, answers } => {
                    let answers = answers.get(at).map_or(&[][..], Vec::as_slice);
                    told.add_sides(sides, answers, floor, place)
                }
                Tallies::Whole { seats, tallies } => Cells {
                    sides: Vec::new(),
                    whole: tallies.get(at).map(|tally| {
                        let (tally, seats) = (*tally, *seats);
                        told.add_whole(Counted { tally, seats }, floor, place)
                    }),
                },
            });
        }
        all
    }
}

impl OfStatement {
    fn was_told_by_sides(&self) -> bool {
        self.sides.values().any(|history| !history.is_empty())
    }

    fn add_whole(&mut self, counted: Counted, floor: u32, place: usize) -> Cell {
        if self.was_told_by_sides() || self.is_of_others(&Whole::Room) {
            return Cell::Locked(Lock::ToldBySides);
        }
        if counted.tally.ballots() >= floor {
            self.whole_of = Some(Whole::Room);
        }
        self.whole.add(counted, floor, place)
    }

    fn is_of_others(&self, whole: &Whole) -> bool {
        self.whole_of.as_ref().is_some_and(|told| told != whole)
    }

    fn add_sides(&mut self, sides: &[Side], answers: &[Answer], floor: u32, place: usize) -> Cells {
        let cells = sides
            .iter()
            .zip(answers)
            .map(|(side, answer)| match answer {
                Answer::Bloc(stance) => Cell::Bloc(*stance),
                Answer::Ballots(tally) => self.add_side(side, *tally, floor, place),
            })
            .collect();
        Cells {
            sides: cells,
            whole: self.add_total(sides, answers, floor, place),
        }
    }

    fn add_side(&mut self, side: &Side, tally: Tally, floor: u32, place: usize) -> Cell {
        if side.telling == Telling::TotalsOnly {
            Cell::Locked(Lock::TotalsOnly)
        } else if !self.whole.is_empty() {
            Cell::Locked(Lock::ToldAsWhole)
        } else {
            let seats = side.seats;
            let history = self.sides.entry(side.name.clone()).or_default();
            history.add(Counted { tally, seats }, floor, place)
        }
    }

    /// The total of sides that are all hidden: at least two of them with ballots, and together as
    /// many as the floor asks for. Otherwise an earlier total stands.
    fn add_total(
        &mut self,
        sides: &[Side],
        answers: &[Answer],
        floor: u32,
        place: usize,
    ) -> Option<Cell> {
        let (mut sum, mut voting, mut names) = (Counted::none(), 0, BTreeSet::new());
        let mut could_be_alone = false;
        for (side, answer) in sides.iter().zip(answers) {
            if let Answer::Ballots(tally) = answer {
                sum.tally = sum.tally.plus(*tally);
                sum.seats = sum.seats.saturating_add(side.seats);
                voting += u32::from(tally.ballots() > 0);
                // A side whose sequence failed has no seats: everybody knows that it is not in the total.
                if side.seats > 0 {
                    names.insert(side.name.clone());
                }
                could_be_alone |= side.telling == Telling::TotalsOnly && side.seats >= floor;
            }
        }
        let is_fixed = could_be_alone && names.len() >= 2;
        let whole = Whole::Sides(names);
        if self.was_told_by_sides() || self.is_of_others(&whole) {
            return None;
        }
        // That there is no total may mean that one side alone answered: a total of others would be its own.
        if is_fixed {
            self.whole_of = Some(whole.clone());
        }
        let cell = match voting >= 2 && sum.tally.ballots() >= floor {
            true => {
                self.whole_of = Some(whole);
                self.whole.add(sum, floor, place)
            }
            false => self.whole.stand(sum.seats, floor),
        };
        matches!(cell, Cell::Told(_)).then_some(cell)
    }
}

impl Counted {
    fn none() -> Counted {
        Counted {
            tally: Tally::default(),
            seats: 0,
        }
    }
}

/// How many ballots must differ between the two, at least: came, left, or changed. Seats that come
/// or go blank hide nobody.
pub fn people_differing(one: Tally, other: Tally) -> u32 {
    let parts = |tally: Tally| [tally.agree, tally.disagree, tally.pass];
    let pairs = || parts(one).into_iter().zip(parts(other));
    let came = pairs().fold(0u32, |sum, (a, b)| sum.saturating_add(b.saturating_sub(a)));
    let went = pairs().fold(0u32, |sum, (a, b)| sum.saturating_add(a.saturating_sub(b)));
    came.max(went)
}
