//! Monic polynomials over a prime field, as far as root finding needs them. Public data only:
//! running times depend on the coefficients.

use crate::field::Residue;

/// How many products below 2^122 are added before they are folded: 2^122 times 60 stays in 2^128.
const LAZY: usize = 60;

/// A monic polynomial; the leading one is implied. `low[k]` is the coefficient of x^k.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Monic<const P: u64> {
    low: Vec<Residue<P>>,
}

/// A residue modulo some monic polynomial, coefficients by ascending power.
pub(crate) type Rest<const P: u64> = Vec<Residue<P>>;

impl<const P: u64> Monic<P> {
    /// From the coefficients below the leading one.
    pub(crate) fn new(low: Vec<Residue<P>>) -> Self {
        Self { low }
    }

    pub(crate) fn degree(&self) -> usize {
        self.low.len()
    }

    /// The root of a linear polynomial.
    pub(crate) fn linear_root(&self) -> Option<Residue<P>> {
        match self.low.as_slice() {
            [constant] => Some(-*constant),
            _ => None,
        }
    }

    /// The polynomial whose roots are greater by `step`: Horner's rule, once per coefficient.
    pub(crate) fn moved(&self, step: Residue<P>) -> Self {
        let mut low = self.low.clone();
        for from in 0..low.len() {
            let mut above = Residue::ONE;
            for coefficient in low.iter_mut().skip(from).rev() {
                *coefficient = *coefficient - step * above;
                above = *coefficient;
            }
        }
        Self { low }
    }

    /// The monic greatest common divisor with `other`; `None` where that is one.
    ///
    /// Euclid without divisions: an inverse costs more than a second product for every coefficient.
    pub(crate) fn gcd(&self, other: &[Residue<P>]) -> Option<Monic<P>> {
        let mut a = self.low.clone();
        a.push(Residue::ONE);
        let mut b = other.to_vec();
        trim(&mut b);
        if a.len() < b.len() {
            std::mem::swap(&mut a, &mut b);
        }
        // Every step takes a coefficient from one of them.
        for _ in 0..=a.len() + b.len() {
            match b.len() {
                0 => return make_monic(a).filter(|divisor| divisor.degree() > 0),
                1 => return None,
                _ => cancel_leading(&mut a, &b),
            }
            if a.len() < b.len() {
                std::mem::swap(&mut a, &mut b);
            }
        }
        None
    }

    /// The remainder of `value`.
    pub(crate) fn remainder(&self, mut value: Rest<P>) -> Rest<P> {
        while value.len() > self.degree() {
            let Some(top) = value.pop() else { break };
            let from = value.len() - self.degree();
            for (v, c) in value.iter_mut().skip(from).zip(&self.low) {
                *v = *v - top * *c;
            }
        }
        value
    }

    /// `self / divisor`, where the division leaves no rest.
    pub(crate) fn divide_exactly(&self, divisor: &Monic<P>) -> Monic<P> {
        let mut rest = self.low.clone();
        rest.push(Residue::ONE);
        let mut quotient = Vec::with_capacity(rest.len());
        while rest.len() > divisor.degree() {
            let Some(top) = rest.pop() else { break };
            let from = rest.len() - divisor.degree();
            for (r, c) in rest.iter_mut().skip(from).zip(&divisor.low) {
                *r = *r - top * *c;
            }
            quotient.push(top);
        }
        quotient.reverse();
        quotient.pop();
        Monic::new(quotient)
    }
}

/// Residues modulo one monic polynomial of degree 2 or more, which is multiplied often.
pub(crate) struct Modulus<const P: u64> {
    degree: usize,
    /// Row j holds the coefficients of x^j in x^d, x^(d+1), ... x^(2d-1), reduced; d is the degree.
    rows: Vec<Residue<P>>,
}

impl<const P: u64> Modulus<P> {
    pub(crate) fn new(polynomial: &Monic<P>) -> Self {
        let degree = polynomial.degree();
        let first: Rest<P> = polynomial.low.iter().map(|c| -*c).collect();
        let mut rows = vec![Residue::ZERO; degree * degree];
        let mut power = first.clone();
        for column in 0..degree {
            for (row, coefficient) in rows.chunks_exact_mut(degree).zip(&power) {
                if let Some(place) = row.get_mut(column) {
                    *place = *coefficient;
                }
            }
            // Times x: all move up by one, and what leaves at the top comes back reduced.
            let top = power.pop().unwrap_or_default();
            power.insert(0, Residue::ZERO);
            for (p, f) in power.iter_mut().zip(&first) {
                *p = *p + top * *f;
            }
        }
        Self { degree, rows }
    }

    /// `x^exponent`; at least x itself.
    pub(crate) fn power_of_x(&self, exponent: u64) -> Rest<P> {
        let bits = u64::BITS - exponent.leading_zeros();
        let mut power: Rest<P> = vec![Residue::ZERO; self.degree];
        // The first steps only move the one coefficient that there is.
        let mut left = bits.saturating_sub(1);
        let mut at = 1;
        while left > 0 && at * 2 + 1 < self.degree {
            left -= 1;
            at = at * 2 + usize::from(exponent >> left & 1 == 1);
        }
        if let Some(one) = power.get_mut(at) {
            *one = Residue::ONE;
        }
        let mut square = Vec::with_capacity(2 * self.degree);
        for bit in (0..left).rev() {
            square.clear();
            if exponent >> bit & 1 == 1 {
                square.push(Residue::ZERO);
            }
            append_square(&power, &mut square);
            self.reduce(&square, &mut power);
        }
        power
    }

