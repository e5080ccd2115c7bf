//! Rounds that ended, and the crowds of the last 30 days.

use crate::ballots::Tally;
use crate::bloc::Bloc;
use crate::commitment::Commitment;
use crate::ids::{OpenHash, RoundId, SeatId, SideId};
use crate::open_round::{Audience, FailedWhy};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// A Round that is over. Its question is a text and lies beside the state.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct EndedRound {
    /// Which one.
    pub id: RoundId,
    /// Binds its terms.
    pub open_hash: OpenHash,
    /// Whose seats made the roster.
    pub audience: Audience,
    /// Log time of its end.
    pub ended_ms: u64,
    /// Its sequences of runs: one, or one for each side.
    pub sequences: Vec<EndedSequence>,
    /// What sides answered as one, ascending by side.
    pub blocs: Vec<Bloc>,
}

impl EndedRound {
    /// Why nothing was shown at all; none where something was.
    pub fn failed(&self) -> Option<FailedWhy> {
        let mut all = self.sequences.iter().map(|sequence| &sequence.outcome);
        let first = all.next().and_then(Outcome::failed)?;
        all.all(|other| other.failed().is_some()).then_some(first)
    }
}

/// One sequence of runs that is over.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct EndedSequence {
    /// Whose; none where the whole audience was one roster.
    pub side: Option<SideId>,
    /// N₀, ascending.
    pub opening_roster: Vec<SeatId>,
    /// Left out as absent, ascending.
    pub absent: Vec<SeatId>,
    /// Left out as disruptors, ascending.
    pub disruptors: Vec<SeatId>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a sequence of runs ended.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Outcome {
    /// Its texts were opened.
    #[tls_codec(discriminant = 1)]
    Closed {
        /// Runs, the opened one included.
        runs: u16,
        /// Who was in the opened run, ascending.
        final_roster: Vec<SeatId>,
        /// To the texts, in the order of the slots.
        statements: Vec<Commitment>,
        /// Slots that held a blank.
        blanks: u16,
        /// Of a ballot round: one for each statement, in the order of the lanes.
        tallies: Vec<Tally>,
    },
    /// It ended without texts.
    Failed(FailedWhy),
}

impl Outcome {
    /// Why it brought nothing, if so.
    pub fn failed(&self) -> Option<FailedWhy> {
        match self {
            Self::Closed { .. } => None,
            Self::Failed(why) => Some(*why),
        }
    }
}

/// An opening roster's size, remembered so that a relay which drops READYs
/// cannot shrink the crowd unnoticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Crowd {
    /// Which kind of roster.
    pub audience: Audience,
    /// Log time of START.
    pub started_ms: u64,
    /// N₀
    pub size: u16,
    /// How many rosters of this kind have come after it.
    pub later: u8,
}
