//! Somebody who writes down every exact number ever published as a linear equation and solves them all
//! with fractions. In half of the dialogues nobody ever changes their mind, and the attacker knows it.

use std::collections::BTreeSet;

use ground::{
    Answer, Answered, Cell, Finding, Kept, Phrase, Report, Round, Shown, Side, Stance, Tallies,
    Tally, Telling, Told, publish, publish_all,
};

use crate::attacker::{Draw, any_floor, changed, left, raised, statements, tally, three};

/// Lowest terms, the lower part positive. Numbers this small never run over; that would panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fraction(i128, i128);

const NOUGHT: Fraction = Fraction(0, 1);

impl Fraction {
    fn of(above: i128, below: i128) -> Fraction {
        let (mut a, mut b) = (above.abs(), below.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = below.signum();
        Fraction(sign * above / a.max(1), sign * below / a.max(1))
    }

    fn less(self, factor: Fraction, other: Fraction) -> Fraction {
        let (above, below) = (factor.0 * other.0, factor.1 * other.1);
        Fraction::of(self.0 * below - above * self.1, self.1 * below)
    }

    fn over(self, other: Fraction) -> Fraction {
        Fraction::of(self.0 * other.1, self.1 * other.0)
    }
}

/// Equations in reduced form, each with the place of its leading one. The last number of a row is what
/// it comes to.
#[derive(Default)]
struct System(Vec<(usize, Vec<Fraction>)>);

impl System {
    fn reduce(&self, row: &mut [Fraction]) {
        for (lead, known) in &self.0 {
            let factor = row[*lead];
            if factor != NOUGHT {
                for (cell, other) in row.iter_mut().zip(known) {
                    *cell = cell.less(factor, *other);
                }
            }
        }
    }

    fn add(&mut self, mut row: Vec<Fraction>) {
        self.reduce(&mut row);
        let unknowns = row.len() - 1;
        let Some(lead) = row[..unknowns].iter().position(|cell| *cell != NOUGHT) else {
            assert_eq!(row[unknowns], NOUGHT, "what was told contradicts itself");
            return;
        };
        let factor = row[lead];
        row.iter_mut().for_each(|cell| *cell = cell.over(factor));
        for (_, known) in &mut self.0 {
            let factor = known[lead];
            for (cell, other) in known.iter_mut().zip(&row) {
                *cell = cell.less(factor, *other);
            }
        }
        self.0.push((lead, row));
    }

    /// What this sum of unknowns comes to, where the equations fix it.
    fn value(&self, mut row: Vec<Fraction>) -> Option<Fraction> {
        self.reduce(&mut row);
        let unknowns = row.len() - 1;
        let is_fixed = row[..unknowns].iter().all(|cell| *cell == NOUGHT);
        is_fixed.then(|| Fraction::of(-row[unknowns].0, row[unknowns].1))
    }
}

/// Agree, disagree and pass of each side on each statement are unknown: in every Round anew, or once
/// where nobody changes.
struct Unknowns<'a> {
    sides: &'a [Side],
    statements: usize,
    rounds: usize,
    is_frozen: bool,
}

impl Unknowns<'_> {
    fn at(&self, round: usize, statement: usize, side: usize, part: usize) -> usize {
        let round = if self.is_frozen { 0 } else { round };
        ((round * self.statements + statement) * self.sides.len() + side) * 3 + part
    }

    fn row(&self, unknowns: &[usize], sum: u32) -> Vec<Fraction> {
        let all = self.rounds * self.statements * self.sides.len() * 3;
        let mut row = vec![NOUGHT; all + 1];
        unknowns.iter().for_each(|at| row[*at] = Fraction(1, 1));
        row[all] = Fraction(i128::from(sum), 1);
        row
    }

    fn ballots(&self, round: usize, statement: usize, side: usize) -> [usize; 3] {
        [0, 1, 2].map(|part| self.at(round, statement, side, part))
    }
}

/// The Round whose result a cell is.
fn origin(kept: Kept, round: usize) -> usize {
    match kept {
        Kept::New => round,
        Kept::From(place) => place,
    }
}

