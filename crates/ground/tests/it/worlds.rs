//! Somebody who tries every world there could be: all that people may have answered in every Round,
//! each put through the real thing, keeping the worlds whose pages look like those that were seen.

use std::collections::{BTreeMap, BTreeSet};

use ground::{Answer, Floor, Report, Round, Side, Tallies, Tally, Telling, publish};

use crate::attacker::{Draw, statements, three};

pub fn tallies_of(ballots: u32) -> Vec<Tally> {
    let all = (0..=ballots).flat_map(|a| (0..=ballots - a).map(move |d| (a, d)));
    all.map(|(a, d)| three(a, d, ballots - a - d)).collect()
}

fn round(seats: u32, tally: Tally, floor: u32) -> Round {
    round_of(&[(seats, Telling::BySide)], &[tally], floor)
}

fn round_of(sides: &[(u32, Telling)], row: &[Tally], floor: u32) -> Round {
    let named = sides.iter().enumerate().map(|(at, (seats, telling))| Side {
        name: at.to_string(),
        seats: *seats,
        telling: *telling,
    });
    let tallies = Tallies::BySide {
        sides: named.collect(),
        answers: vec![row.iter().map(|tally| Answer::Ballots(*tally)).collect()],
    };
    Round::new(statements()[..1].to_vec(), tallies, Floor::raised_to(floor)).unwrap()
}

/// All that a page has of the one side on the one statement.
pub fn seen(report: &Report) -> String {
    let finding = &report.statements[0];
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        finding.cells,
        finding.whole,
        finding.answered,
        finding.category,
        finding.dissent,
        report.lists,
        report.floor
    )
}

fn page(rounds: &[Round]) -> String {
    let (last, earlier) = rounds.split_last().unwrap();
    seen(&publish(last, earlier))
}

/// Three tallies with two values of agree and two of disagree.
pub fn are_ambiguous(tallies: &BTreeSet<Tally>) -> bool {
    tallies.len() >= 3 && are_open(tallies)
}

/// Two values of agree and two of disagree.
pub fn are_open(tallies: &BTreeSet<Tally>) -> bool {
    let values = |of: fn(&Tally) -> u32| tallies.iter().map(of).collect::<BTreeSet<u32>>().len();
    values(|t| t.agree) >= 2 && values(|t| t.disagree) >= 2
}

/// One Round: its seats and its floor.
type Asked = (u32, u32);

/// Grows every world Round by Round.
fn grow(
    asked: &[Asked],
    rounds: &mut Vec<Round>,
    world: &mut Vec<Tally>,
    pages: &str,
    seen: &mut BTreeMap<String, Vec<Vec<Tally>>>,
) {
    let Some((seats, floor)) = asked.get(rounds.len()) else {
        seen.entry(pages.to_owned())
            .or_default()
            .push(world.clone());
        return;
    };
    for tally in (0..=*seats).flat_map(tallies_of) {
        rounds.push(round(*seats, tally, *floor));
        world.push(tally);
        let pages = format!("{pages}\n{}", page(rounds));
        grow(asked, rounds, world, &pages, seen);
        world.pop();
        rounds.pop();
    }
}

/// The Rounds that somebody who knows nothing but the pages can work out too far.
fn worked_out(asked: &[Asked]) -> Vec<String> {
    let mut seen = BTreeMap::new();
    grow(asked, &mut Vec::new(), &mut Vec::new(), "", &mut seen);
    let mut found = Vec::new();
    for (pages, worlds) in &seen {
        for at in 0..asked.len() {
            let left: BTreeSet<Tally> = worlds.iter().map(|world| world[at]).collect();
            if !are_ambiguous(&left) {
                found.push(format!("{asked:?}: Round {at} is one of {left:?}{pages}"));
            }
        }
    }
    found
}

#[test]
fn no_sequence_of_two_rounds_is_worked_out_from_its_pages() {
    for asked in [
        [(5, 5), (5, 5)],
        [(7, 5), (7, 5)],
        [(9, 5), (5, 5)],
        [(5, 5), (9, 5)],
        [(8, 8), (8, 5)],
        [(8, 5), (8, 8)],
        [(6, 8), (6, 5)],
    ] {
        let found = worked_out(&asked);
        assert!(found.is_empty(), "{} of {}", found.len(), found[0]);
    }
}

