//! Making mailboxes and grants: by which right, how fast, and what gives way where there is no place left.
//! What somebody has written never gives way.

use super::mailbox::Made;
use super::{Core, Grant, Mailbox};
use wire::limits::MAX_GRANT_MAILBOXES;
use wire::{
    Answer, CreationRight, CreationSecret, FounderHash, GrantHash, MailboxId, Refusal, Timestamp,
    TokenHash,
};

impl Core {
    pub(super) fn create(
        &mut self,
        id: MailboxId,
        creation: &CreationRight,
        (token, founder): (TokenHash, FounderHash),
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        // A name belongs to a founder, so nobody takes a place that somebody else has announced.
        let grant = self.right(creation)?;
        if id != MailboxId::of(&founder) {
            return Err(Refusal::Unauthorised);
        }
        if let Some(mailbox) = self.mailboxes.get(&id) {
            let same = mailbox.was_made_with(&token, &founder);
            return same.then_some(Answer::Created).ok_or(Refusal::Exists);
        }
        if let Some(hash) = &grant {
            self.is_good_for_one_more(hash)?;
        }
        let full = self.mailboxes.len() >= self.quotas.mailboxes;
        if full && !self.mailbox_gives_way(now) {
            return Err(Refusal::Quota);
        }
        match &grant {
            Some(hash) => self.use_grant(hash, |used| used.saturating_add(1)),
            None => self.take_creation(now)?,
        }
        let made = Made {
            founder,
            grant,
            now,
        };
        let mailbox = Mailbox::new(token, made);
        self.batch.mailboxes.insert(id, Some(mailbox.row));
        self.batch.segments.insert((id, 0), Some(token));
        self.mailboxes.insert(id, mailbox);
        Ok(Answer::Created)
    }

    /// Whose right it is: the relay's own, or the grant's of this hash.
    fn right(&self, creation: &CreationRight) -> Result<Option<GrantHash>, Refusal> {
        let (valid, grant) = match creation {
            CreationRight::Relay(secret) => (*secret == self.creation, None),
            CreationRight::Grant(secret) => {
                let hash = secret.hash();
                (self.grants.contains_key(hash.as_bytes()), Some(hash))
            }
        };
        valid.then_some(grant).ok_or(Refusal::Unauthorised)
    }

    /// Whether this secret is the relay's own, or that of a grant which has not ended.
    pub(super) fn may_have_made(&self, creation: &CreationRight) -> bool {
        match creation {
            CreationRight::Relay(secret) => *secret == self.creation,
            CreationRight::Grant(secret) => {
                let grant = self.grants.get(secret.hash().as_bytes());
                grant.is_some_and(|grant| grant.mailboxes > 0)
            }
        }
    }

    fn is_good_for_one_more(&self, hash: &GrantHash) -> Result<(), Refusal> {
        let grant = self.grants.get(hash.as_bytes());
        let grant = grant.ok_or(Refusal::Unauthorised)?;
        let good = grant.used < grant.mailboxes;
        good.then_some(()).ok_or(Refusal::Quota)
    }

    fn use_grant(&mut self, hash: &GrantHash, used: impl Fn(u8) -> u8) {
        if let Some(grant) = self.grants.get_mut(hash.as_bytes()) {
            grant.used = used(grant.used);
            self.batch.grants.insert(*hash.as_bytes(), Some(*grant));
        }
    }

    /// Whoever holds the relay's own secret makes no more than so many in a time, whatever it is connected by.
    fn take_creation(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let taken = self.creations.take(&self.quotas.creation_rate, 0, now);
        taken.then_some(()).ok_or(Refusal::Busy)
    }

    /// Of mailboxes that nobody has written to, the one that nobody has come to for longest. Its founder can
    /// make it again: a grant gets its number back.
    fn mailbox_gives_way(&mut self, now: Timestamp) -> bool {
        let unused_ms = self.quotas.unused_ms;
        let all = self.mailboxes.iter();
        let unused = all.filter(|(_, one)| one.is_unused(unused_ms, now));
        let oldest = unused.min_by_key(|(_, one)| one.row.visited);
        let Some((id, mailbox)) = oldest.map(|(id, mailbox)| (*id, mailbox.row)) else {
            return false;
        };
        self.mailboxes.remove(&id);
        self.meters.remove(&id);
        self.batch.mailboxes.insert(id, None);
        self.batch.segments.insert((id, 0), None);
        if let Some(hash) = mailbox.grant {
            self.use_grant(&hash, |used| used.saturating_sub(1));
        }
        true
    }

    /// A right to make so many mailboxes; or, with none, the end of one that was given before: what was made by
    /// it stays.
    pub(super) fn grant(
        &mut self,
        creation: &CreationSecret,
        hash: &GrantHash,
        mailboxes: u8,
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        if *creation != self.creation {
            return Err(Refusal::Unauthorised);
        }
        if mailboxes == 0 {
            return Ok(self.end_grant(hash));
        }
        if let Some(grant) = self.grants.get(hash.as_bytes()) {
            let same = grant.mailboxes == mailboxes;
            return same.then_some(Answer::Granted).ok_or(Refusal::Exists);
        }
        let full = self.grants.len() >= self.quotas.grants;
        if mailboxes > MAX_GRANT_MAILBOXES || full && !self.grant_gives_way(now) {
            return Err(Refusal::Quota);
        }
        self.take_creation(now)?;
        let grant = Grant {
            mailboxes,
            used: 0,
            at: now,
        };
        self.grants.insert(*hash.as_bytes(), grant);
        self.batch.grants.insert(*hash.as_bytes(), Some(grant));
        Ok(Answer::Granted)
    }

    /// Nothing more is made by it, also where it was never given.
    fn end_grant(&mut self, hash: &GrantHash) -> Answer {
        if let Some(grant) = self.grants.get_mut(hash.as_bytes()) {
            grant.mailboxes = 0;
            self.batch.grants.insert(*hash.as_bytes(), Some(*grant));
        }
        Answer::Granted
    }

    /// Of grants by which nothing was made, the oldest.
    fn grant_gives_way(&mut self, now: Timestamp) -> bool {
        let unused_ms = self.quotas.unused_ms;
        let all = self.grants.iter();
        let unused = all.filter(|(_, grant)| grant.is_unused(unused_ms, now));
        let oldest = unused.min_by_key(|(_, grant)| grant.at);
        let Some(hash) = oldest.map(|(hash, _)| *hash) else {
            return false;
        };
        self.grants.remove(&hash);
        self.batch.grants.insert(hash, None);
        true
    }
}
