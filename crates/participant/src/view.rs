//! What a page may show of a participant: plain values, no secrets, no decisions.

use std::sync::Arc;

use room::{Digest, FailedWhy, MessageId, OpenHash, Role, RoundId, RuleCard, SeatId, Tally};
use round::Ballot;
use wire::RelayAddress;

use crate::command::Place;
use crate::notice::{Alarm, Declined, StayedHome};

/// The dialogue as this seat sees it.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// None until the seat has joined.
    pub plenary: Option<RoomView>,
    /// None for the convenor, and until the caucus exists.
    pub caucus: Option<RoomView>,
    /// Waiting for a seat: the request's name, and whether the relay has it.
    pub asking: Option<Asking>,
    /// Requests that wait for this convenor's word: (request, name, side).
    pub requests: Vec<([u8; 32], String, u16)>,
    /// Requests to which the convenor agreed, and which have no seat yet.
    pub approved: Vec<ApprovedView>,
    /// Invitations that this convenor gave, the oldest expiry first.
    pub invitations: Vec<InvitationView>,
    /// Messages that have not left, the oldest first.
    pub held: Vec<HeldView>,
    /// Why the last request for a seat led to none.
    pub declined: Option<Declined>,
    /// The last text that stayed home since the program started.
    pub stayed_home: Option<(RoundId, StayedHome)>,
    /// What was written here for Rounds and did not appear: it came back, and is in no Round now. In the
    /// order in which it came back.
    pub returned: Vec<ReturnedView>,
    /// The relay through which the plenary goes now.
    pub relay: Option<RelayAddress>,
    /// When and by whom it was led there, where it was on another one before.
    pub moved: Option<MovedView>,
    /// Where this convenor can lead it next.
    pub place: Option<PlaceView>,
    /// The relay's clock minus this machine's, ms, as far as it is known.
    pub clock_apart_ms: i64,
    /// The owner is in the room: the node is ready for Rounds by itself.
    pub present: bool,
    /// In order of weight.
    pub alarms: Vec<Alarm>,
    /// Whose programs say that they have read another log, or come to another state.
    pub doubted: Vec<Doubted>,
}

/// By whose entry an alarm came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubted {
    /// Which alarm.
    pub alarm: Alarm,
    /// As the seat was called then.
    pub name: String,
    /// It has no seat any more: who is called so now is somebody else.
    pub is_gone: bool,
}

/// A plenary that goes through another relay than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedView {
    /// Which convenor led it there.
    pub by: SeatId,
    /// When this machine read it, its own time, ms.
    pub at_ms: u64,
}

/// A place to which a convenor can lead the plenary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceView {
    /// On which relay.
    pub relay: RelayAddress,
    /// The log shows it, so everybody knows where to look.
    pub announced: bool,
    /// The plenary is on its way there.
    pub wanted: bool,
}

/// A text that was written for a Round and did not appear in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedView {
    /// Its number, for [`crate::Command::ThrowAway`].
    pub number: u64,
    /// For which Round, as far as the room remembers it.
    pub round: Option<RoundId>,
    /// The words.
    pub text: String,
}

/// A request to which the convenor agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedView {
    /// Names the request.
    pub request: [u8; 32],
    /// Under which name.
    pub name: String,
    /// For which side.
    pub side: u16,
    /// A seat of the side has vouched, or there is none that could.
    pub vouched: bool,
    /// The request's words, among two other lines.
    pub word_lines: Vec<Vec<String>>,
}

/// An invitation that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// The text to hand over.
    pub text: String,
    /// For which side.
    pub side: u16,
    /// After this log time it is worthless, ms.
    pub expires_ms: u64,
    /// Somebody asked with it.
    pub used: bool,
}

/// A message that can still be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldView {
    /// Its number, for [`crate::Command::TakeBack`].
    pub held: u64,
    /// To whom it goes.
    pub place: Place,
    /// The words.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// When it leaves, this machine's time, ms.
    pub leaves_ms: u64,
}

/// A request that waits.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Under which name.
    pub name: String,
    /// For which side.
    pub side: u16,
    /// The request's words, to be read aloud to whoever vouches.
    pub words: Vec<String>,
}

