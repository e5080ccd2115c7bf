//! Which statement a person of a consultation is asked next. Half of the questions go where common ground
//! may lie, half where a side has said least; so the ballots do not all end on what is popular.

use statrs::function::beta::inv_beta_reg;

use crate::tally::Tally;

use super::chance::Chance;

/// Every side is asked so often about every statement before anything is drawn.
const FIRST: u32 = 3;

/// A consultation as it stands, and the person to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// For each statement one tally for each side.
    pub tallies: &'a [Vec<Tally>],
    /// The person's side: a place among each statement's tallies.
    pub side: usize,
    /// Places of the statements that the person has answered, in any order.
    pub answered: &'a [usize],
}

impl Asking<'_> {
    /// The place of the statement to be asked next; none where all are answered. Equal seeds give equal
    /// statements.
    ///
    /// While the person's side has fewer than three ballots on some statement, the least voted one comes.
    /// Then a fair coin decides between the least voted in the person's side and Thompson sampling
    /// (Biometrika 25, 1933): of every side's share that agrees one value is drawn from what is known of
    /// it, Beta(A + 1/2, n - A + 1/2), and of its share that disagrees another. A statement is worth the
    /// lowest value of any side, or, where that is more, the lowest of disagreeing. The one worth most
    /// is asked among those whose lowest value is the person's own side's: another side's ballot would not
    /// move it. Where there is none, the one worth most of all.
    pub fn next(&self, seed: u64) -> Option<usize> {
        let mut chance = Chance::from_seed(seed);
        let open: Vec<usize> = (0..self.tallies.len())
            .filter(|at| !self.answered.contains(at))
            .collect();
        let least_voted = self.least_voted(&open, &mut chance)?;
        let is_new = self.ballots(least_voted) < FIRST;
        if is_new || chance.bits() & 1 == 0 {
            return Some(least_voted);
        }
        self.most_promising(&open, &mut chance)
    }

    fn ballots(&self, statement: usize) -> u32 {
        let tallies = self.tallies.get(statement);
        let tally = tallies.and_then(|sides| sides.get(self.side));
        tally.copied().unwrap_or_default().ballots()
    }

    /// Of several one by chance: people who come at the same time are not all asked the same.
    fn least_voted(&self, open: &[usize], chance: &mut Chance) -> Option<usize> {
        let fewest = open.iter().map(|at| self.ballots(*at)).min()?;
        let is_least = |at: &&usize| self.ballots(**at) == fewest;
        let least: Vec<usize> = open.iter().filter(is_least).copied().collect();
        least.get(chance.below(least.len())).copied()
    }

    fn most_promising(&self, open: &[usize], chance: &mut Chance) -> Option<usize> {
        let drawn = open.iter().map(|at| {
            let tallies = self.tallies.get(*at).map_or(&[][..], Vec::as_slice);
            let agree = lowest(tallies, |tally| tally.agree, chance);
            let disagree = lowest(tallies, |tally| tally.disagree, chance);
            let (worth, weakest) = if disagree.0 > agree.0 {
                disagree
            } else {
                agree
            };
            (weakest == Some(self.side), worth, *at)
        });
        let by_worth = |a: &(bool, f64, usize), b: &(bool, f64, usize)| {
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        };
        drawn.max_by(by_worth).map(|(_, _, at)| at)
    }
}

/// The lowest of the values drawn for the sides, and whose it is.
fn lowest(
    tallies: &[Tally],
    count: fn(&Tally) -> u32,
    chance: &mut Chance,
) -> (f64, Option<usize>) {
    let mut lowest = (1.0, None);
    for (side, tally) in tallies.iter().enumerate() {
        let share = draw(count(tally), tally.ballots(), chance.unit());
        if lowest.1.is_none() || share < lowest.0 {
            lowest = (share, Some(side));
        }
    }
    lowest
}

/// The share below which the posterior lies with this chance.
fn draw(count: u32, ballots: u32, chance: f64) -> f64 {
    let (a, b) = (
        f64::from(count) + 0.5,
        f64::from(ballots.saturating_sub(count)) + 0.5,
    );
    inv_beta_reg(a, b, chance)
}
