//! Who sits where is chance: chi-square over many runs of the real key schedule (root, tag, rank), and
//! controls that fail the same test. The seeds are fixed, so that each result is always the same.

use crate::field::Fe;
use crate::hash::hash;
use crate::kem::Root;
use crate::slot::rank;

const MEMBERS: usize = 5;
const RUNS: u64 = 100_000;

/// Chance exceeds these once in ten thousand times, at 16 and at 119 degrees of freedom.
const LIMIT_OF_TABLE: f64 = 45.92;
const LIMIT_OF_ORDERS: f64 = 185.09;

/// One number below [`MEMBERS`] for each member, all different.
type Seating = [usize; MEMBERS];

/// How tags come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tags {
    /// As the code derives them.
    Derived,
    /// One root in ten of the first member gives a tag that is a bit too short.
    Biased,
    /// Instead of by tags, slots go by index.
    ByIndex,
    /// Every lane has the tag of the first.
    OneForAllLanes,
    /// The transcript is not part of the derivation.
    KeptOverRuns,
}

/// The slots of one lane. `root` tells which roots are drawn, `run` what the transcript says.
fn seating(tags: Tags, root: u64, run: u64, lane: u16) -> Seating {
    let t1 = hash(
        "chance t1",
        &if tags == Tags::KeptOverRuns {
            root
        } else {
            run
        },
    );
    let lane = if tags == Tags::OneForAllLanes {
        0
    } else {
        lane
    };
    let mut drawn = [Fe::ZERO; MEMBERS];
    for (member, place) in (0u16..).zip(&mut drawn) {
        let bytes = hash("chance root", &(root, member));
        *place = Root::revealed(bytes, [0; 32]).tag(&t1, lane);
        if tags == Tags::Biased && member == 0 && root.is_multiple_of(10) {
            *place = Fe::reduce(place.value() >> 1);
        }
    }
    let mut seating = [0; MEMBERS];
    for (member, place) in seating.iter_mut().enumerate() {
        let by_tag = usize::from(rank(&drawn, drawn[member]).unwrap());
        *place = if tags == Tags::ByIndex {
            member
        } else {
            by_tag
        };
    }
    seating
}

const BY_MEMBER: Seating = [0, 1, 2, 3, 4];

/// Chi-square of how often `from[i]` meets `to[i]`: with uniformly random orders it has
/// (N - 1)² degrees of freedom, once it is scaled for the sums of rows and columns that are fixed.
fn table_statistic(pairs: impl Iterator<Item = (Seating, Seating)>) -> f64 {
    let mut table = [[0u64; MEMBERS]; MEMBERS];
    for (from, to) in pairs {
        from.into_iter()
            .zip(to)
            .for_each(|(row, column)| table[row][column] += 1);
    }
    let expected = RUNS as f64 / MEMBERS as f64;
    let cells = table.iter().flatten();
    let sum: f64 = cells
        .map(|count| (*count as f64 - expected).powi(2) / expected)
        .sum();
    sum * (MEMBERS - 1) as f64 / MEMBERS as f64
}

/// Chi-square over all orders of the members, each of which is equally likely.
fn orders_statistic(seatings: impl Iterator<Item = Seating>) -> f64 {
    let mut counts = std::collections::BTreeMap::<Seating, u64>::new();
    seatings.for_each(|seating| *counts.entry(seating).or_default() += 1);
    let orders: usize = (1..=MEMBERS).product();
    let expected = RUNS as f64 / orders as f64;
    let seen: f64 = counts
        .values()
        .map(|count| (*count as f64 - expected).powi(2) / expected)
        .sum();
    seen + (orders - counts.len()) as f64 * expected
}

fn member_to_slot(tags: Tags) -> f64 {
    table_statistic((0..RUNS).map(|run| (BY_MEMBER, seating(tags, run, run, 0))))
}

fn lane_to_lane(tags: Tags) -> f64 {
    table_statistic((0..RUNS).map(|run| (seating(tags, run, run, 0), seating(tags, run, run, 1))))
}

/// The roots are the same in both runs, which never happens: the transcript alone must do.
fn run_to_run(tags: Tags) -> f64 {
    let rerun = |run| seating(tags, run, run + RUNS, 0);
    table_statistic((0..RUNS).map(|run| (seating(tags, run, run, 0), rerun(run))))
}

#[test]
fn every_member_sits_in_every_slot_equally_often() {
    assert!(member_to_slot(Tags::Derived) < LIMIT_OF_TABLE);
    for control in [Tags::Biased, Tags::ByIndex] {
        assert!(member_to_slot(control) > LIMIT_OF_TABLE, "{control:?}");
    }
}

#[test]
fn every_order_of_the_members_is_equally_likely() {
    let statistic = |tags| orders_statistic((0..RUNS).map(|run| seating(tags, run, run, 0)));
    assert!(statistic(Tags::Derived) < LIMIT_OF_ORDERS);
    for control in [Tags::Biased, Tags::ByIndex] {
        assert!(statistic(control) > LIMIT_OF_ORDERS, "{control:?}");
    }
}

#[test]
fn a_slot_in_one_lane_says_nothing_about_another_lane() {
    assert!(lane_to_lane(Tags::Derived) < LIMIT_OF_TABLE);
    assert!(lane_to_lane(Tags::OneForAllLanes) > LIMIT_OF_TABLE);
}

#[test]
fn a_slot_in_one_run_says_nothing_about_the_rerun() {
    assert!(run_to_run(Tags::Derived) < LIMIT_OF_TABLE);
    assert!(run_to_run(Tags::KeptOverRuns) > LIMIT_OF_TABLE);
}
