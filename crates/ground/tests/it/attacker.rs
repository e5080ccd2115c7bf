//! Somebody who keeps every report of a dialogue, knows the rules and all rosters, and computes. What
//! words mean is written down here once more, from the rules and not from the code.

use std::collections::BTreeSet;

use ground::{
    Answer, Cell, Floor, Kept, Lock, Phrase, Report, Round, Shown, Side, Stance, Statement,
    StatementId, Tallies, Tally, Telling, Word, publish,
};

/// Numbers that look like chance, so that a failure comes again.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }
}

/// Agree, disagree, pass, blank.
pub type Parts = [u32; 4];

fn parts(tally: Tally, seats: u32) -> Parts {
    let n = tally.agree + tally.disagree + tally.pass;
    [tally.agree, tally.disagree, tally.pass, seats - n]
}

fn all_of(n: u32, seats: u32) -> Vec<Parts> {
    (0..=n)
        .flat_map(|a| (0..=n - a).map(move |d| [a, d, n - a - d, seats - n]))
        .collect()
}

fn moved(a: Parts, b: Parts) -> u32 {
    // Seats that come or go blank are nobody who answers otherwise.
    let cast = || a.into_iter().zip(b).take(3);
    let up: u32 = cast().map(|(a, b)| b.saturating_sub(a)).sum();
    let down: u32 = cast().map(|(a, b)| a.saturating_sub(b)).sum();
    up.max(down)
}

fn says(phrase: Phrase, [a, d, p, _]: Parts) -> bool {
    let n = a + d + p;
    let (all_a, all_d) = (n >= 7 && a >= n - 1, n >= 7 && d >= n - 1);
    match phrase {
        Phrase::NearlyAllAgree => all_a,
        Phrase::MostAgree => 2 * a > n && !all_a,
        Phrase::NearlyAllDisagree => all_d,
        Phrase::MostDisagree => 2 * d > n && !all_d,
        Phrase::MostPass => 2 * p > n,
        Phrase::Divided => 2 * a <= n && 2 * d <= n && 2 * p <= n,
    }
}

fn means(word: Word, count: u32, n: u32) -> bool {
    match word {
        Word::NearlyAll => count >= n - 1,
        Word::Most => 3 * count >= 2 * n && count < n - 1,
        Word::AboutHalf => 3 * count > n && 3 * count < 2 * n,
        Word::Few => 3 * count <= n && count > 1,
        Word::AlmostNone => count <= 1,
    }
}

/// Every tally that these words leave.
pub fn left(shown: Shown, n: u32, seats: u32) -> Vec<Parts> {
    let fits = |t: &Parts| match shown {
        Shown::Phrase(phrase) => says(phrase, *t),
        Shown::Words { agree, disagree } => means(agree, t[0], n) && means(disagree, t[1], n),
        Shown::Percents { .. } => true,
    };
    all_of(n, seats).into_iter().filter(fits).collect()
}

fn are_ambiguous(tallies: &[Parts]) -> bool {
    let values = |at: usize| {
        tallies
            .iter()
            .map(|t| t[at])
            .collect::<BTreeSet<u32>>()
            .len()
    };
    tallies.len() >= 3 && values(0) >= 2 && values(1) >= 2
}

/// What was told of one side on one statement: of new results the floor and the possible tallies, in
/// order.
fn told(reports: &[Report], floors: &[u32], statement: usize, side: usize) -> Vec<Told> {
    let cells = reports.iter().zip(floors).filter_map(|(report, floor)| {
        match report.statements[statement].cells.get(side) {
            Some(Cell::Told(told)) if told.kept == Kept::New => {
                Some((*floor, left(told.shown, told.ballots, told.seats)))
            }
            _ => None,
        }
    });
    cells.collect()
}

type Told = (u32, Vec<Parts>);

/// Takes out what has no partner in any other result, until nothing changes.
fn propagate(chain: &mut [Told]) {
    for _ in 0..chain.len() {
        for later in 1..chain.len() {
            for earlier in 0..later {
                let (before, after) = chain.split_at_mut(later);
                let (before, (floor, after)) = (&mut before[earlier].1, &mut after[0]);
                after.retain(|t| before.iter().any(|b| moved(*b, *t) >= *floor));
                before.retain(|t| after.iter().any(|a| moved(*t, *a) >= *floor));
            }
        }
    }
}

