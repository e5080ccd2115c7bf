//! The plenary's log is shut by a rotation to a token that its members do not have, and goes on later, or in another
//! mailbox. Whoever shut it gains no time by that: while it is shut nothing ends by the log's clock, and afterwards
//! nothing ends sooner than others had time to write again.

use super::Place;
use crate::effect::Effect;
use crate::limits::{REOPENED_MS, TURNS_END_MS};
use crate::open_round::{OpenRound, Progress};
use crate::rules::{Rule, holds};
use crate::state::State;
use crate::void::Void;

impl State {
    /// Once: whoever shut it may go on to shut it.
    pub(super) fn log_shut(&mut self, at: Place) -> Result<Effect, Void> {
        self.check_plenary()?;
        match self.shut_ms {
            Some(_) => Err(Void::NothingChanges),
            None => {
                self.shut_ms = Some(at.time_ms);
                Ok(Effect::LogShut)
            }
        }
    }

    pub(super) fn log_reopened(&mut self, at: Place) -> Result<Effect, Void> {
        self.check_plenary()?;
        if self.shut_ms.is_none() {
            return Err(Void::NothingChanges);
        }
        self.put_off(at);
        Ok(Effect::LogReopened)
    }

    /// A window, the time after the gate, and turns to found a caucus.
    pub(super) fn put_off(&mut self, at: Place) {
        self.shut_ms = None;
        if !holds(Rule::ShutLogsCountForNobody) {
            return;
        }
        if let Some(round) = &mut self.open_round {
            round.put_off(at.time_ms);
        }
        for caucus in &mut self.caucuses {
            let since_ms = begun_anew(at.time_ms, TURNS_END_MS);
            caucus.since_ms = caucus.since_ms.max(since_ms);
        }
    }
}

impl OpenRound {
    fn put_off(&mut self, time_ms: u64) {
        match self.progress {
            Progress::Window => {
                let ends_ms = time_ms.saturating_add(self.open.window_ms.min(REOPENED_MS));
                self.ends_ms = self.ends_ms.max(ends_ms);
            }
            // The phases of its runs are not the room's matter.
            Progress::Running(_) => {}
            Progress::Released(_) => {
                let gate_ms = begun_anew(time_ms, self.open.phase_ms);
                self.gate_ms = self.gate_ms.map(|gate| gate.max(gate_ms));
            }
        }
    }
}

/// When something of this length would have begun that ends `REOPENED_MS` after the log goes on, or its length.
fn begun_anew(time_ms: u64, length_ms: u64) -> u64 {
    let ends_ms = time_ms.saturating_add(length_ms.min(REOPENED_MS));
    ends_ms.saturating_sub(length_ms)
}
