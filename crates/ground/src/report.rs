//! The one report that pages, JSON and HTML are made of: codes and numbers, no sentences.
//! It holds what may be shown, and nothing else.

use crate::consultation::{Map, Pca, Scores};
use crate::floor::Floor;
use crate::statement::Statement;
use crate::tally::{Stance, Tally};
use crate::words::{Percent, Phrase, Shown};

/// What a closed Round or a consultation came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What the sides are.
    pub basis: Basis,
    /// The smallest number of ballots that was shown; of Rounds the highest asked for so far.
    pub floor: Floor,
    /// In the order in which they were given; empty where only the whole room is told.
    pub sides: Vec<SideLine>,
    /// The counts of the first sentence.
    pub headline: Headline,
    /// Places in `statements`.
    pub lists: Lists,
    /// In the order in which they were given; of a consultation by name.
    pub statements: Vec<Finding>,
    /// What only an export of rows has.
    pub consultation: Option<Consultation>,
}

/// What an analysis of rows adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Consultation {
    /// Who voted at all.
    pub people: usize,
    /// Their votes; of several on one statement the latest.
    pub votes: usize,
    /// Found groups, whether they are the report's sides or not.
    pub groups: FoundGroups,
    /// The first two components.
    pub pca: Pca,
    /// From fifty people on, with at least ten in each side.
    pub map: Option<Map>,
    /// Counts and unrounded scores, one for each statement: for whoever has the rows anyway, and for
    /// no page.
    pub exact: Vec<Exact>,
}

/// How clear the found groups are.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundGroups {
    /// How many; one means "no clear groups".
    pub k: usize,
    /// People in each, largest first.
    pub sizes: Vec<usize>,
    /// Of the grouping that holds together best, -1 to 1.
    pub silhouette: f64,
    /// The 95th percentile of what votes shuffled within statements give.
    pub silhouette_of_shuffled: f64,
    /// Mean adjusted Rand index of bootstraps; none where it did not come to that.
    pub stability: Option<f64>,
}

/// One statement's counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Exact {
    /// One for each side.
    pub tallies: Vec<Tally>,
    /// Over all sides, whatever their size.
    pub scores: Scores,
}

/// What the sides of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Declared sides with closed rosters.
    Room,
    /// One closed roster without sides: every claim is about the room as a whole.
    WholeRoom,
    /// A consultation whose people's sides were declared.
    Declared,
    /// A consultation with clear groups, named by letters.
    Found,
    /// A consultation without clear groups: everybody is one side, which has no name.
    NoClearGroups,
}

/// One side, or found group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideLine {
    /// As it was declared; what some person wrote.
    pub name: String,
    /// How many seats, or people.
    pub seats: u32,
}

/// "4 statements have most of every side behind them; 1 all reject. 3 divide you. 6 are open."
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// Common ground.
    pub shared: usize,
    /// Shared rejections.
    pub rejected: usize,
    /// What divides.
    pub differ: usize,
    /// What may divide, by the answers that were given; these are open as well.
    pub may_differ: usize,
    /// Everything else.
    pub open: usize,
}

/// Every statement stands in one of the three lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// You share: common ground, then shared rejections.
    pub share: Vec<usize>,
    /// You differ: opposed first.
    pub differ: Vec<usize>,
    /// Worth talking about: one side short first, kept private last.
    pub talk: Vec<usize>,
}

/// One statement, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which.
    pub statement: Statement,
    /// The verdict.
    pub category: Category,
    /// One for each side, in their order.
    pub cells: Vec<Cell>,
    /// The room as a whole: only where no side is shown.
    pub whole: Option<Cell>,
    /// For shared statements: one line for each side.
    pub dissent: Vec<Dissent>,
    /// "11 of 12 answered": none where a hidden side could be told from it.
    pub answered: Option<Answered>,
    /// Of a consultation, rounded to hundredths: only where every side is shown.
    pub scores: Option<Scores>,
    /// One side short: how many per cent of it would have to be won over; none where only words are
    /// shown ("a little more").
    pub needs: Option<u8>,
}

