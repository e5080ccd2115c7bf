//! A Round while it is open: its terms, its writing window, its runs.

use crate::bloc::Bloc;
use crate::founding::Role;
use crate::hash::labelled;
use crate::ids::{Leaf, OpenHash, RoundId, SeatId, SideId};
use crate::looks::StatementKeys;
use crate::rounds::Outcome;
use crate::seat::RosterSeat;
use crate::text::{Question, StatementText};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// What is collected. A new kind is a new event kind, never a new value here:
/// an old program must say "update", not fold something else.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum RoundKind {
    /// One text from each seat, in a slot of this size.
    #[tls_codec(discriminant = 1)]
    Statement(SlotSize),
    /// One answer from each seat to each of these statements, in lanes of this order.
    #[tls_codec(discriminant = 2)]
    Ballot(Vec<StatementText>),
}

impl RoundKind {
    /// Lanes of a run.
    pub fn lanes(&self) -> usize {
        match self {
            Self::Statement(_) => 1,
            Self::Ballot(statements) => statements.len(),
        }
    }

    /// Bytes of a slot.
    pub fn slot_bytes(&self) -> u32 {
        match self {
            Self::Statement(size) => size.bytes(),
            Self::Ballot(_) => 64,
        }
    }

    /// The statements that are voted on, in the order of the lanes.
    pub fn statements(&self) -> &[StatementText] {
        match self {
            Self::Statement(_) => &[],
            Self::Ballot(statements) => statements,
        }
    }

    /// The names of those statements.
    pub fn statement_keys(&self) -> Vec<StatementKeys> {
        self.statements().iter().map(StatementKeys::of).collect()
    }
}

/// Whose seats make the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Audience {
    /// Every seat that belongs to a side.
    #[tls_codec(discriminant = 1)]
    Room,
    /// The seats of one side.
    Side(SideId),
    /// Every seat that belongs to a side, in one sequence of runs for each side.
    EachSide,
}

impl Audience {
    /// Whether a seat of this role belongs to it. Convenors and interpreters never do.
    pub fn includes(self, role: Role) -> bool {
        match (self, role.side()) {
            (_, None) => false,
            (Self::Room | Self::EachSide, Some(_)) => true,
            (Self::Side(side), Some(own)) => side == own,
        }
    }

    /// The side that alone is asked.
    pub fn one_side(self) -> Option<SideId> {
        match self {
            Self::Side(side) => Some(side),
            Self::Room | Self::EachSide => None,
        }
    }
}

/// Bytes of a slot before sealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum SlotSize {
    /// 1 KiB
    OneKib = 1,
    /// 2 KiB
    TwoKib = 2,
    /// 4 KiB
    FourKib = 4,
}

impl SlotSize {
    /// The size of this many bytes, where there is one.
    pub fn of_bytes(bytes: u32) -> Option<Self> {
        [Self::OneKib, Self::TwoKib, Self::FourKib]
            .into_iter()
            .find(|size| size.bytes() == bytes)
    }

    /// The number of bytes.
    pub fn bytes(self) -> u32 {
        match self {
            Self::OneKib => 1024,
            Self::TwoKib => 2048,
            Self::FourKib => 4096,
        }
    }
}

/// OPEN: everything that a seat agrees to by being ready.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Open {
    /// Random, new.
    pub id: RoundId,
    /// What is asked.
    pub question: Question,
    /// What is collected.
    pub kind: RoundKind,
    /// Whose seats make the roster.
    pub audience: Audience,
    /// A floor above the one that always holds.
    pub floor: Option<u16>,
    /// Length of the writing window.
    pub window_ms: u64,
    /// Length of each phase of a run.
    pub phase_ms: u64,
}

impl Open {
    /// What READY binds, and a part of the Round's context.
    pub fn hash(&self) -> OpenHash {
        OpenHash(labelled("open", self))
    }
}

/// The Round that is open now.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct OpenRound {
    /// Its terms.
    pub open: Open,
    /// Who opened it.
    pub author: SeatId,
    /// Log time of OPEN.
    pub opened_ms: u64,
    /// Log time from which on a CLOSE starts it.
    pub ends_ms: u64,
    /// Log time of NOW, which counts once.
    pub brought_forward_ms: Option<u64>,
    /// Seats that are ready, ascending. Frozen into the run at START.
    pub ready: Vec<SeatId>,
    /// What sides too small for ballots answer as one, ascending by side.
    pub blocs: Vec<Bloc>,
    /// Log time at which the gate opened: the last sequence had its N-th GO or was over. Phase 6 begins here.
    pub gate_ms: Option<u64>,
    /// How far it is.
    pub progress: Progress,
}

