//! Polynomials against their definitions. The solver finds its roots with wrong ones as well, but later:
//! whatever divides is a part, and what is no part is tried with the next shift.

use crate::field::{Fe, M61, Residue};
use crate::polynomial::{Modulus, Monic, Rest};

fn values(numbers: &[u64]) -> Rest<M61> {
    numbers.iter().copied().map(Fe::reduce).collect()
}

/// By ascending power, with the leading coefficient.
fn product(a: &[Fe], b: &[Fe]) -> Vec<Fe> {
    let mut out = vec![Fe::ZERO; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            out[i + j] = out[i + j] + *x * *y;
        }
    }
    out
}

fn monic(roots: &[u64]) -> Monic<M61> {
    let factors = roots
        .iter()
        .map(|root| vec![-Fe::reduce(*root), Fe::ONE])
        .fold(vec![Fe::ONE], |all, one| product(&all, &one));
    Monic::new(factors[..roots.len()].to_vec())
}

/// All coefficients of a monic polynomial with these roots.
fn written_out(roots: &[u64]) -> Vec<Fe> {
    let factors = roots.iter().map(|root| vec![-Fe::reduce(*root), Fe::ONE]);
    factors.fold(vec![Fe::ONE], |all, one| product(&all, &one))
}

#[test]
fn what_a_division_leaves_is_the_remainder() {
    for degree in 1..5u64 {
        let roots: Vec<u64> = (3..3 + degree).collect();
        let divisor = monic(&roots);
        for quotient in [&[][..], &[4], &[9, 1], &[2, 0, 5, 8]] {
            let mut value = match quotient {
                [] => Vec::new(),
                _ => product(&written_out(&roots), &values(quotient)),
            };
            let rest: Vec<Fe> = (0..degree).map(|at| Fe::reduce(70 + at)).collect();
            value.resize(value.len().max(rest.len()), Fe::ZERO);
            for (value, rest) in value.iter_mut().zip(&rest) {
                *value = *value + *rest;
            }
            assert_eq!(divisor.remainder(value), rest);
        }
        assert_eq!(divisor.remainder(values(&[7])), values(&[7]));
    }
}

#[test]
fn a_common_divisor_has_the_common_roots() {
    let other = |roots: &[u64]| product(&written_out(roots), &values(&[5]));
    let shared = |a: &[u64], b: &[u64]| monic(a).gcd(&other(b));
    assert_eq!(shared(&[1, 2, 3, 4], &[2, 4, 9]), Some(monic(&[2, 4])));
    assert_eq!(shared(&[2, 4, 9], &[1, 2, 3, 4]), Some(monic(&[2, 4])));
    assert_eq!(shared(&[1, 2, 3], &[3, 4, 5]), Some(monic(&[3])));
    assert_eq!(shared(&[1, 2], &[1, 2]), Some(monic(&[1, 2])));
    assert_eq!(shared(&[1, 2, 3], &[4, 5, 6]), None);
    assert_eq!(shared(&[1, 2, 3], &[4]), None);
    // Everything divides zero, and one divides everything.
    assert_eq!(monic(&[1, 2]).gcd(&[]), Some(monic(&[1, 2])));
    assert_eq!(monic(&[]).gcd(&[]), None);
    assert_eq!(monic(&[1, 2]).gcd(&values(&[8])), None);
}

#[test]
fn a_power_of_x_is_x_as_often_as_it_says() {
    for degree in 2..9 {
        let roots: Vec<u64> = (1..=degree).collect();
        let modulus = Modulus::new(&monic(&roots));
        let mut power = values(&[1]);
        power.resize(usize::try_from(degree).unwrap(), Residue::ZERO);
        for exponent in 1..70 {
            power = modulus.times_x(power);
            assert_eq!(modulus.power_of_x(exponent), power, "{degree} {exponent}");
        }
    }
}
