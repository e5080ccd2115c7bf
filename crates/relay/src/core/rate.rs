//! How fast something may grow: so much at once, and so much a second after that.

use wire::Timestamp;
use wire::limits::{
    CONNECTION_BYTES_AT_ONCE, CONNECTION_BYTES_PER_SECOND, CONNECTION_CREATIONS_AT_ONCE,
    CONNECTION_CREATIONS_PER_SECOND, CONNECTION_ENTRIES_AT_ONCE, CONNECTION_ENTRIES_PER_SECOND,
    CREATIONS_AT_ONCE, CREATIONS_PER_SECOND, MAILBOX_BYTES_AT_ONCE, MAILBOX_BYTES_PER_SECOND,
    MAILBOX_ENTRIES_AT_ONCE, MAILBOX_ENTRIES_PER_SECOND, SAVED_BYTES_AT_MOST,
    SAVED_BYTES_PER_SECOND, SAVED_ENTRIES_AT_MOST, SAVED_ENTRIES_PER_SECOND,
};

/// One thing that is counted.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// So much at once.
    pub at_once: u64,
    /// So much comes back in a second.
    pub per_second: u64,
}

/// What may be written, in bytes and in entries: both count.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Bytes of entries.
    pub bytes: Allowance,
    /// Entries.
    pub entries: Allowance,
}

impl Rate {
    /// Of one connection.
    pub const CONNECTION: Self = Self {
        bytes: Allowance {
            at_once: CONNECTION_BYTES_AT_ONCE,
            per_second: CONNECTION_BYTES_PER_SECOND,
        },
        entries: Allowance {
            at_once: CONNECTION_ENTRIES_AT_ONCE,
            per_second: CONNECTION_ENTRIES_PER_SECOND,
        },
    };

    /// Of what one connection adds to mailboxes that grow too fast. It begins with nothing.
    pub const SAVINGS: Self = Self {
        bytes: Allowance {
            at_once: SAVED_BYTES_AT_MOST,
            per_second: SAVED_BYTES_PER_SECOND,
        },
        entries: Allowance {
            at_once: SAVED_ENTRIES_AT_MOST,
            per_second: SAVED_ENTRIES_PER_SECOND,
        },
    };

    /// Of all appends to one mailbox.
    pub const MAILBOX: Self = Self {
        bytes: Allowance {
            at_once: MAILBOX_BYTES_AT_ONCE,
            per_second: MAILBOX_BYTES_PER_SECOND,
        },
        entries: Allowance {
            at_once: MAILBOX_ENTRIES_AT_ONCE,
            per_second: MAILBOX_ENTRIES_PER_SECOND,
        },
    };

    /// Of mailboxes and grants that are made by the relay's own secret.
    pub const CREATIONS: Self = Self {
        bytes: Allowance::UNLIMITED,
        entries: Allowance {
            at_once: CREATIONS_AT_ONCE,
            per_second: CREATIONS_PER_SECOND,
        },
    };

    /// Of what one connection asks to have made.
    pub const CONNECTION_CREATIONS: Self = Self {
        bytes: Allowance::UNLIMITED,
        entries: Allowance {
            at_once: CONNECTION_CREATIONS_AT_ONCE,
            per_second: CONNECTION_CREATIONS_PER_SECOND,
        },
    };

    /// No limit, for measurements of everything else.
    pub const UNLIMITED: Self = Self {
        bytes: Allowance::UNLIMITED,
        entries: Allowance::UNLIMITED,
    };
}

impl Allowance {
    const UNLIMITED: Self = Self {
        at_once: u64::MAX,
        per_second: u64::MAX,
    };

    /// What is still used of it so many milliseconds later. In thousandths.
    fn after(&self, used: u64, elapsed_ms: u64) -> u64 {
        used.saturating_sub(self.per_second.saturating_mul(elapsed_ms))
    }

    /// What is used with one portion more, if it fits. In thousandths.
    fn with(&self, used: u64, portion: u64) -> Option<u64> {
        let used = used.saturating_add(portion.saturating_mul(1000));
        (used <= self.at_once.saturating_mul(1000)).then_some(used)
    }
}

