//! Closed Rounds: tallies of anonymous ballots in, the report out. Every number in the report is one
//! that may be shown, and every verdict comes from those alone.

mod beliefs;
mod cells;
mod history;
mod round;
mod together;

use crate::category::{Least, dissent, judge};
use crate::floor::Floor;
use crate::lists::{headline, sort};
use crate::report::{Answered, Basis, Cell, Finding, Report, SideLine, Told};
use cells::{Cells, Told as Publications};
pub use round::{Answer, InvalidRound, Round, Side, Tallies, Telling};

/// What may be shown of a closed Round. `earlier` are the dialogue's closed Rounds before it, oldest
/// first: where they had the same statements and sides, a result is told again only unchanged, or
/// when at least the floor's number of people answer otherwise. The highest floor of all Rounds so far
/// holds: it can be raised from Round to Round, never lowered.
pub fn publish(round: &Round, earlier: &[Round]) -> Report {
    let mut publications = Publications::default();
    for (place, before) in earlier.iter().enumerate() {
        let _ = publications.add(before, place);
    }
    let cells = publications.add(round, earlier.len());
    report(round, &cells, publications.floor())
}

/// What may be shown of each of a dialogue's closed Rounds, oldest first: of each as it was when it closed.
pub fn publish_all(rounds: &[Round]) -> Vec<Report> {
    let mut publications = Publications::default();
    let all = rounds.iter().enumerate().map(|(place, round)| {
        let cells = publications.add(round, place);
        report(round, &cells, publications.floor())
    });
    all.collect()
}

fn report(round: &Round, cells: &[Cells], floor: Floor) -> Report {
    let (sides, basis, seats): (Vec<SideLine>, Basis, Vec<u32>) = match round.tallies() {
        Tallies::BySide { sides, .. } => (
            sides.iter().map(line).collect(),
            Basis::Room,
            sides.iter().map(|side| side.seats).collect(),
        ),
        Tallies::Whole { seats, .. } => (Vec::new(), Basis::WholeRoom, vec![*seats]),
    };
    let (findings, order): (Vec<Finding>, Vec<Least>) = round
        .statements()
        .iter()
        .zip(cells)
        .map(|(statement, cells)| find(statement, cells, &seats))
        .unzip();
    let lists = sort(&findings, &order, |a, b| a.descending(*b));
    Report {
        basis,
        floor,
        sides,
        headline: headline(&findings),
        lists,
        statements: findings,
        consultation: None,
    }
}

fn line(side: &Side) -> SideLine {
    SideLine {
        name: side.name.clone(),
        seats: side.seats,
    }
}

/// `seats` is one for each cell that is judged: of this Round.
fn find(statement: &crate::Statement, cells: &Cells, seats: &[u32]) -> (Finding, Least) {
    let whole = cells.whole.filter(|_| cells.sides.is_empty());
    let judged: Vec<(Option<usize>, Cell)> = match whole {
        Some(cell) => vec![(None, cell)],
        None => (0..).map(Some).zip(cells.sides.iter().copied()).collect(),
    };
    let of_now = judged.iter().zip(seats);
    let of_now: Vec<Cell> = of_now
        .map(|((_, cell), seats)| with_newcomers(*cell, *seats))
        .collect();
    let (category, least) = judge(&of_now);
    // What is drawn is what was judged.
    let (drawn_sides, drawn_whole) = match whole {
        Some(_) => (Vec::new(), of_now.first().copied()),
        None => (of_now, cells.whole),
    };
    let finding = Finding {
        statement: statement.clone(),
        category,
        cells: drawn_sides,
        whole: drawn_whole,
        dissent: dissent(category, &judged),
        answered: answered(&cells.sides, cells.whole),
        scores: None,
        needs: None,
    };
    (finding, least)
}

/// Seats that came since an earlier result that stands count as silent: they are in what every side is said
/// to think now, and not in what it was found to think then.
fn with_newcomers(cell: Cell, seats: u32) -> Cell {
    match cell {
        Cell::Told(told) => Cell::Told(Told {
            seats: told.seats.max(seats),
            ..told
        }),
        Cell::Bloc(_) | Cell::Locked(_) => cell,
    }
}

/// How many answered: the sum of what is shown, where all of it is one Round's. Beside a hidden side it
/// would tell that side's number, and with it, at none, its whole tally.
pub(crate) fn answered(sides: &[Cell], whole: Option<Cell>) -> Option<Answered> {
    let told = |cell: &Cell| match cell {
        Cell::Told(told) => Some(*told),
        Cell::Bloc(_) | Cell::Locked(_) => None,
    };
    if let Some(told) = whole.as_ref().and_then(told) {
        return Some(of(&[told]));
    }
    let ballots = sides.iter().filter(|cell| match cell {
        Cell::Told(_) | Cell::Locked(_) => true,
        Cell::Bloc(_) => false,
    });
    let all: Option<Vec<Told>> = ballots.map(told).collect();
    let all = all.filter(|all| {
        all.windows(2)
            .all(|pair| matches!(pair, [a, b] if a.kept == b.kept))
    });
    all.filter(|all| !all.is_empty()).map(|all| of(&all))
}

fn of(told: &[Told]) -> Answered {
    let sum = |of: fn(&Told) -> u32| told.iter().map(of).fold(0, u32::saturating_add);
    Answered {
        ballots: sum(|one| one.ballots),
        seats: sum(|one| one.seats),
    }
}
