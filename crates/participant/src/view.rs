//! What a page may show of a participant: plain values, no secrets, no decisions.

use std::sync::Arc;

use room::{Digest, RoundId, SeatId};

use crate::command::Place;
use crate::notice::Alarm;

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
    /// In order of weight.
    pub alarms: Vec<Alarm>,
}

/// A request that waits.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Under which name.
    pub name: String,
    /// For which side.
    pub side: u16,
}

/// One room.
#[derive(Debug, Clone)]
pub struct RoomView {
    /// Which.
    pub place: Place,
    /// The dialogue's title.
    pub title: String,
    /// Side names, by number.
    pub sides: Vec<String>,
    /// Present seats, by number.
    pub seats: Vec<SeatView>,
    /// Seats that are gone.
    pub left: Vec<SeatView>,
    /// Which of them is this one.
    pub own_seat: SeatId,
    /// Six words.
    pub table_words: Vec<String>,
    /// In log order.
    pub messages: Vec<Arc<Message>>,
    /// The Round that is open, if any.
    pub round: Option<RoundView>,
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

/// One seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatView {
    /// Its number.
    pub seat: SeatId,
    /// Its name.
    pub name: String,
    /// None for the convenor.
    pub side: Option<u16>,
    /// Whether its Rounds count (its table words were compared).
    pub counts: bool,
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
    /// None for the convenor.
    pub side: Option<u16>,
    /// The words, as written.
    pub text: String,
}

/// An open Round.
#[derive(Debug, Clone)]
pub struct RoundView {
    /// Its name.
    pub round: RoundId,
    /// What is asked.
    pub question: String,
    /// Bytes of a slot.
    pub slot_bytes: u32,
    /// End of the window, log time.
    pub window_end_ms: u64,
    /// Where it stands.
    pub phase: RoundPhase,
    /// How many seats are in so far; once collecting, the crowd.
    pub hidden_among: u16,
    /// Down to which crowd it may shrink.
    pub floor: u16,
    /// What is kept for it on this machine.
    pub draft: Option<String>,
}

/// Where a Round stands: never who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundPhase {
    /// The window is open.
    Writing,
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

/// A Round's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which Round.
    pub round: RoundId,
    /// What was asked.
    pub question: String,
    /// Seats at the start.
    pub opening_roster: u16,
    /// Seats at the end: the crowd.
    pub final_roster: u16,
    /// How many attempts.
    pub runs: u32,
    /// How many gave nothing.
    pub blanks: u16,
    /// In slot order, which nobody chose.
    pub statements: Vec<String>,
    /// Log time of the window's end, and of the last message.
    pub window_end_ms: u64,
    /// Log time of the entry that opened it.
    pub opened_ms: u64,
}
