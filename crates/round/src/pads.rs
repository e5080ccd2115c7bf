//! What two members add and subtract: transcript-keyed ChaCha20 streams. A pad is spent by use.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::Zeroizing;

use crate::field::{Fe, M61, Residue};
use crate::hash::{Hash, expand, extract};
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds};

/// How many words of a pad are drawn at once: the blocks that the cipher makes at once.
const WORDS: usize = 32;

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

    #[cfg(feature = "parts")]
    pub(crate) fn of_bytes(key: [u8; 32], adds: bool) -> Self {
        Self {
            key: Zeroizing::new(key),
            adds,
        }
    }

    #[cfg(feature = "parts")]
    pub(crate) fn bytes(&self) -> [u8; 32] {
        *self.key
    }

    /// Adds or subtracts this pair's pad of a lane.
    pub(crate) fn pad_sums(&self, lane: u16, sums: &mut [Fe]) {
        let mut stream = cipher(&expand(&self.key, "slot", &lane));
        let mut bytes = Zeroizing::new([0; 8 * WORDS]);
        let (words, _) = bytes.as_chunks_mut::<8>();
        for sums in sums.chunks_mut(WORDS) {
            let (words, _) = words.split_at_mut(sums.len());
            words.fill([0; 8]);
            stream.apply_keystream(words.as_flattened_mut());
            add_pad(sums, self.adds, elements(words, || element(&mut stream)));
        }
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

/// The elements in some words of a stream, then those of the `next` words.
fn elements(words: &[[u8; 8]], mut next: impl FnMut() -> Fe) -> impl FnMut() -> Fe {
    let mut words = words.iter();
    move || words.find_map(low_bits).unwrap_or_else(&mut next)
}

/// The low 61 bits of a little-endian word, if they are below p. Refused once in 2^61 draws.
fn low_bits(word: &[u8; 8]) -> Option<Fe> {
    Fe::new(u64::from_le_bytes(*word) & M61)
}

/// The element in the next words of a stream.
fn element(stream: &mut ChaCha20) -> Fe {
    loop {
        let mut word = Zeroizing::new([0; 8]);
        stream.apply_keystream(&mut *word);
        if let Some(element) = low_bits(&word) {
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

    #[test]
    fn a_word_that_is_p_is_drawn_again_and_the_later_ones_move_up() {
        let words = [5, M61, 1 << 61 | 6, u64::MAX, 7].map(u64::to_le_bytes);
        let mut later = 100..;
        let mut draw = elements(&words, || Fe::reduce(later.next().unwrap()));
        let drawn: Vec<u64> = (0..5).map(|_| draw().value()).collect();
        assert_eq!(drawn, [5, 6, 7, 100, 101]);
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
        fn words_are_drawn_one_after_another_however_many_at_once(key: [u8; 32], n in 1usize..200) {
            let mut one_by_one = cipher(&expand(&key, "slot", &7u16));
            let expected: Vec<Fe> = (0..n).map(|_| element(&mut one_by_one)).collect();
            let pair = PairKey { key: Zeroizing::new(key), adds: true };
            let mut sums = vec![Fe::ZERO; n];
            pair.pad_sums(7, &mut sums);
            prop_assert_eq!(sums, expected);
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