/// The floor in force in each Round, by the rules: whatever was asked for, never lower than before.
pub fn raised(floors: &[Floor]) -> Vec<u32> {
    let upto = |at: usize| floors[..=at].iter().map(|floor| floor.ballots()).max();
    (0..floors.len()).filter_map(upto).collect()
}

/// What an attacker finds: (statement, what). `floors` is what is in force in each Round.
fn leaks(reports: &[Report], floors: &[u32]) -> Vec<String> {
    let mut found = Vec::new();
    let last = reports.last().unwrap();
    for statement in 0..last.statements.len() {
        for side in 0..last.sides.len() {
            let mut chain = told(reports, floors, statement, side);
            propagate(&mut chain);
            for (floor, tallies) in &chain {
                let n: u32 = tallies.first().map_or(0, |t| t[0] + t[1] + t[2]);
                if n < *floor {
                    found.push(format!(
                        "statement {statement}: {n} ballots of side {side} are told"
                    ));
                } else if n < 20 && !are_ambiguous(tallies) {
                    found.push(format!(
                        "statement {statement}: side {side} is one of {tallies:?}"
                    ));
                }
            }
        }
        for (report, floor) in reports.iter().zip(floors) {
            found.extend(subtracted(report, statement, *floor));
            found.extend(below(report, statement, *floor));
        }
    }
    found
}

/// What is shown, be it from an earlier Round, of fewer ballots than the floor.
fn below(report: &Report, statement: usize, floor: u32) -> Vec<String> {
    let finding = &report.statements[statement];
    let cells = finding.cells.iter().chain(&finding.whole);
    let few = cells.filter(|cell| matches!(cell, Cell::Told(told) if told.ballots < floor));
    few.map(|cell| format!("statement {statement}: {cell:?} under {floor}"))
        .collect()
}

/// A whole beside its parts: what is left over for the sides that are hidden.
fn subtracted(report: &Report, statement: usize, floor: u32) -> Vec<String> {
    let finding = &report.statements[statement];
    let (mut rest, mut hidden) = (None, Vec::new());
    if let Some(Cell::Told(whole)) = finding.whole {
        rest = Some(whole.ballots);
    }
    let mut told_ballots = 0;
    for (side, cell) in finding.cells.iter().enumerate() {
        match cell {
            Cell::Told(told) => told_ballots += told.ballots,
            Cell::Bloc(_) => {}
            Cell::Locked(_) => hidden.push(side),
        }
    }
    // "11 of 12 answered" tells the same as a whole.
    let total = rest.or(finding.answered.map(|a| a.ballots));
    let Some(total) = total else {
        return Vec::new();
    };
    let over = total - told_ballots.min(total);
    match hidden.len() {
        0 => Vec::new(),
        1 => vec![format!(
            "statement {statement}: side {hidden:?} has {over} ballots"
        )],
        _ if over < floor => vec![format!(
            "statement {statement}: {hidden:?} have {over} ballots"
        )],
        _ => whole_leaks(report, statement, &hidden),
    }
}

/// Tries all tallies of the hidden sides that add up to the whole: none may be the only one.
fn whole_leaks(report: &Report, statement: usize, hidden: &[usize]) -> Vec<String> {
    let finding = &report.statements[statement];
    let Some(Cell::Told(whole)) = finding.whole else {
        return Vec::new();
    };
    let sums: BTreeSet<Parts> = left(whole.shown, whole.ballots, whole.seats)
        .into_iter()
        .collect();
    let mut found = Vec::new();
    for side in hidden {
        let seats = report.sides[*side].seats;
        let others: u32 = hidden
            .iter()
            .filter(|o| *o != side)
            .map(|o| report.sides[*o].seats)
            .sum();
        let possible: Vec<Parts> = (0..=seats)
            .flat_map(|n| all_of(n, seats))
            .filter(|own| {
                sums.iter().any(|sum| {
                    let rest = sum.iter().zip(own).map(|(s, o)| s.checked_sub(*o));
                    rest.collect::<Option<Vec<u32>>>()
                        .is_some_and(|rest| rest.iter().sum::<u32>() == others)
                })
            })
            .collect();
        if !are_ambiguous(&possible) {
            found.push(format!(
                "statement {statement}: side {side} is one of {possible:?}"
            ));
        }
    }
    found
}

