//! Somebody who tries every world in which nobody ever changed their mind, of Rounds in different forms: by
//! sides, with a bloc, with a side that failed, of the whole room; under mixed floors, with newcomers.

use std::collections::{BTreeMap, BTreeSet};

use ground::{Answer, Floor, Round, Side, Stance, Tallies, Tally, Telling, publish, publish_all};

use crate::attacker::{Draw, statements};
use crate::worlds::{are_ambiguous, are_open, seen, tallies_of, worlds_of};

/// What a Round is of.
#[derive(Clone, Copy, Debug)]
enum Form {
    BySides,
    /// The second side answers as one.
    Bloc,
    /// The second side's sequence came to nothing.
    Failed,
    /// One roster.
    Whole,
}

/// Groups of people who always answer the same. All but the last are the first side's; Round `i` asks the
/// first `asked[i].0` of those, and the second side in the Round's form.
#[derive(Debug)]
struct Design {
    sizes: Vec<u32>,
    telling: [Telling; 2],
    asked: Vec<(usize, Form, u32)>,
}

impl Design {
    fn draw(draw: &mut Draw) -> Design {
        let firsts = 1 + draw.below(2) as usize;
        let mut sizes: Vec<u32> = (0..=firsts).map(|_| 1 + draw.below(6)).collect();
        sizes[0] += draw.below(8);
        let telling = [Telling::BySide, Telling::BySide, Telling::TotalsOnly];
        let mut any_telling = || telling[draw.below(3) as usize];
        let telling = [any_telling(), any_telling()];
        let rounds = 2 + draw.below(3);
        let asked = (0..rounds).map(|_| {
            let forms = [
                Form::BySides,
                Form::BySides,
                Form::BySides,
                Form::Bloc,
                Form::Failed,
                Form::Whole,
            ];
            let form = forms[draw.below(6) as usize];
            let floor = [5, 5, 5, 8][draw.below(4) as usize];
            (1 + draw.below(firsts as u32) as usize, form, floor)
        });
        Design {
            asked: asked.collect(),
            sizes,
            telling,
        }
    }

    fn count(&self, blanks: bool) -> u64 {
        self.sizes
            .iter()
            .map(|size| {
                (if blanks { 0 } else { *size }..=*size)
                    .flat_map(tallies_of)
                    .count() as u64
            })
            .product()
    }

    fn round(&self, world: &[Tally], (groups, form, floor): (usize, Form, u32)) -> Round {
        let second = *world.last().unwrap();
        let sum = |of: &[Tally]| of.iter().fold(Tally::default(), |sum, t| sum.plus(*t));
        let first = sum(&world[..groups]);
        let seats = [
            self.sizes[..groups].iter().sum(),
            *self.sizes.last().unwrap(),
        ];
        let (answer, second_seats) = match form {
            Form::BySides | Form::Whole => (Answer::Ballots(second), seats[1]),
            Form::Bloc => (Answer::Bloc(Stance::Agree), seats[1]),
            Form::Failed => (Answer::Ballots(Tally::default()), 0),
        };
        let tallies = match form {
            Form::Whole => Tallies::Whole {
                seats: seats[0] + seats[1],
                tallies: vec![first.plus(second)],
            },
            Form::BySides | Form::Bloc | Form::Failed => {
                let side = |at: usize, seats| Side {
                    name: at.to_string(),
                    seats,
                    telling: self.telling[at],
                };
                Tallies::BySide {
                    sides: vec![side(0, seats[0]), side(1, second_seats)],
                    answers: vec![vec![Answer::Ballots(first), answer]],
                }
            }
        };
        Round::new(statements()[..1].to_vec(), tallies, Floor::raised_to(floor)).unwrap()
    }

    fn worked_out(&self, blanks: bool, forgetting: bool) -> Vec<String> {
        let worlds = worlds_of(&self.sizes, blanks);
        let mut by_pages: BTreeMap<String, Vec<&Vec<Tally>>> = BTreeMap::new();
        for world in &worlds {
            let rounds: Vec<Round> = self
                .asked
                .iter()
                .map(|asked| self.round(world, *asked))
                .collect();
            let reports = match forgetting {
                false => publish_all(&rounds),
                true => rounds.iter().map(|r| publish(r, &[])).collect(),
            };
            let pages: Vec<String> = reports.iter().map(seen).collect();
            by_pages.entry(pages.join("\n")).or_default().push(world);
        }
        let mut found = Vec::new();
        for (pages, worlds) in &by_pages {
            for (at, size) in self.sizes.iter().enumerate() {
                let left: BTreeSet<Tally> = worlds.iter().map(|world| world[at]).collect();
                // Who did not answer said nothing.
                let is_nobody = left.iter().all(|tally| tally.ballots() == 0);
                let is_left = match size {
                    _ if is_nobody => true,
                    1 => are_open(&left),
                    _ => are_ambiguous(&left),
                };
                if !is_left {
                    found.push(format!("{self:?}: group {at} is one of {left:?}\n{pages}"));
                }
            }
        }
        found
    }
}

fn some(seed: u64, blanks: bool, most: u64) -> impl Iterator<Item = Design> {
    let mut draw = Draw(seed);
    let all = std::iter::repeat_with(move || Design::draw(&mut draw));
    all.filter(move |one| one.sizes.iter().sum::<u32>() < 20 && one.count(blanks) < most)
}

#[test]
fn forms_that_change_from_round_to_round_are_not_worked_out() {
    for blanks in [false, true] {
        let some = some(11, blanks, 3_000).take(60);
        let leaks: Vec<String> = some.flat_map(|one| one.worked_out(blanks, false)).collect();
        assert!(leaks.is_empty(), "{} of {}", leaks.len(), leaks[0]);
    }
}

#[test]
fn where_each_round_is_published_alone_they_are_worked_out() {
    let leaking = some(11, false, 3_000)
        .take(30)
        .filter(|one| !one.worked_out(false, true).is_empty());
    assert!(leaking.count() > 5);
}