/// One room.
#[derive(Debug, Clone)]
pub struct RoomView {
    /// Which.
    pub place: Place,
    /// The dialogue's title.
    pub title: String,
    /// What may be done with what is heard.
    pub rule_card: RuleCard,
    /// Side names, by number.
    pub sides: Vec<String>,
    /// Present seats, by number.
    pub seats: Vec<SeatView>,
    /// Seats that are gone.
    pub left: Vec<SeatView>,
    /// Which of them is this one.
    pub own_seat: SeatId,
    /// In a caucus: who is gone from the plenary and can still read here. What is said waits meanwhile.
    pub gone: Vec<SeatId>,
    /// A change of seats or a move that this seat's program made waits for the relay, which keeps others than
    /// the mailbox's founder from rotating after a reset.
    pub guarded: bool,
    /// Since when somebody keeps the log from its members, log time, ms: nothing counts in a Round until it is given
    /// back. None while it is open.
    pub shut_since_ms: Option<u64>,
    /// Who was seated, and whose program has not been in this room yet.
    pub awaited: Vec<SeatId>,
    /// Which seats the words are of: another number after each change of seats.
    pub membership: u64,
    /// Six words; none while somebody is awaited.
    pub table_words: Vec<String>,
    /// The six words among two other lines, in an order of this seat's own.
    pub word_lines: Vec<Vec<String>>,
    /// This seat has said that the words are the same, since the last change of seats.
    pub words_confirmed: bool,
    /// The fold's digest as six words, to compare by voice.
    pub state_words: Vec<String>,
    /// In log order.
    pub messages: Vec<Arc<Message>>,
    /// The Round that is open, if any.
    pub round: Option<RoundView>,
    /// Why the last Round brought no texts, and what was written for it here.
    pub failed: Option<FailedView>,
    /// Rounds that ended with texts.
    pub results: Vec<Arc<Opening>>,
    /// The fold's digest.
    pub digest: Digest,
    /// How many entries are folded into it.
    pub entries: u64,
    /// Entries that had no effect.
    pub void_entries: u64,
    /// Everything that stood in the log is here, and the connection is live.
    pub live: bool,
    /// Messages of this seat that are not in the log yet.
    pub unsent: usize,
}

impl RoomView {
    /// A seat of this room, also one that is gone. Two of them may have had the same name.
    #[must_use]
    pub fn seat(&self, seat: SeatId) -> Option<&SeatView> {
        let mut all = self.seats.iter().chain(&self.left);
        all.find(|one| one.seat == seat)
    }
}

/// One seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatView {
    /// Its number in this room.
    pub seat: SeatId,
    /// Its number in the plenary, by which pages name it.
    pub number: SeatId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The side that it belongs to or sits with; none for the convenor.
    pub side: Option<u16>,
    /// Whether its Rounds count (its table words were compared).
    pub counts: bool,
    /// Whether it has confirmed the present words.
    pub confirmed: bool,
}

/// A named message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place in the log.
    pub index: u64,
    /// Log time, ms since 1970.
    pub time_ms: u64,
    /// Who said it.
    pub seat: SeatId,
    /// The name at that time.
    pub name: String,
    /// What its seat is for.
    pub role: Role,
    /// The words, as written.
    pub text: String,
    /// Chosen by the sender.
    pub id: MessageId,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
}

/// A Round that ended without texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedView {
    /// Which. What was written for it is among [`View::returned`].
    pub round: RoundId,
    /// Why.
    pub why: FailedWhy,
    /// Log time of its end, ms.
    pub ended_ms: u64,
    /// Seats at its start; none where it did not start.
    pub opening_roster: u16,
    /// How many of them were left.
    pub final_roster: u16,
    /// Who was left out of it as absent.
    pub absent: Vec<SeatId>,
    /// Whose program said something impossible.
    pub disruptors: Vec<SeatId>,
}

