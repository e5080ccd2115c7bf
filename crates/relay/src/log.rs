//! The one thread that changes anything. It takes the requests that wait, decides them in order, commits them
//! with one fsync, and only then answers and publishes. Nothing else writes to the store.

use crate::core::{Arrival, Core, Lookup, Quotas, Readable, Reading, Write};
use crate::counts::Counters;
use crate::feed::{Feed, Feeds};
use crate::limits::{MAX_BATCH_BYTES, MAX_BATCH_REQUESTS};
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use wire::{Answer, CreationSecret, Refusal, Timestamp};

/// One request for the log's thread.
pub(crate) enum Job {
    /// Changes something.
    Write {
        write: Write,
        /// See [`Arrival::frugal`].
        frugal: bool,
        to: Return,
    },
    /// Asks for the right to read. The connection itself then reads from the store.
    Reading { reading: Reading, to: Return },
    /// Ends the thread after everything that came before.
    Stop,
}

/// Where the outcome of a job goes. Dropping it gives back the request's share of the waiting room.
pub(crate) struct Return {
    pub(crate) id: u32,
    pub(crate) outcomes: mpsc::UnboundedSender<Outcome>,
    #[expect(dead_code, reason = "held until the request is settled")]
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// What a connection does next about one of its requests.
pub(crate) enum Outcome {
    /// Sends this answer.
    Answered {
        id: u32,
        answer: Answer,
        /// Whoever asked has shown a right that holds now.
        proves: bool,
    },
    /// Says this and ends.
    Last(Answer),
    /// Reads, or refuses.
    Opened {
        id: u32,
        reading: Reading,
        opened: Result<Opened, Refusal>,
    },
}

/// The right to read, as of the last commit.
pub(crate) struct Opened {
    pub(crate) readable: Readable,
    /// For a subscription to a token that is current: what comes after `readable.next`.
    pub(crate) feed: Option<Feed>,
}

impl Return {
    fn answer(self, answer: Answer, proves: bool) {
        // An error means that the connection has gone; what was stored stays stored.
        let _ = self.outcomes.send(Outcome::Answered {
            id: self.id,
            answer,
            proves,
        });
    }
}

/// The log's thread.
pub(crate) struct Log {
    store: Arc<dyn Store>,
    creation: CreationSecret,
    quotas: Quotas,
    /// `None` after a failed commit, until the store could be reopened.
    core: Option<Core>,
    feeds: Feeds,
    counters: Arc<Counters>,
}

impl Log {
    pub(crate) fn open(
        store: Arc<dyn Store>,
        creation: CreationSecret,
        quotas: Quotas,
        counters: Arc<Counters>,
    ) -> Result<Self, StoreError> {
        let core = Core::load(creation.clone(), quotas, store.load()?);
        let feeds = Feeds::default();
        let log = Self {
            store,
            creation,
            quotas,
            core: Some(core),
            feeds,
            counters,
        };
        log.count();
        Ok(log)
    }

    /// Runs until a [`Job::Stop`], or until nobody can send a job any more.
    pub(crate) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut group = Group::default();
        while group.gather(&mut jobs) {
            self.settle(&mut group);
        }
        self.settle(&mut group);
    }

    fn settle(&mut self, group: &mut Group) {
        self.reload_if_failed();
        self.note_visits(group);
        self.write(group);
        for (reading, to) in group.readings.drain(..) {
            self.read(reading, to);
        }
    }

    /// Those who come to read keep a mailbox that nobody has written to. The note becomes durable with the next
    /// write, which is soon enough for a matter of months.
    fn note_visits(&mut self, group: &Group) {
        let Some(core) = self.core.as_mut() else {
            return;
        };
        for (reading, _) in &group.readings {
            core.note_visit(&reading.mailbox, &reading.token, now());
        }
    }

