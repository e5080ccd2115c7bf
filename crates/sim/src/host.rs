//! The relay's core with its entries in memory: the same rules as the real relay, without a disk.

use std::collections::{BTreeMap, BTreeSet};

use participant::Op;
use relay::core::{Arrival, ContentDigest, Core, Lookup, Quotas, Stored, Write};
use relay::store::StoreError;
use wire::{Answer, CreationSecret, Entry, EntryKind, MailboxId, Refusal, Timestamp, Token};

/// Finds repeated requests, as the disk store does.
#[derive(Clone, Default)]
struct Contents(BTreeMap<(MailboxId, ContentDigest), u64>);

impl Lookup for Contents {
    fn find(
        &self,
        mailbox: &MailboxId,
        content: &ContentDigest,
    ) -> Result<Option<u64>, StoreError> {
        Ok(self.0.get(&(*mailbox, *content)).copied())
    }
}

/// One relay.
#[derive(Clone)]
pub struct Host {
    core: Core,
    contents: Contents,
    /// All logs, for the test to look at.
    pub logs: BTreeMap<MailboxId, Vec<Entry>>,
    /// A mailbox that takes nothing any more but what keeps its members apart.
    pub full: Option<MailboxId>,
    /// Mailboxes of relays that nobody reaches any more.
    pub gone: BTreeSet<MailboxId>,
    /// A mailbox whose rotations it refuses.
    pub no_rotations: Option<MailboxId>,
    /// How far its clock is ahead, ms.
    pub ahead_ms: u64,
}

impl Host {
    /// An empty relay.
    pub fn new(creation: CreationSecret) -> Host {
        Host::with(creation, Quotas::default())
    }

    /// An empty relay that takes only so much.
    pub fn with(creation: CreationSecret, quotas: Quotas) -> Host {
        let core = Core::load(creation, quotas, Stored::default());
        Host {
            core,
            contents: Contents::default(),
            logs: BTreeMap::new(),
            full: None,
            gone: BTreeSet::new(),
            no_rotations: None,
            ahead_ms: 0,
        }
    }

    /// From now on every mailbox may take so many bytes in all, what is kept free included.
    pub fn narrow(&mut self, mailbox_bytes: u64) {
        self.limit(Quotas {
            mailbox_bytes,
            ..Quotas::default()
        });
    }

    /// From now on it takes more or less.
    pub fn limit(&mut self, quotas: Quotas) {
        self.core.set_quotas(quotas);
    }

    /// Carries out one request at once.
    pub fn request(&mut self, mailbox: MailboxId, op: Op, now: Timestamp) -> Result<u64, Refusal> {
        if self.full == Some(mailbox) && matches!(op, Op::Append { .. }) {
            return Err(Refusal::Quota);
        }
        if self.no_rotations == Some(mailbox) && matches!(op, Op::Rotate { .. }) {
            return Err(Refusal::Busy);
        }
        let now = now.plus_ms(self.ahead_ms);
        // Nobody is between this relay and its clients, so nobody's connection counts.
        let arrival = Arrival { now, frugal: true };
        let answer = self
            .core
            .write(write_of(mailbox, op), arrival, &self.contents);
        let batch = self.core.take_batch();
        for (key, index) in batch.contents() {
            self.contents.0.insert(*key, *index);
        }
        for new in batch.into_committed() {
            self.logs.entry(new.mailbox).or_default().push(new.entry);
        }
        match answer {
            Answer::Appended { index } => Ok(index),
            Answer::Refused(refusal) => Err(refusal),
            Answer::Created | Answer::Granted | Answer::Subscribed | Answer::Entries { .. } => {
                Ok(0)
            }
        }
    }

    /// The first entry from `from` on that this token may read, if there is one: as a relay gives it,
    /// whether the one before was given or not.
    pub fn read(&self, mailbox: &MailboxId, token: &Token, from: u64) -> Option<Entry> {
        let readable = self.core.readable(mailbox, &token.hash(), from)?;
        let ends = readable.until.is_some_and(|until| readable.from >= until);
        let at = usize::try_from(readable.from).ok()?;
        if ends {
            None
        } else {
            self.logs.get(mailbox)?.get(at).cloned()
        }
    }

    /// Whether the token may follow the log from there.
    pub fn admits(&self, mailbox: &MailboxId, token: &Token, from: u64) -> bool {
        self.core.readable(mailbox, &token.hash(), from).is_some()
    }
}

fn write_of(mailbox: MailboxId, op: Op) -> Write {
    match op {
        Op::Create {
            creation,
            token,
            founder,
        } => Write::Create {
            mailbox,
            creation,
            token,
            founder,
        },
        Op::Grant {
            creation,
            grant,
            mailboxes,
        } => Write::Grant {
            creation,
            grant,
            mailboxes,
        },
        Op::Append { token, bytes } => {
            let content = ContentDigest::of(&EntryKind::Append, &bytes);
            Write::Append {
                mailbox,
                token: token.hash(),
                bytes,
                content,
            }
        }
        Op::Rotate {
            token,
            bytes,
            next,
            founder,
        } => {
            let content = ContentDigest::of(&EntryKind::Rotate { next }, &bytes);
            Write::Rotate {
                mailbox,
                token: token.hash(),
                bytes,
                content,
                next,
                founder: founder.map(|founder| founder.hash()),
            }
        }
        Op::Reset {
            founder,
            token,
            from,
        } => Write::Reset {
            mailbox,
            founder: founder.hash(),
            token,
            from,
        },
    }
}
