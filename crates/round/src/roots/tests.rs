//! Root finding on every size, on chosen tags, and on lanes that are bad.

use super::*;
use crate::field::M61;
use proptest::prelude::*;

fn sums_of<const P: u64>(tags: &[Residue<P>]) -> Vec<Residue<P>> {
    (1..=tags.len() as u64)
        .map(|k| tags.iter().fold(Residue::ZERO, |s, t| s + t.pow(k)))
        .collect()
}

fn tags(seed: u64, n: usize) -> Vec<Fe> {
    let mut prk = [0; 32];
    prk[..8].copy_from_slice(&seed.to_be_bytes());
    (0..n as u64)
        .map(|i| Fe::reduce(u64::from_be_bytes(*expand::<8>(&prk, "test", &i))))
        .collect()
}

#[test]
fn every_number_of_members_to_three_hundred_is_solved() {
    for n in (1..=64).chain([65, 99, 100, 101, 127, 128, 129, 200, 255, 256, 257, 300]) {
        let mut expected = tags(n as u64, n);
        expected.sort_unstable();
        let found = lane_roots(&[7; 32], 0, &sums_of(&expected));
        assert_eq!(found, Some(expected), "N = {n}");
    }
}

/// Asks for one shift after the other, and says how many were asked for.
fn solve_counting(tags: &[Fe]) -> (Option<Vec<Fe>>, u32) {
    let asked = std::cell::Cell::new(0);
    let found = solve(&sums_of(tags), |n| {
        asked.set(n + 1);
        Fe::reduce(u64::from(n) * 0x9E37_79B9 + 0x0123_4567)
    });
    (found, asked.get())
}

/// The elements of a multiplicative subgroup: its order divides p - 1.
fn subgroup(order: u64) -> Vec<Fe> {
    let generator = (2..)
        .map(|c| Fe::reduce(c).pow((M61 - 1) / order))
        .find(|g| (1..order).all(|k| !order.is_multiple_of(k) || g.pow(k) != Fe::ONE))
        .unwrap();
    powers_of(generator, order)
}

fn powers_of(base: Fe, n: u64) -> Vec<Fe> {
    (1..=n).map(|k| base.pow(k)).collect()
}

/// Sets of up to 300 tags that are as far from random as tags can be chosen.
fn chosen_tags() -> Vec<Vec<Fe>> {
    let run = |from: u64, step: u64, n: u64| -> Vec<Fe> {
        (0..n)
            .map(|i| Fe::reduce(from) + Fe::reduce(step) * Fe::reduce(i))
            .collect()
    };
    let with_negatives = |half: Vec<Fe>| half.iter().flat_map(|t| [*t, -*t]).collect();
    vec![
        run(1, 1, 300),
        run(M61 - 300, 1, 300),
        run(1 << 60, 1, 299),
        run(7, 1 << 31, 300),
        with_negatives(run(1, 1, 150)),
        // All squares, all cubes, and all alike for every character that is used.
        run(1, 1, 300).iter().map(|t| *t * *t).collect(),
        run(1, 1, 300).iter().map(|t| t.pow(3)).collect(),
        run(1, 1, 300).iter().map(|t| t.pow(210)).collect(),
        powers_of(Fe::reduce(2), 60),
        powers_of(Fe::reduce(37), 300),
        subgroup(286),
        subgroup(225),
        subgroup(210),
        subgroup(61),
    ]
}

#[test]
fn tags_that_were_chosen_to_be_hard_are_found_within_few_shifts() {
    for (set, mut tags) in chosen_tags().into_iter().enumerate() {
        let (found, asked) = solve_counting(&tags);
        tags.sort_unstable();
        assert_eq!(found, Some(tags), "set {set}");
        assert!(asked <= 6, "set {set} took {asked} shifts");
    }
}

#[test]
fn random_tags_take_few_shifts() {
    for seed in 0..40 {
        let n = 300 - 7 * usize::try_from(seed).unwrap();
        let mut tags = tags(1000 + seed, n);
        let (found, asked) = solve_counting(&tags);
        tags.sort_unstable();
        assert_eq!(found, Some(tags), "seed {seed}");
        assert!(asked <= 6, "seed {seed} took {asked} shifts");
    }
}

