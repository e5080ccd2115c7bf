//! Pairs of a batch of people, statement by statement: the votes on the others are counted in one small
//! table, an addition for each pair, which is turned into sums once for each statement.

use std::hint::black_box;

use super::pairs::Counts;
use super::votes::Votes;

/// Entries of the table. A vote's word is its entry, so that none lies outside.
const ENTRIES: usize = 1 << 16;
/// Votes that are counted without asking whether there are more.
const CHUNK: usize = 8;
/// A vote that is none: entries whose last two bits are set are never read.
const NONE: [u16; CHUNK] = [3, 7, 11, 15, 19, 23, 27, 31];
/// An entry holds how many people and, in the upper half, the sum of their votes on the first of two
/// statements, at most two each. Times two for the second they still fit for so many.
const VISITS: usize = 16_383;
/// Visits of a statement are sorted by how many chunks follow, up to this: predictable work is fast.
const CLASSES: usize = 4;
/// Visits whose chunks are fetched together.
const TOGETHER: usize = 32;

/// A vote whose pairs are to be counted: from the left its chunk's place in 19 bits, how many chunks of
/// the same person follow in 11, the vote in 2.
#[derive(Clone, Copy, Default)]
struct Visit(u32);

impl Visit {
    /// None where there are too many chunks.
    fn new(chunk: usize, following: u16, cast: u16) -> Option<Visit> {
        let chunk = u32::try_from(chunk).ok().filter(|at| *at < 1 << 19)?;
        let vote = u32::from(cast & 3);
        (following < 1 << 11).then_some(Visit(chunk << 13 | u32::from(following) << 2 | vote))
    }

    fn chunk(self) -> usize {
        (self.0 >> 13) as usize
    }

    fn end(self) -> usize {
        self.chunk() + (self.0 >> 2 & 0x7ff) as usize + 1
    }

    /// One person, and the vote.
    fn entry(self) -> u32 {
        1 | (self.0 & 3) << 16
    }
}

/// Some people's votes, to be gone through statement by statement.
pub struct ByStatement {
    statements: usize,
    /// Everybody's votes. Each person begins a chunk; what it does not fill stands first, so that
    /// the chunks from one vote on hold no vote of another person.
    chunks: Vec<[u16; CHUNK]>,
    /// Votes by statement and class.
    visits: Vec<Visit>,
    /// Where those of each statement and class begin among `visits`, and the end.
    starts: Vec<u32>,
}

impl ByStatement {
    /// None where there are too many statements for a table, or more than 2^19 votes.
    pub fn of(votes: &Votes, from: usize, to: usize) -> Option<ByStatement> {
        let statements = votes.statements();
        if statements > ENTRIES / 4 {
            return None;
        }
        let (mut chunks, mut following) = (Vec::new(), Vec::new());
        for person in votes.range(from, to) {
            let all = person.len().div_ceil(CHUNK);
            let (first, full) = person.split_at(person.len() - all.saturating_sub(1) * CHUNK);
            let parts = [first].into_iter().chain(full.chunks(CHUNK));
            for (part, after) in parts.zip((0..all).rev()) {
                let mut chunk = NONE;
                for (cell, cast) in chunk.iter_mut().rev().zip(part.iter().rev()) {
                    *cell = u16::try_from(cast.bits()).ok()?;
                }
                chunks.push(chunk);
                following.push(u16::try_from(after).ok()?);
            }
        }
        let (visits, starts) = sorted(&chunks, &following, statements)?;
        Some(ByStatement {
            statements,
            chunks,
            visits,
            starts,
        })
    }

    /// Adds all pairs to `counts`, which holds all rows, one after another.
    pub fn add_to(&self, counts: &mut [Counts]) {
        let mut table = vec![0_u32; ENTRIES];
        let Some(table) = table.first_chunk_mut::<ENTRIES>() else {
            return;
        };
        let mut rest = counts;
        let starts = self.starts.iter().step_by(CLASSES);
        for (place, (from, to)) in starts.clone().zip(starts.skip(1)).enumerate() {
            let length = (self.statements - place).min(rest.len());
            let (row, below) = rest.split_at_mut(length);
            let visits = self.visits.get(*from as usize..*to as usize);
            for visits in visits.unwrap_or(&[]).chunks(VISITS) {
                self.count(visits, table);
                unpack(row, table.get_mut(place * 4..).unwrap_or(&mut []));
            }
            rest = below;
        }
    }