/// How far an open Round is.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Progress {
    /// The writing window: membership may change, seats become ready.
    #[tls_codec(discriminant = 1)]
    Window,
    /// Between START and the last sequence's N-th GO: no commit is valid.
    Running(Vec<Run>),
    /// Every sequence has its N-th GO or was dropped: the rosters are final, what they hold is awaited.
    Released(Vec<Run>),
}

/// How far one sequence of runs is.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Fate {
    /// Before its N-th GO.
    #[tls_codec(discriminant = 1)]
    Running,
    /// After it.
    Released,
    /// Over.
    Over(Outcome),
}

/// One sequence of runs: what START froze, and what the runs since then made of it.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Run {
    /// Whose; none where the whole audience is one roster.
    pub side: Option<SideId>,
    /// N₀, ascending by seat.
    pub opening_roster: Vec<RosterSeat>,
    /// Log time of START.
    pub started_ms: u64,
    /// Fewest seats with which a run goes on.
    pub floor: u16,
    /// Runs that ended without texts.
    pub runs_ended: u16,
    /// Seats left out by those runs as absent, ascending.
    pub absent: Vec<SeatId>,
    /// Seats left out by those runs as disruptors, ascending.
    pub disruptors: Vec<SeatId>,
    /// How far it is.
    pub fate: Fate,
}

impl OpenRound {
    /// Log time until which those whose last message is awaited stay in the room; none before the gate.
    pub fn awaited_until_ms(&self) -> Option<u64> {
        let length = self.open.phase_ms;
        self.gate_ms.map(|gate| gate.saturating_add(length))
    }

    /// The fold opens the gate and releases in one.
    pub(crate) fn has_a_gate_where_it_is_released(&self) -> bool {
        match self.progress {
            Progress::Window | Progress::Running(_) => self.gate_ms.is_none(),
            Progress::Released(_) => self.gate_ms.is_some(),
        }
    }

    /// Whether a seat is in the final roster of a sequence that is not over.
    pub(crate) fn awaits(&self, leaf: Leaf) -> bool {
        let open = self.runs().iter().filter(|run| run.fate == Fate::Released);
        open.flat_map(Run::roster).any(|member| member.leaf == leaf)
    }

    /// The sequences of runs, from START on: one, or one for each side.
    pub fn runs(&self) -> &[Run] {
        match &self.progress {
            Progress::Window => &[],
            Progress::Running(runs) | Progress::Released(runs) => runs,
        }
    }

    /// The sequence of a side; the only one for `None`.
    pub fn run_of(&self, side: Option<SideId>) -> Option<&Run> {
        self.runs().iter().find(|run| run.side == side)
    }

    /// The sequence in which a seat was at START.
    pub fn run_with(&self, seat: SeatId) -> Option<&Run> {
        let has = |run: &&Run| run.opening_roster.iter().any(|member| member.seat == seat);
        self.runs().iter().find(has)
    }
}

impl Run {
    /// The opening roster without those who are left out, ascending.
    pub fn roster(&self) -> impl Iterator<Item = &RosterSeat> {
        let is_out = |seat| self.absent.contains(seat) || self.disruptors.contains(seat);
        self.opening_roster
            .iter()
            .filter(move |member| !is_out(&member.seat))
    }

    /// The seats of the roster, ascending.
    pub fn roster_seats(&self) -> Vec<SeatId> {
        self.roster().map(|member| member.seat).collect()
    }

    pub(crate) fn opening_seats(&self) -> Vec<SeatId> {
        self.opening_roster
            .iter()
            .map(|member| member.seat)
            .collect()
    }
}

/// Why a Round ended without texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum FailedWhy {
    /// Fewer seats than the floor.
    BelowFloor = 1,
    /// More seats than a run can hold.
    TooManySeats = 2,
    /// A content share stayed away for the whole phase and somebody gave up.
    GaveUp = 4,
    /// The roster overlaps those that voted before by too few seats.
    Overlap = 5,
}
