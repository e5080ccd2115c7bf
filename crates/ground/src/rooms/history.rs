//! One side's results on one statement, Round after Round. Told again is only what is unchanged, or
//! where enough people differ; and never so that both results together say more than each alone may.

use std::collections::BTreeSet;

use crate::report::{Cell, Kept, Lock, Told};
use crate::tally::Tally;
use crate::words::Shown;

use super::cells::Counted;

/// Results below this many ballots must stay ambiguous, whatever is told later.
const WORDS_BELOW: u32 = 20;

/// What was told, oldest first, each with the tally behind it.
#[derive(Default)]
pub struct History {
    told: Vec<(Counted, Told)>,
}

impl History {
    /// Whether nothing was told yet.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The cell that is shown after this Round. Where fewer than `floor` people differ, the earlier
    /// result stands: that some did is not to be told either.
    pub fn add(&mut self, counted: Counted, floor: u32, place: usize) -> Cell {
        let Some(shown) = Shown::of(counted.tally) else {
            return Cell::Locked(Lock::TooFew);
        };
        let new = Told {
            shown,
            ballots: counted.tally.ballots(),
            seats: counted.seats,
            kept: Kept::From(place),
        };
        if let Some((before, told)) = self.told.last() {
            let is_other = counted.people_differing(*before) >= floor;
            if !is_other || !self.stays_ambiguous(new, floor) {
                return Cell::Told(*told);
            }
        }
        self.told.push((counted, new));
        Cell::Told(Told {
            kept: Kept::New,
            ..new
        })
    }

    /// Whether everybody who knows all that was told, `new` included, and that at least `floor`
    /// people differ from one to the next, is left with three tallies for each result below twenty
    /// ballots. It depends on nothing that is not shown, so a refusal tells nothing.
    fn stays_ambiguous(&self, new: Told, floor: u32) -> bool {
        let links: Vec<Vec<Counted>> = self
            .told
            .iter()
            .map(|(_, told)| *told)
            .chain([new])
            .map(possible)
            .collect();
        let forward = reachable(links.iter(), floor);
        let mut backward = reachable(links.iter().rev(), floor);
        backward.reverse();
        forward.iter().zip(&backward).all(|(from, to)| {
            let both: Vec<Tally> = from
                .iter()
                .map(|one| one.tally)
                .filter(|tally| to.iter().any(|other| other.tally == *tally))
                .collect();
            both.first()
                .is_some_and(|one| one.ballots() >= WORDS_BELOW || is_ambiguous(&both))
        })
    }
}

fn possible(told: Told) -> Vec<Counted> {
    let seats = told.seats;
    let tallies = told.shown.could_be(told.ballots).into_iter();
    tallies.map(|tally| Counted { tally, seats }).collect()
}

/// For each result the tallies that some chain of tallies leads to, each far enough from the one before.
fn reachable<'a>(links: impl Iterator<Item = &'a Vec<Counted>>, floor: u32) -> Vec<Vec<Counted>> {
    let mut all: Vec<Vec<Counted>> = Vec::new();
    for link in links {
        let next = match all.last() {
            None => link.clone(),
            Some(before) => link
                .iter()
                .filter(|one| {
                    before
                        .iter()
                        .any(|other| other.people_differing(**one) >= floor)
                })
                .copied()
                .collect(),
        };
        all.push(next);
    }
    all
}

fn is_ambiguous(tallies: &[Tally]) -> bool {
    let values = |of: fn(&Tally) -> u32| tallies.iter().map(of).collect::<BTreeSet<u32>>().len();
    tallies.len() >= 3 && values(|t| t.agree) >= 2 && values(|t| t.disagree) >= 2
}
