//! Numbers, and nothing else, about what the relay holds and does: all that it ever tells its host.

use core::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a relay holds and has done since its start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Mailboxes that it holds.
    pub mailboxes: u64,
    /// Entries in all of them.
    pub entries: u64,
    /// Bytes of those entries.
    pub bytes: u64,
    /// Connections that are open.
    pub connections: u64,
    /// Requests that it refused.
    pub refused: u64,
    /// Frames and connections that it could not read.
    pub damaged: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            mailboxes,
            entries,
            bytes,
            connections,
            refused,
            damaged,
        } = self;
        write!(
            f,
            "mailboxes {mailboxes}, entries {entries}, bytes {bytes}, \
             connections {connections}, refused {refused}, damaged {damaged}"
        )
    }
}

/// The same numbers while the relay's threads change them.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) mailboxes: Counter,
    pub(crate) entries: Counter,
    pub(crate) bytes: Counter,
    pub(crate) connections: Counter,
    pub(crate) refused: Counter,
    pub(crate) damaged: Counter,
}

impl Counters {
    pub(crate) fn read(&self) -> Counts {
        Counts {
            mailboxes: self.mailboxes.read(),
            entries: self.entries.read(),
            bytes: self.bytes.read(),
            connections: self.connections.read(),
            refused: self.refused.read(),
            damaged: self.damaged.read(),
        }
    }
}

/// One number. Relaxed, because nothing is decided by it.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn take_one(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
