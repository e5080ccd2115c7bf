//! What is shown instead of a count: one phrase below ten ballots, two words below twenty, then
//! rounded percentages. Whatever is shown below twenty leaves at least three possible tallies, with at
//! least two values of agree and two of disagree.

use crate::tally::Tally;

/// From this many ballots a side has two words, one for agree and one for disagree.
const TWO_WORDS_FROM: u32 = 10;
/// From this many ballots a side has percentages.
const PERCENT_FROM: u32 = 20;
/// From this many ballots percentages are rounded to one.
const FINE_FROM: u32 = 200;
/// Below this, "nearly all" would be "most".
const NEARLY_ALL_FROM: u32 = 7;

/// What a side of five to nine ballots says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phrase {
    /// All but at most one; from seven ballots on.
    NearlyAllAgree,
    /// More than half.
    MostAgree,
    /// All but at most one; from seven ballots on.
    NearlyAllDisagree,
    /// More than half.
    MostDisagree,
    /// More than half.
    MostPass,
    /// No answer has more than half.
    Divided,
}

/// How many of ten to nineteen ballots give an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// At most one.
    AlmostNone,
    /// At most a third.
    Few,
    /// Between a third and two thirds.
    AboutHalf,
    /// At least two thirds.
    Most,
    /// All but at most one.
    NearlyAll,
}

/// How a rounded percentage is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// This or less: nobody learns that it is none.
    AtMost,
    /// Rounded to this.
    About,
    /// This or more: nobody learns that it is all.
    AtLeast,
}

/// A rounded share of a side's ballots, in per cent: never 0, never 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    /// A multiple of 5, from 200 ballots on of 1.
    pub value: u8,
    /// How it is meant.
    pub bound: Bound,
}

/// What may be shown of one tally. How many answered is shown beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Five to nine ballots.
    Phrase(Phrase),
    /// Ten to nineteen.
    Words {
        /// How many agree.
        agree: Word,
        /// How many disagree.
        disagree: Word,
    },
    /// Twenty and more.
    Percents {
        /// How many agree.
        agree: Percent,
        /// How many disagree.
        disagree: Percent,
    },
}

/// The lowest and highest counts that something shown may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Lowest and highest number that agree.
    pub agree: (u32, u32),
    /// Lowest and highest number that disagree.
    pub disagree: (u32, u32),
}

impl Shown {
    /// What is shown of a tally; nothing below five ballots, whatever the floor.
    pub fn of(tally: Tally) -> Option<Shown> {
        let n = tally.ballots();
        match n {
            0..5 => None,
            5..TWO_WORDS_FROM => Some(Shown::Phrase(Phrase::of(tally))),
            TWO_WORDS_FROM..PERCENT_FROM => Some(Shown::Words {
                agree: Word::of(tally.agree, n),
                disagree: Word::of(tally.disagree, n),
            }),
            PERCENT_FROM.. => Some(Shown::Percents {
                agree: Percent::of(tally.agree, n),
                disagree: Percent::of(tally.disagree, n),
            }),
        }
    }

    /// The ends of what it may stand for, among `ballots` of them.
    pub fn ends(self, ballots: u32) -> Ends {
        let (agree, disagree) = match self {
            Shown::Phrase(phrase) => return phrase.ends(ballots),
            Shown::Words { agree, disagree } => (agree.ends(ballots), disagree.ends(ballots)),
            Shown::Percents { agree, disagree } => (agree.ends(ballots), disagree.ends(ballots)),
        };
        // The two together are at most all ballots.
        Ends {
            agree: (agree.0, agree.1.min(ballots.saturating_sub(disagree.0))),
            disagree: (disagree.0, disagree.1.min(ballots.saturating_sub(agree.0))),
        }
    }

    /// Every tally of so many ballots of which the same is shown.
    pub fn could_be(self, ballots: u32) -> Vec<Tally> {
        let ends = self.ends(ballots);
        let tallies = tallies_within(ends.agree, ends.disagree, ballots);
        tallies
            .filter(|tally| Shown::of(*tally) == Some(self))
            .collect()
    }
}

