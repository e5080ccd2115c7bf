//! GO is sent; everybody's GO is awaited. Then: the content share, and nothing else is left.

use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::{ReleaseShare, Said, Seat, State};
use crate::sequence::{Sequence, Stage};

pub(super) struct AwaitsRelease {
    pub(super) x: Zeroizing<Scalar>,
}

impl AwaitsRelease {
    pub(super) fn on_all_go(self, seat: &Seat, sequence: &Sequence) -> (State, Option<Said>) {
        let Stage::Releases(_) = sequence.stage() else {
            return (State::Release(self), None);
        };
        let share = ReleaseShare::new(seat.ctx, seat.me, &self.x);
        (State::Spent, Some(Said::Release(share)))
    }
}
