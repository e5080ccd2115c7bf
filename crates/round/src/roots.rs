//! From N power sums to N distinct nonzero roots: Newton's identities, then Cantor and Zassenhaus
//! (Math. Comp. 36, 1981) on public data. Every loop is bounded.

use crate::field::{Fe, Residue};
use crate::hash::{Hash, expand};
use crate::limits::SPLIT_TRIES;
use crate::polynomial::{Modulus, Monic, Rest};

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
    let characters = Characters::new();
    let whole = Factor {
        polynomial: newton(sums),
        moved: Residue::ZERO,
    };
    let mut roots = Vec::with_capacity(sums.len());
    let mut open = vec![whole];
    for n in 0..SPLIT_TRIES {
        let mut next = Vec::new();
        for factor in open {
            match factor.polynomial.linear_root() {
                Some(root) => roots.push(root - factor.moved),
                None => next.extend(factor.split(&characters, shift(n), n == 0)?),
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
pub(crate) fn newton<const P: u64>(sums: &[Residue<P>]) -> Monic<P> {
    let mut signed = vec![Residue::ONE];
    for (k, inverse) in (1..).zip(inverses(sums.len())) {
        // With c_k = (-1)^k e_k the identity loses its signs: -k c_k = sum of c_(k-i) S_i.
        let total = signed
            .iter()
            .rev()
            .zip(sums.iter().take(k))
            .fold(Residue::ZERO, |sum, (c, s)| sum + *c * *s);
        signed.push(-(total * inverse));
    }
    signed.reverse();
    signed.pop();
    Monic::new(signed)
}

/// The inverses of 1 to `n`, which is below P: with P = qk + r, 1/k = -q/r.
fn inverses<const P: u64>(n: usize) -> Vec<Residue<P>> {
    let mut inverses = vec![Residue::ONE];
    for k in 2..=n as u64 {
        let before = usize::try_from(P % k - 1).ok();
        let of_rest = before.and_then(|at| inverses.get(at)).copied();
        inverses.push(-(Residue::reduce(P / k) * of_rest.unwrap_or_default()));
    }
    inverses.truncate(n);
    inverses
}

/// The characters by whose values roots are told apart: `y^((p-1)/r)` is an r-th root of unity.
/// Orders are small primes that divide p - 1; Cantor and Zassenhaus use 2 alone.
struct Characters<const P: u64> {
    /// The product of all orders.
    order: u64,
    /// An order and all its roots of unity.
    each: Vec<(u64, Vec<Residue<P>>)>,
}

impl<const P: u64> Characters<P> {
    fn new() -> Self {
        let orders = [7, 5, 3, 2]
            .into_iter()
            .filter(|r| (P - 1).is_multiple_of(*r));
        let each: Vec<_> = orders.map(|r| (r, Self::roots_of_unity(r))).collect();
        Self {
            order: each.iter().map(|(r, _)| r).product(),
            each,
        }
    }

    fn roots_of_unity(r: u64) -> Vec<Residue<P>> {
        // Not all of so few residues have an r-th root: no polynomial has more roots than its degree.
        let candidates = (2..P).map(|c| Residue::reduce(c).pow((P - 1) / r));
        let primitive = candidates.take(64).find(|c| *c != Residue::ONE);
        let mut powers = vec![Residue::ONE];
        for _ in 1..r {
            let last = powers.last().copied().unwrap_or_default();
            powers.push(last * primitive.unwrap_or_default());
        }
        powers
    }
}

/// A factor of the polynomial, with its roots moved up by `moved`.
struct Factor<const P: u64> {
    polynomial: Monic<P>,
    moved: Residue<P>,
}

impl<const P: u64> Factor<P> {
    /// Tells roots apart by the characters of root + shift. `None`: not all roots are distinct and
    /// in the field. Moving the roots first makes y = x + shift the variable, and multiplying by it
    /// costs nothing.
    fn split(
        self,
        characters: &Characters<P>,
        shift: Residue<P>,
        check: bool,
    ) -> Option<Vec<Self>> {
        let whole = self.polynomial.moved(shift - self.moved);
        let power = Modulus::new(&whole).power_of_x((P - 1) / characters.order);
        let mut parts = vec![(whole, power)];
        let mut check = check;
        for (r, unity) in &characters.each {
            let mut told_apart = Vec::new();
            for (part, power) in parts {
                told_apart.extend(separate(part, power, characters.order / r, unity, check)?);
            }
            parts = told_apart;
            check = false;
        }
        let factors = parts.into_iter().map(|(polynomial, _)| Self {
            polynomial,
            moved: shift,
        });
        Some(factors.collect())
    }
}

/// One part for every value of a character, which is `power^exponent`, each with `power` modulo it.
///
/// With r values, y^p = y holds exactly where character^r y = y; `None` where it is asked and does
/// not hold.
fn separate<const P: u64>(
    whole: Monic<P>,
    power: Rest<P>,
    exponent: u64,
    values: &[Residue<P>],
    check: bool,
) -> Option<Vec<(Monic<P>, Rest<P>)>> {
    if whole.degree() < 2 {
        return Some(vec![(whole, power)]);
    }
    let modulus = Modulus::new(&whole);
    let mut character = modulus.power(&power, exponent);
    if check && !is_x(&modulus.times_x(modulus.power(&character, values.len() as u64))) {
        return None;
    }
    let mut parts = Vec::new();
    let mut rest = whole;
    let mut before = Residue::ZERO;
    for value in values {
        if let Some(constant) = character.first_mut() {
            *constant = *constant + before - *value;
        }
        before = *value;
        if let Some(part) = rest.gcd(&character) {
            rest = rest.divide_exactly(&part);
            let power = part.remainder(power.clone());
            parts.push((part, power));
        }
        if rest.degree() == 0 {
            return Some(parts);
        }
    }
    // Where y is zero it has no character.
    let power = rest.remainder(power);
    parts.push((rest, power));
    Some(parts)
}

fn is_x<const P: u64>(value: &[Residue<P>]) -> bool {
    let x = [Residue::ZERO, Residue::ONE].into_iter();
    value
        .iter()
        .copied()
        .eq(x.chain(std::iter::repeat(Residue::ZERO)).take(value.len()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
