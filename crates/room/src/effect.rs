//! What an event did: for the participant to act on and the pages to show.

use crate::ids::{
    CommitName, MessageId, OpenHash, RequestId, RoomVersion, RoundId, SeatId, SideId,
};
use crate::open_round::FailedWhy;

/// What one applied event changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A named message stands.
    Said {
        /// Who said it.
        seat: SeatId,
        /// Its name.
        id: MessageId,
    },
    /// A request was approved.
    Approved {
        /// Which.
        request: RequestId,
        /// Whether it still needs a voucher: it does unless the side is empty.
        needs_voucher: bool,
    },
    /// A request was vouched for and may be added.
    Vouched {
        /// Which.
        request: RequestId,
        /// By whom.
        by: SeatId,
    },
    /// A seat confirmed the table words.
    WordsConfirmed {
        /// Which seat.
        seat: SeatId,
        /// Seats that count in Rounds from now on.
        now_counting: Vec<SeatId>,
    },
    /// A key package for a caucus was published.
    CaucusKeyPublished {
        /// By whom.
        seat: SeatId,
    },
    /// A welcome into a caucus was posted.
    CaucusWelcomed {
        /// By whom.
        by: SeatId,
        /// For whom.
        seat: SeatId,
    },
    /// A seat's program knows a later version.
    Spoken {
        /// Which seat.
        seat: SeatId,
    },
    /// The room goes by another version from here on.
    Upgraded {
        /// Which.
        version: RoomVersion,
    },
    /// A convenor named a place to which the room may move.
    PlaceAnnounced {
        /// Who.
        seat: SeatId,
    },
    /// The log goes on elsewhere.
    Moved {
        /// Whose place it is.
        by: SeatId,
    },
    /// A side has another caucus from here on.
    CaucusFounded {
        /// Which side.
        side: SideId,
        /// Who founded it.
        by: SeatId,
    },
    /// A commit of a side's caucus follows nothing that stands before this.
    NotYet {
        /// Which side.
        side: SideId,
        /// Which commit.
        commit: CommitName,
    },
    /// A newcomer is in the room as the others have it.
    Arrived {
        /// Who.
        seat: SeatId,
    },
    /// A Round's writing window began.
    RoundOpened {
        /// Which Round.
        round: RoundId,
        /// What READY must bind.
        open_hash: OpenHash,
        /// Log time of the window's end.
        ends_ms: u64,
    },
    /// The window ends with this entry.
    WindowBroughtForward {
        /// Which Round.
        round: RoundId,
        /// The new end.
        ends_ms: u64,
    },
    /// A seat is ready.
    ReadyCounted {
        /// Which seat.
        seat: SeatId,
        /// How many are ready now.
        ready: usize,
    },
    /// A seat of a caucus said how it would answer for the side.
    BlocVoted {
        /// Which seat.
        seat: SeatId,
    },
    /// A side answered as one.
    BlocAnswered {
        /// Which side.
        side: SideId,
        /// Who handed it over.
        by: SeatId,
    },
    /// START: the opening roster is frozen, see [`crate::State::open_round`].
    RoundStarted {
        /// Which Round.
        round: RoundId,
        /// N₀, over all sequences.
        opening: usize,
        /// Fewest seats with which a run goes on; with several sequences the smallest.
        floor: usize,
    },
    /// The Round ended without texts.
    RoundFailed {
        /// Which Round.
        round: RoundId,
        /// Why.
        why: FailedWhy,
    },
    /// Seats came or went.
    SeatsChanged {
        /// Who came.
        seated: Vec<SeatId>,
        /// Who went.
        departed: Vec<SeatId>,
        /// Seats that count in Rounds from now on.
        now_counting: Vec<SeatId>,
    },
    /// A run ended without texts; the next one has this many seats.
    RunEnded {
        /// Which Round.
        round: RoundId,
        /// Whose sequence.
        side: Option<SideId>,
        /// Seats that remain.
        remaining: usize,
        /// Whether they may vote on these statements: if not, the sequence is dropped.
        may_go_on: bool,
    },
    /// The N-th GO: the roster is final.
    RunReleased {
        /// Which Round.
        round: RoundId,
        /// Whose sequence.
        side: Option<SideId>,
    },
    /// One side's sequence is over, others are not.
    SequenceOver {
        /// Which Round.
        round: RoundId,
        /// Whose sequence.
        side: Option<SideId>,
    },
    /// Nothing ends by the log's clock until it goes on.
    LogShut,
    /// It goes on, and what ends by its clock ends later.
    LogReopened,
    /// The Round is over, and something was shown.
    RoundClosed {
        /// Which Round.
        round: RoundId,
    },
}
