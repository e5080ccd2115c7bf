//! Consultations and exports: rows exist there already, so the full analysis runs. Three steps, so that
//! each can be timed: `Mapped::of`, `Mapped::groups`, `Conversation::report`.

mod agreement;
mod chance;
mod groups;
mod judge;
mod kmeans;
mod layout;
mod map;
mod next;
mod pairs;
mod pca;
mod planted;
mod scores;
mod sides;
mod spectrum;
mod tables;
mod votes;

use crate::category::dissent;
use crate::floor::Floor;
use crate::lists::{headline, sort};
use crate::report::{
    Basis, Cell, Consultation, Exact, Finding, FoundGroups, Kept, Lock, Report, SideLine, Told,
};
use crate::rooms::answered;
use crate::statement::Statement;
use crate::tally::Tally;
use crate::words::Shown;

pub use agreement::adjusted_rand;
pub use groups::{Groups, Mapped};
pub use layout::Layout;
pub use map::{Edges, Map, Tile};
pub use next::Asking;
pub use pairs::PairCounts;
pub use pca::Pca;
pub use planted::{Plan, Planted};
pub use scores::{Gap, Scores, SideScore, chance_of_more};
pub use sides::Sides;
pub use spectrum::{Axis, Care, Symmetric, leading};
pub use votes::{Cast, Unordered, Votes};

use judge::{Order, judge};

/// Statements and everybody's votes on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Ascending by name, so that the order in a file changes nothing.
    statements: Vec<Statement>,
    votes: Votes,
}

impl Conversation {
    /// None where there are not as many statements as the votes are on, or they do not ascend
    /// strictly by name.
    pub fn new(statements: Vec<Statement>, votes: Votes) -> Option<Conversation> {
        let ascends = statements
            .iter()
            .zip(statements.iter().skip(1))
            .all(|(a, b)| a.id < b.id);
        (ascends && statements.len() == votes.statements())
            .then_some(Conversation { statements, votes })
    }

    /// What was voted on.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Everybody's votes.
    pub fn votes(&self) -> &Votes {
        &self.votes
    }

    /// The whole analysis. Declared sides take the place of found groups.
    pub fn analyse(&self, declared: Option<&Sides>, floor: Floor) -> Report {
        let mapped = Mapped::of(&self.votes);
        let groups = mapped.groups(&self.votes);
        self.report(&mapped, &groups, declared, floor)
    }

    /// Tallies, scores and verdicts for the sides; the last step.
    pub fn report(
        &self,
        mapped: &Mapped,
        groups: &Groups,
        declared: Option<&Sides>,
        floor: Floor,
    ) -> Report {
        let found = || match groups.k {
            1 => Sides::everybody(self.votes.people()),
            _ => Sides::found(groups),
        };
        let basis = match (declared, groups.k) {
            (Some(_), _) => Basis::Declared,
            (None, 1) => Basis::NoClearGroups,
            (None, _) => Basis::Found,
        };
        let sides = declared.cloned().unwrap_or_else(found);
        let tallies = sides.tallies(&self.votes);
        let seats = sides.sizes();
        let (findings, order): (Vec<Finding>, Vec<Order>) = self
            .statements
            .iter()
            .zip(&tallies)
            .map(|(statement, tallies)| find(statement, tallies, &seats, floor))
            .unzip();
        let exact = tallies.into_iter().map(exact).collect();
        let lists = sort(&findings, &order, Order::compare);
        Report {
            basis,
            floor,
            sides: sides
                .names()
                .iter()
                .zip(&seats)
                .map(|(name, seats)| SideLine {
                    name: name.clone(),
                    seats: *seats,
                })
                .collect(),
            headline: headline(&findings),
            lists,
            statements: findings,
            consultation: Some(Consultation {
                people: self.votes.people(),
                votes: self.votes.votes(),
                groups: FoundGroups {
                    k: groups.k,
                    sizes: groups.sizes.clone(),
                    silhouette: groups.silhouette,
                    silhouette_of_shuffled: groups.silhouette_of_shuffled,
                    stability: groups.stability,
                },
                pca: mapped.pca.clone(),
                map: Map::of(&mapped.layout, &mapped.pca, &sides),
                exact,
            }),
        }
    }
}

fn exact(tallies: Vec<Tally>) -> Exact {
    let sides: Vec<SideScore> = tallies.iter().copied().map(SideScore::of).collect();
    Exact {
        scores: Scores::of(&sides),
        tallies,
    }
}

fn find(statement: &Statement, tallies: &[Tally], seats: &[u32], floor: Floor) -> (Finding, Order) {
    let cells: Vec<Cell> = tallies
        .iter()
        .zip(seats)
        .map(|(tally, seats)| cell(*tally, *seats, floor))
        .collect();
    let known: Vec<(usize, SideScore)> = tallies
        .iter()
        .enumerate()
        .filter(|(_, tally)| tally.ballots() >= floor.ballots())
        .map(|(place, tally)| (place, SideScore::of(*tally)))
        .collect();
    let verdict = judge(&known, tallies.len());
    let placed: Vec<(Option<usize>, Cell)> = (0..).map(Some).zip(cells.iter().copied()).collect();
    let finding = Finding {
        statement: statement.clone(),
        category: verdict.category,
        dissent: dissent(verdict.category, &placed),
        answered: answered(&cells, None),
        needs: judge::needs(verdict.category, &cells),
        scores: verdict.scores.map(Scores::rounded),
        cells,
        whole: None,
    };
    (finding, verdict.order)
}

fn cell(tally: Tally, seats: u32, floor: Floor) -> Cell {
    let ballots = tally.ballots();
    match Shown::of(tally).filter(|_| ballots >= floor.ballots()) {
        Some(shown) => Cell::Told(Told {
            shown,
            ballots,
            seats,
            kept: Kept::New,
        }),
        None => Cell::Locked(Lock::TooFew),
    }
}