/// All equations of one statement in one Round.
fn write_down(
    system: &mut System,
    unknowns: &Unknowns,
    reports: &[Report],
    round: usize,
    statement: usize,
) {
    let finding = &reports[round].statements[statement];
    let mut everybody = Vec::new();
    for (side, cell) in finding.cells.iter().enumerate() {
        match cell {
            Cell::Told(told) => {
                let from = origin(told.kept, round);
                let own = unknowns.ballots(from, statement, side);
                system.add(unknowns.row(&own, told.ballots));
                everybody.extend(own);
                // Words that leave one number only tell it exactly.
                let tallies = left(told.shown, told.ballots, told.seats);
                for (part, at) in own.iter().enumerate() {
                    let counts: BTreeSet<u32> = tallies.iter().map(|tally| tally[part]).collect();
                    if let (1, Some(only)) = (counts.len(), counts.first()) {
                        system.add(unknowns.row(&[*at], *only));
                    }
                }
            }
            // A sequence that failed has no seats, as everybody knows.
            Cell::Locked(_) if reports[round].sides[side].seats == 0 => {}
            Cell::Locked(_) => everybody.extend(unknowns.ballots(round, statement, side)),
            Cell::Bloc(_) => {}
        }
    }
    if let Some(answered) = finding.answered.filter(|_| finding.whole.is_none()) {
        system.add(unknowns.row(&everybody, answered.ballots));
    }
    if let Some(Cell::Told(whole)) = finding.whole {
        let from = origin(whole.kept, round);
        // Whose ballots a kept total holds is seen in the Round from which it is.
        let cells = &reports[from].statements[statement].cells;
        let had_seats = |side: &usize| reports[from].sides.get(*side).is_none_or(|s| s.seats > 0);
        let hidden = (0..unknowns.sides.len())
            .filter(had_seats)
            .filter(|side| !matches!(cells.get(*side), Some(Cell::Bloc(_))))
            .flat_map(|side| unknowns.ballots(from, statement, side));
        system.add(unknowns.row(&hidden.collect::<Vec<_>>(), whole.ballots));
    }
}

/// What the equations fix and nobody may know. `floors` is what is in force in each Round; where nobody
/// changes, what was told under the first one stays known.
fn found(sides: &[Side], reports: &[Report], is_frozen: bool, floors: &[u32]) -> Vec<String> {
    let unknowns = Unknowns {
        sides,
        statements: reports[0].statements.len(),
        rounds: reports.len(),
        is_frozen,
    };
    let mut system = System::default();
    for round in 0..reports.len() {
        for statement in 0..unknowns.statements {
            write_down(&mut system, &unknowns, reports, round, statement);
        }
    }
    let mut found = Vec::new();
    for round in 0..reports.len() {
        let floor = floors[if is_frozen { 0 } else { round }];
        for statement in 0..unknowns.statements {
            for (side, line) in sides.iter().enumerate() {
                let own = unknowns.ballots(round, statement, side);
                let place = format!("Round {round}, statement {statement}, side {side}");
                let value = system.value(unknowns.row(&own, 0));
                let is_never_told = line.telling == Telling::TotalsOnly;
                let is_hidden = |n: &Fraction| is_never_told || n.0 < i128::from(floor);
                if let Some(ballots) = value.filter(is_hidden) {
                    found.push(format!("{place}: {} ballots", ballots.0));
                }
                let is_few = value.is_none_or(|ballots| ballots.0 < 20);
                for at in own.into_iter().filter(|_| is_few) {
                    if let Some(count) = system.value(unknowns.row(&[at], 0)) {
                        found.push(format!("{place}: an answer has {}", count.0));
                    }
                }
            }
        }
    }
    found
}

struct Dialogue {
    sides: Vec<Side>,
    rounds: Vec<Round>,
    /// What each Round has of each statement and side; nothing for a whole room.
    answers: Vec<Vec<Vec<Answer>>>,
    floors: Vec<u32>,
    is_frozen: bool,
}

impl Dialogue {
    fn reports(&self) -> Vec<Report> {
        let rounds = &self.rounds;
        (0..rounds.len())
            .map(|at| publish(&rounds[at], &rounds[..at]))
            .collect()
    }

    fn found(&self, reports: &[Report]) -> Vec<String> {
        found(&self.sides, reports, self.is_frozen, &self.floors)
    }
}

fn whole(row: &[Tally]) -> Tally {
    let sum = |of: fn(&Tally) -> u32| row.iter().map(of).sum();
    three(sum(|t| t.agree), sum(|t| t.disagree), sum(|t| t.pass))
}

