//! The mailbox's token where a rotation named a wrong one: whoever founded the mailbox puts the right one
//! back, for the whole epoch, and asks until the log shows it, after waiting longer each time.

use room::RoomKind;
use wire::{Entry, EntryKind, FounderSecret, Timestamp, TokenHash};

use crate::cursor::Cursor;
use crate::out::Out;
use crate::room_log::RoomLog;
use crate::rules::{Rule, holds};
use crate::standing::Standing;
use crate::step::Op;

impl RoomLog {
    /// The token of this epoch must read on from the epoch's beginning.
    pub(crate) fn reset_due(&mut self, out: &mut Out) {
        if self.founder.is_some() && holds(Rule::VoidRotationsAreUndone) {
            self.reset = Some(self.attempts.resets.due(out.now()));
        }
    }

    /// A void rotation to the token that reads here anyhow shuts nobody out, and nothing is to be undone.
    pub(crate) fn take_back(&mut self, next: TokenHash, out: &mut Out) {
        if next != self.keys.token.hash() {
            self.reset_due(out);
        }
    }

    /// No entry took the token away that the relay refuses: the commit by which this epoch began stands in a part that a
    /// reset to the token before took back. By that one nobody comes behind the commit.
    pub(crate) fn give_back_own_token(&mut self, out: &mut Out) {
        let has_begun = self.cursor.next > 0 && !self.dark.token_taken;
        if has_begun && self.reset.is_none() {
            self.reset_due(out);
        }
    }

    /// Nothing but a reset opens a log that is shut: not a commit whose token is the right one, nor a rotation back.
    pub(crate) fn reset_while_shut(&mut self, out: &mut Out) {
        if self.state.shut_since_ms().is_some() && self.reset.is_none() {
            self.reset_due(out);
        }
    }

    /// What is kept free in the mailbox for whoever founded it: no rotations of others keep its commits out.
    pub(crate) fn right_to_rotate(&self) -> Option<FounderSecret> {
        let founder = self.founder.clone();
        founder.filter(|_| holds(Rule::WhoeverFoundedRotatesByThatRight))
    }

    /// The log shows a reset to this epoch's token.
    /// Or to another one: a commit stood where few could read it, and the reset came for the epoch before.
    pub(crate) fn note_reset(&mut self, entry: &Entry, place: &Cursor, out: &mut Out) {
        match entry.kind {
            EntryKind::Reset { token, .. } => {
                self.attempts.guard.note_reset(place);
                match token == self.keys.token.hash() {
                    true => self.reset = None,
                    false => self.reset_due(out),
                }
            }
            EntryKind::Append | EntryKind::Rotate { .. } => {}
        }
    }

    /// Asks for a reset that is due, again and again until it stands.
    pub(crate) fn keep_reset(&mut self, out: &mut Out) {
        self.give_up_waiting(out);
        let speaks = matches!(self.standing, Standing::Member | Standing::LeftBehind);
        let (Some(founder), Some(due), true) = (&self.founder, self.reset, speaks) else {
            return;
        };
        if out.now() < due {
            return out.wake_at(due);
        }
        let op = Op::Reset {
            founder: founder.clone(),
            token: self.keys.token.hash(),
            from: self.epoch_start,
        };
        out.send(self.mailbox, op);
        self.attempts.resets.tried(out.now());
        let again = self.attempts.resets.due(out.now());
        self.reset = Some(again);
        out.wake_at(again);
        // Right behind it: whoever makes void rotations would else come first again and again.
        self.send_pending(out);
    }

    /// A caucus' founder that cannot follow a commit has asked in the plenary to be added again. Where
    /// nobody did in good time, nobody followed: the rotation is undone. In the plenary only a convenor
    /// can bring this about, and there is nobody to ask.
    fn give_up_waiting(&mut self, out: &mut Out) {
        let waits = matches!(self.state.room(), RoomKind::Caucus(_)) && self.reset.is_none();
        if self.standing == Standing::LeftBehind {
            self.behind_since.get_or_insert(out.now());
        }
        let waits = waits && self.founder.is_some();
        let Some(due) = self.gives_up_waiting().filter(|_| waits) else {
            return;
        };
        match out.now() < due {
            true => out.wake_at(due),
            false => self.reset = Some(Timestamp::from_ms(0)),
        }
    }
}
