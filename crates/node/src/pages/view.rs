//! What the pages show: plain values that somebody else decided.
//! Must never hold a secret, a draft of somebody else, or who wrote what in a Round.

use std::sync::Arc;

use wire::Timestamp;

/// Everything that the pages may show at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// What this seat is in.
    pub page: Page,
    /// What the person must know, the most urgent first.
    pub alarms: Vec<Alarm>,
}

/// Where this vault's seat stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Page {
    /// No dialogue in this vault.
    #[default]
    NoDialogue,
    /// A seat was asked for, and others must agree.
    Asking {
        /// Under which name.
        name: String,
    },
    /// The live room.
    Table(Table),
}

/// A room, as one seat sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What the dialogue is called.
    pub title: String,
    /// Which room of it.
    pub room: Room,
    /// What may be done with what is heard.
    pub rule_card: RuleCard,
    /// Names of the sides, by number.
    pub sides: Vec<String>,
    /// Present seats, by number.
    pub seats: Vec<Seat>,
    /// Six words to be read aloud; none while the room has none.
    pub table_words: Vec<String>,
    /// The Round that is open.
    pub round: Option<Round>,
    /// The newest Round that ended with texts.
    pub last: Option<Arc<Statements>>,
    /// What was said, in the order of the log.
    pub messages: Vec<Arc<Message>>,
    /// Whether all that stands in the log is here.
    pub live: bool,
}

/// Which room a table stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// All seats.
    Plenary,
    /// The seats of one side, by its number.
    Caucus(u16),
}

/// What may be done with what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleCard {
    /// May be quoted with the name.
    OnTheRecord,
    /// May be used, never with who said it.
    ChathamHouse,
    /// The same, inside the participants' own institutions.
    ChathamHouseInternal,
    /// May not be used at all.
    NotForAnyUse,
}

/// One person's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its number, never given twice.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What it is at the table.
    pub role: Role,
    /// Whether this is the reader's own.
    pub you: bool,
}

/// What a seat is at the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs the dialogue, belongs to no side.
    Convenor,
    /// Belongs to a side, by its number.
    Side(u16),
    /// Sits with a side and writes in no Round.
    Interpreter(u16),
}

/// The Round that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// What is asked.
    pub question: String,
    /// When the window opened, if that is known.
    pub opened: Option<Timestamp>,
    /// When it ends.
    pub closes: Timestamp,
    /// Where it stands.
    pub status: RoundStatus,
    /// Seats that are in so far; while it collects, the crowd.
    pub crowd: u16,
    /// The smallest crowd it may shrink to.
    pub floor: u16,
    /// Whether a text of the reader is kept for it.
    pub written: bool,
}

/// Where a Round stands. Never who is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundStatus {
    /// The window is open.
    Writing,
    /// The texts are on their way; how often it was tried, from 1.
    Collecting(u32),
    /// The last messages are on their way.
    Opening,
}

/// What came out of a Round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statements {
    /// What was asked.
    pub question: String,
    /// Among how many each author is hidden.
    pub crowd: u16,
    /// The texts, in an order that nobody chose.
    pub texts: Vec<String>,
}

/// Something said with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place in the log.
    pub index: u64,
    /// When.
    pub at: Timestamp,
    /// By whom, as called then.
    pub name: String,
    /// As what.
    pub role: Role,
    /// The words, as written.
    pub text: String,
}

/// What the person must know; each has a sentence of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The vault is an older copy.
    RestoredCopy,
    /// The relay shows different histories to different seats.
    HistoriesDiffer,
    /// The relay changed what stood in the log.
    LogDamaged,
    /// This node's picture of the room differs from the others'.
    StatesDiffer,
    /// The relay is not the one in the invitation.
    WrongRelayKey,
    /// Somebody uses a newer program.
    UpdateProgram,
    /// The relay has no room left.
    RelayFull,
    /// This seat was removed.
    Removed,
    /// This machine's disk is full.
    DiskFull,
    /// The vault cannot be written.
    VaultFailed,
}
