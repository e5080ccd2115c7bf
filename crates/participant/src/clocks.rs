//! How one seat reads a log's times, by itself and without a room: a door for models, which try every history of
//! times. It must never judge anything of its own.

use wire::{Entry, EntryKind, MailboxId, Timestamp};

use crate::cursor::Cursor;
use crate::relay_clock::RelayClock;

/// A place in a log, and what its reader made of the times up to there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clocks {
    clock: RelayClock,
    place: Cursor,
    /// When the window that is open ends, by the log's clock.
    ends_ms: Option<u64>,
}

impl Clocks {
    /// Nothing was read yet.
    #[must_use]
    pub fn begin() -> Clocks {
        Clocks {
            clock: RelayClock::default(),
            place: Cursor::start(&MailboxId::new([0; 32])),
            ends_ms: None,
        }
    }

    /// An entry is read that the relay stored at this time; live, or later than it came. Where it is an
    /// OPEN, with the length of its window.
    pub fn read(
        &mut self,
        stored: Timestamp,
        is_live: bool,
        window_ms: Option<u64>,
        now: Timestamp,
    ) {
        let start = Cursor::start(&MailboxId::new([0; 32]));
        let entry = Entry {
            index: start.next,
            time: stored,
            kind: EntryKind::Append,
            bytes: Vec::new(),
        };
        // Which entry of the log it is, and its chain, are nothing to the clocks.
        let after = self.place.after(&entry).unwrap_or(self.place);
        self.place = Cursor {
            next: start.next,
            head: start.head,
            ..after
        };
        self.clock.reads(&self.place, is_live, now);
        self.clock.hold(&self.place, self.ends_ms, now);
        if let Some(window_ms) = window_ms {
            self.ends_ms = Some(self.log_ms().saturating_add(window_ms));
            self.clock.sets_window(&self.place);
            self.clock.hold(&self.place, self.ends_ms, now);
        }
    }

    /// It is this time, and nothing was read.
    pub fn pass(&mut self, now: Timestamp) {
        self.clock.settle(&self.place, now);
        self.clock.hold(&self.place, self.ends_ms, now);
    }

    /// When something changes by time alone.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.clock.due().min()
    }

    /// The machine stops and goes on, with what its vault holds.
    pub fn restart(&mut self) {
        self.clock = RelayClock::parse(&self.clock.to_bytes()).unwrap_or_default();
    }

    /// The same where the vault kept nothing of it.
    pub fn restart_without_a_row(&mut self) {
        self.clock = RelayClock::default();
    }

    /// Whether nothing is said that decides.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.clock.has_jumped()
    }

    /// The log's clock.
    #[must_use]
    pub fn log_ms(&self) -> u64 {
        self.place.clock.ms()
    }

    /// How far the log's clock is before the relay's.
    #[must_use]
    pub fn ahead_ms(&self) -> u64 {
        self.log_ms().saturating_sub(self.place.time.ms())
    }

    /// When the window ends by the log's clock, and when by this machine's it is time to say so.
    #[must_use]
    pub fn window_end(&self) -> Option<(u64, Timestamp)> {
        let ends_ms = self.ends_ms?;
        Some((ends_ms, self.clock.here(&self.place, ends_ms)))
    }
}
