//! How far a log has been folded, and what others claim to have seen of it.

use std::collections::BTreeMap;

use room::Digest;
use wire::{Entry, LogHead, MailboxId, Timestamp};

use crate::limits::{HEADS_KEPT, RELAY_TIME_END_MS};
use crate::post::Seen;
use crate::rules::{Rule, holds};

/// A place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    /// The chain's head before the mailbox's first entry: nobody knows it before the log goes on there.
    pub(crate) start: LogHead,
    /// The first index that is not folded in.
    pub(crate) next: u64,
    /// The chain's head before it.
    pub(crate) head: LogHead,
    /// The relay's time of the last entry, as it stands there: for people, and for what was promised
    /// until a date.
    pub(crate) time: Timestamp,
    /// The log's clock: all steps forward of the relay's time. By it the room's fold goes.
    pub(crate) clock: Timestamp,
    /// That clock stands still: the log has come to this mailbox, and nothing that stands in it was written
    /// since then.
    pub(crate) stands: bool,
}

impl Cursor {
    pub(crate) fn start(mailbox: &MailboxId) -> Cursor {
        let zero = Timestamp::from_ms(0);
        let start = LogHead::start(mailbox);
        Cursor {
            start,
            next: 0,
            head: start,
            time: zero,
            clock: zero,
            stands: false,
        }
    }

    /// The place before the first entry of another mailbox, in which the log goes on from here.
    pub(crate) fn continued(&self, mailbox: &MailboxId) -> Cursor {
        let start = LogHead::continued(mailbox, &self.head);
        Cursor {
            start,
            next: 0,
            head: start,
            stands: true,
            ..*self
        }
    }

    /// At an entry that was written since the log came here: from there on its clock runs.
    pub(crate) fn running(self) -> Cursor {
        Cursor {
            stands: false,
            ..self
        }
    }

    /// A time of the log's clock in the relay's time, as it runs at this place.
    pub(crate) fn shown_ms(&self, log_ms: u64) -> u64 {
        let ahead = self.clock.ms().saturating_sub(self.time.ms());
        log_ms.saturating_sub(ahead)
    }

    /// The place after `entry`; none where it is another than the next one.
    pub(crate) fn after(&self, entry: &Entry) -> Option<Cursor> {
        if entry.index != self.next {
            return None;
        }
        let believable = entry.time.ms() < RELAY_TIME_END_MS;
        let time = if believable { entry.time } else { self.time };
        let from = match holds(Rule::TheLogsClockGoesOn) {
            true => self.time,
            false => self.clock,
        };
        let forward = match self.stands {
            true => 0,
            false => time.ms().saturating_sub(from.ms()),
        };
        Some(Cursor {
            next: self.next.saturating_add(1),
            head: self.head.after(entry),
            time,
            clock: self.clock.plus_ms(forward),
            ..*self
        })
    }
}

/// What this node found at the last places: (head, digest) by the number of folded entries.
#[derive(Default)]
pub(crate) struct History {
    here: BTreeMap<u64, (LogHead, Digest)>,
    /// Heads in the mailbox that the log left last: what was to be said there is said here with them.
    before: Vec<LogHead>,
}

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
        self.here.insert(cursor.next, (cursor.head, digest));
        while self.here.len() > HEADS_KEPT {
            self.here.pop_first();
        }
    }

    /// The log goes on in another mailbox.
    pub(crate) fn continued(&mut self) {
        let left = std::mem::take(&mut self.here);
        self.before = left.into_values().map(|(head, _)| head).collect();
    }

    /// Is this a head of the log as this node knows it? Only the last places are remembered: what
    /// is older cannot be judged.
    pub(crate) fn knows(&self, head: &[u8; 32]) -> bool {
        let known = self
            .here
            .values()
            .any(|(known, _)| known.as_bytes() == head);
        let known = known || self.before.iter().any(|before| before.as_bytes() == head);
        known || self.here.len() >= HEADS_KEPT
    }

    pub(crate) fn compare(&self, seen: &Seen) -> Claim {
        match self.here.get(&seen.next) {
            Some((head, _)) if *head != seen.head => Claim::OtherLog,
            Some((_, digest)) if *digest != seen.digest => Claim::OtherState,
            Some(_) => Claim::Agrees,
            // A place that this node has not reached cannot have been seen by an entry before it.
            None if self
                .here
                .last_key_value()
                .is_some_and(|(last, _)| seen.next > *last) =>
            {
                Claim::OtherLog
            }
            None => Claim::Agrees,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::EntryKind;

    const DAY: u64 = 86_400_000;

    fn read(times: &[u64]) -> Vec<(u64, u64)> {
        let mut cursor = Cursor::start(&MailboxId::new([1; 32]));
        let mut read = Vec::new();
        for time in times {
            let entry = Entry {
                index: cursor.next,
                time: Timestamp::from_ms(*time),
                kind: EntryKind::Append,
                bytes: Vec::new(),
            };
            cursor = cursor.after(&entry).expect("the next one");
            read.push((cursor.time.ms(), cursor.clock.ms()));
        }
        read
    }

    #[test]
    fn after_a_leap_and_its_correction_the_logs_clock_goes_on_at_once() {
        let years = 3650 * DAY;
        let read = read(&[1_000, 1_500, 1_600 + years, 1_700, 2_700]);
        let clock: Vec<u64> = read.iter().map(|(_, clock)| *clock).collect();
        let leapt = 1_600 + years;
        assert_eq!(clock, [1_000, 1_500, leapt, leapt, leapt + 1_000]);
    }

    #[test]
    fn a_time_that_nobody_lives_to_see_counts_as_the_one_before() {
        let read = read(&[u64::MAX, 1_000, u64::MAX, RELAY_TIME_END_MS, 1_200]);
        let expected = [
            (0, 0),
            (1_000, 1_000),
            (1_000, 1_000),
            (1_000, 1_000),
            (1_200, 1_200),
        ];
        assert_eq!(read, expected);
    }
}