/// The verdict on a statement. Sides are places in the report's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Most of every side agrees; strong: more than two thirds.
    CommonGround {
        /// More than two thirds of every side.
        strong: bool,
    },
    /// Most of every side disagrees.
    SharedRejection {
        /// More than two thirds of every side.
        strong: bool,
    },
    /// Most of one side agrees, most of another disagrees.
    Opposed {
        /// The side that agrees most.
        agrees: usize,
        /// The side that disagrees most.
        disagrees: usize,
    },
    /// One side agrees much more than another.
    Differ {
        /// The side that agrees most.
        high: usize,
        /// The side that agrees least.
        low: usize,
    },
    /// Of those who answered, most of one side agree and most of another disagree; of all seats that is not
    /// certain.
    MayDiffer {
        /// A side whose answers mostly agree.
        agrees: usize,
        /// A side whose answers mostly disagree.
        disagrees: usize,
    },
    /// Most of all others agree, and this side might.
    OneSideShort {
        /// Which.
        side: usize,
    },
    /// Many pass.
    Unsure,
    /// A side is divided within itself.
    SplitInside,
    /// Most of every side may agree; it is not certain.
    Open,
    /// The same of a consultation: the upper end of every side's estimate is above half.
    Promising,
    /// Nothing of the above.
    Undecided,
    /// A side cannot be shown, so nothing is said about all.
    KeptPrivate,
}

/// What is shown of one side on one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words or rounded percentages.
    Told(Told),
    /// A side too small for ballots answered as one.
    Bloc(Stance),
    /// A closed lock, and why.
    Locked(Lock),
}

/// Ballots, as far as they may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The words.
    pub shown: Shown,
    /// Of how many ballots.
    pub ballots: u32,
    /// Of how many seats, or people. Where an earlier result stands, of as many as there are today: who came
    /// since has not answered.
    pub seats: u32,
    /// Whether it is an earlier Round's result.
    pub kept: Kept,
}

impl Told {
    /// What more than half of those said who answered, as far as the words make it certain.
    pub fn leaning(self) -> Option<Stance> {
        let ends = self.shown.ends(self.ballots);
        let most = |count: u32| u64::from(count) * 2 > u64::from(self.ballots);
        let others = ends.agree.1.saturating_add(ends.disagree.1);
        if most(ends.agree.0) {
            Some(Stance::Agree)
        } else if most(ends.disagree.0) {
            Some(Stance::Disagree)
        } else if self.shown == Shown::Phrase(Phrase::MostPass)
            || most(self.ballots.saturating_sub(others))
        {
            Some(Stance::Pass)
        } else {
            None
        }
    }

    /// Seats that did not answer.
    pub fn silent(self) -> u32 {
        self.seats.saturating_sub(self.ballots)
    }

    /// Whether those who answered settle by themselves whether most of them agree: then it is the silent
    /// alone who leave it open for the side.
    pub fn answers_settle(self) -> bool {
        let (low, high) = self.shown.ends(self.ballots).agree;
        let most = |count: u32| u64::from(count) * 2 > u64::from(self.ballots);
        most(low) || !most(high)
    }
}

/// Whether a result is this Round's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is.
    New,
    /// It is an earlier Round's (its place): since then nobody, or too few to be told, answered otherwise
    /// or at all, or the new result would say too much beside those told before.
    From(usize),
}

/// Why a result stays private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Fewer ballots than the floor, and no earlier result that may stand instead.
    TooFew,
    /// The side is told in totals only, as was said at set-up.
    TotalsOnly,
    /// The whole room was told on this statement: a side beside it would be subtracted.
    ToldAsWhole,
    /// Sides were told on this statement: the whole beside them would be subtracted.
    ToldBySides,
}

/// Who does not go along with a shared statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dissent {
    /// Whose; none for the whole room.
    pub side: Option<usize>,
    /// How many.
    pub kind: DissentKind,
}

/// How many do not go along; of a shared rejection, how many agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DissentKind {
    /// Fewer than ten ballots: "Some may not agree."
    SomeMayNot,
    /// "Almost none" may or may not mean nobody.
    TooLittleToTell,
    /// A few of this side.
    AFew,
    /// About half of this side: the others' ballots still are more than half of the seats.
    AboutHalf,
    /// A rounded share of this side.
    Share(Percent),
    /// It answered as one: nothing is known of single people.
    AsBloc,
}

/// How many answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Ballots.
    pub ballots: u32,
    /// Seats, or people.
    pub seats: u32,
}
