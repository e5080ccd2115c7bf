//! One member's secret side of one run. In memory only: nothing here can be copied, printed or
//! stored (invariant I3), and every step consumes the state before it.

mod awaits_blame;
mod awaits_ciphertexts;
mod awaits_keys;
mod awaits_release;
mod awaits_tags;
mod awaits_vectors;
mod release_share;
#[cfg(feature = "parts")]
mod secrets;

use std::mem;

use rand_core::CryptoRng;

pub use release_share::ReleaseShare;
#[cfg(feature = "parts")]
pub use secrets::Secrets;

use awaits_blame::AwaitsBlame;
use awaits_ciphertexts::AwaitsCiphertexts;
use awaits_keys::AwaitsKeys;
use awaits_release::AwaitsRelease;
use awaits_tags::AwaitsTags;
use awaits_vectors::AwaitsVectors;

use crate::hash::Hash;
use crate::message::Message;
use crate::roster::MemberIndex;
use crate::sequence::{Sequence, Stage};
use crate::text::Payload;

/// What a contributor gives its driver. To be made durable, then sent.
pub enum Said {
    /// KEM, SLOT, DC, GO or NOGO. Before a DC leaves, the submitted texts must be locked (I2).
    Message(Message),
    /// The N-th GO stands: `Decision::Release`, this share and the lock become durable in one
    /// transaction, and only then [`ReleaseShare::message`] leaves.
    Release(ReleaseShare),
    /// A NOGO counted and the content share is destroyed: `Decision::Reveal` and this message become
    /// durable in one transaction, and only then it leaves. The submitted texts are free again.
    Reveal(Message),
}

/// Where and who in a run.
#[derive(Clone, Copy)]
pub(crate) struct Seat {
    ctx: Hash,
    me: MemberIndex,
    /// The number of members.
    n: u16,
    lanes: u16,
    slot_bytes: u32,
}

/// What this member waits for.
enum State {
    Keys(AwaitsKeys),
    Ciphertexts(AwaitsCiphertexts),
    Tags(AwaitsTags),
    Vectors(AwaitsVectors),
    Release(AwaitsRelease),
    Blame(AwaitsBlame),
    Spent,
}

/// One member's secrets of one run, wiped when dropped.
pub struct Contributor {
    seat: Seat,
    state: State,
}

/// Why nobody can join here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotJoin {
    /// The leaf is not in the roster of this run.
    NotInRoster,
    /// The run is past its first phase, or this leaf has spoken in it: a restarted node says LEAVE.
    TooLate,
}

impl std::fmt::Display for CannotJoin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotInRoster => "not a member of this run",
            Self::TooLate => "this run cannot be joined any more",
        })
    }
}

impl std::error::Error for CannotJoin {}

impl Contributor {
    /// Draws the secrets of the current run. The caller makes `joined` durable under
    /// [`Sequence::ctx_r`] before the JOIN leaves, and never joins one context twice (I3).
    ///
    /// # Errors
    /// The leaf has no place in this run, or has spoken in it.
    pub fn join(
        sequence: &Sequence,
        leaf: u32,
        rng: &mut dyn CryptoRng,
    ) -> Result<(Self, Message), CannotJoin> {
        let run = sequence.run();
        let me = run.roster.index_of(leaf).ok_or(CannotJoin::NotInRoster)?;
        let open = matches!(sequence.stage(), Stage::Joins(_));
        if !open || sequence.has_spoken(leaf) || sequence.is_absent(leaf) {
            return Err(CannotJoin::TooLate);
        }
        let seat = Seat {
            ctx: run.ctx,
            me,
            n: run.size(),
            lanes: sequence.terms().lanes,
            slot_bytes: sequence.terms().slot_bytes,
        };
        let id = *run.roster.id(me).ok_or(CannotJoin::NotInRoster)?;
        let (state, join) = AwaitsKeys::begin(&seat, id, sequence.head(), rng);
        let state = State::Keys(state);
        Ok((Self { seat, state }, join))
    }

    /// The run that these secrets belong to.
    #[must_use]
    pub fn ctx_r(&self) -> Hash {
        self.seat.ctx
    }

    /// Whether there is nothing left: released, revealed, or the run is over.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        matches!(self.state, State::Spent)
    }

    /// The one message that is due now, if any. Call it after every entry that was applied.
    ///
    /// `payloads` is asked once, in phase 4 and never before: one payload per lane. A missing one,
    /// or one of another size, becomes a blank. All secrets are wiped once the run has ended.
    pub fn next(
        &mut self,
        sequence: &Sequence,
        payloads: &mut dyn FnMut() -> Vec<Payload>,
        rng: &mut dyn CryptoRng,
    ) -> Option<Said> {
        if sequence.ctx_r() != self.seat.ctx || self.is_out(sequence) {
            self.state = State::Spent;
            return None;
        }
        let seat = self.seat;
        let (state, said) = match mem::replace(&mut self.state, State::Spent) {
            State::Keys(state) => state.on_keys(&seat, sequence),
            State::Ciphertexts(state) => state.on_ciphertexts(&seat, sequence),
            State::Tags(state) => state.on_tags(&seat, sequence, payloads, rng),
            State::Vectors(state) => state.on_vectors(&seat, sequence),
            State::Release(state) => state.on_all_go(&seat, sequence),
            State::Blame(state) => state.on_blame(&seat, sequence),
            State::Spent => (State::Spent, None),
        };
        self.state = state;
        said
    }

    fn is_out(&self, sequence: &Sequence) -> bool {
        let absent = sequence.run().absent.contains_key(&self.seat.me);
        absent || sequence.is_over()
    }
}

/// Whether this member's message of the phase that was completed last is the one it sent. If not,
/// somebody else holds its signature key, and going on could speak twice in one run.
fn is_mine(sequence: &Sequence, seat: &Seat, sent: &Hash) -> bool {
    sequence.run().said.get(usize::from(seat.me.0)) == Some(sent)
}
