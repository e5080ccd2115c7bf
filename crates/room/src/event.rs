//! What can happen in a room. Seats send the first kinds; the last seven are
//! derived from the log by whoever folds it, and are never read from the wire.

use crate::ballots::Tally;
use crate::bloc::BlocAnswer;
use crate::commitment::Commitment;
use crate::founding::Role;
use crate::ids::{
    BegunHash, CommitName, Leaf, MessageId, OpenHash, RequestId, RoomVersion, RoundId, SeatId,
    SideId,
};
use crate::open_round::{FailedWhy, Open};
use crate::places::{CaucusFounded, Place};
use crate::text::Name;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes};

/// One thing that happened. The number of a kind is fixed for ever.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u16)]
pub enum Event {
    /// A named message; its text travels beside it.
    #[tls_codec(discriminant = 1)]
    Said(Said),
    /// The convenor approved somebody who asks for a seat.
    #[tls_codec(discriminant = 2)]
    Approved(Approved),
    /// A seat of that side vouched for an approved request.
    #[tls_codec(discriminant = 3)]
    Vouched(Vouched),
    /// A seat heard the table words read aloud and found them equal.
    #[tls_codec(discriminant = 4)]
    WordsConfirmed(WordsConfirmed),
    /// A seat published a key package for the caucus of its side.
    #[tls_codec(discriminant = 5)]
    CaucusKey(CaucusKey),
    /// A seat welcomed another seat of its side into their caucus.
    #[tls_codec(discriminant = 6)]
    CaucusWelcome(CaucusWelcome),
    /// A seat's program knows a later version of the rules.
    #[tls_codec(discriminant = 7)]
    Speaks(RoomVersion),
    /// From here on the room goes by a later version of the rules.
    #[tls_codec(discriminant = 8)]
    Upgraded(RoomVersion),
    /// A convenor named a mailbox that it alone can make, and to which the room may move.
    #[tls_codec(discriminant = 9)]
    PlaceAnnounced(Place),
    /// The log ends here and goes on in a place that its author announced.
    #[tls_codec(discriminant = 10)]
    Moved(Place),
    /// A seat founds the caucus of its side, for the first time or anew.
    #[tls_codec(discriminant = 11)]
    CaucusFounded(CaucusFounded),
    /// A commit of the caucus of the sender's side follows an event that does not stand before this.
    #[tls_codec(discriminant = 12)]
    NotYet(CommitName),
    /// A newcomer's program is in the room, and entered it as the others have it.
    #[tls_codec(discriminant = 13)]
    Arrived(BegunHash),
    /// A Round was opened: its writing window begins.
    #[tls_codec(discriminant = 16)]
    RoundOpened(Open),
    /// NOW: the author brought the window's end forward to this entry.
    #[tls_codec(discriminant = 17)]
    WindowEnds(RoundId),
    /// READY: a node will take part.
    #[tls_codec(discriminant = 18)]
    Ready(Ready),
    /// CLOSE of the window: START, where the fold agrees.
    #[tls_codec(discriminant = 19)]
    Started(RoundId),
    /// In a caucus: how a seat would answer for the side, by name.
    #[tls_codec(discriminant = 20)]
    BlocVoted(BlocAnswer),
    /// In the plenary: how a side too small for ballots answers.
    #[tls_codec(discriminant = 21)]
    BlocAnswered(BlocAnswer),
    /// Derived from a valid commit.
    #[tls_codec(discriminant = 0x8001)]
    SeatsChanged(SeatsChanged),
    /// Derived: a run ended without texts and the next one begins.
    #[tls_codec(discriminant = 0x8002)]
    RunEnded(RunEnded),
    /// Derived at the N-th GO: the roster is final, commits are allowed again.
    #[tls_codec(discriminant = 0x8003)]
    RunReleased(RunReleased),
    /// Derived when the texts are opened.
    #[tls_codec(discriminant = 0x8004)]
    RoundClosed(RoundClosed),
    /// Derived when the Round ended without texts.
    #[tls_codec(discriminant = 0x8005)]
    RoundFailed(RoundFailed),
    /// Derived where a rotation or a reset takes the plenary's log away from its members.
    #[tls_codec(discriminant = 0x8006)]
    LogShut,
    /// Derived where it is given back to them.
    #[tls_codec(discriminant = 0x8007)]
    LogReopened,
}

