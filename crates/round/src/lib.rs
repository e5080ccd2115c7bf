//! The Round: every member contributes one payload, and nobody can tell whose is whose. [`Sequence`]
//! is the public fold, [`Contributor`] one member's secrets of one run, in memory only. No input or
//! output, no clock, no randomness of its own; members are ids.

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod anonymity;
mod ballot;
mod blame;
mod collection;
mod contributor;
mod decision;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod edges;
mod field;
mod hash;
mod kem;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod known_answers;
pub mod limits;
mod message;
mod pads;
#[cfg(feature = "parts")]
pub mod parts;
mod polynomial;
mod pop;
mod roots;
mod roster;
pub mod rules;
mod seal;
mod sequence;
mod slot;
#[cfg(feature = "steps")]
pub mod steps;
mod terms;
#[cfg(test)]
mod test_rng;
mod text;
mod transcript;
mod verdict;

pub use ballot::Ballot;
pub use collection::{Collection, CollectionState, Folded, NoSuchSequence};
pub use contributor::{CannotJoin, Contributor, ReleaseShare, Said};
pub use decision::{AlreadyFinal, Decision};
pub use field::{Fe, M61, Residue};
pub use hash::Hash;
pub use message::{
    Close, Dc, GiveUp, Go, InvalidBytes, Join, Kem, Leave, Message, Nogo, Phase, Release, Reveal,
    Slot,
};
pub use pop::Pop;
pub use roots::solve;
pub use roster::{Member, MemberIndex, Roster};
pub use seal::OpenedSlot;
pub use sequence::{BadState, Entry, Sequence, SequenceState, Time};
pub use terms::{BadTerms, Start, Terms, ctx0};
pub use text::{Payload, TooLong, normalise};
pub use verdict::{Cause, Disturbed, Fault, GaveUp, Opened, RunEnd, Verdict, Void};
