//! The content share is destroyed; only the root is left. It is said where a NOGO counts, and wiped
//! where the run ends in any other way.

use super::{Said, Seat, State};
use crate::kem::Root;
use crate::message::{Message, Reveal};
use crate::sequence::{Sequence, Stage};

pub(super) struct AwaitsBlame {
    pub(super) root: Root,
}

impl AwaitsBlame {
    pub(super) fn on_blame(self, seat: &Seat, sequence: &Sequence) -> (State, Option<Said>) {
        let Stage::Reveals(stage) = sequence.stage() else {
            return (State::Blame(self), None);
        };
        let reveal = Message::Reveal(Reveal {
            ctx: seat.ctx,
            evidence: stage.evidence(),
            root: self.root.reveal(),
        });
        (State::Spent, Some(Said::Reveal(reveal)))
    }
}
