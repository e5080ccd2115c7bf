//! One side's results on one statement, Round after Round. Told again is only what is unchanged, or
//! where enough people differ; and never so that all results together say more than each alone may.

use crate::report::{Cell, Kept, Lock, Told};
use crate::tally::Tally;
use crate::words::Shown;

use super::beliefs::leaves_the_unchanging_in_doubt;
use super::cells::{Counted, people_differing};
use super::together::{CROWD, Candidates, stay_ambiguous};

/// More results than this of one side on one statement are never told.
const TOLD_MAX: usize = 6;

/// What was told, oldest first, each with the tally behind it.
#[derive(Default)]
pub struct History {
    told: Vec<Entry>,
}

struct Entry {
    tally: Tally,
    told: Told,
    /// What was asked for when it was told.
    floor: u32,
}

impl History {
    /// Whether nothing was told yet.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The cell that is shown after this Round. `floor` is never below that of an earlier Round. Where
    /// fewer than `floor` people differ from anything ever told, an earlier result stands: that some did
    /// is not to be told either. Nor that some of those who answered did not again: an earlier result
    /// stands for too few ballots too, but where everybody sees that there are too few seats.
    pub fn add(&mut self, counted: Counted, floor: u32, place: usize) -> Cell {
        let few = counted.tally.ballots() < floor;
        let Some(shown) = Shown::of(counted.tally).filter(|_| !few) else {
            return self.stand(counted.seats, floor);
        };
        let new = Told {
            shown,
            ballots: counted.tally.ballots(),
            seats: counted.seats,
            kept: Kept::From(place),
        };
        if !(self.is_empty() || self.is_far(counted, floor) && self.may_be_told(new, floor)) {
            return self.stand(counted.seats, floor);
        }
        self.told.push(Entry {
            tally: counted.tally,
            told: new,
            floor,
        });
        Cell::Told(Told {
            kept: Kept::New,
            ..new
        })
    }

    /// The earlier result that stands instead of a new one that is not told: always the last one told. Which
    /// stands must not hang on the new tally: of five who all differ from the last "most agree" nobody
    /// agrees. What was told under a lower floor is not told again under a higher one.
    pub fn stand(&self, seats: u32, floor: u32) -> Cell {
        match self.told.last().map(|entry| entry.told) {
            Some(told) if told.ballots >= floor && seats >= floor => Cell::Told(told),
            Some(_) | None => Cell::Locked(Lock::TooFew),
        }
    }

    /// Whether from everything told at least as many people differ as the floor asks for.
    fn is_far(&self, counted: Counted, floor: u32) -> bool {
        let differing = |entry: &Entry| people_differing(counted.tally, entry.tally);
        self.told.iter().all(|entry| differing(entry) >= floor)
    }

    fn may_be_told(&self, new: Told, floor: u32) -> bool {
        let few = |entry: &&Entry| entry.told.ballots < CROWD;
        let earlier: Vec<Candidates> = self
            .told
            .iter()
            .filter(few)
            .map(|entry| Candidates::of(entry.told.shown, entry.told.ballots, entry.floor))
            .collect();
        let (shown, ballots) = (new.shown, new.ballots);
        let says_little = || {
            leaves_the_unchanging_in_doubt(&earlier, shown, ballots, floor)
                && stay_ambiguous(&earlier, &Candidates::of(shown, ballots, floor))
        };
        self.told.len() < TOLD_MAX && (ballots >= CROWD || says_little())
    }
}
