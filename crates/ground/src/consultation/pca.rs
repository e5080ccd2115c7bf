//! Principal components of the votes, gaps filled with each statement's mean, and where people stand.

use rayon::prelude::*;

use super::chance::chosen;
use super::pairs::PairCounts;
use super::spectrum::{Axis, BLOCK, Care, Symmetric, leading};
use super::votes::Votes;

/// Up to so many statements the covariance is written out; above, votes are multiplied one by one.
const WRITTEN_OUT: usize = 3_000;
/// Sums over people are taken in so many parts, whatever the number of threads.
const PARTS: usize = 64;

/// The first two components.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// The mean vote on each statement, -1 to 1.
    pub center: Vec<f64>,
    /// At most two; one weight for each statement, of length one together.
    pub components: Vec<Vec<f64>>,
    /// Share of all variance, for each component.
    pub explained: Vec<f64>,
}

impl Pca {
    /// Of everybody's votes. The seed decides where the iteration begins, not where it ends.
    pub fn of(votes: &Votes, seed: u64) -> Pca {
        Pca::with_care(votes, seed, Care::Exact)
    }

    pub(super) fn with_care(votes: &Votes, seed: u64, care: Care) -> Pca {
        match votes.statements() <= WRITTEN_OUT {
            true => Pca::of_pairs(&PairCounts::of(votes), votes, seed, care),
            false => Pca::without_pairs(votes, seed, care),
        }
    }

    fn of_pairs(pairs: &PairCounts, votes: &Votes, seed: u64, care: Care) -> Pca {
        let covariance = Covariance {
            size: votes.statements(),
            rows: pairs.covariance(),
        };
        let axes = leading(&covariance, seed, care);
        Pca::with(pairs.means(), axes, votes)
    }

    /// The same without any table of pairs.
    pub(super) fn without_pairs(votes: &Votes, seed: u64, care: Care) -> Pca {
        let means: Vec<f64> = columns(votes).iter().map(Column::mean).collect();
        let everybody: Vec<usize> = (0..votes.people()).collect();
        // Sums of fractions depend on their order, and that must not be the order of rows.
        let ordered = votes.select(&chosen(votes, &everybody, usize::MAX));
        let centered = Centered {
            votes: &ordered,
            means: &means,
        };
        let axes = leading(&centered, seed, care);
        Pca::with(means.clone(), axes, votes)
    }

    fn with(center: Vec<f64>, axes: Vec<Axis>, votes: &Votes) -> Pca {
        let total: f64 = columns(votes).iter().map(Column::variance).sum();
        Pca {
            center,
            explained: axes.iter().map(|axis| axis.value / total).collect(),
            components: axes.into_iter().map(|axis| axis.vector).collect(),
        }
    }

    /// Where everybody stands. Who saw few statements is moved outwards as Polis does it: by
    /// the root of statements / votes.
    pub fn project(&self, votes: &Votes) -> Vec<[f64; 2]> {
        let weights = self.weights();
        #[allow(clippy::cast_precision_loss)]
        let statements = votes.statements() as f64;
        (0..votes.people())
            .into_par_iter()
            .map(|person| {
                let own = votes.of(person);
                let mut sum = [0.0; 2];
                for cast in own {
                    let of_statement = weights.get(cast.place()).unwrap_or(&[[0.0; 2]; 3]);
                    let add = of_statement.get(cast.code() as usize).unwrap_or(&[0.0; 2]);
                    sum = [sum[0] + add[0], sum[1] + add[1]];
                }
                #[allow(clippy::cast_precision_loss)]
                let scale = (statements / own.len().max(1) as f64).sqrt();
                sum.map(|x| x * scale)
            })
            .collect()
    }

    /// What each answer to each statement adds.
    fn weights(&self) -> Vec<[[f64; 2]; 3]> {
        let weight = |axis: usize, at: usize| {
            let component = self.components.get(axis);
            component.and_then(|c| c.get(at)).copied().unwrap_or(0.0)
        };
        let all = self.center.iter().enumerate().map(|(at, mean)| {
            let axes = [weight(0, at), weight(1, at)];
            [-1.0, 0.0, 1.0].map(|vote: f64| axes.map(|axis| axis * (vote - mean)))
        });
        all.collect()
    }
}

/// A statement's votes in three integers.
#[derive(Clone, Copy, Default)]
struct Column {
    people: u32,
    agree: u32,
    disagree: u32,
}

impl Column {
    fn mean(&self) -> f64 {
        match self.people {
            0 => 0.0,
            people => (f64::from(self.agree) - f64::from(self.disagree)) / f64::from(people),
        }
    }

    fn variance(&self) -> f64 {
        let squares = f64::from(self.agree) + f64::from(self.disagree);
        squares - f64::from(self.people) * self.mean() * self.mean()
    }
}

