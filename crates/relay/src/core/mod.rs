//! The relay's rules without IO: a request and the time come in, an answer and rows to store go out.
//! An answer may leave only after the rows are durable; if that fails, a new core is loaded from the store.

mod asked;
mod batch;
mod creation;
mod grant;
mod mailbox;
mod rate;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_creation;
#[cfg(test)]
mod tests_of_guard;
#[cfg(test)]
mod tests_of_quotas;
mod write;

pub use asked::{Asked, Reading};
pub use batch::{Batch, Committed, ContentDigest, NewEntry};
pub use grant::{Grant, Stored};
use mailbox::Followed;
pub use mailbox::{Mailbox, MailboxRow, Readable, Segment};
pub use rate::{Allowance, Meter, Rate};
pub use write::{Arrival, Lookup, Write};

use crate::store::StoreError;
use std::collections::BTreeMap;
use wire::limits::{
    GUARD_MS, MAX_GRANTS, MAX_MAILBOX_BYTES, MAX_MAILBOXES, MAX_RESETS, MAX_ROTATIONS,
    RESERVED_FOUNDER_BYTES, RESERVED_FOUNDER_ROTATIONS, RESERVED_RESET_BYTES,
    RESERVED_ROTATION_BYTES, UNUSED_MS,
};
use wire::{
    Answer, CreationSecret, Entry, EntryKind, FounderHash, MailboxId, Refusal, Timestamp,
    TokenHash, is_bucket,
};

/// How much one relay takes.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    /// Mailboxes at most.
    pub mailboxes: usize,
    /// Grants at most.
    pub grants: usize,
    /// Bytes that the entries of one mailbox take at most.
    pub mailbox_bytes: u64,
    /// Those of them that only rotations and resets may use.
    pub for_rotations: u64,
    /// Those of them that only resets, and rotations by the founder, may use.
    pub for_founder: u64,
    /// Those of them that only resets may use.
    pub for_resets: u64,
    /// Rotations of one mailbox at most.
    pub rotations: u64,
    /// Those of them that only the founder may make.
    pub founder_rotations: u64,
    /// Resets of one mailbox at most.
    pub resets: u64,
    /// How fast a mailbox grows by appends.
    pub mailbox_rate: Rate,
    /// How fast mailboxes and grants are made by the relay's own secret.
    pub creation_rate: Rate,
    /// How long nobody but the founder rotates after a reset that took a rotation back.
    pub guard_ms: u64,
    /// After how long without a visit an unused mailbox or grant may give way.
    pub unused_ms: u64,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            mailboxes: MAX_MAILBOXES,
            grants: MAX_GRANTS,
            mailbox_bytes: MAX_MAILBOX_BYTES,
            for_rotations: RESERVED_ROTATION_BYTES,
            for_founder: RESERVED_FOUNDER_BYTES,
            for_resets: RESERVED_RESET_BYTES,
            rotations: MAX_ROTATIONS,
            founder_rotations: RESERVED_FOUNDER_ROTATIONS,
            resets: MAX_RESETS,
            mailbox_rate: Rate::MAILBOX,
            creation_rate: Rate::CREATIONS,
            guard_ms: GUARD_MS,
            unused_ms: UNUSED_MS,
        }
    }
}

impl Quotas {
    /// Whether one more entry fits into the mailbox. Rotations have room that appends cannot take from
    /// them, the founder's have room that no other rotations take, and resets have room that nothing else
    /// takes; so no kind can be kept out by those before it.
    fn admit(&self, mailbox: &Mailbox, new: &New) -> bool {
        let row = &mailbox.row;
        let of_founder = self.rotations.saturating_sub(self.founder_rotations);
        let (kept_free, may_turn) = match (new.kind, new.by_founder) {
            (EntryKind::Append, _) => (
                [self.for_rotations, self.for_founder, self.for_resets],
                true,
            ),
            (EntryKind::Rotate { .. }, false) => (
                [0, self.for_founder, self.for_resets],
                row.rotations < of_founder,
            ),
            (EntryKind::Rotate { .. }, true) => {
                ([0, 0, self.for_resets], row.rotations < self.rotations)
            }
            (EntryKind::Reset { .. }, _) => ([0, 0, 0], row.resets < self.resets),
        };
        let kept_free = kept_free.into_iter().fold(0, u64::saturating_add);
        let most = self.mailbox_bytes.saturating_sub(kept_free);
        may_turn && mailbox.taken_with(new.bytes.len()) <= most
    }
}

/// How fast a mailbox grew lately. Rotations count by themselves: no append makes a commit wait.
#[derive(Clone, Copy, Debug, Default)]
struct Growth {
    appends: Meter,
    rotations: Meter,
}

/// All mailboxes, without their entries.
#[derive(Clone, Debug)]
pub struct Core {
    creation: CreationSecret,
    quotas: Quotas,
    mailboxes: BTreeMap<MailboxId, Mailbox>,
    grants: BTreeMap<[u8; 32], Grant>,
    /// How fast mailboxes grew lately.
    meters: BTreeMap<MailboxId, Growth>,
    /// How many were made lately by the relay's own secret.
    creations: Meter,
    entries: u64,
    bytes: u64,
    batch: Batch,
}

