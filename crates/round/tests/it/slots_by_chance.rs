//! Whole runs of the real code, from JOIN to the opened texts: who sits in which slot is chance. The
//! seeds are fixed, so that the result is always the same.

use round::{OpenedSlot, Verdict};

use crate::table::{Table, terms};

const MEMBERS: usize = 3;
const RUNS: u64 = 600;
/// Chance exceeds it once in ten thousand times, at (N - 1)² = 4 degrees of freedom.
const LIMIT: f64 = 23.51;

/// Who wrote the text of each slot.
fn authors(run: u64) -> Vec<usize> {
    let mut terms = terms(MEMBERS as u32, MEMBERS as u16, 64);
    terms.ctx0[..8].copy_from_slice(&run.to_be_bytes());
    let mut table = Table::new(terms, run);
    for (member, leaf) in table.leaves().into_iter().enumerate() {
        table.write(leaf, &member.to_string());
    }
    let Some(Verdict::Opened(opened)) = table.play() else {
        panic!("run {run} was not opened")
    };
    let author = |slot: &OpenedSlot| match slot {
        OpenedSlot::Text { text, .. } => text.parse().unwrap(),
        OpenedSlot::Blank | OpenedSlot::Void => panic!("{slot:?}"),
    };
    opened.payloads[0].iter().map(author).collect()
}

/// Chi-square of slot and author, scaled for the sums of rows and columns that are fixed.
fn statistic(seatings: &[Vec<usize>]) -> f64 {
    let mut table = [[0u64; MEMBERS]; MEMBERS];
    for seating in seatings {
        seating
            .iter()
            .enumerate()
            .for_each(|(slot, author)| table[slot][*author] += 1);
    }
    let expected = seatings.len() as f64 / MEMBERS as f64;
    let cells = table.iter().flatten();
    let sum: f64 = cells
        .map(|count| (*count as f64 - expected).powi(2) / expected)
        .sum();
    sum * (MEMBERS - 1) as f64 / MEMBERS as f64
}

#[test]
fn in_whole_runs_every_member_sits_in_every_slot_equally_often() {
    let seatings: Vec<Vec<usize>> = (0..RUNS).map(authors).collect();
    assert!(statistic(&seatings) < LIMIT);

    let by_id = |mut seating: Vec<usize>| {
        seating.sort_unstable();
        seating
    };
    // One run in four by id is already too much.
    let some_by_id: Vec<Vec<usize>> = (0u64..)
        .zip(seatings)
        .map(|(run, seating)| {
            if run % 4 == 0 {
                by_id(seating)
            } else {
                seating
            }
        })
        .collect();
    assert!(statistic(&some_by_id) > LIMIT);
}