#[test]
fn no_sequence_of_three_rounds_is_worked_out_from_its_pages() {
    for asked in [
        [(5, 5), (5, 5), (5, 5)],
        [(5, 5), (6, 8), (5, 5)],
        // Which earlier result stands must not tell that the new one is far from the last.
        [(6, 5), (6, 5), (5, 5)],
    ] {
        let found = worked_out(&asked);
        assert!(found.is_empty(), "{} of {}", found.len(), found[0]);
    }
}

/// Every answer of two sides in so many Rounds with these seats; what the pages leave of each side.
fn worked_out_of_two(sides: &[(u32, Telling); 2], rounds: u32, floor: u32) -> Vec<String> {
    let of = |seats: u32| (0..=seats).flat_map(tallies_of).collect::<Vec<Tally>>();
    let (first, second) = (of(sides[0].0), of(sides[1].0));
    let rows: Vec<[Tally; 2]> = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| [*a, *b]))
        .collect();
    let mut worlds: Vec<(Vec<Round>, Vec<[Tally; 2]>, String)> = vec![Default::default()];
    for _ in 0..rounds {
        let longer = worlds.iter().flat_map(|(before, world, pages)| {
            rows.iter().map(move |row| {
                let mut rounds = before.clone();
                rounds.push(round_of(sides, row, floor));
                let pages = format!("{pages}\n{}", page(&rounds));
                (rounds, [world.clone(), vec![*row]].concat(), pages)
            })
        });
        worlds = longer.collect();
    }
    let mut seen: BTreeMap<&str, Vec<&Vec<[Tally; 2]>>> = BTreeMap::new();
    for (_, world, pages) in &worlds {
        seen.entry(pages).or_default().push(world);
    }
    let mut found = Vec::new();
    for (pages, worlds) in &seen {
        for (at, side) in (0..rounds as usize).flat_map(|at| [(at, 0), (at, 1)]) {
            let left: BTreeSet<Tally> = worlds.iter().map(|world| world[at][side]).collect();
            if !are_ambiguous(&left) {
                found.push(format!("{sides:?}: side {side} is one of {left:?}{pages}"));
            }
        }
    }
    found
}

#[test]
fn two_sides_told_together_are_not_worked_out() {
    use Telling::{BySide, TotalsOnly};
    let mut found = Vec::new();
    for (sides, floor) in [
        ([(4, BySide), (4, BySide)], 5),
        ([(1, BySide), (4, BySide)], 5),
        ([(6, BySide), (3, BySide)], 5),
        ([(6, TotalsOnly), (2, BySide)], 5),
        ([(5, TotalsOnly), (6, TotalsOnly)], 5),
        ([(7, BySide), (3, BySide)], 8),
    ] {
        found.extend(worked_out_of_two(&sides, 1, floor));
    }
    found.extend(worked_out_of_two(&[(2, BySide), (3, BySide)], 2, 5));
    found.extend(worked_out_of_two(&[(1, BySide), (4, BySide)], 2, 5));
    assert!(found.is_empty(), "{} of {}", found.len(), found[0]);
}

/// All that groups of these sizes may answer; with `blanks` nobody need answer at all.
pub fn worlds_of(sizes: &[u32], blanks: bool) -> Vec<Vec<Tally>> {
    let mut worlds: Vec<Vec<Tally>> = vec![Vec::new()];
    for size in sizes {
        let from = if blanks { 0 } else { *size };
        let longer = worlds.iter().flat_map(|world| {
            let tallies = (from..=*size).flat_map(tallies_of);
            tallies.map(move |tally| [world.clone(), vec![tally]].concat())
        });
        worlds = longer.collect();
    }
    worlds
}

/// People who always answer the same, in groups; Round `i` asks the first `asked[i].0` groups.
struct Frozen {
    sizes: Vec<u32>,
    asked: Vec<(usize, u32)>,
}

impl Frozen {
    fn draw(draw: &mut Draw) -> Frozen {
        let count = 2 + draw.below(2) as usize;
        let mut sizes: Vec<u32> = (0..count).map(|_| 1 + draw.below(8)).collect();
        sizes[0] += draw.below(12);
        let rounds = 2 + draw.below(3);
        let asked = (0..rounds).map(|_| {
            let floor = [5, 5, 5, 8][draw.below(4) as usize];
            (1 + draw.below(count as u32) as usize, floor)
        });
        Frozen {
            asked: asked.collect(),
            sizes,
        }
    }

    fn tally(&self, world: &[Tally], groups: usize) -> Tally {
        let none = Tally::default();
        world[..groups].iter().fold(none, |sum, t| sum.plus(*t))
    }

