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
        let gives_way = self.place_for_mailbox(now)?;
        if grant.is_none() {
            self.take_creation(now)?;
        }
        // From here on nothing is refused: what gives way does so for a mailbox that is made.
        if let Some(unused) = gives_way {
            self.drop_mailbox(unused);
        }
        if let Some(hash) = &grant {
            self.use_grant(hash, |used| used.saturating_add(1));
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

    /// Which mailbox would give way to another one, where there is no place left: of those that nobody has written to,
    /// the one that nobody has come to for longest.
    fn place_for_mailbox(&self, now: Timestamp) -> Result<Option<MailboxId>, Refusal> {
        if self.mailboxes.len() < self.quotas.mailboxes {
            return Ok(None);
        }
        let unused_ms = self.quotas.unused_ms;
        let all = self.mailboxes.iter();
        let unused = all.filter(|(_, one)| one.is_unused(unused_ms, now));
        let oldest = unused.min_by_key(|(_, one)| one.row.visited);
        oldest.map(|(id, _)| Some(*id)).ok_or(Refusal::Quota)
    }

    /// Its founder can make it again: a grant gets its number back.
    fn drop_mailbox(&mut self, id: MailboxId) {
        let dropped = self.mailboxes.remove(&id);
        self.meters.remove(&id);
        self.batch.mailboxes.insert(id, None);
        self.batch.segments.insert((id, 0), None);
        if let Some(hash) = dropped.and_then(|mailbox| mailbox.row.grant) {
            self.use_grant(&hash, |used| used.saturating_sub(1));
        }
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
        if mailboxes > MAX_GRANT_MAILBOXES {
            return Err(Refusal::Quota);
        }
        let gives_way = self.place_for_grant(now)?;
        self.take_creation(now)?;
        if let Some(unused) = gives_way {
            self.grants.remove(&unused);
            self.batch.grants.insert(unused, None);
        }
        let grant = Grant {
            mailboxes,
            used: 0,
            at: now,
        };
        self.grants.insert(*hash.as_bytes(), grant);
        self.batch.grants.insert(*hash.as_bytes(), Some(grant));
        Ok(Answer::Granted)
    }

    /// Nothing more is made by it. Where it was not given, there is nothing to end, and nothing is kept of it.
    fn end_grant(&mut self, hash: &GrantHash) -> Answer {
        if let Some(grant) = self.grants.get_mut(hash.as_bytes()) {
            grant.mailboxes = 0;
            self.batch.grants.insert(*hash.as_bytes(), Some(*grant));
        }
        Answer::Granted
    }

    /// Which grant would give way to another one, where there is no place left: of those by which nothing was made, the
    /// oldest.
    fn place_for_grant(&self, now: Timestamp) -> Result<Option<[u8; 32]>, Refusal> {
        if self.grants.len() < self.quotas.grants {
            return Ok(None);
        }
        let unused_ms = self.quotas.unused_ms;
        let all = self.grants.iter();
        let unused = all.filter(|(_, grant)| grant.is_unused(unused_ms, now));
        let oldest = unused.min_by_key(|(_, grant)| grant.at);
        oldest.map(|(hash, _)| Some(*hash)).ok_or(Refusal::Quota)
    }
}
