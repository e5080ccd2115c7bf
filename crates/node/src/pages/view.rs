//! What the pages show: plain values that somebody else decided.
//! Must never hold a secret, a draft of somebody else, or who wrote what in a Round.

use std::{net::SocketAddr, sync::Arc};

use participant::view::View;
use wire::Timestamp;

use crate::{settings::Settings, unsent::Unsent};

/// Everything that the pages may show at a moment.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Whether the vault is open.
    pub standing: Standing,
    /// What this seat is in.
    pub page: Page,
    /// The room of the seat's side.
    pub caucus: Option<Table>,
    /// What the person must know, the most urgent first.
    pub alarms: Vec<Alarm>,
    /// The relay does not answer.
    pub unreachable: bool,
    /// What the owner chose.
    pub settings: Settings,
    /// What was typed and not sent.
    pub unsent: Unsent,
    /// Whether a relay runs on this computer.
    pub relay: Relay,
    /// All the rest, for pages with one question.
    pub view: Arc<View>,
}

impl Shown {
    /// The plenary, where this seat is in it.
    pub fn table(&self) -> Option<&Table> {
        match &self.page {
            Page::Table(table) => Some(table),
            Page::NoDialogue | Page::Asking => None,
        }
    }

    /// A room by which of the two it is.
    pub fn room(&self, caucus: bool) -> Option<&Table> {
        match caucus {
            true => self.caucus.as_ref(),
            false => self.table(),
        }
    }
}

/// Whether the vault is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// There is none yet.
    #[default]
    NoVault,
    /// It is closed.
    Locked,
    /// The passphrase is being tried.
    Opening,
    /// It is open.
    Open,
}

/// A relay on this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Relay {
    /// None runs here.
    #[default]
    Elsewhere,
    /// It runs, and listens there.
    Here(SocketAddr),
    /// It should run, and does not: what the system said.
    Failed(String),
}

/// Where this vault's seat stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Page {
    /// No dialogue in this vault.
    #[default]
    NoDialogue,
    /// A seat was asked for, and others must agree.
    Asking,
    /// The live room.
    Table(Box<Table>),
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
    /// Where the reader stands with the words.
    pub words: TableWords,
    /// Requests that wait for the reader's word.
    pub waiting: usize,
    /// The Round that is open.
    pub round: Option<Round>,
    /// What the reader must know of the Round that ended last.
    pub aftermath: Option<Aftermath>,
    /// The newest Round that ended with texts.
    pub last: Option<Arc<Statements>>,
    /// How many Rounds brought something.
    pub rounds: usize,
    /// Whether one of them brought answers.
    pub has_ground: bool,
    /// What was said, in the order of the log.
    pub messages: Vec<Arc<Message>>,
    /// What the reader said, and can still take back.
    pub held: Vec<Held>,
    /// Who left the dialogue and still reads in this caucus.
    pub gone: Vec<String>,
    /// A change of seats, or a move, of the reader's program waits for the relay's guard.
    pub guarded: bool,
    /// This seat was removed: nothing is read or said here any more.
    pub removed: bool,
    /// Since when somebody keeps the room shut for everybody else.
    pub shut_since: Option<Timestamp>,
    /// By whom the dialogue was led to the present relay, and when; for a while.
    pub moved: Option<(String, Timestamp)>,
    /// How many sit in the caucus of the reader's side, where there is one.
    pub caucus: Option<usize>,
    /// Whether all that stands in the log is here.
    pub live: bool,
}

/// Where the reader stands with the table words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableWords {
    /// Nobody has checked them yet.
    Unread,
    /// Somebody who has a seat is not here yet, and there are no words so far.
    Awaiting,
    /// Somebody has; the reader has not.
    Unchecked,
    /// The reader has checked them, or need not.
    Checked,
}

impl Table {
    /// The reader's own seat.
    pub fn own(&self) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.you)
    }

    /// Whether the reader convenes.
    pub fn convenes(&self) -> bool {
        self.own().is_some_and(|seat| seat.role == Role::Convenor)
    }

    /// A side's name.
    pub fn side(&self, side: u16) -> &str {
        self.sides.get(usize::from(side)).map_or("", String::as_str)
    }
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

impl Role {
    /// As what a seat is shown, and speaks: an interpreter never as a convenor, nor as its side.
    pub fn of(role: room::Role) -> Role {
        match role {
            room::Role::Convenor => Role::Convenor,
            room::Role::Side(side) => Role::Side(side.0),
            room::Role::Interpreter(side) => Role::Interpreter(side.0),
        }
    }
}

/// The Round that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// What is asked.
    pub question: String,
    /// When the window opened.
    pub opened: Timestamp,
    /// When it ends.
    pub closes: Timestamp,
    /// Where it stands.
    pub status: RoundStatus,
    /// Seats that are in so far; while it collects, the crowd.
    pub crowd: u16,
    /// Seats that could be in, if all come.
    pub eligible: u16,
    /// The smallest crowd it may shrink to.
    pub floor: u16,
    /// Statements that are to be answered; none where a text is asked for.
    pub asked: u64,
    /// Whether a text or an answer of the reader is kept for it.
    pub written: bool,
    /// Whether the reader writes in it.
    pub writes: bool,
    /// Whether each side is a crowd of its own.
    pub each_side: bool,
    /// Whether the reader's side is too small for ballots, and answers as one.
    pub as_one: bool,
}

/// How a Round ended that did not go as the reader hoped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// It brought no texts.
    NoTexts,
    /// It did, and the reader's own is not among them.
    StayedOut,
}

/// Where a Round stands. Never who is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundStatus {
    /// The window is open.
    Writing,
    /// The texts are on their way; how often it was tried, from 1.
    Collecting(u32),
    /// Something did not come out right: it will be repeated.
    Disturbed,
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
    /// Statements that were answered; none where texts were asked for.
    pub asked: u64,
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
    /// Its name, by which it is answered.
    pub id: [u8; 16],
    /// What it answers.
    pub answers: Option<Answered>,
}

/// A message that is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// By whom it was.
    pub name: String,
    /// How it begins.
    pub beginning: String,
}

/// Something said that has not left this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// By which it is taken back.
    pub number: u64,
    /// When it leaves.
    pub leaves: Timestamp,
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
    /// A change of seats cannot be followed here.
    LeftBehind,
    /// The dialogue goes on elsewhere, and this node cannot follow.
    MovedAway,
    /// Nobody new can be let in.
    TooLargeToJoin,
    /// Somebody asked this seat into a caucus that is not the side's.
    FalseCaucus,
    /// Two of the side led this seat into two groups.
    TwoCaucuses,
    /// The relay's clock and this computer's jumped apart.
    ClockJumped,
    /// This machine's disk is full.
    DiskFull,
    /// The vault cannot be written.
    VaultFailed,
}
