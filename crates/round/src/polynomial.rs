//! Monic polynomials over a prime field, as far as root finding needs them. Public data only:
//! running times depend on the coefficients.

use crate::field::Residue;

/// How many products below 2^122 are added before they are folded: 2^122 times 8 stays in 2^125.
const LAZY: usize = 8;

/// A monic polynomial; the leading one is implied. `low[k]` is the coefficient of x^k.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Monic<const P: u64> {
    low: Vec<Residue<P>>,
    /// The same, highest power first.
    high_first: Vec<Residue<P>>,
}

/// A residue modulo some monic polynomial, coefficients by ascending power.
type Rest<const P: u64> = Vec<Residue<P>>;

impl<const P: u64> Monic<P> {
    /// From the coefficients below the leading one.
    pub(crate) fn new(low: Vec<Residue<P>>) -> Self {
        let high_first = low.iter().rev().copied().collect();
        Self { low, high_first }
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

    /// `(x + shift)^exponent` modulo `self`, whose degree is at least 2.
    pub(crate) fn power_of_shifted(&self, shift: Residue<P>, exponent: u64) -> Rest<P> {
        let mut out = vec![Residue::ZERO; self.degree()];
        if let Some(constant) = out.first_mut() {
            *constant = Residue::ONE;
        }
        for bit in (0..u64::BITS - exponent.leading_zeros()).rev() {
            out = self.reduce(multiply(&out, &out));
            if exponent >> bit & 1 == 1 {
                out = self.reduce(times_linear(&out, shift));
            }
        }
        out
    }

    /// `a * b` modulo `self`.
    pub(crate) fn multiply(&self, a: &[Residue<P>], b: &[Residue<P>]) -> Rest<P> {
        self.reduce(multiply(a, b))
    }

    /// The remainder of `value`. Long division, arranged so that products are added before they
    /// are reduced: every quotient coefficient and every remainder coefficient is one sum.
    fn reduce(&self, mut value: Rest<P>) -> Rest<P> {
        let degree = self.degree();
        let mut quotient = vec![Residue::ZERO; value.len().saturating_sub(degree)];
        for at in (0..quotient.len()).rev() {
            let above = quotient.get(at + 1..).unwrap_or(&[]);
            let top = value.get(at + degree).copied().unwrap_or_default();
            let coefficient = top - convolve(above, &self.high_first);
            if let Some(slot) = quotient.get_mut(at) {
                *slot = coefficient;
            }
        }
        value.resize(degree, Residue::ZERO);
        for (at, coefficient) in value.iter_mut().enumerate() {
            // quotient[j] meets low[at - j], which is high_first[degree - 1 - at + j].
            let from = self.high_first.get(degree - 1 - at..).unwrap_or(&[]);
            *coefficient = *coefficient - convolve(&quotient, from);
        }
        value
    }

    /// The monic greatest common divisor with `other`; `None` where that is one.
    pub(crate) fn gcd(&self, other: &[Residue<P>]) -> Option<Monic<P>> {
        let mut a = self.clone();
        let mut b = make_monic(other);
        // Every step lowers a degree.
        for _ in 0..=self.degree() {
            let Some(divisor) = b else { return Some(a) };
            if divisor.degree() == 0 {
                return None;
            }
            let mut whole = a.low;
            whole.push(Residue::ONE);
            b = make_monic(&divisor.reduce(whole));
            a = divisor;
        }
        None
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

/// Strips leading zeros and divides by the leading coefficient; `None` for zero.
fn make_monic<const P: u64>(value: &[Residue<P>]) -> Option<Monic<P>> {
    let degree = value.iter().rposition(|c| *c != Residue::ZERO)?;
    let (lead, low) = value.get(..=degree)?.split_last()?;
    let inverse = lead.invert();
    Some(Monic::new(low.iter().map(|c| *c * inverse).collect()))
}

/// The plain product, with reductions put off, but never for more than [`LAZY`] terms.
fn multiply<const P: u64>(a: &[Residue<P>], b: &[Residue<P>]) -> Rest<P> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let reversed: Vec<Residue<P>> = b.iter().rev().copied().collect();
    (0..a.len() + b.len() - 1)
        .map(|k| {
            // a[i] meets b[k - i], which is reversed[b.len() - 1 - k + i].
            let first = (k + 1).saturating_sub(b.len());
            let skip = (b.len() - 1).saturating_sub(k);
            convolve(
                a.get(first..).unwrap_or(&[]),
                reversed.get(skip..).unwrap_or(&[]),
            )
        })
        .collect()
}

/// The sum of products of two runs, as far as both reach.
fn convolve<const P: u64>(a: &[Residue<P>], b: &[Residue<P>]) -> Residue<P> {
    let n = a.len().min(b.len());
    let (a, b) = (a.get(..n).unwrap_or(&[]), b.get(..n).unwrap_or(&[]));
    let mut total = Residue::ZERO;
    for (a, b) in a.chunks(LAZY).zip(b.chunks(LAZY)) {
        let part = a
            .iter()
            .zip(b)
            .fold(0u128, |sum, (x, y)| sum.wrapping_add(x.wide_mul(*y)));
        total = total + Residue::reduce_wide(part);
    }
    total
}

/// `value * (x + shift)`.
fn times_linear<const P: u64>(value: &[Residue<P>], shift: Residue<P>) -> Rest<P> {
    let mut out: Rest<P> = Vec::with_capacity(value.len() + 1);
    out.push(Residue::ZERO);
    out.extend_from_slice(value);
    for (o, v) in out.iter_mut().zip(value) {
        *o = *o + *v * shift;
    }
    out
}