/// How much of a rate is used up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meter {
    bytes: u64,
    entries: u64,
    at: Timestamp,
}

impl Meter {
    /// Takes one entry, if it may come now.
    pub fn take(&mut self, rate: &Rate, bytes: usize, now: Timestamp) -> bool {
        self.pass(rate, now);
        let with_bytes = rate.bytes.with(self.bytes, bytes as u64);
        let with_entry = rate.entries.with(self.entries, 1);
        if let (Some(bytes), Some(entries)) = (with_bytes, with_entry) {
            (self.bytes, self.entries) = (bytes, entries);
            true
        } else {
            false
        }
    }

    /// With everything used up: whoever begins anew gains nothing by that.
    pub fn used_up(rate: &Rate) -> Self {
        Self {
            bytes: rate.bytes.at_once.saturating_mul(1000),
            entries: rate.entries.at_once.saturating_mul(1000),
            at: Timestamp::default(),
        }
    }

    /// A clock that goes back gives nothing, and takes nothing: what comes back starts from there.
    fn pass(&mut self, rate: &Rate, now: Timestamp) {
        let elapsed_ms = now.since_ms(self.at);
        self.at = now;
        self.bytes = rate.bytes.after(self.bytes, elapsed_ms);
        self.entries = rate.entries.after(self.entries, elapsed_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        bytes: Allowance {
            at_once: 100,
            per_second: 10,
        },
        entries: Allowance {
            at_once: 4,
            per_second: 1,
        },
    };

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn bytes_and_entries_are_limited_and_come_back() {
        let mut meter = Meter::default();
        assert!(meter.take(&RATE, 100, at(5_000)));
        assert!(!meter.take(&RATE, 1, at(5_000)));
        assert!(meter.take(&RATE, 1, at(5_100)));
        let mut meter = Meter::default();
        for _ in 0..4 {
            assert!(meter.take(&RATE, 0, at(5_000)));
        }
        assert!(!meter.take(&RATE, 0, at(5_999)));
        assert!(meter.take(&RATE, 0, at(6_000)));
    }

    #[test]
    fn a_clock_that_goes_back_stops_nothing_for_long() {
        let mut meter = Meter::default();
        assert!(meter.take(&RATE, 100, at(u64::MAX)));
        assert!(!meter.take(&RATE, 10, at(1_000)));
        assert!(meter.take(&RATE, 10, at(2_000)));
    }

    #[test]
    fn whoever_begins_anew_has_saved_nothing() {
        let mut meter = Meter::used_up(&RATE);
        assert!(!meter.take(&RATE, 1, at(0)));
        assert!(!meter.take(&RATE, 11, at(1_000)));
        assert!(
            meter.take(&RATE, 10, at(1_000)),
            "what is refused costs nothing"
        );
        assert!(!meter.take(&RATE, 1, at(1_000)));
        assert!(
            !meter.take(&RATE, 101, at(60_000)),
            "so much is saved at most"
        );
        assert!(meter.take(&RATE, 100, at(60_000)));
    }

    /// While others flood a mailbox, a seat's largest vector comes through every minute, and what people say.
    #[test]
    fn a_vector_a_minute_is_saved_up() {
        let rate = Rate::SAVINGS;
        let mut meter = Meter::used_up(&rate);
        for minute in 1..10 {
            let now = minute * 64_000;
            assert!(meter.take(&rate, 1 << 20, at(now)));
        }
        let mut meter = Meter::used_up(&rate);
        for second in 1..600 {
            assert!(meter.take(&rate, 1 << 10, at(second * 1_000)));
        }
    }

    #[test]
    fn a_round_of_a_hundred_with_the_largest_vectors_fits() {
        let mut mailbox = Meter::default();
        for _ in 0..200 {
            assert!(mailbox.take(&Rate::MAILBOX, 1 << 20, at(1)));
        }
    }
}
