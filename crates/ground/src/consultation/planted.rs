//! Votes whose sides are known: what measurements and tests are made of. The sides stand beside the
//! votes and never in them.

use crate::tally::Stance;

use super::chance::Chance;
use super::votes::{Cast, Votes};

/// Sides of equal size that are planted.
const SIDES: usize = 3;
/// The less likely answer of a side.
const RARELY: f64 = 0.1;

/// What to plant.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many people, in three sides.
    pub people: usize,
    /// How many statements.
    pub statements: usize,
    /// The chance that a person votes on a statement.
    pub density: f64,
    /// Equal plans with equal seeds give equal votes.
    pub seed: u64,
}

/// Votes, and who was put on which side.
#[derive(Clone, Debug)]
pub struct Planted {
    /// What an analysis may see.
    pub votes: Votes,
    /// What it has to find.
    pub sides: Vec<usize>,
}

impl Plan {
    /// Each side's chance to agree with a statement is 0.1 or 0.9, by a fair coin; who does not
    /// agree disagrees.
    pub fn plant(&self) -> Planted {
        let mut chance = Chance::from_seed(self.seed);
        let agrees: Vec<Vec<bool>> = (0..SIDES)
            .map(|_| {
                (0..self.statements)
                    .map(|_| chance.bits() & 1 == 1)
                    .collect()
            })
            .collect();
        let mut votes = Votes::with_capacity(self.statements, self.people, self.expected());
        let mut sides = Vec::with_capacity(self.people);
        let mut own = Vec::new();
        for person in 0..self.people {
            let side = person % SIDES;
            own.clear();
            let mut at = self.gap(&mut chance);
            while at < self.statements {
                let likes = agrees.get(side).and_then(|of| of.get(at)) == Some(&true);
                let stance = match likes != (chance.unit() < RARELY) {
                    true => Stance::Agree,
                    false => Stance::Disagree,
                };
                own.extend(u32::try_from(at).ok().and_then(|at| Cast::new(at, stance)));
                at = at.saturating_add(1).saturating_add(self.gap(&mut chance));
            }
            // Ascending and inside by construction.
            if votes.add(&own).is_ok() {
                sides.push(side);
            }
        }
        Planted { votes, sides }
    }

    /// How many statements are passed over before the next vote.
    fn gap(&self, chance: &mut Chance) -> usize {
        if self.density >= 1.0 {
            return 0;
        }
        let gap = (1.0 - chance.unit()).ln() / (1.0 - self.density).ln();
        // Too large a gap saturates: no more votes.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let whole = gap as usize;
        whole
    }

    fn expected(&self) -> usize {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let votes = (self.people as f64 * self.statements as f64 * self.density * 1.01) as usize;
        votes.saturating_add(1_000)
    }
}