impl Core {
    /// Starts from what a store holds.
    pub fn load(creation: CreationSecret, quotas: Quotas, stored: Stored) -> Self {
        let Stored { mailboxes, grants } = stored;
        let entries = mailboxes.values().map(|mailbox| mailbox.row.next).sum();
        let bytes = mailboxes.values().map(|mailbox| mailbox.row.bytes).sum();
        Self {
            creation,
            quotas,
            mailboxes,
            grants,
            meters: BTreeMap::new(),
            creations: Meter::default(),
            entries,
            bytes,
            batch: Batch::default(),
        }
    }

    /// From now on the relay takes more or less. What it has taken stays.
    pub fn set_quotas(&mut self, quotas: Quotas) {
        self.quotas = quotas;
    }

    /// Decides one request. What it changes is added to the batch.
    pub fn write(&mut self, write: Write, arrival: Arrival, stored: &dyn Lookup) -> Answer {
        let done = match write {
            Write::Create {
                mailbox,
                creation,
                token,
                founder,
            } => self.create(mailbox, &creation, (token, founder), arrival.now),
            Write::Grant {
                creation,
                grant,
                mailboxes,
            } => self.grant(&creation, &grant, mailboxes, arrival.now),
            Write::Append {
                mailbox,
                token,
                bytes,
                content,
            } => {
                let kind = EntryKind::Append;
                let new = New {
                    kind,
                    bytes,
                    content,
                    by_founder: false,
                };
                self.append(mailbox, &token, new, arrival, stored)
            }
            Write::Rotate {
                mailbox,
                token,
                bytes,
                content,
                next,
                founder,
            } => {
                let new = New {
                    kind: EntryKind::Rotate { next },
                    bytes,
                    content,
                    by_founder: founder.is_some(),
                };
                match founder.is_none_or(|founder| self.is_founded_by(&mailbox, &founder)) {
                    true => self.append(mailbox, &token, new, arrival, stored),
                    false => Err(Refusal::Unauthorised),
                }
            }
            Write::Reset {
                mailbox,
                founder,
                token,
                from,
            } => self.reset(mailbox, &founder, (token, from), arrival, stored),
        };
        done.unwrap_or_else(Answer::Refused)
    }

    /// Whether a request shows a right that holds now: a current token, a founder's secret, or one to have
    /// something made. Who only reads what is over, or holds what has ended, has none.
    pub fn shows_right(&self, write: &Write) -> bool {
        match write {
            Write::Create { creation, .. } => self.may_have_made(creation),
            Write::Grant { creation, .. } => *creation == self.creation,
            Write::Append { mailbox, token, .. } => self.is_current(mailbox, token),
            Write::Rotate {
                mailbox,
                token,
                founder,
                ..
            } => match founder {
                Some(founder) => self.is_founded_by(mailbox, founder),
                None => self.is_current(mailbox, token),
            },
            Write::Reset {
                mailbox, founder, ..
            } => self.is_founded_by(mailbox, founder),
        }
    }

    fn is_current(&self, id: &MailboxId, token: &TokenHash) -> bool {
        let mailbox = self.mailboxes.get(id);
        mailbox.is_some_and(|mailbox| mailbox.is_current(token))
    }

    /// Takes the rows of all requests since the last call, to be committed in one transaction.
    pub fn take_batch(&mut self) -> Batch {
        std::mem::take(&mut self.batch)
    }

    /// What a token may read of a mailbox from some index on.
    pub fn readable(&self, mailbox: &MailboxId, token: &TokenHash, from: u64) -> Option<Readable> {
        self.mailboxes.get(mailbox)?.readable(token, from)
    }

    /// Somebody comes to a mailbox with its token: one that is not written to is kept for that.
    pub fn note_visit(&mut self, id: &MailboxId, token: &TokenHash, now: Timestamp) {
        let mailbox = self.mailboxes.get_mut(id);
        let known = mailbox.filter(|mailbox| mailbox.knows(token));
        if let Some(mailbox) = known
            && mailbox.visit(now)
        {
            self.batch.mailboxes.insert(*id, Some(mailbox.row));
        }
    }

    /// Mailboxes, entries, bytes of entries.
    pub fn totals(&self) -> (u64, u64, u64) {
        (self.mailboxes.len() as u64, self.entries, self.bytes)
    }

    fn is_founded_by(&self, id: &MailboxId, founder: &FounderHash) -> bool {
        let mailbox = self.mailboxes.get(id);
        mailbox.is_some_and(|mailbox| mailbox.row.founder == *founder)
    }

