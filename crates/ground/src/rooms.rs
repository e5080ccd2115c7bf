//! Closed Rounds: tallies of anonymous ballots in, the report out. Every number in the report is one
//! that may be shown, and every verdict comes from those alone.

mod cells;
mod history;
mod round;

use crate::category::{Least, dissent, judge};
use crate::report::{
    Answered, Basis, Category, Cell, Finding, Headline, Lists, Report, SideLine, Told,
};
use cells::{Cells, Told as Publications};
pub use round::{Answer, InvalidRound, Round, Side, Tallies, Telling};

/// What may be shown of a closed Round. `earlier` are the dialogue's closed Rounds before it, oldest
/// first: where they had the same statements and sides, a result is told again only unchanged, or
/// when at least the floor's number of people answer otherwise.
pub fn publish(round: &Round, earlier: &[Round]) -> Report {
    let mut publications = Publications::default();
    for (place, before) in earlier.iter().enumerate() {
        let _ = publications.add(before, place);
    }
    let cells = publications.add(round, earlier.len());
    let (findings, order): (Vec<Finding>, Vec<Least>) = round
        .statements()
        .iter()
        .zip(&cells)
        .map(|(statement, cells)| find(statement, cells))
        .unzip();
    let lists = sort(&findings, &order);
    let (sides, basis) = match round.tallies() {
        Tallies::BySide { sides, .. } => (sides.iter().map(line).collect(), Basis::Room),
        Tallies::Whole { .. } => (Vec::new(), Basis::WholeRoom),
    };
    Report {
        basis,
        floor: round.floor(),
        sides,
        headline: headline(&findings),
        lists,
        statements: findings,
    }
}

fn line(side: &Side) -> SideLine {
    SideLine {
        name: side.name.clone(),
        seats: side.seats,
    }
}

fn find(statement: &crate::Statement, cells: &Cells) -> (Finding, Least) {
    let whole = cells.whole.filter(|_| cells.sides.is_empty());
    let judged: Vec<(Option<usize>, Cell)> = match whole {
        Some(cell) => vec![(None, cell)],
        None => (0..).map(Some).zip(cells.sides.iter().copied()).collect(),
    };
    let only: Vec<Cell> = judged.iter().map(|(_, cell)| *cell).collect();
    let (category, least) = judge(&only);
    let finding = Finding {
        statement: statement.clone(),
        category,
        cells: cells.sides.clone(),
        whole: cells.whole,
        dissent: dissent(category, &judged),
        answered: answered(cells),
    };
    (finding, least)
}

/// How many answered: the sum of what is shown. Beside a hidden side it would tell that side's
/// number, and with it, at none, its whole tally.
fn answered(cells: &Cells) -> Option<Answered> {
    let told = |cell: &Cell| match cell {
        Cell::Told(told) => Some(*told),
        Cell::Bloc(_) | Cell::Locked(_) => None,
    };
    if let Some(told) = cells.whole.as_ref().and_then(told) {
        return Some(of(&[told]));
    }
    let ballots = cells.sides.iter().filter(|cell| match cell {
        Cell::Told(_) | Cell::Locked(_) => true,
        Cell::Bloc(_) => false,
    });
    let all: Option<Vec<Told>> = ballots.map(told).collect();
    all.filter(|all| !all.is_empty()).map(|all| of(&all))
}

fn of(told: &[Told]) -> Answered {
    Answered {
        ballots: told.iter().map(|one| one.ballots).sum(),
        seats: told.iter().map(|one| one.seats).sum(),
    }
}

/// Which of the three lists, and where in it: smaller stands first.
enum Place {
    Share(u8),
    Differ(u8),
    Talk(u8),
}

fn place(category: Category) -> Place {
    match category {
        Category::CommonGround { .. } => Place::Share(0),
        Category::SharedRejection { .. } => Place::Share(1),
        Category::Opposed { .. } => Place::Differ(0),
        Category::Differ { .. } => Place::Differ(1),
        Category::OneSideShort { .. } => Place::Talk(0),
        Category::Unsure => Place::Talk(1),
        Category::SplitInside => Place::Talk(2),
        Category::Open => Place::Talk(3),
        Category::Undecided => Place::Talk(4),
        Category::KeptPrivate => Place::Talk(5),
    }
}

fn sort(findings: &[Finding], order: &[Least]) -> Lists {
    let mut sorted: Vec<(usize, &Finding, Least)> = findings
        .iter()
        .zip(order)
        .enumerate()
        .map(|(at, (finding, least))| (at, finding, *least))
        .collect();
    sorted.sort_by(|(_, a, least), (_, b, other)| {
        least
            .descending(*other)
            .then_with(|| a.statement.id.cmp(&b.statement.id))
    });
    let (mut share, mut differ, mut talk) = (Vec::new(), Vec::new(), Vec::new());
    for (at, finding, _) in sorted {
        match place(finding.category) {
            Place::Share(rank) => share.push((rank, at)),
            Place::Differ(rank) => differ.push((rank, at)),
            Place::Talk(rank) => talk.push((rank, at)),
        }
    }
    let by_rank = |mut list: Vec<(u8, usize)>| {
        list.sort_by_key(|(rank, _)| *rank);
        list.into_iter().map(|(_, at)| at).collect()
    };
    Lists {
        share: by_rank(share),
        differ: by_rank(differ),
        talk: by_rank(talk),
    }
}

fn headline(findings: &[Finding]) -> Headline {
    let mut headline = Headline::default();
    for finding in findings {
        match place(finding.category) {
            Place::Share(0) => headline.shared += 1,
            Place::Share(_) => headline.rejected += 1,
            Place::Differ(_) => headline.differ += 1,
            Place::Talk(_) => headline.open += 1,
        }
    }
    headline
}
