//! How far a log has been folded, and what others claim to have seen of it.

use std::collections::BTreeMap;

use room::Digest;
use wire::{Entry, LogHead, MailboxId, Timestamp};

use crate::limits::HEADS_KEPT;
use crate::post::Seen;

/// A place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The first index that is not folded in.
    pub(crate) next: u64,
    /// The chain's head before it.
    pub(crate) head: LogHead,
    /// Log time of the last entry.
    pub(crate) time: Timestamp,
}

/// Why an entry cannot stand where the relay shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BrokenLog {
    /// Another index than the next one.
    WrongIndex,
    /// Its time lies before its predecessor's.
    TimeRunsBack,
}

impl Cursor {
    pub(crate) fn start(mailbox: &MailboxId) -> Cursor {
        Cursor {
            next: 0,
            head: LogHead::start(mailbox),
            time: Timestamp::from_ms(0),
        }
    }

    /// The place after `entry`.
    pub(crate) fn after(&self, entry: &Entry) -> Result<Cursor, BrokenLog> {
        if entry.index != self.next {
            return Err(BrokenLog::WrongIndex);
        }
        if entry.time < self.time {
            return Err(BrokenLog::TimeRunsBack);
        }
        let next = self.next.saturating_add(1);
        Ok(Cursor {
            next,
            head: self.head.after(entry),
            time: entry.time,
        })
    }
}

/// What this node found at the last places: (head, digest) by the number of folded entries.
#[derive(Default)]
pub(crate) struct History(BTreeMap<u64, (LogHead, Digest)>);

/// How another member's claim compares with this node's own history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The same, or too old to be compared.
    Agrees,
    /// Another log.
    OtherLog,
    /// The same log, folded to another state.
    OtherState,
}

impl History {
    pub(crate) fn note(&mut self, cursor: &Cursor, digest: Digest) {
        self.0.insert(cursor.next, (cursor.head, digest));
        while self.0.len() > HEADS_KEPT {
            self.0.pop_first();
        }
    }

    /// Is this a head of the log as this node knows it? Only the last places are remembered: what
    /// is older cannot be judged.
    pub(crate) fn knows(&self, head: &[u8; 32]) -> bool {
        let known = self.0.values().any(|(known, _)| known.as_bytes() == head);
        known || self.0.len() >= HEADS_KEPT
    }

    pub(crate) fn compare(&self, seen: &Seen) -> Claim {
        match self.0.get(&seen.next) {
            Some((head, _)) if *head != seen.head => Claim::OtherLog,
            Some((_, digest)) if *digest != seen.digest => Claim::OtherState,
            Some(_) => Claim::Agrees,
            // A place that this node has not reached cannot have been seen by an entry before it.
            None if self
                .0
                .last_key_value()
                .is_some_and(|(last, _)| seen.next > *last) =>
            {
                Claim::OtherLog
            }
            None => Claim::Agrees,
        }
    }
}
