//! KEM is sent; the others' ciphertexts are awaited. Then: tags, pads, SLOT.

use curve25519_dalek::scalar::Scalar;
use x_wing::DecapsulationKey;
use zeroize::Zeroizing;

use super::awaits_tags::AwaitsTags;
use super::{Said, Seat, State, is_mine};
use crate::field::Fe;
use crate::hash::Hash;
use crate::kem::{Root, decapsulate, position};
use crate::message::{Message, Slot};
use crate::pads::{PairKey, powers};
use crate::roster::MemberIndex;
use crate::sequence::{AwaitingSlots, Sequence, Stage};

pub(super) struct AwaitsCiphertexts {
    pub(super) root: Root,
    pub(super) key: DecapsulationKey,
    pub(super) x: Zeroizing<Scalar>,
    /// What this member encapsulated.
    pub(super) secrets: Vec<(MemberIndex, Zeroizing<[u8; 32]>)>,
    pub(super) sent: Hash,
}

impl AwaitsCiphertexts {
    pub(super) fn on_ciphertexts(self, seat: &Seat, sequence: &Sequence) -> (State, Option<Said>) {
        let Stage::Slots(stage) = sequence.stage() else {
            return (State::Ciphertexts(self), None);
        };
        let spent = (State::Spent, None);
        let [Some(t1), Some(t2), ..] = sequence.run().transcripts else {
            return spent;
        };
        if !is_mine(sequence, seat, &self.sent) {
            return spent;
        }
        let Some(keys) = self.pair_keys(seat, &t2, stage) else {
            return spent;
        };
        let tags: Zeroizing<Vec<Fe>> = Zeroizing::new(
            (0..seat.lanes)
                .map(|lane| tag(&self.root, &t1, lane))
                .collect(),
        );
        let mut sums = Vec::with_capacity(usize::from(seat.lanes) * usize::from(seat.n));
        for (tag, lane) in tags.iter().zip(0u16..) {
            sums.extend(padded_sums(*tag, lane, seat.n, &keys).iter().copied());
        }
        let message = Message::Slot(Slot {
            ctx: seat.ctx,
            t2,
            sums: sums.iter().map(|sum| sum.value()).collect(),
        });
        // The root has done its work and goes here: only blame would need it again.
        let state = AwaitsTags {
            x: self.x,
            keys,
            tags,
            sent: message.hash(),
        };
        (State::Tags(state), Some(Said::Message(message)))
    }

    /// One key per peer, from the secrets that were sent and those that came.
    fn pair_keys(&self, seat: &Seat, t2: &Hash, stage: &AwaitingSlots) -> Option<Vec<PairKey>> {
        let pair = |peer, secret: &[u8; 32]| PairKey::new(t2, secret, seat.me, peer);
        let mut keys: Vec<PairKey> = self
            .secrets
            .iter()
            .map(|(peer, s)| pair(*peer, s))
            .collect();
        for peer in (0..seat.n).map(MemberIndex).filter(|peer| *peer != seat.me) {
            if let Some(position) = position(peer, seat.me, seat.n) {
                let secret = decapsulate(&self.key, stage.ciphertext(peer, position)?)?;
                keys.push(pair(peer, &secret));
            }
        }
        Some(keys)
    }
}

/// The tag of a lane: the first of eight 61-bit words that is a nonzero element.
fn tag(root: &Root, t1: &Hash, lane: u16) -> Fe {
    let bytes = root.expand::<64>("tag", &(*t1, lane));
    bytes
        .chunks_exact(8)
        .filter_map(|word| word.try_into().ok())
        .filter_map(|word| Fe::new(u64::from_be_bytes(word) & crate::field::M61))
        .find(|element| *element != Fe::ZERO)
        // Happens once in 2^480.
        .unwrap_or(Fe::ONE)
}

/// The powers 1 to N of a tag, under the pads of all pairs.
fn padded_sums(tag: Fe, lane: u16, n: u16, keys: &[PairKey]) -> Zeroizing<Vec<Fe>> {
    let mut sums = Zeroizing::new(powers(tag, n));
    for key in keys {
        key.pad_sums(lane, &mut sums);
    }
    sums
}