    fn append(
        &mut self,
        id: MailboxId,
        token: &TokenHash,
        new: New,
        arrival: Arrival,
        stored: &dyn Lookup,
    ) -> Result<Answer, Refusal> {
        let mailbox = self.mailboxes.get(&id).ok_or(Refusal::Unauthorised)?;
        // The token is checked before anything is looked up, so that strangers learn nothing.
        if !mailbox.knows(token) {
            return Err(Refusal::Unauthorised);
        }
        let earlier = self.batch.find_or_look_up(&id, &new.content, stored)?;
        if let Some(index) = earlier.filter(|index| mailbox.token_reads(token, *index)) {
            return Ok(Answer::Appended { index });
        }
        if !mailbox.is_current(token) {
            return Err(Refusal::Unauthorised);
        }
        if !is_bucket(new.bytes.len()) {
            return Err(Refusal::WrongSize);
        }
        let by_others = matches!(new.kind, EntryKind::Rotate { .. }) && !new.by_founder;
        if by_others && mailbox.is_guarded(self.quotas.guard_ms, arrival.now) {
            return Err(Refusal::Guarded);
        }
        // Whoever follows by a token that comes again would go on behind what it cannot read.
        if let EntryKind::Rotate { next } = &new.kind
            && mailbox.knows(next)
            && !mailbox.is_current(next)
        {
            return Err(Refusal::Exists);
        }
        if !self.may_grow(id, &new, arrival) {
            return Err(Refusal::Busy);
        }
        self.push(id, new, arrival)
    }

    fn reset(
        &mut self,
        id: MailboxId,
        founder: &FounderHash,
        (token, from): (TokenHash, u64),
        arrival: Arrival,
        stored: &dyn Lookup,
    ) -> Result<Answer, Refusal> {
        let mailbox = self.mailboxes.get(&id).ok_or(Refusal::Unauthorised)?;
        if mailbox.row.founder != *founder {
            return Err(Refusal::Unauthorised);
        }
        let kind = EntryKind::Reset { token, from };
        let content = ContentDigest::of(&kind, &[]);
        let earlier = self.batch.find_or_look_up(&id, &content, stored)?;
        // Unlike bytes, the same reset may be needed again: after another rotation, or another reset.
        let in_force = |index: &u64| mailbox.is_reset(&token, from, *index);
        if let Some(index) = earlier.filter(in_force) {
            return Ok(Answer::Appended { index });
        }
        self.push(
            id,
            New {
                kind,
                bytes: Vec::new(),
                content,
                by_founder: true,
            },
            arrival,
        )
    }

    /// Whether a mailbox may grow by this entry now. Where it grows too fast, only those still add to it
    /// whose connection has saved up for it: a flood must not silence the others. Whoever founded it waits for nobody.
    fn may_grow(&mut self, id: MailboxId, new: &New, arrival: Arrival) -> bool {
        let growth = self.meters.entry(id).or_default();
        let meter = match new.kind {
            EntryKind::Append => &mut growth.appends,
            EntryKind::Rotate { .. } if !new.by_founder => &mut growth.rotations,
            EntryKind::Rotate { .. } | EntryKind::Reset { .. } => return true,
        };
        let taken = meter.take(&self.quotas.mailbox_rate, new.bytes.len(), arrival.now);
        taken || arrival.frugal
    }

    /// Adds an entry that passed every check but the quotas.
    fn push(&mut self, id: MailboxId, new: New, arrival: Arrival) -> Result<Answer, Refusal> {
        let mailbox = self.mailboxes.get_mut(&id).ok_or(Refusal::Unauthorised)?;
        let size = new.bytes.len() as u64;
        if !self.quotas.admit(mailbox, &new) {
            return Err(Refusal::Quota);
        }
        let now = arrival.now;
        let index = mailbox.row.next;
        // The clock as it is, even where it went back: who reads the log decides what that means.
        let entry = Entry {
            index,
            time: now,
            kind: new.kind,
            bytes: new.bytes,
        };
        let Followed { ends_token, merged } = mailbox.follow(&entry, new.by_founder);
        self.entries = self.entries.saturating_add(1);
        self.bytes = self.bytes.saturating_add(size);
        self.batch.mailboxes.insert(id, Some(mailbox.row));
        let gone = merged.into_iter().map(|start| ((id, start), None));
        self.batch.segments.extend(gone);
        let moved = !matches!(entry.kind, EntryKind::Append);
        if let Some(Segment { start, token }) = mailbox.segments.last().filter(|_| moved) {
            self.batch.segments.insert((id, *start), Some(*token));
        }
        let content = new.content;
        self.batch.push(NewEntry {
            mailbox: id,
            entry,
            content,
            ends_token,
        });
        Ok(Answer::Appended { index })
    }
}

/// An entry before it has a place.
struct New {
    kind: EntryKind,
    bytes: Vec<u8>,
    content: ContentDigest,
    /// Whoever asks has shown the founder's secret.
    by_founder: bool,
}

impl Batch {
    fn find_or_look_up(
        &self,
        mailbox: &MailboxId,
        content: &ContentDigest,
        stored: &dyn Lookup,
    ) -> Result<Option<u64>, Refusal> {
        match self.find(mailbox, content) {
            Some(index) => Ok(Some(index)),
            None => stored
                .find(mailbox, content)
                .map_err(|_: StoreError| Refusal::DiskFull),
        }
    }
}
