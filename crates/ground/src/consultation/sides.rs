//! Which person is on which side, and what each side voted.

use rayon::prelude::*;

use crate::tally::Tally;

use super::groups::Groups;
use super::votes::Votes;

/// Counted in parts of so many people.
const PART: usize = 65_536;

/// Sides with the people in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    names: Vec<String>,
    of: Vec<Option<usize>>,
}

impl Sides {
    /// Declared sides: for each person a place among `names`. None where a place is not there.
    pub fn declared(names: Vec<String>, of: Vec<Option<usize>>) -> Option<Sides> {
        let are_there = of.iter().flatten().all(|place| *place < names.len());
        are_there.then_some(Sides { names, of })
    }

    /// Found groups, named A, B, C...
    pub fn found(groups: &Groups) -> Sides {
        Sides {
            names: ('A'..='Z').take(groups.k).map(String::from).collect(),
            of: groups.of.clone(),
        }
    }

    /// One side without a name.
    pub fn everybody(people: usize) -> Sides {
        Sides {
            names: vec![String::new()],
            of: vec![Some(0); people],
        }
    }

    /// In their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A person's side.
    pub fn of(&self, person: usize) -> Option<usize> {
        self.of.get(person).copied().flatten()
    }

    /// People in each.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0; self.names.len()];
        for side in self.of.iter().flatten() {
            if let Some(size) = sizes.get_mut(*side) {
                *size += 1;
            }
        }
        sizes
    }

    /// For each statement one tally for each side.
    pub fn tallies(&self, votes: &Votes) -> Vec<Vec<Tally>> {
        let (sides, statements) = (self.names.len(), votes.statements());
        let counts = (0..votes.people().div_ceil(PART))
            .into_par_iter()
            .map(|part| {
                let from = part * PART;
                self.of_part(votes, from, (from + PART).min(votes.people()))
            })
            .reduce(
                || vec![[0_u32; 3]; sides * statements],
                |mut sum, part| {
                    for (sum, more) in sum.iter_mut().flatten().zip(part.iter().flatten()) {
                        *sum += more;
                    }
                    sum
                },
            );
        let tally = |[disagree, pass, agree]: &[u32; 3]| Tally {
            agree: *agree,
            disagree: *disagree,
            pass: *pass,
        };
        (0..statements)
            .map(|statement| {
                let of_sides = counts.iter().skip(statement).step_by(statements);
                of_sides.map(tally).collect()
            })
            .collect()
    }

    fn of_part(&self, votes: &Votes, from: usize, to: usize) -> Vec<[u32; 3]> {
        let statements = votes.statements();
        let mut counts = vec![[0; 3]; self.names.len() * statements];
        for person in from..to {
            let Some(side) = self.of(person) else {
                continue;
            };
            let row = counts.get_mut(side * statements..).unwrap_or(&mut []);
            for cast in votes.of(person) {
                let of_statement = row.get_mut(cast.place());
                if let Some(count) = of_statement.and_then(|c| c.get_mut(cast.code() as usize)) {
                    *count += 1;
                }
            }
        }
        counts
    }
}