fn columns(votes: &Votes) -> Vec<Column> {
    let mut columns = vec![Column::default(); votes.statements()];
    for cast in votes.all() {
        if let Some(column) = columns.get_mut(cast.place()) {
            column.people += 1;
            column.agree += u32::from(cast.code() == 2);
            column.disagree += u32::from(cast.code() == 0);
        }
    }
    columns
}

struct Covariance {
    size: usize,
    rows: Vec<f64>,
}

type Lanes = [f64; BLOCK];

impl Symmetric for Covariance {
    fn size(&self) -> usize {
        self.size
    }

    fn times(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let lanes = interleaved(vectors, self.size);
        let products: Vec<Lanes> = self
            .rows
            .par_chunks(self.size.max(1))
            .with_min_len(16)
            .map(|row| {
                let mut even = [0.0; BLOCK];
                let mut odd = [0.0; BLOCK];
                let (weights, vectors) = (row.chunks_exact(2), lanes.chunks_exact(2));
                for (x, y) in weights.remainder().iter().zip(vectors.remainder()) {
                    add(&mut even, *x, y);
                }
                for (x, y) in weights.zip(vectors) {
                    if let ([x0, x1], [y0, y1]) = (x, y) {
                        add(&mut even, *x0, y0);
                        add(&mut odd, *x1, y1);
                    }
                }
                add(&mut even, 1.0, &odd);
                even
            })
            .collect();
        apart(&products, vectors.len())
    }
}

/// People's votes less the means: the covariance is the sum over people of their outer products.
struct Centered<'a> {
    votes: &'a Votes,
    means: &'a [f64],
}

impl Symmetric for Centered<'_> {
    fn size(&self) -> usize {
        self.votes.statements()
    }

    fn times(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let lanes = interleaved(vectors, self.size());
        let people = self.votes.people();
        let share = people.div_ceil(PARTS).max(1);
        let parts: Vec<Vec<Lanes>> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let from = (part * share).min(people);
                self.of_part(&lanes, from, (from + share).min(people))
            })
            .collect();
        let mut sum = vec![[0.0; BLOCK]; self.size()];
        for part in &parts {
            for (sum, more) in sum.iter_mut().zip(part) {
                add(sum, 1.0, more);
            }
        }
        apart(&sum, vectors.len())
    }
}

impl Centered<'_> {
    fn of_part(&self, lanes: &[Lanes], from: usize, to: usize) -> Vec<Lanes> {
        let mut sum = vec![[0.0; BLOCK]; self.size()];
        for person in self.votes.range(from, to) {
            let votes = person.iter().map(|cast| {
                let mean = self.means.get(cast.place()).copied().unwrap_or(0.0);
                (cast.place(), f64::from(cast.code()) - 1.0 - mean)
            });
            let mut along = [0.0; BLOCK];
            for (at, vote) in votes.clone() {
                if let Some(vector) = lanes.get(at) {
                    add(&mut along, vote, vector);
                }
            }
            for (at, vote) in votes {
                if let Some(sum) = sum.get_mut(at) {
                    add(sum, vote, &along);
                }
            }
        }
        sum
    }
}

fn add(sum: &mut Lanes, factor: f64, other: &Lanes) {
    for (x, y) in sum.iter_mut().zip(other) {
        *x += factor * y;
    }
}

fn interleaved(vectors: &[Vec<f64>], size: usize) -> Vec<Lanes> {
    let mut lanes = vec![[0.0; BLOCK]; size];
    for (lane, vector) in vectors.iter().enumerate().take(BLOCK) {
        for (cell, x) in lanes.iter_mut().zip(vector) {
            if let Some(cell) = cell.get_mut(lane) {
                *cell = *x;
            }
        }
    }
    lanes
}

fn apart(lanes: &[Lanes], count: usize) -> Vec<Vec<f64>> {
    (0..count.min(BLOCK))
        .map(|lane| {
            let cells = lanes.iter().map(|cell| cell.get(lane).copied());
            cells.map(Option::unwrap_or_default).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::pairs::PairCounts;
    use super::super::planted::Plan;
    use super::super::spectrum::Care;
    use super::Pca;

    #[test]
    fn without_pairs_the_components_are_those_of_the_covariance_written_out() {
        for (people, statements) in [(400, 120), (200, 3_050)] {
            let plan = Plan {
                people,
                statements,
                density: 0.2,
                seed: 5,
            };
            let votes = plan.plant().votes;
            let pairs = PairCounts::of(&votes);
            let written = Pca::of_pairs(&pairs, &votes, 1, Care::Exact);
            let free = Pca::without_pairs(&votes, 1, Care::Exact);
            assert_eq!(written.center, free.center);
            let axes = written.components.iter().zip(&free.components);
            for (axis, (a, b)) in axes.enumerate() {
                let along: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                let name = format!("{statements} statements, axis {axis}: {along}");
                assert!((along.abs() - 1.0).abs() < 1e-9, "{name}");
                let (x, y) = (written.explained[axis], free.explained[axis]);
                assert!((x - y).abs() < 1e-9, "{name}");
            }
        }
    }
}
