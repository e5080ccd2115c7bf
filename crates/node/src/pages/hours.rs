//! Moments as a clock on the wall tells them.
//! Must never be used to decide anything: deadlines are judged by the log's time.

use jiff::{Timestamp as Moment, civil::DateTime, tz::TimeZone};
use wire::Timestamp;

/// The zone in which the reader lives.
#[derive(Clone)]
pub struct Hours {
    zone: TimeZone,
}

impl Hours {
    /// The zone of this machine.
    pub fn of_this_machine() -> Self {
        Self {
            zone: TimeZone::system(),
        }
    }

    /// Universal time, for tests.
    pub fn universal() -> Self {
        Self {
            zone: TimeZone::UTC,
        }
    }

    /// "15:40".
    pub fn hour(&self, at: Timestamp) -> String {
        self.local(at)
            .map(|at| at.strftime("%H:%M").to_string())
            .unwrap_or_default()
    }

    /// "15:40" on the day that is now, "2026-11-23 15:40" on another.
    pub fn moment(&self, at: Timestamp, now: Timestamp) -> String {
        let day = |at| self.local(at).map(|at| at.date());
        match day(at) == day(now) {
            true => self.hour(at),
            false => self
                .local(at)
                .map(|at| at.strftime("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default(),
        }
    }

    fn local(&self, at: Timestamp) -> Option<DateTime> {
        let ms = i64::try_from(at.ms()).ok()?;
        Some(self.zone.to_datetime(Moment::from_millisecond(ms).ok()?))
    }
}
