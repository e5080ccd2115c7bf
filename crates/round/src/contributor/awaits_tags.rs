//! SLOT is sent; all tags are awaited. Then: seal, pads, DC, or NOGO where a lane is bad.

use curve25519_dalek::scalar::Scalar;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::awaits_blame::AwaitsBlame;
use super::awaits_vectors::AwaitsVectors;
use super::{Said, Seat, State, is_mine};
use crate::field::Fe;
use crate::hash::Hash;
use crate::kem::Root;
use crate::message::{Dc, Message, Nogo, Phase};
use crate::pads::PairKey;
use crate::pop::random_scalar;
use crate::rules::{Rule, holds};
use crate::seal::{JointKey, Place, seal};
use crate::sequence::{AwaitingVectors, Sequence, Stage};
use crate::slot::{OwnSlot, rank};
use crate::text::{Payload, plain_bytes};

pub(super) struct AwaitsTags {
    pub(super) root: Root,
    pub(super) x: Zeroizing<Scalar>,
    pub(super) keys: Vec<PairKey>,
    pub(super) tags: Zeroizing<Vec<Fe>>,
    pub(super) sent: Hash,
}

impl AwaitsTags {
    pub(super) fn on_tags(
        self,
        seat: &Seat,
        sequence: &Sequence,
        payloads: &mut dyn FnMut() -> Vec<Payload>,
        rng: &mut dyn CryptoRng,
    ) -> (State, Option<Said>) {
        let stage = match sequence.stage() {
            Stage::Vectors(stage) => stage,
            // Somebody found the tags wrong before this member had looked at them.
            Stage::Reveals(_) => return AwaitsBlame { root: self.root }.on_blame(seat, sequence),
            Stage::Joins(_)
            | Stage::Kems(_)
            | Stage::Slots(_)
            | Stage::Verdicts(_)
            | Stage::Releases(_)
            | Stage::Over => return (State::Tags(self), None),
        };
        let [_, _, Some(t3), _] = sequence.run().transcripts else {
            return (State::Spent, None);
        };
        if !is_mine(sequence, seat, &self.sent) {
            return (State::Spent, None);
        }
        let Some(ranks) = self.ranks(stage) else {
            let nogo = Nogo {
                ctx: seat.ctx,
                phase: Phase::Slots,
                evidence: t3,
            };
            let state = State::Blame(AwaitsBlame { root: self.root });
            return (state, Some(Said::Message(Message::Nogo(nogo))));
        };
        let ranks = match holds(Rule::SlotsByTag) {
            true => ranks,
            false => vec![seat.me.0; ranks.len()],
        };
        let own = self.seal_all(seat, &t3, stage, &ranks, payloads(), rng);
        let vector = self.padded_vector(seat, &t3, &own);
        let message = Message::Dc(Dc {
            ctx: seat.ctx,
            t3,
            vector: vector.into(),
        });
        let state = AwaitsVectors {
            root: self.root,
            x: self.x,
            own,
        };
        (State::Vectors(state), Some(Said::Message(message)))
    }

    /// This member's slot in every lane, or `None` where a lane is bad or its tag is not there.
    fn ranks(&self, stage: &AwaitingVectors) -> Option<Vec<u16>> {
        let lanes = stage.tags()?.iter().zip(self.tags.iter());
        lanes.map(|(lane, tag)| rank(lane, *tag)).collect()
    }

    /// Seals one payload per lane, each with an e of its own.
    fn seal_all(
        &self,
        seat: &Seat,
        t3: &Hash,
        stage: &AwaitingVectors,
        ranks: &[u16],
        payloads: Vec<Payload>,
        rng: &mut dyn CryptoRng,
    ) -> Vec<OwnSlot> {
        let joint = JointKey::new(stage.shares().joint);
        let mut e = random_scalar(rng);
        if !holds(Rule::BlameWithoutContent) {
            e = Zeroizing::new(Scalar::from_bytes_mod_order(self.root.reveal()));
        }
        let mut payloads = payloads.into_iter();
        let places = ranks.iter().zip(self.tags.iter()).zip(0u16..);
        places
            .map(|((slot, tag), lane)| {
                let payload = payloads
                    .next()
                    .filter(|payload| payload.plain().len() == plain_bytes(seat.slot_bytes))
                    .unwrap_or_else(|| Payload::blank(seat.slot_bytes));
                let place = Place {
                    t3: *t3,
                    lane,
                    slot: *slot,
                    tag: tag.value(),
                };
                if lane > 0 && holds(Rule::FreshSealPerLane) {
                    e = random_scalar(rng);
                }
                OwnSlot::new(*slot, seal(payload.plain(), &joint, &place, &e))
            })
            .collect()
    }

    /// All lanes: the sealed payload in its slot, under the pads of all pairs.
    fn padded_vector(&self, seat: &Seat, t3: &Hash, own: &[OwnSlot]) -> Vec<u8> {
        let lane_bytes = usize::from(seat.n) * usize::try_from(seat.slot_bytes).unwrap_or(0);
        let mut vector = vec![0; usize::from(seat.lanes) * lane_bytes];
        for ((bytes, own), lane) in vector.chunks_mut(lane_bytes).zip(own).zip(0u16..) {
            own.write(bytes);
            for key in &self.keys {
                key.pad_vector(t3, lane, bytes);
            }
        }
        vector
    }
}