pub fn tally(draw: &mut Draw, seats: u32) -> Tally {
    let leaning = draw.below(4);
    let mut tally = Tally::default();
    for _ in 0..seats {
        match (draw.below(8), leaning) {
            (0, _) => {}
            (1, _) => tally.pass += 1,
            (2..=6, 0) | (2, 1) | (2..=4, 2) => tally.agree += 1,
            (2..=6, 3) => tally.pass += 1,
            _ => tally.disagree += 1,
        }
    }
    tally
}

/// Some people answer otherwise than before: none, a few, or many.
pub fn changed(draw: &mut Draw, before: Tally, seats: u32) -> Tally {
    let mut people = parts(before, seats);
    let changes = [0, 1, 3, 6][draw.below(4) as usize];
    for _ in 0..changes {
        let (from, to) = (draw.below(4) as usize, draw.below(4) as usize);
        if people[from] > 0 {
            people[from] -= 1;
            people[to] += 1;
        }
    }
    Tally {
        agree: people[0],
        disagree: people[1],
        pass: people[2],
    }
}

const STATEMENTS: usize = 2;

/// Five or eight.
pub fn any_floor(draw: &mut Draw) -> Floor {
    [Floor::FIVE, Floor::FIVE, Floor::EIGHT][draw.below(3) as usize]
}

/// A dialogue: its sides, and some Rounds of the same statements, each with a floor of its own.
fn dialogue(seed: u64) -> (Vec<Round>, Vec<u32>) {
    let mut draw = Draw(seed);
    let mut floors = Vec::new();
    let sides: Vec<Side> = (0..2 + draw.below(2))
        .map(|name| Side {
            name: format!("side {name}"),
            seats: 2 + draw.below(13),
            telling: [
                Telling::BySide,
                Telling::BySide,
                Telling::BySide,
                Telling::TotalsOnly,
            ][draw.below(4) as usize],
        })
        .collect();
    let mut tallies: Vec<Vec<Tally>> = (0..STATEMENTS)
        .map(|_| {
            sides
                .iter()
                .map(|side| tally(&mut draw, side.seats))
                .collect()
        })
        .collect();
    let mut rounds = Vec::new();
    for _ in 0..1 + draw.below(4) {
        let answers = tallies.iter().map(|row| {
            let answer = |tally: &Tally| Answer::Ballots(*tally);
            row.iter().map(answer).collect()
        });
        let tallies_now = Tallies::BySide {
            sides: sides.clone(),
            answers: answers.collect(),
        };
        floors.push(any_floor(&mut draw));
        let floor = floors[floors.len() - 1];
        rounds.push(Round::new(statements(), tallies_now, floor).unwrap());
        for row in &mut tallies {
            for (tally, side) in row.iter_mut().zip(&sides) {
                *tally = changed(&mut draw, *tally, side.seats);
            }
        }
    }
    (rounds, raised(&floors))
}

pub fn statements() -> Vec<Statement> {
    (0..STATEMENTS)
        .map(|at| Statement {
            id: StatementId::new(at.to_string()),
            text: String::new(),
        })
        .collect()
}

fn published(rounds: &[Round]) -> Vec<Report> {
    (0..rounds.len())
        .map(|at| publish(&rounds[at], &rounds[..at]))
        .collect()
}

#[test]
fn everything_ever_published_fixes_no_cell() {
    let (mut told_cells, mut kept, mut wholes) = (0, 0, 0);
    for seed in 0..1_000 {
        let (rounds, floors) = dialogue(seed);
        let reports = published(&rounds);
        assert_eq!(
            leaks(&reports, &floors),
            Vec::<String>::new(),
            "seed {seed}"
        );
        for finding in reports.iter().flat_map(|report| &report.statements) {
            wholes += u32::from(matches!(finding.whole, Some(Cell::Told(_))));
            for cell in &finding.cells {
                if let Cell::Told(told) = cell {
                    told_cells += 1;
                    kept += u32::from(told.kept != Kept::New);
                }
            }
        }
    }
    // The attacker had something to work with.
    assert!(
        told_cells > 1_000 && kept > 200 && wholes > 50,
        "{told_cells} {kept} {wholes}"
    );
}

