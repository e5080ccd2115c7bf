//! After a reset the relay takes rotations of nobody but the mailbox's founder for a while. A commit or a MOVED of
//! this node waits until that is over: the same bytes, and nothing is used up.

use wire::Timestamp;
use wire::limits::GUARD_MS;

use crate::cursor::Cursor;
use crate::out::Out;
use crate::patience::Patience;
use crate::room_log::RoomLog;

/// What this node knows of its room's guard.
#[derive(Default)]
pub(crate) struct Guard {
    patience: Patience,
    /// What this node last sent to rotate the token: its commit, and its MOVED. Both may be on their way.
    pub(crate) commit_frame: Option<u64>,
    pub(crate) move_frame: Option<u64>,
    /// The log's clock at the last reset.
    reset_ms: Option<u64>,
    /// The relay refused it: until then it waits.
    until: Option<Timestamp>,
    /// When it was sent because that had come.
    left: Option<Timestamp>,
}

impl Guard {
    pub(crate) fn note_reset(&mut self, place: &Cursor) {
        self.reset_ms = Some(place.clock.ms());
    }

    pub(crate) fn is_of(&self, frame: u64) -> bool {
        [self.commit_frame, self.move_frame].contains(&Some(frame))
    }

    /// Nothing is sent before it is over, nor twice in the moment in which it is.
    pub(crate) fn keeps_back(&self, now: Timestamp) -> bool {
        self.until.is_some() || self.left == Some(now)
    }
}

impl RoomLog {
    /// The relay refused what this node sent to rotate the token.
    pub(crate) fn on_guarded(&mut self, out: &mut Out) {
        let (now, guard) = (out.now(), &self.attempts.guard);
        let ends_ms = guard.reset_ms.map(|at| at.saturating_add(GUARD_MS));
        let ends = ends_ms.map(|ends_ms| self.here(ends_ms));
        // Where it should be over, or is not to be for longer than a guard lasts, the clocks do not agree.
        let ends = ends.filter(|ends| *ends > now && *ends <= now.plus_ms(GUARD_MS));
        let guard = &mut self.attempts.guard;
        guard.patience.tried(now);
        let until = ends.unwrap_or_else(|| guard.patience.due(now));
        guard.until = Some(until);
        self.hold_move(until);
        self.changed(out);
    }

    /// Over, as far as this node can tell: what waited is sent at once, since whoever rotates to nowhere waits
    /// for the same moment.
    pub(crate) fn leave_guard(&mut self, out: &mut Out) {
        match self.attempts.guard.until {
            Some(until) if out.now() < until => out.wake_at(until),
            Some(_) => {
                self.attempts.guard.until = None;
                self.changed(out);
                self.send_pending(out);
                self.attempts.guard.left = Some(out.now());
            }
            None => {}
        }
    }

    /// Something that this node made waits for the guard's end.
    pub(crate) fn waits_for_guard(&self) -> bool {
        let made = self.pending.is_some() || self.moving.is_some();
        self.attempts.guard.until.is_some() && made
    }
}