    /// With `forgetting` every Round is published as if it were the first.
    fn pages(&self, world: &[Tally], forgetting: bool) -> String {
        let mut rounds = Vec::new();
        let mut pages = String::new();
        for (groups, floor) in &self.asked {
            let seats = self.sizes[..*groups].iter().sum();
            rounds.push(round(seats, self.tally(world, *groups), *floor));
            let from = if forgetting { rounds.len() - 1 } else { 0 };
            pages = format!("{pages}\n{}", page(&rounds[from..]));
        }
        pages
    }

    /// Groups that somebody can work out who knows who was asked when, and that nobody ever changed
    /// their mind; also that all answered, but with `blanks`.
    fn worked_out(&self, forgetting: bool, blanks: bool) -> Vec<String> {
        let worlds = worlds_of(&self.sizes, blanks);
        let mut seen: BTreeMap<String, Vec<&Vec<Tally>>> = BTreeMap::new();
        for world in &worlds {
            let pages = self.pages(world, forgetting);
            seen.entry(pages).or_default().push(world);
        }
        let mut found = Vec::new();
        for (pages, worlds) in &seen {
            for (at, size) in self.sizes.iter().enumerate() {
                let left: BTreeSet<Tally> = worlds.iter().map(|world| world[at]).collect();
                // From twenty ballots on percentages may say that nobody passed. Of one person it may be
                // left open only whether it is agree or disagree.
                let is_left = match self.sizes.iter().sum::<u32>() {
                    20.. => left.len() >= 2,
                    ..20 if *size == 1 => are_open(&left),
                    ..20 => are_ambiguous(&left),
                };
                if !is_left {
                    found.push(format!(
                        "{:?} {:?}: group {at} of {size} is one of {left:?}{pages}",
                        self.sizes, self.asked
                    ));
                }
            }
        }
        found
    }
}

/// Designs that can be tried quickly.
fn some(blanks: bool, most: usize) -> impl Iterator<Item = Frozen> {
    let mut draw = Draw(7);
    let all = std::iter::repeat_with(move || Frozen::draw(&mut draw));
    let small = move |one: &Frozen| {
        let people: u32 = one.sizes.iter().sum();
        people < if blanks { 14 } else { 30 } && worlds_of(&one.sizes, blanks).len() < most
    };
    all.filter(small)
}

#[test]
fn nobody_who_comes_or_goes_is_worked_out_where_the_others_stay_the_same() {
    let some = some(false, 3_000).take(60);
    let leaks: Vec<String> = some.flat_map(|one| one.worked_out(false, false)).collect();
    assert!(leaks.is_empty(), "{} of {}", leaks.len(), leaks[0]);
}

#[test]
fn nor_are_those_who_did_not_answer() {
    let some = some(true, 8_000).take(40);
    let leaks: Vec<String> = some.flat_map(|one| one.worked_out(false, true)).collect();
    assert!(leaks.is_empty(), "{} of {}", leaks.len(), leaks[0]);
}

#[test]
fn where_earlier_rounds_are_forgotten_who_comes_or_goes_is_worked_out() {
    let some = some(false, 3_000).take(20);
    let leaking = some.filter(|one| !one.worked_out(true, false).is_empty());
    assert!(leaking.count() > 10);
}

#[test]
fn five_who_come_to_a_room_of_nearly_a_hundred_are_not_worked_out_from_a_refusal() {
    for (before, alike) in [(95, three(14, 57, 24)), (100, three(55, 20, 25))] {
        let looks = |tally: Tally| page(&[round(before, tally, 5)]);
        let near = tallies_near(alike, 5).filter(|tally| looks(*tally) == looks(alike));
        let mut seen: BTreeMap<String, BTreeSet<Tally>> = BTreeMap::new();
        for first in near {
            for newcomers in tallies_of(5) {
                let second = round(before + 5, first.plus(newcomers), 5);
                let pages = page(&[round(before, first, 5), second]);
                seen.entry(pages).or_default().insert(newcomers);
            }
        }
        for (pages, left) in &seen {
            assert!(are_ambiguous(left), "{left:?}{pages}");
        }
    }
}

/// Tallies of as many ballots in which agree and disagree differ by at most so many from these.
fn tallies_near(tally: Tally, most: u32) -> impl Iterator<Item = Tally> {
    let near = move |count: u32| count - most..=count + most;
    let pairs = near(tally.agree).flat_map(move |a| near(tally.disagree).map(move |d| (a, d)));
    pairs.map(move |(a, d)| three(a, d, tally.ballots() - a - d))
}
