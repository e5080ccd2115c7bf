//! DC is sent; all vectors are awaited. Then: GO, or NOGO where an own slot is damaged.

use curve25519_dalek::scalar::Scalar;
use subtle::Choice;
use zeroize::Zeroizing;

use super::awaits_blame::AwaitsBlame;
use super::awaits_release::AwaitsRelease;
use super::{Said, Seat, State};
use crate::kem::Root;
use crate::message::{Go, Message, Nogo, Phase};
use crate::sequence::{Sequence, Stage};
use crate::slot::OwnSlot;

pub(super) struct AwaitsVectors {
    pub(super) root: Root,
    pub(super) x: Zeroizing<Scalar>,
    pub(super) own: Vec<OwnSlot>,
}

impl AwaitsVectors {
    pub(super) fn on_vectors(self, seat: &Seat, sequence: &Sequence) -> (State, Option<Said>) {
        let stage = match sequence.stage() {
            Stage::Verdicts(stage) => stage,
            Stage::Reveals(_) => return AwaitsBlame { root: self.root }.on_blame(seat, sequence),
            Stage::Joins(_)
            | Stage::Kems(_)
            | Stage::Slots(_)
            | Stage::Vectors(_)
            | Stage::Releases(_)
            | Stage::Over => return (State::Vectors(self), None),
        };
        let lane_bytes = stage.combined().len() / usize::from(seat.lanes).max(1);
        let lanes = stage.combined().chunks(lane_bytes.max(1)).zip(&self.own);
        let intact = lanes.fold(Choice::from(1), |all, (lane, own)| {
            all & own.is_intact(lane)
        });
        if bool::from(intact) {
            let [_, _, _, Some(t4)] = sequence.run().transcripts else {
                return (State::Spent, None);
            };
            let go = Message::Go(Go { ctx: seat.ctx, t4 });
            let state = State::Release(AwaitsRelease {
                root: self.root,
                x: self.x,
            });
            return (state, Some(Said::Message(go)));
        }
        let nogo = Message::Nogo(Nogo {
            ctx: seat.ctx,
            phase: Phase::Vectors,
            evidence: stage.evidence(),
        });
        let state = State::Blame(AwaitsBlame { root: self.root });
        (state, Some(Said::Message(nogo)))
    }
}