/// A named message.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Said {
    /// Its name, chosen by the sender.
    pub id: MessageId,
    /// To the text beside it.
    pub commitment: Commitment,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
}

/// The convenor's half of a join.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Approved {
    /// Hash of the key package that may be added.
    pub request: RequestId,
    /// The name of the new seat.
    pub name: Name,
    /// What the new seat is for.
    pub role: Role,
}

/// The side's half of a join.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Vouched {
    /// The request that the convenor approved.
    pub request: RequestId,
}

/// Binds the membership that was on the screen, so that a confirmation which
/// reaches the log late does not cover a seat that came in between.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct WordsConfirmed {
    /// [`crate::State::membership`] when the words were read.
    pub membership: u64,
}

/// For whoever adds seats to the caucus of the sender's side.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct CaucusKey {
    /// An MLS key package, opaque here.
    pub key_package: VLBytes,
}

/// From whoever added the seat to the caucus.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct CaucusWelcome {
    /// The plenary seat that it is for.
    pub seat: SeatId,
    /// An MLS welcome and what goes with it, opaque here.
    pub bytes: VLBytes,
}

/// A promise to take part in the Round with exactly these terms.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Ready {
    /// The Round.
    pub round: RoundId,
    /// [`Open::hash`] of the terms that the seat has seen.
    pub open_hash: OpenHash,
}

/// The effect of a valid commit on the seats: removals first, then additions.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct SeatsChanged {
    /// Who was added, in the order of the commit.
    pub added: Vec<Added>,
    /// Who was removed.
    pub removed: Vec<Leaf>,
    /// Who committed.
    pub by: Leaf,
    /// In a caucus: the number of the plenary's event up to which it follows. Else 0.
    pub follows: u64,
}

/// A leaf that a commit added.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Added {
    /// Its place in the tree.
    pub leaf: Leaf,
    /// Its signature key.
    pub signature_key: Vec<u8>,
    /// Hash of its key package. In the plenary its approval gives name and role.
    pub request: RequestId,
    /// In a caucus, where nothing is approved: the name in the leaf's
    /// credential. The seat belongs to the caucus' side. Ignored in the plenary.
    pub name: Option<Name>,
}

/// The N-th GO of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct RunReleased {
    /// The Round.
    pub round: RoundId,
    /// Whose sequence; none where there is only one.
    pub side: Option<SideId>,
}

/// A run that ended without texts.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct RunEnded {
    /// The Round.
    pub round: RoundId,
    /// Whose sequence; none where there is only one.
    pub side: Option<SideId>,
    /// Who said nothing, left, or saw another log: left out from now on.
    pub absent: Vec<SeatId>,
    /// Whose program said something impossible: left out as well, and told apart.
    pub disruptors: Vec<SeatId>,
}

/// A sequence whose texts or answers were opened. With its last sequence the Round is over.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct RoundClosed {
    /// The Round.
    pub round: RoundId,
    /// Whose sequence; none where there is only one.
    pub side: Option<SideId>,
    /// How many runs it took, the last one included.
    pub runs: u16,
    /// Who was in the run that was opened.
    pub final_roster: Vec<SeatId>,
    /// To the opened texts, in the order of the slots.
    pub statements: Vec<Commitment>,
    /// Slots that held a blank.
    pub blanks: u16,
    /// Of a ballot round: one for each statement, in the order of the lanes; texts and blanks are none.
    pub tallies: Vec<Tally>,
}

/// A sequence that ended without texts. With its last sequence the Round is over.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct RoundFailed {
    /// The Round.
    pub round: RoundId,
    /// Whose sequence; none where there is only one.
    pub side: Option<SideId>,
    /// Why.
    pub why: FailedWhy,
}