/// Rounds by sides, some of which answer as a bloc, and Rounds of the whole room, in any order.
fn dialogue(seed: u64) -> Dialogue {
    let mut draw = Draw(seed ^ 0x11ea_4000);
    let is_frozen = draw.below(2) == 0;
    let sides: Vec<Side> = (0..2 + draw.below(3))
        .map(|name| Side {
            name: format!("side {name}"),
            seats: 2 + draw.below(13),
            telling: match draw.below(4) {
                0 => Telling::TotalsOnly,
                _ => Telling::BySide,
            },
        })
        .collect();
    let seats = sides.iter().map(|side| side.seats).sum();
    let mut tallies: Vec<Vec<Tally>> = statements()
        .iter()
        .map(|_| {
            sides
                .iter()
                .map(|side| tally(&mut draw, side.seats))
                .collect()
        })
        .collect();
    let (mut rounds, mut all, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 + draw.below(4) {
        let is_whole = draw.below(4) == 0;
        let rows = tallies.iter().filter(|_| !is_whole);
        let mut answers: Vec<Vec<Answer>> = rows
            .map(|row| row.iter().map(|tally| answer(&mut draw, *tally)).collect())
            .collect();
        // Now and then a side's sequence fails: no seats, no ballots.
        let failed = (draw.below(3) == 0).then(|| draw.below(sides.len() as u32) as usize);
        let mut present = sides.clone();
        if let Some(failed) = failed {
            present[failed].seats = 0;
            for row in &mut answers {
                row[failed] = Answer::Ballots(Tally::default());
            }
        }
        all.push(answers.clone());
        let now = match is_whole {
            true => Tallies::Whole {
                seats,
                tallies: tallies.iter().map(|row| whole(row)).collect(),
            },
            false => Tallies::BySide {
                sides: present,
                answers,
            },
        };
        floors.push(any_floor(&mut draw));
        rounds.push(Round::new(statements(), now, floors[floors.len() - 1]).unwrap());
        for row in tallies.iter_mut().filter(|_| !is_frozen) {
            for (tally, side) in row.iter_mut().zip(&sides) {
                *tally = changed(&mut draw, *tally, side.seats);
            }
        }
    }
    Dialogue {
        sides,
        rounds,
        answers: all,
        floors: raised(&floors),
        is_frozen,
    }
}

fn answer(draw: &mut Draw, tally: Tally) -> Answer {
    match draw.below(5) {
        0 => Answer::Bloc(Stance::Agree),
        _ => Answer::Ballots(tally),
    }
}

#[test]
fn all_equations_ever_published_fix_no_hidden_number() {
    let mut leaks = Vec::new();
    for seed in 0..1_000 {
        let dialogue = dialogue(seed);
        let found = dialogue.found(&dialogue.reports());
        leaks.extend(found.into_iter().map(|leak| format!("seed {seed}: {leak}")));
    }
    assert_eq!(leaks, Vec::<String>::new());
}

#[test]
fn all_rounds_are_published_together_as_each_was_when_it_closed() {
    for seed in 0..300 {
        let dialogue = dialogue(seed);
        assert_eq!(publish_all(&dialogue.rounds), dialogue.reports(), "{seed}");
    }
}

/// In how many dialogues the attacker succeeds where reports are spoilt like this: `spoil` gets what is
/// told of a statement, a side below the floor, and the answers that nobody should see.
fn spoilt(spoil: impl Fn(&mut Finding, usize, &[Answer])) -> usize {
    let succeeds = |seed: &u64| {
        let dialogue = dialogue(*seed);
        let mut reports = dialogue.reports();
        let rounds = dialogue.answers.iter().zip(&dialogue.floors);
        for (report, (round, floor)) in reports.iter_mut().zip(rounds) {
            for (finding, row) in report.statements.iter_mut().zip(round) {
                let few = |answer: &Answer| ballots_of(answer).is_some_and(|n| n > 0 && n < *floor);
                let is_hidden = |side: &usize| matches!(finding.cells[*side], Cell::Locked(_));
                let hidden = (0..row.len())
                    .filter(is_hidden)
                    .find(|side| few(&row[*side]));
                if let Some(side) = hidden {
                    spoil(finding, side, row);
                }
            }
        }
        !dialogue.found(&reports).is_empty()
    };
    (0..1_000).filter(succeeds).count()
}

fn ballots_of(answer: &Answer) -> Option<u32> {
    match answer {
        Answer::Ballots(tally) => Some(tally.ballots()),
        Answer::Bloc(_) => None,
    }
}

fn answered_by(row: &[Answer]) -> Answered {
    let ballots = row.iter().filter_map(ballots_of).sum();
    Answered {
        ballots,
        seats: ballots,
    }
}

#[test]
fn how_many_answered_told_beside_a_hidden_side_is_solved() {
    let solved = spoilt(|finding, _, row| finding.answered = Some(answered_by(row)));
    assert!(solved > 100, "{solved}");
}

#[test]
fn the_ballots_of_a_hidden_cell_are_solved() {
    let solved = spoilt(|finding, side, row| {
        finding.answered = None;
        finding.cells[side] = Cell::Told(Told {
            shown: Shown::Phrase(Phrase::Divided),
            ballots: ballots_of(&row[side]).unwrap(),
            seats: 15,
            kept: Kept::New,
        });
    });
    assert!(solved > 100, "{solved}");
}

#[test]
fn the_whole_room_told_beside_a_hidden_side_is_solved() {
    let solved = spoilt(|finding, _, row| {
        let is_told = |cell: &Cell| matches!(cell, Cell::Told(_));
        if finding.cells.iter().any(is_told) {
            let Answered { ballots, seats } = answered_by(row);
            finding.whole = Some(Cell::Told(Told {
                shown: Shown::Phrase(Phrase::Divided),
                ballots,
                seats,
                kept: Kept::New,
            }));
        }
    });
    assert!(solved > 100, "{solved}");
}
