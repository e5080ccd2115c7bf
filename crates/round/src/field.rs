//! Arithmetic modulo a prime, in one u64. The Round uses p = 2^61 - 1; tests use tiny primes, on
//! which everything can be enumerated.

use std::ops::{Add, Mul, Neg, Sub};

use zeroize::Zeroize;

/// The Mersenne prime 2^61 - 1.
pub const M61: u64 = (1 << 61) - 1;

/// A residue modulo the prime `P`, always below `P`. `P` must be odd and at most 2^61 - 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Residue<const P: u64>(u64);

/// The Round's field.
pub type Fe = Residue<M61>;

impl<const P: u64> Residue<P> {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(1);

    /// The residue, if it is canonical.
    #[must_use]
    pub const fn new(value: u64) -> Option<Self> {
        if value < P { Some(Self(value)) } else { None }
    }

    /// The residue of any number.
    #[must_use]
    pub const fn reduce(value: u64) -> Self {
        Self(value % P)
    }

    /// The canonical number.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }

    /// The residue of any sum of products that did not overflow.
    #[must_use]
    pub const fn reduce_wide(value: u128) -> Self {
        if P == M61 {
            // 2^61 = 1, so the three parts of 61, 61 and 6 bits add up, below 2^62 + 2^6.
            let (low, middle) = (value as u64 & M61, (value >> 61) as u64 & M61);
            let sum = low.wrapping_add(middle).wrapping_add((value >> 122) as u64);
            let once = (sum & M61).wrapping_add(sum >> 61);
            Self(once.wrapping_sub(P & ((once >= P) as u64).wrapping_neg()))
        } else {
            Self((value % P as u128) as u64)
        }
    }

    /// The product before reduction, below 2^122.
    #[must_use]
    pub(crate) const fn wide_mul(self, other: Self) -> u128 {
        (self.0 as u128).wrapping_mul(other.0 as u128)
    }

    /// `self` to the power `exponent`, for public exponents.
    #[must_use]
    pub fn pow(self, mut exponent: u64) -> Self {
        let mut base = self;
        let mut out = Self::ONE;
        while exponent > 0 {
            if exponent & 1 == 1 {
                out = out * base;
            }
            base = base * base;
            exponent >>= 1;
        }
        out
    }

    /// The inverse, or zero of zero.
    #[must_use]
    pub fn invert(self) -> Self {
        self.pow(P - 2)
    }
}

impl<const P: u64> Add for Residue<P> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        // Both are below 2^61, so nothing overflows and no check need say so.
        let sum = self.0.wrapping_add(other.0);
        // Selected by a mask: tags are secret, and so is which of their sums wraps.
        let wraps = u64::from(sum >= P).wrapping_neg();
        Self(sum.wrapping_sub(P & wraps))
    }
}

impl<const P: u64> Neg for Residue<P> {
    type Output = Self;
    fn neg(self) -> Self {
        let nonzero = u64::from(self.0 != 0).wrapping_neg();
        Self(P.wrapping_sub(self.0) & nonzero)
    }
}

impl<const P: u64> Sub for Residue<P> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<const P: u64> Mul for Residue<P> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::reduce_wide(self.wide_mul(other))
    }
}

impl<const P: u64> Zeroize for Residue<P> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow(a: u64, b: u64) -> u64 {
        u64::try_from(u128::from(a) * u128::from(b) % u128::from(M61)).unwrap()
    }

    #[test]
    fn the_edges_reduce() {
        for a in [0, 1, 2, M61 - 2, M61 - 1] {
            for b in [0, 1, 2, M61 - 2, M61 - 1] {
                let (x, y) = (Fe::new(a).unwrap(), Fe::new(b).unwrap());
                assert_eq!((x * y).value(), slow(a, b));
                assert_eq!((x + y).value(), (a + b) % M61);
                assert_eq!((x - y).value(), (a + M61 - b) % M61);
            }
        }
        assert_eq!(Fe::new(M61), None);
    }

    #[test]
    fn the_widest_sum_of_products_reduces() {
        for wide in [
            u128::MAX,
            u128::MAX - 1,
            (1u128 << 125) - 1,
            60 * u128::from(M61 - 1) * u128::from(M61 - 1),
            u128::from(M61) << 61,
            31 * (1u128 << 120),
        ] {
            let expected = u64::try_from(wide % u128::from(M61)).unwrap();
            assert_eq!(Fe::reduce_wide(wide).value(), expected);
        }
    }

    #[test]
    fn the_tiny_field_has_inverses() {
        for a in 1..5 {
            let x = Residue::<5>::reduce(a);
            assert_eq!(x * x.invert(), Residue::ONE);
        }
    }

    proptest! {
        #[test]
        fn multiplication_equals_long_division(a in 0..M61, b in 0..M61) {
            let product = Fe::new(a).unwrap() * Fe::new(b).unwrap();
            prop_assert_eq!(product.value(), slow(a, b));
        }

        #[test]
        fn every_nonzero_residue_has_an_inverse(a in 1..M61) {
            let x = Fe::new(a).unwrap();
            prop_assert_eq!(x * x.invert(), Fe::ONE);
        }
    }
}
