//! The pads of all pairs cancel, whoever speaks first and in whatever order a member applies its own.

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::likeness::Derived;
use super::run::{padded_sums, padded_vector};
use crate::field::Fe;
use crate::hash::expand;
use crate::pads::PairKey;
use crate::roster::MemberIndex;
use crate::slot::OwnSlot;

const SLOT_BYTES: usize = 7;
const T3: [u8; 32] = [3; 32];

/// The keys of one member with each of its peers, in the order in which it met them.
fn pair_keys(seed: &[u8; 32], me: u16, peers: &[u16]) -> Vec<PairKey> {
    let key = |peer: &u16| {
        let secret = expand::<32>(seed, "pair", &(me.min(*peer), me.max(*peer)));
        PairKey::new(&[2; 32], &secret, MemberIndex(me), MemberIndex(*peer))
    };
    peers.iter().filter(|peer| **peer != me).map(key).collect()
}

fn own_slot(member: u16) -> OwnSlot {
    let sealed = vec![member as u8 + 1; SLOT_BYTES];
    OwnSlot::new(member, Zeroizing::new(sealed))
}

/// Members in the order in which they speak, and as each of them goes through its peers.
fn orders() -> impl Strategy<Value = (Vec<u16>, Vec<Vec<u16>>)> {
    (2..9u16).prop_flat_map(|n| {
        let order = Just((0..n).collect::<Vec<u16>>()).prop_shuffle();
        (order.clone(), prop::collection::vec(order, usize::from(n)))
    })
}

proptest! {
    #[test]
    fn pads_cancel_in_any_order_of_members(seed: [u8; 32], lane in 0..60u16, (speakers, peers) in orders()) {
        let n = speakers.len();
        let mut sums = vec![Fe::ZERO; n];
        let mut combined = vec![0; n * SLOT_BYTES];
        for me in &speakers {
            let keys = pair_keys(&seed, *me, &peers[usize::from(*me)]);
            let pads = || keys.iter().map(|key| Derived { key, t3: T3, lane });
            let said = padded_sums(Fe::reduce(u64::from(*me) + 1), n, pads());
            sums.iter_mut().zip(said).for_each(|(sum, word)| *sum = *sum + word);
            let vector = padded_vector(&own_slot(*me), combined.len(), pads());
            combined.iter_mut().zip(vector).for_each(|(sum, byte)| *sum ^= byte);
        }
        for (sum, power) in sums.iter().zip(1..) {
            let bare = (1..=n as u64).fold(Fe::ZERO, |sum, tag| sum + Fe::reduce(tag).pow(power));
            prop_assert_eq!(*sum, bare);
        }
        let bare: Vec<u8> = (1..=n as u8).flat_map(|byte| [byte; SLOT_BYTES]).collect();
        prop_assert_eq!(combined, bare);
    }

    #[test]
    fn without_one_member_nothing_is_readable(seed: [u8; 32], (speakers, _) in orders()) {
        let (silent, rest) = speakers.split_first().unwrap();
        let mut combined = vec![0; speakers.len() * SLOT_BYTES];
        for me in rest {
            let keys = pair_keys(&seed, *me, &speakers);
            let pads = keys.iter().map(|key| Derived { key, t3: T3, lane: 0 });
            let vector = padded_vector(&own_slot(*me), combined.len(), pads);
            combined.iter_mut().zip(vector).for_each(|(sum, byte)| *sum ^= byte);
        }
        for member in rest.iter().chain([silent]) {
            let at = usize::from(*member) * SLOT_BYTES;
            prop_assert_ne!(&combined[at..at + SLOT_BYTES], [*member as u8 + 1; SLOT_BYTES]);
        }
    }

    #[test]
    fn no_two_lanes_pairs_or_transcripts_have_a_pad_in_common(seed: [u8; 32], lane in 0..59u16) {
        let pads = |peer: u16, t2: u8, t3: u8, lane: u16| {
            let key = PairKey::new(&[t2; 32], &seed, MemberIndex(0), MemberIndex(peer));
            let (mut sums, mut vector) = ([Fe::ZERO; 4], [0; 32]);
            key.pad_sums(lane, &mut sums);
            key.pad_vector(&[t3; 32], lane, &mut vector);
            (sums, vector)
        };
        let (sums, vector) = pads(1, 2, 3, lane);
        for (other_sums, other_vector) in [pads(2, 2, 3, lane), pads(1, 4, 3, lane), pads(1, 2, 3, lane + 1)] {
            prop_assert_ne!(sums, other_sums);
            prop_assert_ne!(vector, other_vector);
        }
        prop_assert_ne!(vector, pads(1, 2, 4, lane).1);
        let mut words = sums.to_vec();
        words.sort_unstable();
        words.dedup();
        prop_assert_eq!(words.len(), sums.len(), "one word for two powers");
    }
}
