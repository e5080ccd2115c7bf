//! Entries of a caucus that wait for the plenary. They stay outside the fold, and nothing of them is
//! opened: what they hold is read when their turn comes.

use std::collections::VecDeque;

use room::{CommitName, Event};
use wire::{Entry, Timestamp};

use crate::fold::{Plenary, World};
use crate::limits::{DUTY_STAGGER_MS, HELD_BYTES, HELD_ENTRIES, RETRY_MS};
use crate::mls::MlsError;
use crate::out::Out;
use crate::participant::Participant;
use crate::room_log::RoomLog;

/// What waits, in order.
#[derive(Default)]
pub(crate) struct HeldEntries {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// Since then something waits: what comes to be the first of it later has waited as long.
    since: Option<Timestamp>,
    /// When nothing waited any more. What waits again soon after has waited on.
    ended: Option<Timestamp>,
    /// The first of them is this commit, which follows an event that the plenary does not show here.
    first: Option<CommitName>,
    /// More came than are kept: the rest is read again from the relay.
    too_many: bool,
}

impl HeldEntries {
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the caucus is not to be followed until what waits is folded.
    pub(crate) fn is_full(&self) -> bool {
        self.too_many
    }

    fn hold(&mut self, entry: Entry, now: Timestamp) {
        let ended = self.ended.take();
        let goes_on = ended.is_none_or(|ended| now.since_ms(ended) < RETRY_MS);
        match self.since {
            Some(_) if goes_on => {}
            Some(_) | None => self.since = Some(now),
        }
        let bytes = self.bytes.saturating_add(entry.bytes.len());
        let fits = self.entries.len() < HELD_ENTRIES && bytes <= HELD_BYTES;
        match fits && !self.too_many {
            true => {
                self.bytes = bytes;
                self.entries.push_back(entry);
            }
            false => self.too_many = true,
        }
    }
}

impl Participant {
    pub(crate) fn on_caucus_entry(&mut self, entry: Entry, out: &mut Out) -> Result<(), MlsError> {
        if !self.held.is_empty() {
            self.held.hold(entry, out.now());
            return Ok(());
        }
        let (Some(log), Some(plenary)) = (&mut self.caucus, &self.plenary) else {
            return Ok(());
        };
        let mut world = World {
            plenary: Some(Plenary {
                roll: &plenary.roll,
                events: plenary.state.events(),
            }),
            locks: &mut self.locks,
        };
        let after = log.on_entry(&entry, &mut world, out)?;
        if after.held.is_some() {
            self.held.first = after.held;
            self.held.hold(entry, out.now());
            return Ok(());
        }
        self.after_caucus(after, out)
    }

    /// The plenary went on.
    pub(crate) fn retry_held(&mut self, out: &mut Out) -> Result<(), MlsError> {
        if self.held.is_empty() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.held);
        let (before, too_many) = (waiting.first, waiting.too_many);
        for entry in waiting.entries {
            self.on_caucus_entry(entry, out)?;
        }
        let all = self.held.is_empty();
        self.held.too_many |= too_many && !all;
        self.held.since = waiting.since;
        self.held.ended = all.then(|| out.now());
        if self.held.first != before {
            // Somebody's commits are void from now on, or the plenary has an event more: nobody brings that
            // about without end.
            self.hurries.ease();
        }
        if let (true, Some(caucus)) = (!too_many && all, &self.caucus) {
            self.on_caught_up(caucus.mailbox, out)?;
        }
        Ok(())
    }

    /// A commit of the caucus that follows an event which the plenary does not have is void once somebody of
    /// the side says so there, before that event stands.
    pub(crate) fn hurry_plenary(&mut self, out: &mut Out) {
        let (Some(since), Some(first)) = (self.held.since, self.held.first) else {
            return;
        };
        let (Some(log), Some(caucus)) = (&mut self.plenary, &self.caucus) else {
            return;
        };
        if !log.may_speak() {
            return;
        }
        let wait_ms = RETRY_MS.saturating_add(rank_wait_ms(caucus));
        let due = since.plus_ms(wait_ms).max(self.hurries.due(out.now()));
        if out.now() < due {
            return out.wake_at(due);
        }
        self.hurries.tried(out.now());
        out.wake_at(self.hurries.due(out.now()));
        // Where the event stands before this after all, it changes nothing.
        log.post_event_once(Event::NotYet(first), out);
    }
}

/// Members do a duty of the caucus one after another, so that one is enough as a rule.
pub(crate) fn rank_wait_ms(caucus: &RoomLog) -> u64 {
    let seats = caucus.state.seats().iter();
    let rank = seats.filter(|seat| seat.leaf < caucus.own_leaf()).count();
    let rank = u64::try_from(rank).unwrap_or(u64::MAX);
    rank.saturating_mul(DUTY_STAGGER_MS)
}
