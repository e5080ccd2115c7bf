//! Time that this thread has spent computing. What other programs do meanwhile does not count.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// A stopwatch that runs only while this thread does.
pub struct ThreadTime(Timespec);

impl ThreadTime {
    pub fn start() -> Self {
        Self(clock_gettime(ClockId::ThreadCPUTime))
    }

    /// The time since the start or the last lap.
    pub fn lap(&mut self) -> Duration {
        let began = std::mem::replace(&mut self.0, clock_gettime(ClockId::ThreadCPUTime));
        let spent = |time: Timespec| {
            let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
            Duration::from_secs(seconds) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
        };
        spent(self.0).saturating_sub(spent(began))
    }
}