/// An open Round.
#[derive(Debug, Clone)]
pub struct RoundView {
    /// Its name.
    pub round: RoundId,
    /// Names it on a page: an id can be given again, for another question.
    pub open_hash: OpenHash,
    /// What is asked.
    pub question: String,
    /// Bytes of a slot.
    pub slot_bytes: u32,
    /// Log time at which the window opened.
    pub opened_ms: u64,
    /// End of the window, log time.
    pub window_end_ms: u64,
    /// Seats that could be in, if all come.
    pub eligible: u16,
    /// Whether this seat writes in it.
    pub writes: bool,
    /// The smallest crowd that a text of this seat is hidden among, if nothing else is wished.
    pub usual_minimum: u16,
    /// What was wished for the text that is kept, or promised for the answers.
    pub minimum: Option<u16>,
    /// Whether this seat is in: ready while people write, in the roster once it collects.
    pub is_in: bool,
    /// For how long a phase waits for a program that says nothing, ms.
    pub phase_ms: u64,
    /// See [`RoomView::shut_since_ms`].
    pub shut_since_ms: Option<u64>,
    /// Log time at which the phase under way has lasted that long; none while people write.
    pub phase_ends_ms: Option<u64>,
    /// Whose last message an opened Round waits for.
    pub awaited: Vec<SeatId>,
    /// Who was left out of earlier runs as absent.
    pub absent: Vec<SeatId>,
    /// Whose program said something impossible in an earlier run.
    pub disruptors: Vec<SeatId>,
    /// The statements of a ballot round, in order.
    pub statements: Vec<String>,
    /// Each side is a roster of its own, with a result of its own.
    pub each_side: bool,
    /// The one side that is asked, where it is not the whole room.
    pub one_side: Option<String>,
    /// Which holding of this Round it is, from START on: an id can be given again.
    pub held: Option<Holding>,
    /// For a seat whose side is too small for ballots and can answer as one.
    pub bloc: Option<BlocView>,
    /// What this seat has answered so far.
    pub answers: Vec<Ballot>,
    /// Where it stands.
    pub phase: RoundPhase,
    /// How many seats are in so far; once collecting, the crowd.
    pub hidden_among: u16,
    /// Down to which crowd it may shrink.
    pub floor: u16,
    /// Ballots: among no fewer is an answer of this seat hidden for good, also if the same is asked again.
    pub guaranteed: u16,
    /// What is kept for it on this machine.
    pub draft: Option<String>,
}

/// How a side comes to answer as one. All of it is said by name, within the side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlocView {
    /// Seats of the caucus.
    pub seats: u16,
    /// What this seat said; empty before it did.
    pub own: Vec<Ballot>,
    /// Who said what, by numbers in the plenary.
    pub votes: Vec<(SeatId, Vec<Ballot>)>,
    /// What more than half say, for each statement; else unanswered.
    pub agreed: Vec<Ballot>,
    /// What the side has handed to the plenary; empty before it did.
    pub posted: Vec<Ballot>,
    /// Who did.
    pub posted_by: Option<SeatId>,
}

/// Where a Round stands: never who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundPhase {
    /// The window is open.
    Writing,
    /// Somebody's program found that something did not come out right: it is looked for whose fault it
    /// is. Nobody's text can be read in this attempt any more.
    Disturbed {
        /// Which attempt, from 1.
        run: u32,
    },
    /// Texts are being collected.
    Collecting {
        /// Which attempt, from 1.
        run: u32,
    },
    /// Nothing can be lost any more; the last messages are on their way.
    Opening {
        /// Which attempt, from 1.
        run: u32,
    },
}

/// The context of START, with which H(OPEN) is bound: no two Rounds of a room have the same.
pub type Holding = [u8; 32];

/// A Round's result, or that of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which Round.
    pub round: RoundId,
    /// Which holding of it.
    pub held: Holding,
    /// Whose; none where the whole room was one roster.
    pub side: Option<u16>,
    /// The name of the one side that was asked, where it was not the whole room.
    pub one_side: Option<String>,
    /// What was asked.
    pub question: String,
    /// The smallest crowd that was asked for, where that was more than the rule.
    pub floor: Option<u16>,
    /// Seats at the start.
    pub opening_roster: u16,
    /// Seats at the end: the crowd.
    pub final_roster: u16,
    /// How many attempts.
    pub runs: u32,
    /// How many gave nothing.
    pub blanks: u16,
    /// In an order that nobody chose.
    pub statements: Vec<String>,
    /// The statements of a ballot round, in order.
    pub asked: Vec<String>,
    /// How each of them was answered. Exact: what a page may show of it is another question.
    pub tallies: Vec<Tally>,
    /// What the side answered as one, by name, one for each statement; empty where it had ballots.
    pub bloc: Vec<Ballot>,
    /// Who was left out as absent.
    pub absent: Vec<SeatId>,
    /// Whose program said something impossible.
    pub disruptors: Vec<SeatId>,
    /// Log time of the window's end, and of the last message.
    pub window_end_ms: u64,
    /// Log time of the entry that opened it.
    pub opened_ms: u64,
}
