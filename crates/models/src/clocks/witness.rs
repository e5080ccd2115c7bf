//! Somebody who stands beside the seat and knows the true times: what was promised, how the clocks moved, and
//! whether the seat speaks where it must not, or is silent where it must speak.

use participant::clocks::Clocks;
use participant::limits::{CLOCK_JUMP_MS, CLOCK_STEADY_MS};
use wire::Timestamp;

use super::is_a_jump;

/// An entry that the seat reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) stored: Timestamp,
    pub(super) is_live: bool,
    /// Where it sets a window.
    pub(super) window_ms: Option<u64>,
}

/// What was seen to be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Broken {
    pub(super) early: bool,
    pub(super) after_a_jump: bool,
    pub(super) after_a_gain: bool,
    pub(super) quiet_for_ever: bool,
    pub(super) void_start: bool,
}

/// What it remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Witness {
    /// How far the relay's clock is before the true one, as the seat can know it.
    apart_ms: Option<i64>,
    jumped: Option<Timestamp>,
    /// How far the log's clock was before the true one: the last time before the last minutes, and in them.
    leads: Vec<(Timestamp, i64)>,
    /// Since then the relay's clock is what it was, and the seat there.
    calm_since: Timestamp,
    /// When the window is to be over, as the page said when it was set.
    promised: Option<Timestamp>,
    pub(super) may_start: bool,
    pub(super) broken: Broken,
}

impl Witness {
    pub(super) fn hears(&mut self, told: Told, clocks: &Clocks, now: Timestamp) {
        let seen_ms = before(told.stored.ms(), now.ms());
        // What comes late was stored before it came: the relay's clock can only be further ahead than it looks.
        let apart_ms = match (told.is_live, self.apart_ms) {
            (true, _) => Some(seen_ms),
            (false, Some(known_ms)) => Some(seen_ms.max(known_ms)),
            (false, None) => (seen_ms > 0).then_some(seen_ms),
        };
        if let Some(apart_ms) = apart_ms {
            self.learns(apart_ms, clocks, now);
        }
        if let Some(window_ms) = told.window_ms {
            let set_ms = told.stored.ms();
            let set_ms = set_ms.saturating_add_signed(-apart_ms.unwrap_or(0));
            self.promised = Some(Timestamp::from_ms(set_ms).plus_ms(window_ms));
        }
    }

    fn learns(&mut self, apart_ms: i64, clocks: &Clocks, now: Timestamp) {
        let known_ms = self.apart_ms.replace(apart_ms).unwrap_or(apart_ms);
        if is_a_jump(known_ms, apart_ms) {
            self.jumped = Some(now);
        }
        if apart_ms != known_ms {
            self.calm_since = now;
        }
        let ahead_ms = i64::try_from(clocks.ahead_ms()).unwrap_or(i64::MAX);
        self.leads.push((now, apart_ms + ahead_ms));
        self.forget(now);
    }

    pub(super) fn comes_back(&mut self, now: Timestamp) {
        self.calm_since = now;
    }

    /// The last lead from before the last minutes stays: that is where they began.
    fn forget(&mut self, now: Timestamp) {
        let is_old = |at: &Timestamp| at.plus_ms(CLOCK_STEADY_MS) <= now;
        let old = self.leads.iter().filter(|(at, _)| is_old(at)).count();
        self.leads.drain(..old.saturating_sub(1));
    }

    /// The seat is there, and would say whatever is due.
    pub(super) fn judge(&mut self, clocks: &Clocks, now: Timestamp) {
        self.forget(now);
        let over = self.promised.is_none_or(|end| end <= now);
        let is_calm = self.calm_since.plus_ms(CLOCK_STEADY_MS) <= now;
        self.may_start = false;
        if clocks.is_quiet() {
            self.broken.quiet_for_ever |= is_calm && over;
            return;
        }
        let jumped = self.jumped.map(|at| at.plus_ms(CLOCK_STEADY_MS));
        self.broken.after_a_jump |= jumped.is_some_and(|until| until > now);
        let lowest = self.leads.iter().map(|(_, lead)| *lead).min();
        let last = self.leads.last().map(|(_, lead)| *lead);
        let gained = last.zip(lowest).map_or(0, |(last, lowest)| last - lowest);
        self.broken.after_a_gain |= gained.unsigned_abs() > 2 * CLOCK_JUMP_MS;
        let Some((ends_ms, due)) = clocks.window_end() else {
            return;
        };
        self.may_start = due <= now;
        // Whoever colludes has said START by then, and a run is on.
        let speaks = self.may_start || clocks.log_ms() >= ends_ms;
        let promised = self.promised.map_or(0, Timestamp::ms);
        let is_early = now.plus_ms(CLOCK_JUMP_MS).ms() < promised;
        self.broken.early |= speaks && is_early;
        if self.may_start {
            self.broken.void_start |= self.at_start(clocks, now) < ends_ms;
        }
    }

    /// The log's clock at a START that is stored now.
    fn at_start(&self, clocks: &Clocks, now: Timestamp) -> u64 {
        let mut then = *clocks;
        let apart_ms = self.apart_ms.unwrap_or(0);
        let stored = Timestamp::from_ms(now.ms().saturating_add_signed(apart_ms));
        then.read(stored, true, None, now);
        then.log_ms()
    }
}

fn before(ms: u64, other_ms: u64) -> i64 {
    let apart = i128::from(ms) - i128::from(other_ms);
    i64::try_from(apart).unwrap_or(i64::MAX)
}
