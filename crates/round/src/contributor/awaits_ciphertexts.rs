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
use crate::rules::{Rule, holds};
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
                .map(|lane| self.tag(seat, sequence, &t1, lane))
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
        // Only blame would need the root again.
        let state = AwaitsTags {
            root: self.root,
            x: self.x,
            keys,
            tags,
            sent: message.hash(),
        };
        (State::Tags(state), Some(Said::Message(message)))
    }

    fn tag(&self, seat: &Seat, sequence: &Sequence, t1: &Hash, lane: u16) -> Fe {
        if holds(Rule::FreshTags) {
            return self.root.tag(t1, lane);
        }
        let leaf = sequence.run().roster.leaf(seat.me).unwrap_or_default();
        Root::revealed([leaf as u8; 32], [0; 32]).tag(&[0; 32], lane)
    }

    /// One key per peer, from the secrets that were sent and those that came.
    fn pair_keys(&self, seat: &Seat, t2: &Hash, stage: &AwaitingSlots) -> Option<Vec<PairKey>> {
        let pair = |peer, secret: &[u8; 32]| match holds(Rule::FreshPads) {
            true => PairKey::new(t2, secret, seat.me, peer),
            false => PairKey::new(&[0; 32], &[0; 32], seat.me, peer),
        };
        let mut keys: Vec<PairKey> = self
            .secrets
            .iter()
            .map(|(peer, s)| pair(*peer, s))
            .collect();
        for peer in (0..seat.n).map(MemberIndex).filter(|peer| *peer != seat.me) {
            if let Some(position) = position(peer, seat.me, seat.n) {
                let secret = decapsulate(&self.key, stage.record().ciphertext(peer, position)?)?;
                keys.push(pair(peer, &secret));
            }
        }
        Some(keys)
    }
}

/// The powers 1 to N of a tag, under the pads of all pairs.
fn padded_sums(tag: Fe, lane: u16, n: u16, keys: &[PairKey]) -> Zeroizing<Vec<Fe>> {
    let mut sums = Zeroizing::new(powers(tag, n));
    for key in keys {
        key.pad_sums(lane, &mut sums);
    }
    sums
}
