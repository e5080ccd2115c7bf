//! The verdict on one statement of a closed roster, from what is shown alone: whoever sees the words
//! could work it out, so it tells nothing more.

use std::cmp::Ordering;

use crate::report::{Category, Cell, Dissent, DissentKind, Told};
use crate::tally::Stance;
use crate::words::{Phrase, Shown, Word};

/// How much of a side stands behind a statement at least and at most, however the silent would vote.
#[derive(Clone, Copy, Debug)]
pub struct Support {
    seats: u32,
    agree: (u32, u32),
    disagree: (u32, u32),
    cell: Cell,
}

impl Support {
    /// None where the side cannot be shown.
    pub fn of(cell: Cell) -> Option<Support> {
        match cell {
            Cell::Told(told) => Some(Support::of_told(told)),
            Cell::Bloc(stance) => {
                // More than half of its seats said the same, and nothing more is known of them: from half to
                // all, or from none to half.
                let part = |is: bool| if is { (1, 2) } else { (0, 1) };
                Some(Support {
                    seats: 2,
                    agree: part(stance == Stance::Agree),
                    disagree: part(stance == Stance::Disagree),
                    cell,
                })
            }
            Cell::Locked(_) => None,
        }
    }

    fn of_told(told: Told) -> Support {
        let ends = told.shown.ends(told.ballots);
        let silent = told.seats.saturating_sub(told.ballots);
        let with_silent = |(low, high): (u32, u32)| (low, high.saturating_add(silent));
        Support {
            seats: told.seats.max(1),
            agree: with_silent(ends.agree),
            disagree: with_silent(ends.disagree),
            cell: Cell::Told(told),
        }
    }

    fn is_more_than(self, count: u32, numerator: u64, denominator: u64) -> bool {
        u64::from(count) * denominator > u64::from(self.seats) * numerator
    }

    /// The answer of a side that answered as one.
    fn as_one(self) -> Option<Stance> {
        match self.cell {
            Cell::Bloc(stance) => Some(stance),
            Cell::Told(_) | Cell::Locked(_) => None,
        }
    }

    /// L > 1/2.
    fn most_agree(self) -> bool {
        self.as_one() == Some(Stance::Agree) || self.is_more_than(self.agree.0, 1, 2)
    }

    /// L' > 1/2.
    fn most_disagree(self) -> bool {
        self.as_one() == Some(Stance::Disagree) || self.is_more_than(self.disagree.0, 1, 2)
    }

    /// What more than half of those said who answered, whatever the others would say.
    fn leaning(self) -> Option<Stance> {
        match self.cell {
            Cell::Told(told) => told.leaning(),
            Cell::Bloc(stance) => Some(stance),
            Cell::Locked(_) => None,
        }
    }

    /// U > 1/2.
    fn most_may_agree(self) -> bool {
        self.is_more_than(self.agree.1, 1, 2)
    }

    /// Passes are at least a quarter of the ballots, whatever the words stand for.
    fn is_unsure(self) -> bool {
        match self.cell {
            Cell::Told(told) => match told.shown {
                Shown::Phrase(phrase) => phrase == Phrase::MostPass,
                Shown::Words { .. } | Shown::Percents { .. } => {
                    let ends = told.shown.ends(told.ballots);
                    let passes = told
                        .ballots
                        .saturating_sub(ends.agree.1.saturating_add(ends.disagree.1));
                    u64::from(passes) * 4 >= u64::from(told.ballots)
                }
            },
            Cell::Bloc(stance) => stance == Stance::Pass,
            Cell::Locked(_) => false,
        }
    }

    fn is_split(self) -> bool {
        let Cell::Told(told) = self.cell else {
            return false;
        };
        match told.shown {
            Shown::Phrase(phrase) => phrase == Phrase::Divided,
            Shown::Words { agree, disagree } => {
                agree == Word::AboutHalf && disagree == Word::AboutHalf
            }
            Shown::Percents { agree, disagree } => {
                let (agree, disagree) = (u32::from(agree.value), u32::from(disagree.value));
                let decided = agree + disagree;
                decided >= 60 && agree.min(disagree) * 100 >= decided * 35
            }
        }
    }

