//! GO is sent; everybody's GO is awaited. Then: the content share, or the root where somebody says
//! NOGO. Never both (invariant I1): this state is consumed by either.

use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::awaits_blame::AwaitsBlame;
use super::{ReleaseShare, Said, Seat, State};
use crate::kem::Root;
use crate::sequence::{Sequence, Stage};

pub(super) struct AwaitsRelease {
    pub(super) root: Root,
    pub(super) x: Zeroizing<Scalar>,
}

impl AwaitsRelease {
    pub(super) fn on_all_go(self, seat: &Seat, sequence: &Sequence) -> (State, Option<Said>) {
        match sequence.stage() {
            Stage::Releases(_) => {
                let share = ReleaseShare::new(seat.ctx, seat.me, &self.x);
                (State::Spent, Some(Said::Release(share)))
            }
            Stage::Reveals(_) => AwaitsBlame { root: self.root }.on_blame(seat, sequence),
            Stage::Joins(_)
            | Stage::Kems(_)
            | Stage::Slots(_)
            | Stage::Vectors(_)
            | Stage::Verdicts(_)
            | Stage::Over => (State::Release(self), None),
        }
    }
}