/// Reports as they would be with one rule off: the attacker has to find each.
fn canary(rounds: &[Round], spoil: impl Fn(&mut Report, &Round)) -> Vec<Report> {
    let mut reports = published(rounds);
    for (report, round) in reports.iter_mut().zip(rounds) {
        spoil(report, round);
    }
    reports
}

fn round_of(sides: &[(&str, u32)], row: &[Tally], floor: Floor) -> Round {
    let sides = sides.iter().map(|(name, seats)| Side {
        name: (*name).to_owned(),
        seats: *seats,
        telling: Telling::BySide,
    });
    let answers = vec![row.iter().map(|tally| Answer::Ballots(*tally)).collect()];
    let tallies = Tallies::BySide {
        sides: sides.collect(),
        answers,
    };
    Round::new(statements()[..1].to_vec(), tallies, floor).unwrap()
}

pub fn three(agree: u32, disagree: u32, pass: u32) -> Tally {
    Tally {
        agree,
        disagree,
        pass,
    }
}

/// What the library itself gives for a tally, as a cell that claims to be new.
fn told_as_new(tally: Tally, seats: u32) -> Cell {
    let round = round_of(&[("x", seats)], &[tally], Floor::FIVE);
    publish(&round, &[]).statements[0].cells[0]
}

#[test]
fn without_the_floor_the_attacker_finds_a_leak() {
    let rounds = [round_of(
        &[("A", 7), ("B", 7)],
        &[three(6, 1, 0), three(5, 1, 0)],
        Floor::EIGHT,
    )];
    let reports = canary(&rounds, |report, _| {
        report.statements[0].cells[0] = told_as_new(three(6, 1, 0), 7);
    });
    assert!(!leaks(&reports, &[8]).is_empty());
}

#[test]
fn without_hiding_the_total_the_attacker_finds_a_leak() {
    let rounds = [round_of(
        &[("A", 7), ("B", 3)],
        &[three(6, 1, 0), three(1, 1, 1)],
        Floor::FIVE,
    )];
    assert!(leaks(&published(&rounds), &[5; 2][..rounds.len()]).is_empty());
    let reports = canary(&rounds, |report, _| {
        report.statements[0].whole = Some(told_as_new(three(7, 2, 1), 10));
    });
    assert!(!leaks(&reports, &[5]).is_empty());
    let counted = canary(&rounds, |report, _| {
        report.statements[0].answered = Some(ground::Answered {
            ballots: 10,
            seats: 10,
        });
    });
    assert!(!leaks(&counted, &[5]).is_empty());
}

#[test]
fn with_two_results_that_say_too_much_the_attacker_finds_a_leak() {
    let rounds = [
        round_of(&[("A", 5)], &[three(4, 0, 1)], Floor::FIVE),
        round_of(&[("A", 5)], &[three(0, 5, 0)], Floor::FIVE),
    ];
    assert!(leaks(&published(&rounds), &[5; 2][..rounds.len()]).is_empty());
    let mut reports = published(&rounds);
    reports[1].statements[0].cells[0] = told_as_new(three(0, 5, 0), 5);
    assert!(!leaks(&reports, &[5, 5]).is_empty());
}

/// Nobody changes their mind and a few join: what the attacker learns of those who joined between
/// new results, as sets of possible (agree, disagree, pass).
fn of_joiners(reports: &[Report]) -> Vec<(u32, BTreeSet<[u32; 3]>)> {
    let news: Vec<(Vec<Parts>, u32)> = reports
        .iter()
        .filter_map(|report| match report.statements[0].cells[0] {
            Cell::Told(told) if told.kept == Kept::New => {
                Some((left(told.shown, told.ballots, told.seats), told.seats))
            }
            Cell::Told(_) | Cell::Bloc(_) | Cell::Locked(_) => None,
        })
        .collect();
    news.windows(2)
        .map(|pair| {
            let joined = pair[1].1 - pair[0].1;
            let differences = pair[0].0.iter().flat_map(|before| {
                pair[1].0.iter().filter_map(move |after| {
                    let of = |at: usize| after[at].checked_sub(before[at]);
                    Some([of(0)?, of(1)?, of(2)?])
                })
            });
            (
                joined,
                differences
                    .filter(|d| d.iter().sum::<u32>() == joined)
                    .collect(),
            )
        })
        .collect()
}

