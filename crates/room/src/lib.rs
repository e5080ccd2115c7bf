//! What was said and decided in one room: events in, state out (the fold).
//! Names no key, network, clock, file or float; time comes in with each event.
//! Texts never enter the state, only salted commitments to them.

mod apply;
mod ballots;
mod bloc;
mod codec;
mod commitment;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod edges;
mod effect;
mod eligibility;
mod event;
mod floor;
mod founding;
mod hash;
mod ids;
pub mod limits;
mod looks;
mod membership;
mod open_round;
mod places;
mod rounds;
pub mod rules;
mod seat;
mod snapshot;
mod state;
mod text;
mod void;

pub use ballots::{Ballots, Tally};
pub use bloc::{Answer, Bloc, BlocAnswer, BlocVote};
pub use codec::{EventError, Posted};
pub use commitment::{Commitment, Text};
pub use effect::Effect;
pub use event::{
    Added, Approved, CaucusKey, CaucusWelcome, Event, Ready, RoundClosed, RoundFailed, RunEnded,
    RunReleased, Said, SeatsChanged, Vouched, WordsConfirmed,
};
pub use floor::{default_own_minimum, floor};
pub use founding::{Founding, NewSeat, RefusedFounding, Role, RoomKind, RuleCard};
pub use ids::{
    BegunHash, CaucusName, CommitName, Digest, Leaf, MailboxName, MessageId, OpenHash, RequestId,
    RoomVersion, RoundId, SeatId, SideId, StatementKey,
};
pub use looks::StatementKeys;
pub use open_round::{
    Audience, FailedWhy, Fate, Open, OpenRound, Progress, RoundKind, Run, SlotSize,
};
pub use places::{Announced, Caucus, CaucusFounded, Place};
pub use rounds::{Crowd, EndedRound, EndedSequence, Outcome};
pub use seat::{Arrival, Commits, DepartedSeat, RosterSeat, Seat};
pub use snapshot::SnapshotError;
pub use state::{Approval, KNOWN_VERSION, State};
pub use text::{MessageText, Name, Question, RefusedText, SideName, StatementText, Title};
pub use void::Void;
