//! A vault that was put back from an older copy: noticed in one room, it falls silent in all; and until
//! all that stands in its rooms is read, it says nothing.

use std::collections::BTreeSet;

use wire::{MailboxId, Timestamp};

use crate::limits::READ_ALL_MS;
use crate::out::Out;
use crate::participant::{Participant, SEAT_AREA};
use crate::room_log::RoomLog;
use crate::standing::Standing;

/// What a program that was started on a vault has not read yet.
#[derive(Default)]
pub(crate) struct Unread {
    rooms: BTreeSet<MailboxId>,
    /// Since when one of them is read.
    since: Option<Timestamp>,
    /// When this program took its first input.
    started: Option<Timestamp>,
}

impl Unread {
    /// All rooms of a vault, at the start.
    pub(crate) fn all<'a>(rooms: impl Iterator<Item = &'a RoomLog>) -> Unread {
        let reads = rooms.filter(|log| log.standing.reads());
        Unread {
            rooms: reads.map(|log| log.mailbox).collect(),
            ..Unread::default()
        }
    }

    pub(crate) fn start(&mut self, now: Timestamp) {
        self.started.get_or_insert(now);
    }

    pub(crate) fn started(&self) -> Timestamp {
        self.started.unwrap_or_default()
    }

    pub(crate) fn read(&mut self, mailbox: MailboxId, now: Timestamp) {
        if self.rooms.remove(&mailbox) {
            self.since.get_or_insert(now);
        }
    }

    /// Is everything read that shows whether the vault is an older copy? A room that the relay does not
    /// give is not waited for longer than a moment: it must not silence the others.
    fn is_over(&mut self, out: &mut Out) -> bool {
        let due = self.since.map(|since| since.plus_ms(READ_ALL_MS));
        match due {
            _ if self.rooms.is_empty() => true,
            Some(due) if due <= out.now() => {
                self.rooms.clear();
                true
            }
            Some(due) => {
                out.wake_at(due);
                false
            }
            None => false,
        }
    }
}

impl Participant {
    /// An older copy of a vault, in whichever room that was seen.
    pub(crate) fn is_copy(&self) -> bool {
        let rooms = [&self.plenary, &self.caucus];
        let mut standings = rooms.into_iter().flatten().map(|log| log.standing);
        standings.any(|standing| standing == Standing::RestoredCopy)
    }

    pub(crate) fn silence_copy(&mut self, out: &mut Out) {
        if !self.is_copy() {
            return;
        }
        for log in [&mut self.plenary, &mut self.caucus].into_iter().flatten() {
            match log.standing {
                Standing::Member | Standing::LeftBehind | Standing::Over => {
                    log.silence_restored_copy(out)
                }
                Standing::RestoredCopy
                | Standing::Removed
                | Standing::UpdateProgram
                | Standing::LogDamaged => {}
            }
        }
        self.drafts.clear(SEAT_AREA, out);
        self.answers.keep_only(SEAT_AREA, None, out);
        self.retractable.clear(out);
    }

    /// Whether this seat may begin to speak.
    pub(crate) fn may_begin(&mut self, out: &mut Out) -> bool {
        self.unread.is_over(out) && !self.is_copy()
    }
}