impl Phrase {
    fn of(tally: Tally) -> Phrase {
        let n = tally.ballots();
        let nearly_all = |count: u32| n >= NEARLY_ALL_FROM && count.saturating_add(1) >= n;
        let most = |count: u32| count.saturating_mul(2) > n;
        if nearly_all(tally.agree) {
            Phrase::NearlyAllAgree
        } else if most(tally.agree) {
            Phrase::MostAgree
        } else if nearly_all(tally.disagree) {
            Phrase::NearlyAllDisagree
        } else if most(tally.disagree) {
            Phrase::MostDisagree
        } else if most(tally.pass) {
            Phrase::MostPass
        } else {
            Phrase::Divided
        }
    }

    /// Found by trying all tallies: there are at most 55.
    fn ends(self, n: u32) -> Ends {
        let all = tallies_of(n).filter(|tally| Phrase::of(*tally) == self);
        let start = Ends {
            agree: (n, 0),
            disagree: (n, 0),
        };
        let widen = |(low, high): (u32, u32), count: u32| (low.min(count), high.max(count));
        all.fold(start, |ends, tally| Ends {
            agree: widen(ends.agree, tally.agree),
            disagree: widen(ends.disagree, tally.disagree),
        })
    }
}

/// Every tally of so many ballots.
pub fn tallies_of(ballots: u32) -> impl Iterator<Item = Tally> {
    tallies_within((0, ballots), (0, ballots), ballots)
}

/// Every tally of `ballots` between these ends.
fn tallies_within(
    agree: (u32, u32),
    disagree: (u32, u32),
    ballots: u32,
) -> impl Iterator<Item = Tally> {
    (agree.0..=agree.1).flat_map(move |agree| {
        (disagree.0..=disagree.1).filter_map(move |disagree| {
            let pass = ballots.checked_sub(agree.checked_add(disagree)?)?;
            Some(Tally {
                agree,
                disagree,
                pass,
            })
        })
    })
}

impl Word {
    fn of(count: u32, n: u32) -> Word {
        let thirds = count.saturating_mul(3);
        if count.saturating_add(1) >= n {
            Word::NearlyAll
        } else if count <= 1 {
            Word::AlmostNone
        } else if thirds >= n.saturating_mul(2) {
            Word::Most
        } else if thirds <= n {
            Word::Few
        } else {
            Word::AboutHalf
        }
    }

    fn ends(self, n: u32) -> (u32, u32) {
        let (third, two_thirds) = (n / 3, n.saturating_mul(2).div_ceil(3));
        match self {
            Word::NearlyAll => (n.saturating_sub(1), n),
            Word::Most => (two_thirds, n.saturating_sub(2)),
            Word::AboutHalf => (third + 1, two_thirds.saturating_sub(1)),
            Word::Few => (2, third),
            Word::AlmostNone => (0, 1),
        }
    }
}

impl Percent {
    fn step(n: u32) -> u64 {
        if n < FINE_FROM { 5 } else { 1 }
    }

    fn of(count: u32, n: u32) -> Percent {
        let (count, step, n) = (u64::from(count), Percent::step(n), u64::from(n.max(1)));
        let steps = (count * 200 + step * n) / (2 * step * n);
        let value = (steps * step).clamp(step, 100 - step);
        Percent {
            value: u8::try_from(value).unwrap_or(u8::MAX),
            bound: match value {
                low if low == step => Bound::AtMost,
                high if high == 100 - step => Bound::AtLeast,
                _ => Bound::About,
            },
        }
    }

    fn ends(self, n: u32) -> (u32, u32) {
        let (value, step, all) = (u64::from(self.value), Percent::step(n), u64::from(n));
        // The least count that rounds to `value` or more.
        let least = |twice: u64| u32::try_from((twice * all).div_ceil(200)).unwrap_or(n);
        let (low, high) = (
            least((2 * value).saturating_sub(step)),
            least(2 * value + step).saturating_sub(1),
        );
        match self.bound {
            Bound::AtMost => (0, high),
            Bound::About => (low, high),
            Bound::AtLeast => (low, n),
        }
    }
}