fn joining(before: Tally, joiners: &[Stance]) -> Vec<Round> {
    let mut tally = before;
    let mut rounds = vec![round_of(&[("A", tally.ballots())], &[tally], Floor::FIVE)];
    for joiner in joiners {
        match joiner {
            Stance::Agree => tally.agree += 1,
            Stance::Disagree => tally.disagree += 1,
            Stance::Pass => tally.pass += 1,
        }
        rounds.push(round_of(&[("A", tally.ballots())], &[tally], Floor::FIVE));
    }
    rounds
}

#[test]
fn who_joins_a_side_whose_others_stay_the_same_is_not_found_out() {
    let mut new = 0;
    for seed in 0..1_000 {
        let mut draw = Draw(seed);
        let before = three(2 + draw.below(4), 1 + draw.below(4), 2 + draw.below(3));
        let stance = [Stance::Agree, Stance::Disagree, Stance::Pass];
        let joiners: Vec<Stance> = (0..8).map(|_| stance[draw.below(3) as usize]).collect();
        for (joined, possible) in of_joiners(&published(&joining(before, &joiners))) {
            new += 1;
            assert!(joined >= 5, "seed {seed}: {joined} joined");
            assert!(!possible.is_empty());
        }
    }
    assert!(new > 500);
}

#[test]
fn without_the_rule_on_telling_again_the_attacker_finds_out_who_joined() {
    // Three of six agree, three disagree; then "most agree" of seven: who joined agreed.
    let rounds = joining(three(3, 3, 0), &[Stance::Agree]);
    assert!(of_joiners(&published(&rounds)).is_empty());
    let mut reports = published(&rounds);
    reports[1].statements[0].cells[0] = told_as_new(three(4, 3, 0), 7);
    let found = of_joiners(&reports);
    assert_eq!(found, vec![(1, BTreeSet::from([[1, 0, 0]]))]);
}

#[test]
fn one_ballot_that_comes_with_blank_seats_is_not_told() {
    let first = round_of(&[("A", 6)], &[three(3, 3, 0)], Floor::FIVE);
    let then = round_of(&[("A", 12)], &[three(4, 3, 0)], Floor::FIVE);
    let cell = publish(&then, &[first]).statements[0].cells[0];
    assert!(matches!(cell, Cell::Told(told) if told.kept == Kept::From(0) && told.ballots == 6));
}

#[test]
fn what_is_not_shown_changes_nothing_in_the_report() {
    let mut others = 0;
    for seed in 0..1_000 {
        let (rounds, _) = dialogue(seed);
        let report = publish(&rounds[0], &[]);
        let floor = rounds[0].floor();
        let mut draw = Draw(seed ^ 0x5555);
        // The same words, other counts; a hidden side keeps its number, so that a total stays one.
        let answers: Vec<Vec<Answer>> = report
            .statements
            .iter()
            .map(|finding| {
                finding
                    .cells
                    .iter()
                    .zip(&report.sides)
                    .map(|(cell, side)| {
                        let options = match cell {
                            Cell::Told(told) => left(told.shown, told.ballots, told.seats),
                            Cell::Locked(Lock::TooFew) if finding.whole.is_none() => {
                                all_of(1.min(side.seats), side.seats)
                            }
                            Cell::Bloc(_) | Cell::Locked(_) => Vec::new(),
                        };
                        let pick = |options: Vec<Parts>| {
                            options[draw.below(options.len() as u32) as usize]
                        };
                        (!options.is_empty())
                            .then_some(options)
                            .map(pick)
                            .map(|t| three(t[0], t[1], t[2]))
                    })
                    .map(|tally| tally.map(Answer::Ballots))
                    .collect::<Option<Vec<Answer>>>()
            })
            .collect::<Option<Vec<_>>>()
            .unwrap_or_default();
        if answers.is_empty() {
            continue;
        }
        let sides: Vec<Side> = report
            .sides
            .iter()
            .map(|side| Side {
                name: side.name.clone(),
                seats: side.seats,
                telling: Telling::BySide,
            })
            .collect();
        let other = Round::new(statements(), Tallies::BySide { sides, answers }, floor).unwrap();
        let again = publish(&other, &[]);
        if again.statements.iter().any(|f| f.whole.is_some()) {
            continue;
        }
        others += 1;
        assert_eq!(again, report, "seed {seed}");
    }
    assert!(others > 200, "{others}");
}
