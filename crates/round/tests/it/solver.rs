//! The solver against brute force: on tiny fields every list of power sums that there is.

use std::collections::BTreeMap;

use round::{Residue, solve};

fn sums_of<const P: u64>(tags: &[Residue<P>]) -> Vec<Residue<P>> {
    let power_sum = |k| tags.iter().fold(Residue::ZERO, |sum, tag| sum + tag.pow(k));
    (1..=tags.len() as u64).map(power_sum).collect()
}

/// All sets of `n` nonzero elements by their power sums.
fn all_sets<const P: u64>(n: u32) -> BTreeMap<Vec<Residue<P>>, Vec<Residue<P>>> {
    let elements = |bits: u64| {
        (1..P)
            .filter(move |value| bits >> value & 1 == 1)
            .map(Residue::reduce)
    };
    let sets = (0..1u64 << P).filter(|bits| bits & 1 == 0 && bits.count_ones() == n);
    let by_sums: Vec<_> = sets
        .map(|bits| elements(bits).collect::<Vec<_>>())
        .map(|set| (sums_of(&set), set))
        .collect();
    let sets = by_sums.len();
    let by_sums: BTreeMap<_, _> = by_sums.into_iter().collect();
    assert_eq!(by_sums.len(), sets, "power sums tell all sets apart");
    by_sums
}

/// Tries every list of `n` sums, with the shifts in two orders.
fn brute_force<const P: u64>(n: u32) {
    let sets = all_sets::<P>(n);
    let mut solved = 0;
    for code in 0..P.pow(n) {
        let sums: Vec<Residue<P>> = (0..n).map(|at| Residue::reduce(code / P.pow(at))).collect();
        let upwards = solve(&sums, |n| Residue::reduce(u64::from(n)));
        let downwards = solve(&sums, |n| -Residue::reduce(u64::from(n) * 2 + 1));
        assert_eq!(upwards.as_ref(), sets.get(&sums), "P = {P}, {sums:?}");
        assert_eq!(upwards, downwards, "P = {P}, {sums:?}");
        solved += usize::from(upwards.is_some());
    }
    assert_eq!(solved, sets.len());
}

#[test]
fn every_list_of_power_sums_on_tiny_fields_is_solved_as_by_brute_force() {
    (1..=2).for_each(brute_force::<3>);
    (1..=4).for_each(brute_force::<5>);
    (1..=6).for_each(brute_force::<7>);
    (1..=4).for_each(brute_force::<11>);
    (1..=4).for_each(brute_force::<13>);
    (1..=3).for_each(brute_force::<17>);
}
