//! Four integers for each pair of statements: who voted on both, the sums of their votes on each, and
//! of the products. Integers add: shards and later votes give what one batch gives, bit for bit.

use std::iter;

use rayon::prelude::*;

use super::tables::ByStatement;
use super::votes::{Cast, Votes};

/// So many votes at most are gone through statement by statement. Fewer would be turned into sums more
/// often, more would not stay in the cache.
const BATCH: usize = 1 << 18;

/// The statistics of all pairs j <= k; row j begins with j itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairCounts {
    statements: usize,
    counts: Vec<Counts>,
}

/// Of one pair: who voted on both, the sums of their votes on the first and on the second, and of the
/// products. Votes are counted as 0, 1 and 2 here, and shifted back where they are read.
pub(super) type Counts = [u32; 4];

impl PairCounts {
    /// Nobody's yet.
    pub fn on(statements: usize) -> PairCounts {
        let pairs = statements * (statements + 1) / 2;
        // `vec![]` would take memory that is mapped at the first look and again at the first addition,
        // and each time the other threads wait: in a fresh process four times as slow.
        let counts = iter::repeat_n(Counts::default(), pairs).collect();
        PairCounts { statements, counts }
    }

    /// Of everybody in `votes`.
    pub fn of(votes: &Votes) -> PairCounts {
        let (threads, people) = (parts_of(votes), votes.people());
        let share = people.div_ceil(threads).max(1);
        // By votes it would be evener; people stand in no order, so it is even enough.
        let parts: Vec<PairCounts> = (0..threads)
            .into_par_iter()
            .map(|part| {
                let from = (part * share).min(people);
                PairCounts::of_range(votes, from, (from + share).min(people))
            })
            .collect();
        let mut parts = parts.into_iter();
        let first = parts
            .next()
            .unwrap_or_else(|| PairCounts::on(votes.statements()));
        parts.fold(first, |sum, part| sum.plus(&part))
    }

    fn of_range(votes: &Votes, from: usize, to: usize) -> PairCounts {
        let mut all = PairCounts::on(votes.statements());
        let mut begin = from;
        while begin < to {
            // Who alone has more votes than that is a batch.
            let end = votes.until(begin, BATCH).clamp(begin + 1, to);
            match ByStatement::of(votes, begin, end) {
                Some(batch) => batch.add_to(&mut all.counts),
                None => votes.range(begin, end).for_each(|person| all.add(person)),
            }
            begin = end;
        }
        all
    }

    /// By a table, and one by one as where there are too many statements for a table.
    #[cfg(test)]
    pub(super) fn both_ways(votes: &Votes) -> (PairCounts, PairCounts) {
        let (mut with, mut without) = (
            PairCounts::on(votes.statements()),
            PairCounts::on(votes.statements()),
        );
        let table = ByStatement::of(votes, 0, votes.people()).unwrap();
        table.add_to(&mut with.counts);
        votes.iter().for_each(|person| without.add(person));
        (with, without)
    }

    /// Adds one person's votes.
    pub fn add(&mut self, person: &[Cast]) {
        let starts = row_starts(self.statements);
        for from in 0..person.len() {
            let votes = person.get(from..);
            let first = votes.and_then(<[Cast]>::first);
            let start = first.and_then(|first| starts.get(first.place()));
            if let Some(row) = start.and_then(|start| self.counts.get_mut(*start..)) {
                count_row(row, votes);
            }
        }
    }

    /// Those of two shards together.
    #[must_use]
    pub fn plus(mut self, other: &PairCounts) -> PairCounts {
        for (sum, more) in self
            .counts
            .iter_mut()
            .flatten()
            .zip(other.counts.iter().flatten())
        {
            *sum += more;
        }
        self
    }

    /// The mean vote on each statement, of those who voted on it.
    pub fn means(&self) -> Vec<f64> {
        let starts = row_starts(self.statements);
        let diagonal = starts.iter().take(self.statements);
        let counts = diagonal.map(|at| self.counts.get(*at).copied().unwrap_or_default());
        counts
            .map(|[people, first, _, _]| match people {
                0 => 0.0,
                _ => (f64::from(first) - f64::from(people)) / f64::from(people),
            })
            .collect()
    }

    /// The covariance of the matrix whose gaps hold their statement's mean, times the number of
    /// people: row by row, statements x statements.
    pub fn covariance(&self) -> Vec<f64> {
        let (size, means) = (self.statements, self.means());
        let mut matrix = vec![0.0; size * size];
        let starts = row_starts(size);
        matrix
            .par_chunks_mut(size.max(1))
            .zip(starts.par_iter())
            .enumerate()
            .for_each(|(row, (line, start))| {
                let counts = self
                    .counts
                    .get(*start..*start + (size - row))
                    .unwrap_or(&[]);
                let mean = means.get(row).copied().unwrap_or(0.0);
                let rest = line.iter_mut().zip(&means).skip(row).zip(counts);
                for ((cell, other), counts) in rest {
                    *cell = covariance(*counts, mean, *other);
                }
            });
        mirror(&mut matrix, size);
        matrix
    }
}

fn covariance(counts: Counts, mean: f64, other: f64) -> f64 {
    let [n, j, k, product] = counts.map(i64::from);
    let product = product - j - k + n;
    #[allow(clippy::cast_precision_loss)]
    let [n, j, k, product] = [n, j - n, k - n, product].map(|exact| exact as f64);
    product - other * j - mean * k + mean * other * n
}

/// The upper triangle into the lower one, a tile at a time: whole columns would miss every cache line.
fn mirror(matrix: &mut [f64], size: usize) {
    const TILE: usize = 32;
    for top in (0..size).step_by(TILE) {
        for left in (top..size).step_by(TILE) {
            for row in top..(top + TILE).min(size) {
                for column in left.max(row + 1)..(left + TILE).min(size) {
                    let value = matrix.get(row * size + column).copied().unwrap_or(0.0);
                    if let Some(cell) = matrix.get_mut(column * size + row) {
                        *cell = value;
                    }
                }
            }
        }
    }
}

/// One for each thread, but never more than are worth a table of their own.
fn parts_of(votes: &Votes) -> usize {
    let of_table = votes.statements().saturating_mul(votes.statements()).max(1);
    let visits: usize = votes
        .iter()
        .map(|own| own.len().saturating_mul(own.len()))
        .sum();
    (visits / of_table).clamp(1, rayon::current_num_threads().max(1))
}

/// Where each statement's row of pairs begins.
fn row_starts(statements: usize) -> Vec<usize> {
    let mut start = 0;
    (0..statements)
        .map(|row| {
            let begins = start;
            start += statements - row;
            begins
        })
        .collect()
}

/// Adds the pairs of the first of these votes, which all are one person's, to its row.
fn count_row(row: &mut [Counts], votes: Option<&[Cast]>) {
    let Some(votes @ [first, ..]) = votes else {
        return;
    };
    let (place, vote) = (first.place(), first.code());
    for second in votes {
        let code = second.code();
        let more = [1, vote, code, vote * code];
        if let Some(counts) = row.get_mut(second.place().wrapping_sub(place)) {
            // Four billion people would have to vote before one of these runs over.
            for (sum, more) in counts.iter_mut().zip(more) {
                *sum = sum.wrapping_add(more);
            }
        }
    }
}
