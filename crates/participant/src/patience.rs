//! How long to wait before the next attempt at the same thing: longer each time, up to a limit. Nothing
//! that a relay or a member does may make this node send without end.

use wire::Timestamp;

use crate::guard::Guard;
use crate::limits::{RETRY_MAX_MS, RETRY_MS};

/// Of one thing that is tried again and again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Patience {
    tries: u32,
    last: Timestamp,
}

impl Patience {
    /// When the next attempt may be made: at once for the first one. A clock that was put back does not
    /// make anybody wait longer.
    pub(crate) fn due(&self, now: Timestamp) -> Timestamp {
        let doublings = self.tries.checked_sub(1);
        let wait_ms = doublings.map_or(0, |doublings| {
            let factor = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
            RETRY_MS.saturating_mul(factor).min(RETRY_MAX_MS)
        });
        self.last.min(now).plus_ms(wait_ms)
    }

    /// An attempt was made. After a long quiet time it counts as the first one.
    pub(crate) fn tried(&mut self, now: Timestamp) {
        if now > self.last.plus_ms(RETRY_MAX_MS.saturating_mul(2)) {
            self.tries = 0;
        }
        self.tries = self.tries.saturating_add(1);
        self.last = now;
    }

    /// Something went on that nobody can bring about again and again.
    pub(crate) fn ease(&mut self) {
        self.tries = 0;
    }
}

/// What one room tries again.
#[derive(Default)]
pub(crate) struct Attempts {
    /// Commits after one that stood in the log and was void.
    pub(crate) commits: Patience,
    pub(crate) resets: Patience,
    /// The mailbox itself.
    pub(crate) creates: Patience,
    /// What the relay's guard keeps out.
    pub(crate) guard: Guard,
    /// START.
    pub(crate) starts: Patience,
    /// What waits for the log, as the same bytes.
    pub(crate) resends: Patience,
    /// What the log showed out of its order, said anew.
    pub(crate) repeats: Patience,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attempt_waits_longer_up_to_a_limit() {
        let mut patience = Patience::default();
        let mut now = Timestamp::from_ms(5_000_000);
        assert!(patience.due(now) <= now);
        let mut waits = Vec::new();
        for _ in 0..80 {
            patience.tried(now);
            let due = patience.due(now);
            waits.push(due.ms() - now.ms());
            now = due;
        }
        assert_eq!(waits[..3], [RETRY_MS, 2 * RETRY_MS, 4 * RETRY_MS]);
        assert!(waits[7..].iter().all(|wait| *wait == RETRY_MAX_MS));
    }

    #[test]
    fn a_quiet_time_and_a_clock_put_back_shorten_the_wait() {
        let mut patience = Patience::default();
        let later = Timestamp::from_ms(9_000_000_000);
        for _ in 0..10 {
            patience.tried(later);
        }
        let earlier = Timestamp::from_ms(1_000_000);
        assert_eq!(patience.due(earlier), earlier.plus_ms(RETRY_MAX_MS));
        let quiet = later.plus_ms(2 * RETRY_MAX_MS + 1);
        patience.tried(quiet);
        assert_eq!(patience.due(quiet), quiet.plus_ms(RETRY_MS));
    }
}