    /// `value^exponent`, for a small exponent above zero.
    pub(crate) fn power(&self, value: &[Residue<P>], exponent: u64) -> Rest<P> {
        let mut power = value.to_vec();
        let mut wide = Vec::with_capacity(2 * self.degree);
        for bit in (0..u64::BITS - exponent.leading_zeros()).rev().skip(1) {
            wide.clear();
            append_square(&power, &mut wide);
            self.reduce(&wide, &mut power);
            if exponent >> bit & 1 == 1 {
                wide.clear();
                append_product(&power, value, &mut wide);
                self.reduce(&wide, &mut power);
            }
        }
        power
    }

    /// `value * x`.
    pub(crate) fn times_x(&self, mut value: Rest<P>) -> Rest<P> {
        value.insert(0, Residue::ZERO);
        let mut rest = vec![Residue::ZERO; self.degree];
        self.reduce(&value, &mut rest);
        rest
    }

    /// The remainder of a value of degree below 2d.
    fn reduce(&self, value: &[Residue<P>], rest: &mut [Residue<P>]) {
        let (low, high) = value.split_at(self.degree.min(value.len()));
        let rows = self.rows.chunks_exact(self.degree);
        for ((rest, low), row) in rest.iter_mut().zip(low).zip(rows) {
            *rest = *low + dot(high, row);
        }
    }
}

/// Appends the coefficients of the square: every mixed product once, doubled.
fn append_square<const P: u64>(value: &[Residue<P>], to: &mut Rest<P>) {
    let n = value.len();
    let reversed: Rest<P> = value.iter().rev().copied().collect();
    for k in 0..(2 * n).saturating_sub(1) {
        // value[i] meets value[k - i], which is reversed[n - 1 - k + i], for i below k - i.
        let first = (k + 1).saturating_sub(n);
        let left = value.get(first..k.div_ceil(2)).unwrap_or(&[]);
        let right = reversed.get(n - 1 + first - k..).unwrap_or(&[]);
        let mixed = dot(left, right);
        let middle = if k % 2 == 0 { value.get(k / 2) } else { None };
        to.push(mixed + mixed + middle.map_or(Residue::ZERO, |m| *m * *m));
    }
}

/// Appends the coefficients of the product of two values of one length.
fn append_product<const P: u64>(a: &[Residue<P>], b: &[Residue<P>], to: &mut Rest<P>) {
    let n = b.len();
    let reversed: Rest<P> = b.iter().rev().copied().collect();
    for k in 0..(2 * n).saturating_sub(1) {
        // a[i] meets b[k - i], which is reversed[n - 1 - k + i].
        let first = (k + 1).saturating_sub(n);
        let left = a.get(first..=k.min(n - 1)).unwrap_or(&[]);
        let right = reversed.get((n - 1).saturating_sub(k)..).unwrap_or(&[]);
        to.push(dot(left, right));
    }
}

/// The sum of products of two runs, as far as both reach.
fn dot<const P: u64>(a: &[Residue<P>], b: &[Residue<P>]) -> Residue<P> {
    let n = a.len().min(b.len());
    let (mut a, mut b) = (a.get(..n).unwrap_or(&[]), b.get(..n).unwrap_or(&[]));
    let mut total = Residue::ZERO;
    while let (Some((a_first, a_rest)), Some((b_first, b_rest))) =
        (a.split_at_checked(LAZY), b.split_at_checked(LAZY))
    {
        total = total + Residue::reduce_wide(lazy_dot(a_first, b_first));
        (a, b) = (a_rest, b_rest);
    }
    total + Residue::reduce_wide(lazy_dot(a, b))
}

/// The sum before it is reduced, of at most [`LAZY`] products. In fours, because runs are short.
fn lazy_dot<const P: u64>(a: &[Residue<P>], b: &[Residue<P>]) -> u128 {
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    let mut sum = 0u128;
    for (a, b) in a_fours.iter().zip(b_fours) {
        for (a, b) in a.iter().zip(b) {
            sum = sum.wrapping_add(a.wide_mul(*b));
        }
    }
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum = sum.wrapping_add(a.wide_mul(*b));
    }
    sum
}

/// Replaces `a` by that combination of both in which its leading coefficient is gone. Needs
/// nonempty `b`, not longer than `a`.
fn cancel_leading<const P: u64>(a: &mut Rest<P>, b: &[Residue<P>]) {
    let (Some(top_a), Some(top_b)) = (a.pop(), b.last().copied()) else {
        return;
    };
    let from = (a.len() + 1).saturating_sub(b.len());
    let minus = -top_a;
    for (at, a) in a.iter_mut().enumerate() {
        let other = at.checked_sub(from).and_then(|at| b.get(at));
        let part = other.map_or(0, |other| minus.wide_mul(*other));
        *a = Residue::reduce_wide(part.wrapping_add(a.wide_mul(top_b)));
    }
    trim(a);
}

/// Strips leading zeros.
fn trim<const P: u64>(value: &mut Rest<P>) {
    while value.last() == Some(&Residue::ZERO) {
        value.pop();
    }
}

/// Divides by the leading coefficient; `None` for zero.
fn make_monic<const P: u64>(mut value: Rest<P>) -> Option<Monic<P>> {
    let inverse = value.pop()?.invert();
    Some(Monic::new(value.iter().map(|c| *c * inverse).collect()))
}
