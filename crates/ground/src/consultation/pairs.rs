//! Four integers for each pair of statements: who voted on both, the sums of their votes on each, and
//! of the products. Integers add: shards and later votes give what one batch gives, bit for bit.

use rayon::prelude::*;

use super::votes::{Cast, Votes};

/// A vote plus one is at most two, the product of two at most four: so many people fit into 16 bits.
const BLOCK: usize = 16_383;

/// The statistics of all pairs j <= k; row j begins with j itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairCounts {
    statements: usize,
    counts: Vec<Counts>,
}

/// Of one pair. Votes are counted as 0, 1 and 2 here, and shifted back where they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    people: u32,
    first: u32,
    second: u32,
    product: u32,
}

impl PairCounts {
    /// Nobody's yet.
    pub fn on(statements: usize) -> PairCounts {
        let pairs = statements * (statements + 1) / 2;
        PairCounts {
            statements,
            counts: vec![Counts::default(); pairs],
        }
    }

    /// Of everybody in `votes`.
    pub fn of(votes: &Votes) -> PairCounts {
        let threads = rayon::current_num_threads().max(1);
        let people = votes.people();
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
        if from == to {
            return all;
        }
        let mut packed = vec![0_u64; all.counts.len()];
        let starts = row_starts(votes.statements());
        let mut begin = from;
        while begin < to {
            let end = (begin + BLOCK).min(to);
            for person in votes.range(begin, end) {
                count_person(&mut packed, &starts, person);
            }
            all.take(&mut packed);
            begin = end;
        }
        all
    }

    /// Adds one person's votes.
    pub fn add(&mut self, person: &[Cast]) {
        let starts = row_starts(self.statements);
        let mut rest = person;
        while let [first, ..] = rest {
            let start = starts.get(first.place()).copied().unwrap_or(usize::MAX);
            for second in rest {
                let at = start.saturating_add(second.place().saturating_sub(first.place()));
                if let Some(counts) = self.counts.get_mut(at) {
                    counts.people += 1;
                    counts.first += first.code();
                    counts.second += second.code();
                    counts.product += first.code() * second.code();
                }
            }
            rest = rest.get(1..).unwrap_or(&[]);
        }
    }

    /// Those of two shards together.
    #[must_use]
    pub fn plus(mut self, other: &PairCounts) -> PairCounts {
        for (sum, more) in self.counts.iter_mut().zip(&other.counts) {
            sum.people += more.people;
            sum.first += more.first;
            sum.second += more.second;
            sum.product += more.product;
        }
        self
    }

    fn take(&mut self, packed: &mut [u64]) {
        let lane = |word: u64, at: u32| (word >> (16 * at)) as u32 & 0xffff;
        for (counts, word) in self.counts.iter_mut().zip(packed) {
            if *word != 0 {
                counts.people += lane(*word, 0);
                counts.first += lane(*word, 1);
                counts.second += lane(*word, 2);
                counts.product += lane(*word, 3);
                *word = 0;
            }
        }
    }

    /// The mean vote on each statement, of those who voted on it.
    pub fn means(&self) -> Vec<f64> {
        let starts = row_starts(self.statements);
        let diagonal = starts.iter().take(self.statements);
        let counts = diagonal.map(|at| self.counts.get(*at).copied().unwrap_or_default());
        counts
            .map(|own| match own.people {
                0 => 0.0,
                people => (f64::from(own.first) - f64::from(people)) / f64::from(people),
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
                    *cell = counts.covariance(mean, *other);
                }
            });
        mirror(&mut matrix, size);
        matrix
    }
}

impl Counts {
    fn covariance(self, mean: f64, other: f64) -> f64 {
        let (n, j, k) = (
            i64::from(self.people),
            i64::from(self.first),
            i64::from(self.second),
        );
        let product = i64::from(self.product) - j - k + n;
        #[allow(clippy::cast_precision_loss)]
        let [n, j, k, product] = [n, j - n, k - n, product].map(|exact| exact as f64);
        product - other * j - mean * k + mean * other * n
    }
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

/// Adds a person's pairs to counters of four lanes each.
fn count_person(packed: &mut [u64], starts: &[usize], person: &[Cast]) {
    let mut rest = person;
    while let [first, ..] = rest {
        let (place, vote) = (first.place(), u64::from(first.code()));
        let start = starts.get(place).copied().unwrap_or(usize::MAX);
        let row = packed.get_mut(start..).unwrap_or(&mut []);
        let (once, each) = (1 | vote << 16, 1 << 32 | vote << 48);
        for second in rest {
            let add = each
                .wrapping_mul(u64::from(second.code()))
                .wrapping_add(once);
            if let Some(counter) = row.get_mut(second.place().wrapping_sub(place)) {
                // A block of people is small enough that no lane runs over.
                *counter = counter.wrapping_add(add);
            }
        }
        rest = rest.get(1..).unwrap_or(&[]);
    }
}
