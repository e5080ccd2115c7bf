//! A relay that gives each entry the time it likes, and one honest seat with a clock of its own that is away now
//! and then. The log's clock and what the seat makes of it are the real ones; who colludes says START at once.

mod witness;

use participant::clocks::Clocks;
use participant::limits::CLOCK_JUMP_MS;
use stateright::{Model, Property};
use wire::Timestamp;

use crate::rules::{Own, own_holds};
use witness::{Told, Witness};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1440 * MINUTE_MS;
/// How far the relay's clock is before the true one: right, nearly a jump, more than one, by a day.
const OFFSETS_MS: [i64; 6] = [
    0,
    9 * MINUTE_MS,
    -9 * MINUTE_MS,
    11 * MINUTE_MS,
    -70 * MINUTE_MS,
    DAY_MS,
];
const PAUSES_MS: [u64; 2] = [300_000, 1_500_000];
/// As long as a window is promised to be open, and what is left of it once its author closes it.
const WINDOW_MS: u64 = 2_400_000;
const CLOSED_MS: u64 = 60_000;
const BEGAN: Timestamp = Timestamp::from_ms(1_000_000_000_000);

/// Every history with at most so much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Entries.
    pub entries: u8,
    /// Times at which nothing is said for a while.
    pub pauses: u8,
    /// Times that the seat goes away.
    pub absences: u8,
    /// The seat has read nothing before it comes.
    pub is_new: bool,
}

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Any words.
    Words,
    /// OPEN.
    Open,
    /// NOW.
    Now,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    now: Timestamp,
    clocks: Clocks,
    is_there: bool,
    /// What was stored while the seat was away.
    unread: Vec<(Timestamp, What)>,
    was_opened: bool,
    entries: u8,
    pauses: u8,
    absences: u8,
    witness: Witness,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The relay stores an entry, at a time so far before the true one.
    Stores(What, i64),
    /// Nothing is said for so long.
    Passes(u64),
    /// The seat goes away.
    Leaves,
    /// It comes back, with its machine on all the time or started anew, and reads what it missed.
    Returns(bool),
}

impl State {
    fn begun(is_new: bool) -> State {
        let mut state = State {
            now: BEGAN,
            clocks: Clocks::begin(),
            is_there: !is_new,
            unread: Vec::new(),
            was_opened: false,
            entries: 0,
            pauses: 0,
            absences: 0,
            witness: Witness::default(),
        };
        if !is_new {
            state.read(BEGAN, What::Words);
        }
        state
    }

    fn read(&mut self, stored: Timestamp, what: What) {
        let window_ms = match what {
            What::Words => None,
            What::Open => Some(WINDOW_MS),
            What::Now => Some(CLOSED_MS),
        };
        self.clocks.read(stored, self.is_there, window_ms, self.now);
        let told = Told {
            stored,
            is_live: self.is_there,
            window_ms,
        };
        self.witness.hears(told, &self.clocks, self.now);
        self.judge();
    }

    fn judge(&mut self) {
        if self.is_there {
            self.witness.judge(&self.clocks, self.now);
        }
    }

    /// A seat that is there is woken when something changes by time alone, and when its START is due.
    fn pass(&mut self, pause_ms: u64) {
        let until = self.now.plus_ms(pause_ms);
        while self.is_there {
            let start = self.clocks.window_end().map(|(_, due)| due);
            let due = [self.clocks.due(), start].into_iter().flatten();
            let Some(next) = due.filter(|due| *due > self.now && *due < until).min() else {
                break;
            };
            self.wake(next);
        }
        self.now = until;
        if self.is_there {
            self.wake(until);
        }
    }

    fn wake(&mut self, now: Timestamp) {
        self.now = now;
        self.clocks.pass(now);
        self.judge();
    }

    fn come_back(&mut self, is_started_anew: bool) {
        match is_started_anew {
            true if own_holds(Own::ClocksAreKept) => self.clocks.restart(),
            true => self.clocks.restart_without_a_row(),
            false => {}
        }
        for (stored, what) in std::mem::take(&mut self.unread) {
            self.read(stored, what);
        }
        self.is_there = true;
        self.witness.comes_back(self.now);
        self.wake(self.now);
    }
}

fn shifted(now: Timestamp, by_ms: i64) -> Timestamp {
    Timestamp::from_ms(now.ms().saturating_add_signed(by_ms))
}

impl Model for Times {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![State::begun(self.is_new)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        if state.entries < self.entries {
            let what = match state.was_opened {
                true => [What::Words, What::Now],
                false => [What::Words, What::Open],
            };
            let all = what
                .into_iter()
                .flat_map(|what| OFFSETS_MS.map(|offset| Move::Stores(what, offset)));
            actions.extend(all);
        }
        if state.pauses < self.pauses {
            actions.extend(PAUSES_MS.map(Move::Passes));
        }
        match state.is_there {
            true if state.absences < self.absences => actions.push(Move::Leaves),
            true => {}
            false => actions.extend([false, true].map(Move::Returns)),
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        match action {
            Move::Stores(what, offset_ms) => {
                next.entries += 1;
                next.was_opened |= what == What::Open;
                let stored = shifted(next.now, offset_ms);
                match next.is_there {
                    true => next.read(stored, what),
                    false => next.unread.push((stored, what)),
                }
            }
            Move::Passes(pause_ms) => {
                next.pauses += 1;
                next.pass(pause_ms);
            }
            Move::Leaves => {
                next.absences += 1;
                next.is_there = false;
            }
            Move::Returns(is_started_anew) => next.come_back(is_started_anew),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "window: nothing is said before it is over by the own clock, but for a jump",
                |_, s| !s.witness.broken.early,
            ),
            Property::<Self>::always("jump: nothing is said soon after one", |_, s| {
                !s.witness.broken.after_a_jump
            }),
            Property::<Self>::always(
                "gain: nothing is said where the log's clock has just gained two jumps",
                |_, s| !s.witness.broken.after_a_gain,
            ),
            Property::<Self>::always(
                "on: once the relay's clock has held steady everything goes on",
                |_, s| !s.witness.broken.quiet_for_ever,
            ),
            Property::<Self>::always("on: START is not void once it is due", |_, s| {
                !s.witness.broken.void_start
            }),
            Property::<Self>::sometimes("who colludes says START, and the seat nothing", |_, s| {
                let end = s.clocks.window_end();
                let is_over = end.is_some_and(|(ends_ms, _)| s.clocks.log_ms() >= ends_ms);
                s.is_there && is_over && s.clocks.is_quiet()
            }),
            Property::<Self>::sometimes("the seat says START after a leap of a day", |_, s| {
                let leapt = s.clocks.ahead_ms() > DAY_MS.unsigned_abs() / 2;
                s.is_there && leapt && s.witness.may_start
            }),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Stores(what, offset_ms) => {
                let minutes = offset_ms / MINUTE_MS;
                format!("{what:?} is stored, the relay's clock {minutes} minutes ahead")
            }
            Move::Passes(pause_ms) => format!("{} minutes pass", pause_ms / 60_000),
            Move::Leaves => "the seat goes away".into(),
            Move::Returns(false) => "the seat comes back".into(),
            Move::Returns(true) => "the seat comes back, its machine started anew".into(),
        }
    }
}

/// A distance that no relay's clock moves without having jumped.
fn is_a_jump(from_ms: i64, to_ms: i64) -> bool {
    from_ms.abs_diff(to_ms) > CLOCK_JUMP_MS
}
