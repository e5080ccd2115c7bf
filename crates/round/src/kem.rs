//! Who encapsulates to whom, and with which randomness. Everything follows from the root and the
//! transcript, so that a revealed root lets anybody recompute every byte.

use x_wing::{Ciphertext, Decapsulate as _, DecapsulationKey, EncapsulationKey, KeyExport as _};
use zeroize::Zeroizing;

use crate::field::{Fe, M61};
use crate::hash::{Hash, expand, expand_into};
use crate::limits::{CT_BYTES, EK_BYTES};
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds, narrowed};

/// The blame secret of one member in one run. In memory only.
pub(crate) struct Root {
    secret: Zeroizing<[u8; 32]>,
    /// Whose: all that follows from a root is bound to it. Else two who agree on one root have one tag in
    /// every lane, and disturb for ever though each said what follows from its root.
    id: Hash,
}

impl Root {
    pub(crate) fn new(secret: Zeroizing<[u8; 32]>, id: Hash) -> Self {
        Self { secret, id }
    }

    /// One that its owner has revealed: no secret any more.
    pub(crate) fn revealed(bytes: [u8; 32], id: Hash) -> Self {
        Self::new(Zeroizing::new(bytes), id)
    }

    /// The bytes that blame shows, once the decision to reveal is durable.
    pub(crate) fn reveal(&self) -> [u8; 32] {
        *self.secret
    }

    /// The key pair of a run.
    pub(crate) fn key_pair(&self, ctx: &Hash) -> DecapsulationKey {
        DecapsulationKey::from(*expand(&self.secret, "kem", &(*ctx, self.id())))
    }

    /// The tag of a lane.
    pub(crate) fn tag(&self, t1: &Hash, lane: u16) -> Fe {
        let words = expand(&self.secret, "tag", &(*t1, self.id(), lane));
        narrowed(first_element(&words))
    }

    fn id(&self) -> Hash {
        match holds(Rule::RootsOfOneMember) {
            true => self.id,
            false => [0; 32],
        }
    }

    /// The ciphertext to `to`, and the secret in it.
    pub(crate) fn encapsulate(
        &self,
        t1: &Hash,
        to: MemberIndex,
        ek: &EncapsulationKey,
    ) -> (Ciphertext, Zeroizing<[u8; 32]>) {
        let randomness = expand::<64>(&self.secret, "enc", &(*t1, self.id(), to));
        let (ciphertext, secret) = ek.encapsulate_deterministic((&*randomness).into());
        (ciphertext, Zeroizing::new(secret.into()))
    }

    /// What stands where the upper half of an even roster has nobody to encapsulate to: without it
    /// the size of a message would tell its sender's rank.
    pub(crate) fn fill(&self, t1: &Hash) -> Vec<u8> {
        let mut out = vec![0; CT_BYTES];
        expand_into(&self.secret, "fill", &(*t1, self.id()), &mut out);
        out
    }
}

/// The first of eight words whose low 61 bits are a nonzero element.
pub(crate) fn first_element(words: &[u8; 64]) -> Fe {
    words
        .chunks_exact(8)
        .filter_map(|word| word.try_into().ok())
        .filter_map(|word| Fe::new(u64::from_be_bytes(word) & M61))
        .find(|element| *element != Fe::ZERO)
        // Happens once in 2^480.
        .unwrap_or(Fe::ONE)
}

/// The bytes of the encapsulation key to a decapsulation key.
pub(crate) fn ek_bytes(key: &DecapsulationKey) -> Vec<u8> {
    ek_bytes_of(x_wing::Decapsulator::encapsulation_key(key))
}

/// The bytes of an encapsulation key.
pub(crate) fn ek_bytes_of(key: &EncapsulationKey) -> Vec<u8> {
    key.to_bytes().to_vec()
}

/// Reads an encapsulation key; `None` for a wrong size or a failed modulus check.
pub(crate) fn read_ek(bytes: &[u8]) -> Option<EncapsulationKey> {
    (bytes.len() == EK_BYTES)
        .then(|| EncapsulationKey::try_from(bytes).ok())
        .flatten()
}

/// The secret in one ciphertext.
pub(crate) fn decapsulate(
    key: &DecapsulationKey,
    ciphertext: &[u8],
) -> Option<Zeroizing<[u8; 32]>> {
    let ciphertext = Ciphertext::try_from(ciphertext).ok()?;
    Some(Zeroizing::new(key.decapsulate(&ciphertext).into()))
}

/// Bytes of everybody's KEM message in a run of `n`.
pub(crate) fn ciphertext_bytes(n: usize) -> usize {
    n / 2 * CT_BYTES
}

/// To whom `from` encapsulates, in order; `None` is the fill.
pub(crate) fn targets(from: MemberIndex, n: u16) -> Vec<Option<MemberIndex>> {
    let at = |step: u16| MemberIndex((from.0 + step) % n);
    let mut out: Vec<_> = (1..=n.saturating_sub(1) / 2)
        .map(|step| Some(at(step)))
        .collect();
    if n.is_multiple_of(2) {
        out.push((from.0 < n / 2).then(|| at(n / 2)));
    }
    out
}

/// Which of `from`'s ciphertexts is for `to`; `None` where `to` encapsulates to `from`.
pub(crate) fn position(from: MemberIndex, to: MemberIndex, n: u16) -> Option<usize> {
    let step = (to.0 + n - from.0) % n;
    let opposite = n.is_multiple_of(2) && step == n / 2 && from.0 < n / 2;
    let encapsulates = (1..=n.saturating_sub(1) / 2).contains(&step) || opposite;
    encapsulates.then(|| usize::from(step - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_shares_exactly_one_ciphertext_and_all_sizes_are_equal() {
        for n in 2..=128u16 {
            for a in (0..n).map(MemberIndex) {
                assert_eq!(
                    targets(a, n).len() * CT_BYTES,
                    ciphertext_bytes(usize::from(n))
                );
                for b in (0..n).map(MemberIndex).filter(|b| *b != a) {
                    let there = position(a, b, n).is_some();
                    let listed = targets(a, n).iter().position(|to| *to == Some(b));
                    assert_eq!(position(a, b, n), listed, "N = {n}, {a:?} and {b:?}");
                    let back = position(b, a, n).is_some();
                    assert!(there != back, "N = {n}, {a:?} and {b:?}");
                }
            }
        }
    }
}