    fn by_lowest_agree(&self, other: &Self) -> Ordering {
        share((self.agree.0, self.seats), (other.agree.0, other.seats))
    }

    fn by_highest_agree(&self, other: &Self) -> Ordering {
        share((self.agree.1, self.seats), (other.agree.1, other.seats))
    }

    fn by_lowest_disagree(&self, other: &Self) -> Ordering {
        share(
            (self.disagree.0, self.seats),
            (other.disagree.0, other.seats),
        )
    }
}

/// Compares two shares of seats without rounding.
fn share(left: (u32, u32), right: (u32, u32)) -> Ordering {
    (u64::from(left.0) * u64::from(right.1)).cmp(&(u64::from(right.0) * u64::from(left.1)))
}

/// The share by which statements are ordered: the lowest certain share of any side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    count: u32,
    seats: u32,
}

impl Least {
    /// Larger shares first.
    pub fn descending(self, other: Least) -> Ordering {
        share((other.count, other.seats), (self.count, self.seats))
    }
}

/// The verdict, and the share that it is ordered by. `cells` is one for each side.
pub fn judge(cells: &[Cell]) -> (Category, Least) {
    let sides: Vec<Option<Support>> = cells.iter().map(|cell| Support::of(*cell)).collect();
    let all: Option<Vec<Support>> = sides.iter().copied().collect();
    let all = all.filter(|all| !all.is_empty());
    let category = all
        .as_deref()
        .and_then(shared)
        .or_else(|| divided(&sides))
        .or_else(|| perhaps_divided(&sides))
        .or_else(|| all.as_deref().and_then(one_side_short))
        .or_else(|| differ(&sides))
        .or_else(|| all.as_deref().map(undecided))
        .unwrap_or(Category::KeptPrivate);
    let least = all.map_or(Least { count: 0, seats: 1 }, |all| least(&all, category));
    (category, least)
}

fn least(all: &[Support], category: Category) -> Least {
    let is_rejection = matches!(category, Category::SharedRejection { .. });
    // Of a side that answered as one no share is known that could be compared.
    let counted = || all.iter().filter(|side| side.as_one().is_none());
    let lowest = match is_rejection {
        true => counted().min_by(|a, b| a.by_lowest_disagree(b)),
        false => counted().min_by(|a, b| a.by_lowest_agree(b)),
    };
    lowest.map_or(Least { count: 0, seats: 1 }, |side| Least {
        count: match is_rejection {
            true => side.disagree.0,
            false => side.agree.0,
        },
        seats: side.seats,
    })
}

fn shared(all: &[Support]) -> Option<Category> {
    let more_than_two_thirds =
        |count: fn(&Support) -> u32| all.iter().all(|side| side.is_more_than(count(side), 2, 3));
    if all.iter().all(|side| side.most_agree()) {
        Some(Category::CommonGround {
            strong: more_than_two_thirds(|side| side.agree.0),
        })
    } else if all.iter().all(|side| side.most_disagree()) {
        Some(Category::SharedRejection {
            strong: more_than_two_thirds(|side| side.disagree.0),
        })
    } else {
        None
    }
}

/// The sides that can be shown, with their places.
fn known(sides: &[Option<Support>]) -> impl Iterator<Item = (usize, Support)> {
    sides
        .iter()
        .enumerate()
        .filter_map(|(place, side)| Some((place, (*side)?)))
}