#[test]
fn shifts_that_tell_nothing_apart_end_in_a_bad_lane_after_the_last_try() {
    // Tags with one value of every character, and a shift that is never another.
    let tags: Vec<Fe> = (2..52).map(|t| Fe::reduce(t).pow(210)).collect();
    let asked = std::cell::Cell::new(0);
    let found = solve(&sums_of(&tags), |n| {
        asked.set(n + 1);
        Fe::ZERO
    });
    assert_eq!(found, None);
    assert_eq!(asked.get(), SPLIT_TRIES);
}

#[test]
fn a_tag_that_the_shift_cancels_is_found_all_the_same() {
    for n in [2, 3, 12, 100] {
        let mut tags = tags(n as u64, n);
        let first = -tags[0];
        let found = solve(&sums_of(&tags), |n| first + Fe::reduce(u64::from(n)));
        tags.sort_unstable();
        assert_eq!(found, Some(tags), "N = {n}");
    }
}

#[test]
fn two_equal_tags_are_a_bad_lane() {
    for n in [2, 5, 12, 50, 100, 300] {
        let mut twice = tags(n as u64, n);
        twice[0] = twice[n - 1];
        assert_eq!(lane_roots(&[7; 32], 0, &sums_of(&twice)), None, "N = {n}");
    }
}

#[test]
fn all_tags_alike_are_a_bad_lane() {
    for n in [2, 3, 50, 300] {
        let alike = vec![Fe::reduce(5); n];
        assert_eq!(lane_roots(&[7; 32], 0, &sums_of(&alike)), None, "N = {n}");
    }
}

#[test]
fn sums_of_no_tags_at_all_are_a_bad_lane() {
    for n in [1, 2, 50, 100, 300] {
        for sum in [0, 1, 2] {
            let sums = vec![Fe::reduce(sum); n];
            let found = lane_roots(&[7; 32], 0, &sums);
            // One member's sum is its tag.
            let expected = (n == 1 && sum != 0).then_some(sums);
            assert_eq!(found, expected, "N = {n}, all sums {sum}");
        }
    }
}

#[test]
fn a_zero_tag_is_a_bad_lane() {
    for n in [1, 2, 5, 12, 50, 300] {
        let mut zero = tags(n as u64, n);
        zero[0] = Fe::ZERO;
        assert_eq!(lane_roots(&[7; 32], 0, &sums_of(&zero)), None, "N = {n}");
    }
}

#[test]
fn tags_at_the_edges_of_the_field_are_found() {
    let edge: Vec<Fe> = [1, 2, 3, M61 - 2, M61 - 1]
        .map(|v| Fe::new(v).unwrap())
        .to_vec();
    assert_eq!(lane_roots(&[1; 32], 3, &sums_of(&edge)), Some(edge));
}

/// All N-subsets of the nonzero elements, against the solver, for all possible sums.
fn brute_force<const P: u64>(n: u32) {
    let all: Vec<u64> = (0..P.pow(n)).collect();
    for code in all {
        let sums: Vec<Residue<P>> = (0..n).map(|i| Residue::reduce(code / P.pow(i))).collect();
        let subset = |bits: u64| -> Vec<Residue<P>> {
            (1..P)
                .filter(|v| bits >> v & 1 == 1)
                .map(Residue::reduce)
                .collect()
        };
        let expected = (0..1u64 << P)
            .filter(|bits| bits & 1 == 0 && bits.count_ones() == n)
            .map(subset)
            .find(|tags| sums_of(tags) == sums);
        let found = solve(&sums, |n| Residue::reduce(u64::from(n)));
        assert_eq!(found, expected, "P = {P}, sums = {sums:?}");
    }
}

#[test]
fn the_solver_equals_brute_force_on_tiny_fields() {
    brute_force::<5>(2);
    brute_force::<5>(3);
    brute_force::<7>(3);
    brute_force::<7>(4);
    brute_force::<11>(3);
}

proptest! {
    #[test]
    fn random_sums_are_refused_or_solved(seed: u64, n in 1usize..60) {
        let sums = tags(seed, n);
        if let Some(roots) = lane_roots(&[3; 32], 1, &sums) {
            prop_assert_eq!(sums_of(&roots), sums);
        }
    }

    #[test]
    fn one_wrong_sum_is_never_mistaken(seed: u64, n in 2usize..60, at in 0usize..60, by in 1..1u64 << 60) {
        let tags = tags(seed, n);
        let mut sums = sums_of(&tags);
        let at = at % n;
        sums[at] = sums[at] + Fe::reduce(by);
        if let Some(roots) = lane_roots(&[3; 32], 1, &sums) {
            prop_assert_eq!(sums_of(&roots), sums);
        }
    }
}
