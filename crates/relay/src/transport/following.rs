//! One subscription: first what is stored, then what comes, and the store again whenever it fell behind.

use crate::core::{Readable, Reading};
use crate::feed::{Feed, Published};
use crate::limits::MAX_FEED_ENTRIES;
use crate::log::Opened;
use crate::store::{Portion, Store, StoreError};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio_tungstenite::tungstenite::Bytes;
use wire::limits::{MAX_ENTRY_BYTES, MAX_READ_ENTRIES};
use wire::{Entry, Push, Reply, encode_reply};

/// What to do next for a subscription.
pub(super) enum Step {
    /// Send these, and go on.
    Send(Vec<Bytes>),
    /// Send these; the subscription is over.
    End(Vec<Bytes>),
    /// Too much was missed: ask for the right to read once more, from here on.
    Reopen(Reading),
}

/// A subscription that was granted.
pub(super) struct Following {
    reading: Reading,
    /// Stored entries are sent up to this index.
    stored_until: u64,
    /// What the relay says in `CaughtUp`; taken once it is said.
    caught_up: Option<u64>,
    /// `None` if the token ends with the stored entries.
    feed: Option<Feed>,
}

impl Following {
    /// Begins. A subscription that was reopened has said `CaughtUp` already, and does not say it again.
    pub(super) fn new(mut reading: Reading, opened: Opened, says_caught_up: bool) -> Self {
        let Opened {
            readable: Readable { from, until, next },
            feed,
        } = opened;
        reading.from = from;
        let caught_up = (says_caught_up && feed.is_some()).then_some(next);
        Self {
            reading,
            stored_until: until.unwrap_or(next),
            caught_up,
            feed,
        }
    }

    /// Whether its token is current, as far as it was told.
    pub(super) fn is_live(&self) -> bool {
        self.feed.is_some()
    }

    /// Whether `CaughtUp` is still to be said.
    pub(super) fn says_caught_up(&self) -> bool {
        self.caught_up.is_some()
    }

    /// Waits for the next thing to send. May be dropped while it waits without losing anything.
    pub(super) async fn step(&mut self, store: &dyn Store) -> Result<Step, StoreError> {
        if self.reading.from < self.stored_until {
            return Ok(Step::Send(self.stored(store)?));
        }
        if let Some(next) = self.caught_up.take() {
            return Ok(Step::Send(vec![push(Push::CaughtUp { next })]));
        }
        let Some(feed) = &mut self.feed else {
            return Ok(Step::End(vec![push(Push::Rotated)]));
        };
        Ok(match feed.recv().await {
            Ok(published) => self.live(published),
            Err(RecvError::Lagged(_) | RecvError::Closed) => Step::Reopen(self.reading.clone()),
        })
    }

    fn stored(&mut self, store: &dyn Store) -> Result<Vec<Bytes>, StoreError> {
        let Reading { mailbox, from, .. } = &self.reading;
        let portion = Portion {
            from: *from,
            until: self.stored_until,
            entries: MAX_READ_ENTRIES as usize,
            bytes: MAX_ENTRY_BYTES,
        };
        let entries = store.entries(mailbox, portion)?;
        self.reading.from = after(&entries).unwrap_or(self.stored_until);
        Ok(entries
            .into_iter()
            .map(|entry| push(Push::Entry(entry)))
            .collect())
    }

    /// Takes what was received and all that is there already behind it.
    fn live(&mut self, first: Published) -> Step {
        let mut frames = Vec::new();
        let mut next = Some(first);
        while let Some(published) = next.take() {
            match published {
                Published::Entry(frame) => {
                    frames.push(frame);
                    self.reading.from = self.reading.from.saturating_add(1);
                }
                Published::End => {
                    frames.push(push(Push::Rotated));
                    return Step::End(frames);
                }
            }
            let received = self
                .feed
                .as_mut()
                .filter(|_| frames.len() < MAX_FEED_ENTRIES);
            next = match received.map(Feed::try_recv) {
                Some(Ok(published)) => Some(published),
                // A lag is reported only once, so it must not be swallowed here: the feed is given up.
                Some(Err(TryRecvError::Lagged(_))) => {
                    self.feed = Some(closed_feed());
                    None
                }
                Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => None,
            };
        }
        Step::Send(frames)
    }
}

/// A feed that says at once that it is closed, so that the subscription is reopened.
fn closed_feed() -> Feed {
    tokio::sync::broadcast::channel(1).1
}

/// The index after the last of these entries.
pub(super) fn after(entries: &[Entry]) -> Option<u64> {
    entries.last().map(|last| last.index.saturating_add(1))
}

pub(super) fn push(push: Push) -> Bytes {
    encode_reply(&Reply::Pushed(push)).into()
}
