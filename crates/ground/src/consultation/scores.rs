//! Chances and scores of one statement, from the tallies of sides (Jeffreys prior).

use statrs::function::beta::checked_beta_reg;

use crate::tally::Tally;

/// The chance that more than `share` of a side agrees, when `agree` of `ballots` do.
pub fn chance_of_more(agree: u32, ballots: u32, share: f64) -> f64 {
    let (a, b) = (
        f64::from(agree) + 0.5,
        f64::from(ballots.saturating_sub(agree)) + 0.5,
    );
    // It refuses only parameters that no tally has.
    let below = checked_beta_reg(a, b, share).unwrap_or(0.5);
    (1.0 - below).clamp(0.0, 1.0)
}

/// What is known of a side on a statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SideScore {
    /// Its ballots.
    pub tally: Tally,
    /// q: the chance that more than half of the side agrees.
    pub agrees: f64,
    /// r: the same of disagreeing.
    pub disagrees: f64,
    /// a: the estimated share that agrees.
    pub share: f64,
}

impl SideScore {
    /// Of one tally.
    pub fn of(tally: Tally) -> SideScore {
        let n = tally.ballots();
        SideScore {
            tally,
            agrees: chance_of_more(tally.agree, n, 0.5),
            disagrees: chance_of_more(tally.disagree, n, 0.5),
            share: (f64::from(tally.agree) + 0.5) / (f64::from(n) + 1.0),
        }
    }

    fn variance(&self) -> f64 {
        self.share * (1.0 - self.share) / (f64::from(self.tally.ballots()) + 1.0)
    }
}

/// The two sides that are furthest apart in agreeing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The place of the side that agrees most.
    pub high: usize,
    /// And of the one that agrees least.
    pub low: usize,
    /// Between their shares.
    pub gap: f64,
    /// The gap's standard error.
    pub error: f64,
}

impl Gap {
    /// None for fewer than two sides, or where all stand the same.
    pub fn of(sides: &[(usize, SideScore)]) -> Option<Gap> {
        let (high, above) = sides
            .iter()
            .min_by(|(_, a), (_, b)| b.share.total_cmp(&a.share))?;
        let (low, below) = sides
            .iter()
            .min_by(|(_, a), (_, b)| a.share.total_cmp(&b.share))?;
        (high != low).then(|| Gap {
            high: *high,
            low: *low,
            gap: above.share - below.share,
            error: (above.variance() + below.variance()).sqrt(),
        })
    }

    /// Gap by error: statements are ranked by it.
    pub fn z(&self) -> f64 {
        self.gap / self.error
    }

    /// Whether it is at least a fifth, but for one chance in ten.
    pub fn is_claimed(&self) -> bool {
        self.gap - 1.28 * self.error >= 0.20
    }
}

/// Scores over all sides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    /// C+: the chance that more than half of every side agrees.
    pub common_ground: f64,
    /// C-: the same of disagreeing.
    pub shared_rejection: f64,
    /// Gap by error between the two sides furthest apart; none for one side, and where all reject.
    pub divisive_z: Option<f64>,
    /// What Polis prints, for comparison: the product of (A + 1) / (n + 2).
    pub group_informed_consensus: f64,
}

impl Scores {
    /// Of all sides together.
    pub fn of(sides: &[SideScore]) -> Scores {
        let product = |of: fn(&SideScore) -> f64| sides.iter().map(of).product::<f64>();
        let placed: Vec<(usize, SideScore)> = sides.iter().copied().enumerate().collect();
        let gap = Gap::of(&placed).filter(|_| !is_jointly_rejected(sides));
        Scores {
            common_ground: product(|side| side.agrees),
            shared_rejection: product(|side| side.disagrees),
            divisive_z: gap.map(|gap| gap.z()),
            group_informed_consensus: product(|side| {
                (f64::from(side.tally.agree) + 1.0) / (f64::from(side.tally.ballots()) + 2.0)
            }),
        }
    }
}

/// Every side more likely rejects it than not: that divides nobody, however unequal the shares.
pub fn is_jointly_rejected(sides: &[SideScore]) -> bool {
    !sides.is_empty() && sides.iter().all(|side| side.disagrees > 0.5)
}
