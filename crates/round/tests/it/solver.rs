//! The solver against brute force: on tiny fields every list of power sums that there is, on the real
//! one against the plainest test for a lane that has no N distinct nonzero roots.

use std::collections::BTreeMap;

use proptest::prelude::*;
use round::{Fe, M61, Residue, solve};

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

/// The product of monic polynomials, coefficients by ascending power without the leading 1.
fn product(factors: &[Vec<Fe>]) -> Vec<Fe> {
    let mut out = vec![Fe::ONE];
    for factor in factors {
        let factor: Vec<Fe> = factor.iter().copied().chain([Fe::ONE]).collect();
        out = schoolbook(&out, &factor);
    }
    out.pop();
    out
}

fn schoolbook(a: &[Fe], b: &[Fe]) -> Vec<Fe> {
    let mut out = vec![Fe::ZERO; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        b.iter()
            .zip(&mut out[i..])
            .for_each(|(y, sum)| *sum = *sum + *x * *y);
    }
    out
}

/// Newton's identities, from coefficients to power sums.
fn sums_of_roots(f: &[Fe]) -> Vec<Fe> {
    let n = f.len();
    let mut sums: Vec<Fe> = Vec::new();
    for k in 1..=n {
        let own = f[n - k] * Fe::reduce(k as u64);
        let earlier = (1..k).map(|i| f[n - i] * sums[k - i - 1]);
        sums.push(-earlier.fold(own, |sum, term| sum + term));
    }
    sums
}

/// Whether x^p = x modulo f and f(0) is not zero, with nothing but multiplication and long division.
fn has_distinct_nonzero_roots(f: &[Fe]) -> bool {
    let n = f.len();
    let reduce = |mut value: Vec<Fe>| {
        while value.len() > n {
            let top = value.pop().unwrap();
            let from = value.len() - n;
            f.iter()
                .zip(&mut value[from..])
                .for_each(|(c, v)| *v = *v - top * *c);
        }
        value.resize(n, Fe::ZERO);
        value
    };
    let x = reduce(vec![Fe::ZERO, Fe::ONE]);
    let mut power = x.clone();
    for bit in (0..60).rev() {
        power = reduce(schoolbook(&power, &power));
        if M61 >> bit & 1 == 1 {
            power = reduce(schoolbook(&power, &x));
        }
    }
    power == x && f[0] != Fe::ZERO
}

fn element() -> impl Strategy<Value = Fe> {
    (0..M61).prop_map(Fe::reduce)
}

/// Linear factors, up to two of any degree, and perhaps one factor once more.
fn factors() -> impl Strategy<Value = Vec<Vec<Fe>>> {
    let linear = prop::collection::vec(prop::collection::vec(element(), 1), 1..14);
    let others = prop::collection::vec(prop::collection::vec(element(), 2..5), 0..3);
    (
        linear,
        others,
        prop::option::weighted(0.2, any::<prop::sample::Index>()),
    )
        .prop_map(|(linear, others, again)| {
            let mut all = [linear, others].concat();
            all.extend(again.map(|index| index.get(&all).clone()));
            all
        })
}

proptest! {
    #[test]
    fn a_lane_is_solved_exactly_where_the_plain_test_finds_n_roots(factors in factors(), shifts: u64) {
        let f = product(&factors);
        let sums = sums_of_roots(&f);
        let found = solve(&sums, |n| Fe::reduce(shifts.wrapping_mul(u64::from(n) * 2 + 1)));
        prop_assert_eq!(found.is_some(), has_distinct_nonzero_roots(&f));
        if let Some(roots) = found {
            prop_assert_eq!(sums_of(&roots), sums);
        }
    }
}
