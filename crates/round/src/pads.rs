//! What two members add and subtract: transcript-keyed ChaCha20 streams. A pad is spent by use.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::{Zeroize as _, Zeroizing};

use crate::field::{Fe, M61, Residue};
use crate::hash::{Hash, expand, extract};
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds};

/// The key that two members share in one run.
pub(crate) struct PairKey {
    key: Zeroizing<[u8; 32]>,
    /// The lower index adds, the higher subtracts.
    adds: bool,
}

impl PairKey {
    /// k_ij = Extract(T2, ss_ij, i, j) with i below j.
    pub(crate) fn new(t2: &Hash, secret: &[u8; 32], me: MemberIndex, peer: MemberIndex) -> Self {
        let pair = (*secret, me.min(peer), me.max(peer));
        Self {
            key: extract(t2, "pair", &pair),
            adds: me < peer,
        }
    }

    /// Adds or subtracts this pair's pad of a lane.
    pub(crate) fn pad_sums(&self, lane: u16, sums: &mut [Fe]) {
        let mut stream = cipher(&expand(&self.key, "slot", &lane));
        add_pad(sums, self.adds, || element(&mut stream));
    }

    /// Adds (which is also to subtract) this pair's pad of a lane.
    pub(crate) fn pad_vector(&self, t3: &Hash, lane: u16, bytes: &mut [u8]) {
        let t3 = if holds(Rule::FreshPads) { *t3 } else { [0; 32] };
        cipher(&expand(&self.key, "dc", &(t3, lane))).apply_keystream(bytes);
    }
}

/// The powers 1 to `n` of a tag. Over any field, so that tests can enumerate a tiny one.
pub(crate) fn powers<const P: u64>(tag: Residue<P>, n: u16) -> Vec<Residue<P>> {
    std::iter::successors(Some(tag), |power| Some(*power * tag))
        .take(usize::from(n))
        .collect()
}

/// Adds or subtracts one pad word per sum, from any source of pads.
pub(crate) fn add_pad<const P: u64>(
    sums: &mut [Residue<P>],
    adds: bool,
    mut pad: impl FnMut() -> Residue<P>,
) {
    for sum in sums {
        let word = pad();
        *sum = if adds { *sum + word } else { *sum - word };
    }
}

/// ChaCha20 (RFC 8439) from nonce 0 and counter 0.
fn cipher(key: &[u8; 32]) -> ChaCha20 {
    ChaCha20::new(key.into(), &[0; 12].into())
}

/// The low 61 bits of the next little-endian words, until they are below p.
fn element(stream: &mut ChaCha20) -> Fe {
    loop {
        let mut word = [0; 8];
        stream.apply_keystream(&mut word);
        let value = u64::from_le_bytes(word) & M61;
        word.zeroize();
        // Refused once in 2^61 draws.
        if let Some(element) = Fe::new(value) {
            return element;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(secret: [u8; 32], a: u16, b: u16) -> [PairKey; 2] {
        let (a, b) = (MemberIndex(a), MemberIndex(b));
        [
            PairKey::new(&[1; 32], &secret, a, b),
            PairKey::new(&[1; 32], &secret, b, a),
        ]
    }

    proptest! {
        #[test]
        fn the_pads_of_a_pair_cancel(secret: [u8; 32], a in 0u16..50, b in 50u16..99, lane in 0u16..60) {
            let pair = keys(secret, a, b);
            let mut sums = [Fe::ZERO; 9];
            let mut bytes = [0; 100];
            for key in &pair {
                key.pad_sums(lane, &mut sums);
                key.pad_vector(&[2; 32], lane, &mut bytes);
            }
            prop_assert_eq!(sums, [Fe::ZERO; 9]);
            prop_assert_eq!(bytes, [0; 100]);
        }

        #[test]
        fn lanes_runs_and_pairs_have_different_pads(secret: [u8; 32]) {
            let [key, _] = keys(secret, 0, 1);
            let [other, _] = keys(secret, 0, 2);
            let pad = |key: &PairKey, t3: u8, lane: u16| {
                let mut bytes = [0; 64];
                key.pad_vector(&[t3; 32], lane, &mut bytes);
                bytes
            };
            prop_assert_ne!(pad(&key, 0, 0), pad(&key, 0, 1));
            prop_assert_ne!(pad(&key, 0, 0), pad(&key, 1, 0));
            prop_assert_ne!(pad(&key, 0, 0), pad(&other, 0, 0));
        }
    }
}
