//! Whether this seat still speaks in a room, and what ends that for a while or for good.

use wire::Timestamp;

use crate::limits::{LEFT_BEHIND_MS, REFUSED_MS};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::room_log::RoomLog;

/// Whether this seat still speaks in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It reads and writes.
    Member,
    /// A commit removed it: it writes nothing, and looks whether the log goes on for it after all.
    Removed,
    /// A commit was broken for it alone, or for everybody: it writes nothing until the log goes on.
    LeftBehind,
    /// The vault is an older copy: it reads, and never writes again.
    RestoredCopy,
    /// The room goes by rules that only a newer program knows.
    UpdateProgram,
    /// The side has founded its caucus anew: this seat waits to be added to that one.
    Over,
    /// The relay broke the log: nothing after the break is believed.
    LogDamaged,
}

impl Standing {
    pub(crate) fn reads(self) -> bool {
        match self {
            Standing::Member
            | Standing::Removed
            | Standing::LeftBehind
            | Standing::RestoredCopy => true,
            Standing::UpdateProgram | Standing::LogDamaged | Standing::Over => false,
        }
    }

    /// Over as soon as the log goes on by this seat's token: then the commit was void for everybody.
    fn is_undecided(self) -> bool {
        match self {
            Standing::Removed | Standing::LeftBehind => true,
            Standing::Member
            | Standing::RestoredCopy
            | Standing::UpdateProgram
            | Standing::Over
            | Standing::LogDamaged => false,
        }
    }

    /// Another caucus does not change it.
    pub(crate) fn is_final(self) -> bool {
        match self {
            Standing::RestoredCopy | Standing::UpdateProgram => true,
            Standing::Member
            | Standing::Removed
            | Standing::LeftBehind
            | Standing::Over
            | Standing::LogDamaged => false,
        }
    }

    pub(crate) fn alarm(self) -> Option<Alarm> {
        match self {
            Standing::Member | Standing::Over => None,
            Standing::Removed => Some(Alarm::Removed),
            Standing::LeftBehind => Some(Alarm::LeftBehind),
            Standing::RestoredCopy => Some(Alarm::RestoredCopy),
            Standing::UpdateProgram => Some(Alarm::UpdateProgram),
            Standing::LogDamaged => Some(Alarm::LogDamaged),
        }
    }
}

impl RoomLog {
    pub(crate) fn stand(&mut self, standing: Standing, out: &mut Out) {
        self.standing = standing;
        if standing != Standing::Member && standing != Standing::RestoredCopy {
            self.live_since = None;
        }
        self.behind_since = (standing == Standing::LeftBehind).then(|| out.now());
        out.durable();
        if let Some(alarm) = standing.alarm() {
            out.notify(Notice::Alarm(alarm));
        }
    }

    /// The log goes on by the token that this seat has.
    pub(crate) fn log_goes_on(&mut self, out: &mut Out) {
        (self.refused_since, self.dark.is_refused) = (None, false);
        self.leave_the_dark();
        if std::mem::take(&mut self.dark.elsewhere) {
            out.durable();
            self.changed(out);
        }
        if self.standing.is_undecided() {
            self.stand(Standing::Member, out);
            self.changed(out);
        }
    }

    /// The connection to the relay is gone.
    pub(crate) fn lost(&mut self) {
        (self.live_since, self.dark.is_refused) = (None, false);
    }

    /// The relay does not let this seat's token read.
    pub(crate) fn refused(&mut self, out: &mut Out) {
        (self.live_since, self.dark.is_refused) = (None, true);
        self.refused_since.get_or_insert(out.now());
        self.give_back_own_token(out);
    }

    /// A token that stays refused: whatever happened, this seat does not follow any more.
    pub(crate) fn notice_refusal(&mut self, out: &mut Out) {
        let Some(since) = self.refused_since else {
            return;
        };
        let due = since.plus_ms(REFUSED_MS);
        if out.now() < due {
            out.wake_at(due);
        } else if self.standing == Standing::Member {
            self.stand(Standing::LeftBehind, out);
            self.changed(out);
        }
    }

    /// When whoever may reset the mailbox takes it that nobody could follow.
    pub(crate) fn gives_up_waiting(&self) -> Option<Timestamp> {
        self.behind_since.map(|since| since.plus_ms(LEFT_BEHIND_MS))
    }

    /// The vault's copy is older than what this seat once sent: it must not speak twice.
    pub(crate) fn silence_restored_copy(&mut self, out: &mut Out) {
        self.outbox.clear(self.area, out);
        if let Some(play) = &mut self.play {
            play.forget();
        }
        self.stand(Standing::RestoredCopy, out);
    }
}
