//! The verdict on a statement of a consultation, from the chances of those sides that are shown.

use std::cmp::Ordering;

use crate::report::{Category, Cell};
use crate::words::Shown;

use super::scores::{Gap, Scores, SideScore, chance_of_more, is_jointly_rejected};

/// What is claimed holds with at least this chance.
const SURE: f64 = 0.90;

/// The verdict with what it is ordered by.
pub struct Verdict {
    pub category: Category,
    /// Only where every side is shown.
    pub scores: Option<Scores>,
    pub order: Order,
}

/// Larger first.
pub struct Order {
    score: f64,
    mean: f64,
}

impl Order {
    /// For sorting: larger scores first, of equals larger means.
    pub fn compare(a: &Order, b: &Order) -> Ordering {
        let by_mean = || b.mean.total_cmp(&a.mean);
        b.score.total_cmp(&a.score).then_with(by_mean)
    }
}

/// Judges the sides that are shown, with their places among `sides`.
pub fn judge(known: &[(usize, SideScore)], sides: usize) -> Verdict {
    let only: Vec<SideScore> = known.iter().map(|(_, side)| *side).collect();
    let all = (only.len() == sides && sides > 0).then_some(only.as_slice());
    let scores = all.map(Scores::of);
    let gap = Gap::of(known).filter(|_| !is_jointly_rejected(&only));
    let category = all
        .and_then(|all| shared(all, &Scores::of(all)))
        .or_else(|| gap.and_then(|gap| opposed(known, gap)))
        .or_else(|| all.and_then(one_side_short))
        .or_else(|| gap.filter(Gap::is_claimed).map(differ))
        .or_else(|| all.map(undecided))
        .unwrap_or(Category::KeptPrivate);
    Verdict {
        category,
        scores,
        order: order(category, &only, scores, gap),
    }
}

fn shared(all: &[SideScore], scores: &Scores) -> Option<Category> {
    let two_thirds = |agree: fn(&SideScore) -> u32| {
        let chances = all
            .iter()
            .map(|side| chance_of_more(agree(side), side.tally.ballots(), 2.0 / 3.0));
        chances.product::<f64>() >= SURE
    };
    if scores.common_ground >= SURE {
        Some(Category::CommonGround {
            strong: two_thirds(|side| side.tally.agree),
        })
    } else if scores.shared_rejection >= SURE {
        Some(Category::SharedRejection {
            strong: two_thirds(|side| side.tally.disagree),
        })
    } else {
        None
    }
}

fn opposed(known: &[(usize, SideScore)], gap: Gap) -> Option<Category> {
    let side = |place: usize| known.iter().find(|(at, _)| *at == place);
    let (_, high) = side(gap.high)?;
    let (_, low) = side(gap.low)?;
    (gap.is_claimed() && high.agrees >= SURE && low.disagrees >= SURE).then_some(
        Category::Opposed {
            agrees: gap.high,
            disagrees: gap.low,
        },
    )
}

fn differ(gap: Gap) -> Category {
    Category::Differ {
        high: gap.high,
        low: gap.low,
    }
}

fn one_side_short(all: &[SideScore]) -> Option<Category> {
    let is_short = |(place, side): &(usize, &SideScore)| {
        let others = all.iter().enumerate().filter(|(at, _)| at != place);
        let product: f64 = others.map(|(_, other)| other.agrees).product();
        product >= SURE && side.agrees > 0.1 && side.agrees < SURE
    };
    let (side, _) = all.iter().enumerate().find(is_short)?;
    (all.len() > 1).then_some(Category::OneSideShort { side })
}

fn undecided(all: &[SideScore]) -> Category {
    let parts = |side: &SideScore| {
        let tally = side.tally;
        [tally.agree, tally.disagree, tally.pass].map(f64::from)
    };
    let is_unsure = |side: &SideScore| {
        let [agree, disagree, pass] = parts(side);
        pass >= 0.25 * (agree + disagree + pass)
    };
    let is_split = |side: &SideScore| {
        let [agree, disagree, pass] = parts(side);
        let decided = agree + disagree;
        decided >= 0.6 * (decided + pass) && agree.min(disagree) >= 0.35 * decided
    };
    if all.iter().any(is_unsure) {
        Category::Unsure
    } else if all.iter().any(is_split) {
        Category::SplitInside
    } else if all.iter().all(|side| side.agrees > 0.1) {
        // The upper end of the 90 % interval is above half exactly where q is above a tenth.
        Category::Promising
    } else {
        Category::Undecided
    }
}

fn order(
    category: Category,
    sides: &[SideScore],
    scores: Option<Scores>,
    gap: Option<Gap>,
) -> Order {
    let is_dividing = matches!(category, Category::Opposed { .. } | Category::Differ { .. });
    let is_rejection = matches!(category, Category::SharedRejection { .. });
    let score = match gap.filter(|_| is_dividing) {
        Some(gap) => gap.z(),
        None => scores.map_or(0.0, |s| s.common_ground.max(s.shared_rejection)),
    };
    let logs = sides.iter().map(|side| {
        let count = match is_rejection {
            true => side.tally.disagree,
            false => side.tally.agree,
        };
        ((f64::from(count) + 0.5) / (f64::from(side.tally.ballots()) + 1.0)).ln()
    });
    let count = u32::try_from(sides.len().max(1)).map_or(1.0, f64::from);
    Order {
        score,
        mean: (logs.sum::<f64>() / count).exp(),
    }
}

/// How many per cent of the side that is short would have to be won over, rounded up to five, from
/// the lowest count that what is shown of it may stand for.
pub fn needs(category: Category, cells: &[Cell]) -> Option<u8> {
    let Category::OneSideShort { side } = category else {
        return None;
    };
    let Some(Cell::Told(told)) = cells.get(side) else {
        return None;
    };
    if !matches!(told.shown, Shown::Percents { .. }) {
        return None;
    }
    let (lowest, n) = (told.shown.ends(told.ballots).agree.0, told.ballots);
    let is_enough = |agree: &u32| chance_of_more(*agree, n, 0.5) >= SURE;
    let enough = (lowest..=n).find(is_enough)?;
    let fives = (u64::from(enough - lowest) * 20).div_ceil(u64::from(n.max(1)));
    u8::try_from(fives * 5).ok()
}

impl Scores {
    /// To hundredths.
    pub fn rounded(self) -> Scores {
        let round = |x: f64| (x * 100.0).round() / 100.0;
        Scores {
            common_ground: round(self.common_ground),
            shared_rejection: round(self.shared_rejection),
            divisive_z: self.divisive_z.map(|z| z.round()),
            group_informed_consensus: round(self.group_informed_consensus),
        }
    }
}