fn divided(sides: &[Option<Support>]) -> Option<Category> {
    // Of equals the first: `max_by` would take the last.
    let agrees = known(sides)
        .filter(|(_, side)| side.most_agree())
        .min_by(|(_, a), (_, b)| b.by_lowest_agree(a))?;
    let disagrees = known(sides)
        .filter(|(_, side)| side.most_disagree())
        .min_by(|(_, a), (_, b)| b.by_lowest_disagree(a))?;
    Some(Category::Opposed {
        agrees: agrees.0,
        disagrees: disagrees.0,
    })
}

/// Those who answered are opposed, and the seats that did not could change it. A difference that is certain
/// says more; that one side is short would contradict what is read of it.
fn perhaps_divided(sides: &[Option<Support>]) -> Option<Category> {
    let leans = |stance: Stance| {
        let mut sides = known(sides);
        sides.find_map(|(place, side)| (side.leaning() == Some(stance)).then_some(place))
    };
    let (agrees, disagrees) = (leans(Stance::Agree)?, leans(Stance::Disagree)?);
    differ(sides).or(Some(Category::MayDiffer { agrees, disagrees }))
}

fn one_side_short(all: &[Support]) -> Option<Category> {
    let mut short = all
        .iter()
        .enumerate()
        .filter(|(_, side)| !side.most_agree());
    let (side, support) = short.next()?;
    let is_only = short.next().is_none() && all.len() > 1;
    (is_only && support.most_may_agree()).then_some(Category::OneSideShort { side })
}

/// L of one side is above U of another by a fifth.
fn differ(sides: &[Option<Support>]) -> Option<Category> {
    let (high, above) = known(sides).min_by(|(_, a), (_, b)| b.by_lowest_agree(a))?;
    let (low, below) = known(sides).min_by(|(_, a), (_, b)| a.by_highest_agree(b))?;
    let (n, m) = (u64::from(above.seats), u64::from(below.seats));
    let (left, right) = (u64::from(above.agree.0) * m, u64::from(below.agree.1) * n);
    (left >= right && (left - right) * 5 >= n * m && high != low)
        .then_some(Category::Differ { high, low })
}

fn undecided(all: &[Support]) -> Category {
    if all.iter().any(|side| side.is_unsure()) {
        Category::Unsure
    } else if all.iter().any(|side| side.is_split()) {
        Category::SplitInside
    } else if all.iter().all(|side| side.most_may_agree()) {
        Category::Open
    } else {
        Category::Undecided
    }
}

/// Who does not go along, for a shared statement; empty for all others.
pub fn dissent(category: Category, cells: &[(Option<usize>, Cell)]) -> Vec<Dissent> {
    let is_rejection = match category {
        Category::CommonGround { .. } => false,
        Category::SharedRejection { .. } => true,
        Category::Opposed { .. }
        | Category::Differ { .. }
        | Category::MayDiffer { .. }
        | Category::OneSideShort { .. }
        | Category::Unsure
        | Category::SplitInside
        | Category::Open
        | Category::Promising
        | Category::Undecided
        | Category::KeptPrivate => return Vec::new(),
    };
    let lines = cells.iter().filter_map(|(side, cell)| {
        let kind = match cell {
            Cell::Told(told) => dissent_of(told.shown, is_rejection),
            Cell::Bloc(_) => DissentKind::AsBloc,
            Cell::Locked(_) => return None,
        };
        Some(Dissent { side: *side, kind })
    });
    lines.collect()
}

fn dissent_of(shown: Shown, is_rejection: bool) -> DissentKind {
    match shown {
        Shown::Phrase(_) => DissentKind::SomeMayNot,
        Shown::Words { agree, disagree } => match if is_rejection { agree } else { disagree } {
            Word::AlmostNone => DissentKind::TooLittleToTell,
            Word::Few => DissentKind::AFew,
            Word::AboutHalf | Word::Most | Word::NearlyAll => DissentKind::AboutHalf,
        },
        Shown::Percents { agree, disagree } => {
            DissentKind::Share(if is_rejection { agree } else { disagree })
        }
    }
}
