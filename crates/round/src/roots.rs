//! From N power sums to N distinct nonzero roots: Newton's identities, then Cantor and Zassenhaus
//! (Math. Comp. 36, 1981) on public data. Every loop is bounded.

use crate::field::{Fe, Residue};
use crate::hash::{Hash, expand};
use crate::limits::SPLIT_TRIES;
use crate::polynomial::Monic;

/// The tags of a lane, ascending; the rank of a tag is its slot.
///
/// `None` is a bad lane: zero among the roots, or fewer than N distinct ones.
pub(crate) fn lane_roots(t3: &Hash, lane: u16, sums: &[Fe]) -> Option<Vec<Fe>> {
    solve(sums, |n| {
        let bytes = expand::<8>(t3, "split", &(lane, n));
        Fe::reduce(u64::from_be_bytes(*bytes))
    })
}

/// The N distinct nonzero elements whose first N power sums are `sums`, ascending, or `None`.
///
/// `shift` gives the n-th shift. Needs N below P.
pub fn solve<const P: u64>(
    sums: &[Residue<P>],
    shift: impl Fn(u32) -> Residue<P>,
) -> Option<Vec<Residue<P>>> {
    let whole = newton(sums);
    let mut roots = Vec::with_capacity(whole.degree());
    let mut open = vec![whole];
    for n in 0..SPLIT_TRIES {
        let mut next = Vec::new();
        for factor in open {
            match factor.linear_root() {
                Some(root) => roots.push(root),
                None => next.extend(split(factor, shift(n), n == 0)?),
            }
        }
        if next.is_empty() {
            return accept(roots, sums.len());
        }
        open = next;
    }
    None
}

/// Ascending, complete, distinct and without zero.
fn accept<const P: u64>(mut roots: Vec<Residue<P>>, n: usize) -> Option<Vec<Residue<P>>> {
    roots.sort_unstable();
    let distinct = roots.windows(2).all(|pair| pair.first() < pair.last());
    let nonzero = roots.first() != Some(&Residue::ZERO);
    (roots.len() == n && distinct && nonzero).then_some(roots)
}

/// The monic polynomial whose roots have these power sums.
///
/// Newton: k e_k = sum over i = 1..k of (-1)^(i-1) e_(k-i) S_i; coefficient of x^(N-k) is (-1)^k e_k.
fn newton<const P: u64>(sums: &[Residue<P>]) -> Monic<P> {
    let mut signed = vec![Residue::ONE];
    for k in 1..=sums.len() {
        // With c_k = (-1)^k e_k the identity loses its signs: -k c_k = sum of c_(k-i) S_i.
        let total = signed
            .iter()
            .rev()
            .zip(sums)
            .fold(Residue::ZERO, |sum, (c, s)| sum + *c * *s);
        signed.push(-(total * Residue::reduce(k as u64).invert()));
    }
    signed.reverse();
    signed.pop();
    Monic::new(signed)
}

/// Splits off those roots r for which r + shift is a square. `None`: not all roots are distinct and
/// in the field. With `h = (x + a)^((p-1)/2)`, `x^p = x` holds exactly where `h²(x + a) = x + a`.
fn split<const P: u64>(factor: Monic<P>, shift: Residue<P>, check: bool) -> Option<Vec<Monic<P>>> {
    let mut power = factor.power_of_shifted(shift, (P - 1) / 2);
    if check {
        let x_plus_shift = [shift, Residue::ONE];
        let square = factor.multiply(&power, &power);
        let mut frobenius = factor.multiply(&square, &x_plus_shift);
        for (f, c) in frobenius.iter_mut().zip(x_plus_shift) {
            *f = *f - c;
        }
        if frobenius.iter().any(|c| *c != Residue::ZERO) {
            return None;
        }
    }
    if let Some(constant) = power.first_mut() {
        *constant = *constant - Residue::ONE;
    }
    Some(match factor.gcd(&power) {
        Some(part) if part.degree() < factor.degree() => {
            let other = factor.divide_exactly(&part);
            vec![part, other]
        }
        Some(_) | None => vec![factor],
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
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

    #[test]
    fn two_equal_tags_are_a_bad_lane() {
        for n in [2, 5, 12, 50, 100] {
            let mut twice = tags(n as u64, n);
            twice[0] = twice[n - 1];
            assert_eq!(lane_roots(&[7; 32], 0, &sums_of(&twice)), None, "N = {n}");
        }
    }

    #[test]
    fn a_zero_tag_is_a_bad_lane() {
        for n in [1, 2, 5, 12, 50] {
            let mut zero = tags(n as u64, n);
            zero[0] = Fe::ZERO;
            assert_eq!(lane_roots(&[7; 32], 0, &sums_of(&zero)), None, "N = {n}");
        }
    }

    #[test]
    fn tags_at_the_edges_of_the_field_are_found() {
        let edge: Vec<Fe> = [1, 2, 3, crate::field::M61 - 2, crate::field::M61 - 1]
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
        fn random_sums_are_refused_or_solved(seed: u64, n in 1usize..20) {
            let sums = tags(seed, n);
            if let Some(roots) = lane_roots(&[3; 32], 1, &sums) {
                prop_assert_eq!(sums_of(&roots), sums);
            }
        }

        #[test]
        fn one_wrong_sum_is_never_mistaken(seed: u64, n in 2usize..30, at in 0usize..30, by in 1..1u64 << 60) {
            let tags = tags(seed, n);
            let mut sums = sums_of(&tags);
            let at = at % n;
            sums[at] = sums[at] + Fe::reduce(by);
            if let Some(roots) = lane_roots(&[3; 32], 1, &sums) {
                prop_assert_eq!(sums_of(&roots), sums);
            }
        }
    }
}