    /// Decides and commits all writes of the group, and then answers them.
    fn write(&mut self, group: &mut Group) {
        let bytes = std::mem::take(&mut group.bytes) as u64;
        let writes = group.writes.drain(..);
        let Some(core) = self.core.as_mut().filter(|_| self.store.has_room(bytes)) else {
            writes.for_each(|(_, _, to)| to.answer(Answer::Refused(Refusal::DiskFull), false));
            return;
        };
        let (now, stored) = (now(), Entries(&*self.store));
        let answered: Vec<(Return, Answer, bool)> = writes
            .map(|(write, frugal, to)| {
                let arrival = Arrival { now, frugal };
                // Before it is done: a rotation ends the right by which it was asked for.
                let proves = core.shows_right(&write);
                (to, core.write(write, arrival, &stored), proves)
            })
            .collect();
        let batch = core.take_batch();
        if !batch.is_empty() && self.store.commit(&batch).is_err() {
            // Whether the batch is durable is unknown, so the answers would be guesses. A repeated request
            // finds its entry if it is.
            self.core = None;
            answered
                .into_iter()
                .for_each(|(to, _, _)| to.answer(Answer::Refused(Refusal::DiskFull), false));
            return;
        }
        self.count();
        batch
            .into_committed()
            .into_iter()
            .for_each(|new| self.feeds.publish(new));
        for (to, answer, proves) in answered {
            if matches!(answer, Answer::Refused(_)) {
                self.counters.refused.add_one();
            }
            to.answer(answer, proves);
        }
    }

    fn read(&mut self, reading: Reading, to: Return) {
        let readable = self
            .core
            .as_ref()
            .ok_or(Refusal::DiskFull)
            .and_then(|core| {
                let Reading {
                    mailbox,
                    token,
                    from,
                    limit: _,
                } = &reading;
                core.readable(mailbox, token, *from)
                    .ok_or(Refusal::Unauthorised)
            });
        let opened = readable.map(|readable| {
            let follows = reading.limit.is_none() && readable.until.is_none();
            Opened {
                readable,
                feed: follows.then(|| self.feeds.follow(reading.mailbox)),
            }
        });
        if opened.is_err() {
            self.counters.refused.add_one();
        }
        let _ = to.outcomes.send(Outcome::Opened {
            id: to.id,
            reading,
            opened,
        });
    }

    fn reload_if_failed(&mut self) {
        if self.core.is_some() {
            return;
        }
        let reloaded = self.store.reopen().and_then(|()| self.store.load());
        let Ok(stored) = reloaded else { return };
        self.core = Some(Core::load(self.creation.clone(), self.quotas, stored));
        self.count();
        // Subscribers come again, and read what the failed commit may have left.
        self.feeds = Feeds::default();
    }

    fn count(&self) {
        let Some(core) = &self.core else { return };
        let (mailboxes, entries, bytes) = core.totals();
        self.counters.mailboxes.set(mailboxes);
        self.counters.entries.set(entries);
        self.counters.bytes.set(bytes);
    }
}

/// Jobs that are settled together.
#[derive(Default)]
struct Group {
    writes: Vec<(Write, bool, Return)>,
    readings: Vec<(Reading, Return)>,
    bytes: usize,
}

impl Group {
    /// Waits for one job and takes all that wait behind it. Returns whether there will be more.
    fn gather(&mut self, jobs: &mut mpsc::Receiver<Job>) -> bool {
        let Some(first) = jobs.blocking_recv() else {
            return false;
        };
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Write { write, frugal, to } => {
                    self.bytes = self.bytes.saturating_add(write.size());
                    self.writes.push((write, frugal, to));
                }
                Job::Reading { reading, to } => self.readings.push((reading, to)),
                Job::Stop => return false,
            }
            next = if self.is_full() {
                None
            } else {
                jobs.try_recv().ok()
            };
        }
        true
    }

    fn is_full(&self) -> bool {
        let requests = self.writes.len().saturating_add(self.readings.len());
        requests >= MAX_BATCH_REQUESTS || self.bytes >= MAX_BATCH_BYTES
    }
}

/// The store, as far as the core may look into it.
struct Entries<'a>(&'a dyn Store);

impl Lookup for Entries<'_> {
    fn find(
        &self,
        mailbox: &wire::MailboxId,
        content: &crate::core::ContentDigest,
    ) -> Result<Option<u64>, StoreError> {
        self.0.find(mailbox, content)
    }
}

/// The relay's clock, as the system tells it.
fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