    /// Counts these people's votes. Those on statements before the visited one are counted too, where
    /// nobody looks any more.
    fn count(&self, visits: &[Visit], table: &mut [u32; ENTRIES]) {
        for group in visits.chunks(TOGETHER) {
            // One after another they would be waited for.
            let last = group
                .iter()
                .filter_map(|visit| self.chunks.get(visit.chunk())?.last());
            black_box(last.fold(0, |any, cast| any | cast));
            for visit in group {
                let once = visit.entry();
                let chunks = self.chunks.get(visit.chunk()..visit.end());
                for chunk in chunks.unwrap_or(&[]) {
                    for cast in chunk {
                        if let Some(entry) = table.get_mut(usize::from(*cast)) {
                            // Only entries that nobody looks at run over.
                            *entry = entry.wrapping_add(once);
                        }
                    }
                }
            }
        }
    }
}

/// All votes sorted by statement and class, and where those of each begin.
fn sorted(
    chunks: &[[u16; CHUNK]],
    following: &[u16],
    statements: usize,
) -> Option<(Vec<Visit>, Vec<u32>)> {
    let key = |cast: u16, following: u16| {
        usize::from(cast >> 2) * CLASSES + usize::from(following).min(CLASSES - 1)
    };
    let is_vote = |cast: &&u16| **cast & 3 != 3;
    let mut starts = vec![0_u32; statements * CLASSES + 1];
    for (chunk, following) in chunks.iter().zip(following) {
        for cast in chunk.iter().filter(is_vote) {
            *starts.get_mut(key(*cast, *following))? += 1;
        }
    }
    let mut end = 0;
    for start in &mut starts {
        end += *start;
        *start = end;
    }
    let mut visits = vec![Visit::default(); end as usize];
    // From the end of each to its beginning, where the starts then stand.
    for (at, (chunk, following)) in chunks.iter().zip(following).enumerate() {
        for cast in chunk.iter().filter(is_vote) {
            let place = starts.get_mut(key(*cast, *following))?;
            *place -= 1;
            *visits.get_mut(*place as usize)? = Visit::new(at, *following, *cast)?;
        }
    }
    Some((visits, starts))
}

/// Adds a row's table to its counts, and clears it.
fn unpack(row: &mut [Counts], table: &mut [u32]) {
    for (counts, entries) in row.iter_mut().zip(table.chunks_exact_mut(4)) {
        if let [disagree, pass, agree, _] = *entries {
            let all = disagree.wrapping_add(pass).wrapping_add(agree);
            let votes = pass.wrapping_add(agree.wrapping_mul(2));
            let more = [all & 0xffff, all >> 16, votes & 0xffff, votes >> 16];
            for (sum, more) in counts.iter_mut().zip(more) {
                *sum = sum.wrapping_add(more);
            }
        }
        entries.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::pairs::PairCounts;
    use super::super::planted::Plan;
    use super::super::votes::Votes;
    use super::ByStatement;
    use crate::consultation::Cast;
    use crate::tally::Stance;

    fn on(statements: usize) -> Votes {
        let mut votes = Votes::on(statements);
        let own = (0..statements as u32).step_by(61);
        let own: Vec<Cast> = own.filter_map(|at| Cast::new(at, Stance::Agree)).collect();
        votes.add(&own).unwrap();
        votes
    }

    #[test]
    fn beyond_its_entries_there_is_no_table() {
        assert!(ByStatement::of(&on(16_384), 0, 1).is_some());
        assert!(ByStatement::of(&on(16_385), 0, 1).is_none());
    }

    #[test]
    fn with_and_without_a_table_the_same_is_counted() {
        let plan = Plan {
            people: 300,
            statements: 2_500,
            density: 0.04,
            seed: 3,
        };
        let votes = plan.plant().votes;
        let (with, without) = PairCounts::both_ways(&votes);
        assert!(with == without && with != PairCounts::on(2_500));
    }

    #[test]
    fn at_its_last_entry_a_table_counts_right() {
        // All pairs of so many statements would take two gigabytes: the first three rows do.
        let votes = on(16_384);
        let mut rows = vec![[0; 4]; 16_384 + 16_383 + 16_382];
        ByStatement::of(&votes, 0, 1).unwrap().add_to(&mut rows);
        for (place, counts) in rows.iter().enumerate() {
            let is_pair = place < 16_384 && place % 61 == 0;
            let expected = if is_pair { [1, 2, 2, 4] } else { [0; 4] };
            assert_eq!(*counts, expected, "{place}");
        }
    }
}
