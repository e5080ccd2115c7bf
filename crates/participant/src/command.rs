//! What a person may ask for, and why it may be refused.

use room::{MessageId, RoundId, SeatId};
use round::Ballot;
use wire::{CreationSecret, RelayAddress, Timestamp};

/// Which room of the dialogue: each seat sees at most one caucus, its own side's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All seats.
    Plenary,
    /// The seats of one's own side.
    Caucus,
}

/// What a person asks for.
#[derive(Debug, Clone)]
pub enum Command {
    /// Opens a dialogue, as its convenor.
    Convene {
        /// What it is called.
        title: String,
        /// The sides' names, two to five.
        sides: Vec<String>,
        /// The convenor's name.
        name: String,
        /// Where the mailboxes live.
        relay: RelayAddress,
        /// The relay's creation secret.
        creation: CreationSecret,
    },
    /// Makes an invitation for one seat; it comes back as [`crate::notice::Notice::Invited`].
    Invite {
        /// The side's place in the list, from 0.
        side: u16,
        /// After this time it is worthless.
        expires: Timestamp,
    },
    /// The same for somebody who sits with a side, hears it and speaks for it, and is in no Round.
    InviteInterpreter {
        /// The side's place in the list, from 0.
        side: u16,
        /// After this time it is worthless.
        expires: Timestamp,
    },
    /// Asks to be seated, with an invitation's text.
    Join {
        /// The pasted text.
        invitation: String,
        /// Under which name.
        name: String,
    },
    /// The convenor agrees to a request.
    Approve {
        /// See [`crate::notice::Notice::Asked`].
        request: [u8; 32],
    },
    /// A seat of the side vouches for a request.
    Vouch {
        /// See [`crate::notice::Notice::Approved`].
        request: [u8; 32],
        /// The request's words, as whoever asks reads them aloud, with a blank between them.
        words: String,
    },
    /// The table words were compared by voice, and are the same.
    ConfirmWords {
        /// Whose words stood on the screen: see [`crate::view::RoomView::membership`].
        membership: u64,
    },
    /// The owner is in the room: from now on the node is ready for Rounds by itself.
    TakeSeat,
    /// A named message.
    Say {
        /// To whom.
        place: Place,
        /// The words.
        text: String,
    },
    /// A named message that leaves this machine at a time, unless it is taken back before.
    Hold {
        /// To whom.
        place: Place,
        /// The words.
        text: String,
        /// The message that it answers.
        reply_to: Option<MessageId>,
        /// When it leaves.
        leaves: Timestamp,
    },
    /// Takes back a message that has not left.
    TakeBack {
        /// See [`crate::view::HeldView`].
        held: u64,
    },
    /// Gives up a request for a seat that was not answered yet.
    StopAsking,
    /// A convenor names a relay to which the dialogue may move, and makes itself able to.
    AnnouncePlace {
        /// Where.
        relay: RelayAddress,
        /// That relay's creation secret.
        creation: CreationSecret,
    },
    /// A convenor moves the dialogue to the place that it announced.
    MoveRoom,
    /// Opens a statement Round in the plenary, for all seats with a side.
    OpenRound {
        /// What is asked.
        question: String,
        /// 1024, 2048 or 4096.
        slot_bytes: u32,
        /// The writing window.
        window_ms: u64,
        /// How long a step of the collection may take.
        phase_ms: u64,
        /// A higher floor than the rule's.
        floor: Option<u16>,
    },
    /// Opens a ballot Round in the plenary: every seat with a side answers every statement.
    OpenBallot {
        /// What it is about.
        question: String,
        /// One to sixty statements.
        statements: Vec<String>,
        /// One result for each side, instead of one for the whole room.
        each_side: bool,
        /// The window in which answers are given.
        window_ms: u64,
        /// How long a step of the collection may take.
        phase_ms: u64,
        /// A higher floor than the rule's.
        floor: Option<u16>,
    },
    /// Keeps answers for a ballot Round, in the vault: one for each statement, in order.
    Cast {
        /// Which Round.
        round: RoundId,
        /// Those that are missing at the end count as unanswered.
        answers: Vec<Ballot>,
        /// The smallest crowd that they may be hidden among, if not the usual one of now.
        minimum: Option<u16>,
    },
    /// Says in the caucus, by name, how this seat would answer for a side too small for ballots.
    VoteAsBloc {
        /// The plenary's Round.
        round: RoundId,
        /// Those that are missing at the end count as unanswered.
        answers: Vec<Ballot>,
    },
    /// Hands to the plenary what more than half of the caucus answer alike.
    AnswerAsBloc {
        /// The plenary's Round.
        round: RoundId,
        /// What stood on the screen: see [`crate::view::BlocView::agreed`].
        agreed: Vec<Ballot>,
    },
    /// The Round's author brings the window's end forward.
    EndWindow {
        /// Which Round.
        round: RoundId,
    },
    /// Keeps a text for a Round, in the vault; an empty one takes it back.
    Write {
        /// Which Round.
        round: RoundId,
        /// The words.
        text: String,
        /// The smallest crowd that this text may be hidden among, if not the usual one.
        minimum: Option<u16>,
    },
    /// Throws away a text that came back from a Round.
    ThrowAway {
        /// Its number in the view.
        text: u64,
    },
    /// Ends a Round in which somebody's last message is missing.
    GiveUp {
        /// Which Round.
        round: RoundId,
    },
    /// The convenor removes a seat; everybody sees it.
    Remove {
        /// Whom.
        seat: SeatId,
    },
}

/// Why a command was not carried out: a sentence for the page's words, never a bare code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// This vault already holds a seat.
    AlreadySeated,
    /// There is no dialogue in this vault yet.
    NotSeated,
    /// The text is no invitation, or was damaged on the way.
    NotAnInvitation,
    /// An older program made this invitation.
    InvitationOfOlderProgram,
    /// A newer program made this invitation.
    InvitationOfNewerProgram,
    /// The invitation's time is over.
    InvitationExpired,
    /// Too long, empty, or with characters that a name cannot have.
    BadName,
    /// Empty, or over the limit.
    BadText,
    /// The room's rules say no.
    Rule(room::Void),
    /// Only the convenor may.
    OnlyConvenor,
    /// There is no such request, side, seat, Round or room.
    Unknown,
    /// The words that somebody read aloud are not those of this request.
    OtherWords,
    /// Somebody took the log away from its members, and nobody's last message is late before it is given back.
    LogShut,
    /// The message has left, and cannot be taken back any more.
    TooLate,
    /// The text was sent in a Round with other people in it.
    TextIsBound,
    /// The present relay does not answer: what is announced would reach nobody, and take the place of what was.
    RelaySilent,
    /// No place to which the dialogue could move is known to all.
    NoPlace,
    /// No answer is that of more than half of the caucus.
    NothingAgreed,
    /// The caucus agrees on something else by now than what was to be handed over.
    OtherAnswers,
    /// Somebody who was seated is not in the room yet, and before that there are no words.
    SomebodyAwaited,
    /// The text does not fit into this Round's slot.
    TextTooLong,
    /// This vault is an older copy: it sends nothing in this dialogue any more.
    RestoredCopy,
    /// This seat was removed.
    Removed,
    /// A change of seats cannot be followed on this machine.
    LeftBehind,
    /// The room speaks a newer version.
    UpdateProgram,
    /// The cryptographic library failed; nothing was sent.
    Failed(String),
}
