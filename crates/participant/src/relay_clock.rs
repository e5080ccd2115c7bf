//! How the relay's clock stands to this machine's. Deadlines are the log's alone; but while the two move
//! against each other, this seat does nothing that a false time could make worse.

use wire::Timestamp;

use crate::limits::{CLOCK_JUMP_MS, CLOCK_STEADY_MS};
use crate::out::Out;
use crate::room_log::RoomLog;

/// The log's time minus this machine's, ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RelayClock {
    /// When it last held steady.
    steady: Option<i64>,
    /// By the latest entry.
    last: i64,
    /// It has jumped: until this time, by this machine, nothing is said that decides.
    quiet_until: Option<Timestamp>,
}

impl RelayClock {
    /// An entry that came just now stands at `log_ms`. True where something changed that a restart must
    /// know.
    fn measure(&mut self, log: Timestamp, now: Timestamp) -> bool {
        let before = *self;
        let apart = i128::from(log.ms()) - i128::from(now.ms());
        let apart = i64::try_from(apart).unwrap_or(i64::MAX);
        let steady = *self.steady.get_or_insert(apart);
        let last = before.steady.map_or(apart, |_| self.last);
        let moved = |from: i64| apart.abs_diff(from) > CLOCK_JUMP_MS;
        // Back where it was is a move as well: the log's clock has gone on by all of it.
        if moved(last) || (moved(steady) && self.quiet_until.is_none()) {
            self.quiet_until = Some(now.plus_ms(CLOCK_STEADY_MS));
        }
        self.last = apart;
        self.steady != before.steady || self.quiet_until != before.quiet_until
    }

    /// Time alone makes it steady again: nobody has to say anything for that.
    fn settle(&mut self, now: Timestamp) -> bool {
        let over = self.quiet_until.is_some_and(|until| until <= now);
        if over {
            self.steady = Some(self.last);
            self.quiet_until = None;
        }
        over
    }

    pub(crate) fn has_jumped(&self) -> bool {
        self.quiet_until.is_some()
    }

    /// What a page tells where it is more than a little.
    pub(crate) fn apart_ms(&self) -> i64 {
        self.last
    }

    fn to_bytes(self) -> Vec<u8> {
        let until = self.quiet_until.map_or(0, |until| until.ms());
        let steady = self.steady.unwrap_or(self.last);
        [
            steady.to_be_bytes(),
            self.last.to_be_bytes(),
            until.to_be_bytes(),
        ]
        .concat()
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<RelayClock> {
        let (steady, rest) = bytes.split_first_chunk::<8>()?;
        let (last, until) = rest.split_first_chunk::<8>()?;
        let until = u64::from_be_bytes(until.try_into().ok()?);
        Some(RelayClock {
            steady: Some(i64::from_be_bytes(*steady)),
            last: i64::from_be_bytes(*last),
            quiet_until: (until > 0).then(|| Timestamp::from_ms(until)),
        })
    }
}

impl RoomLog {
    /// What is read late says only that the relay's clock was not behind it.
    pub(crate) fn watch_clock(&mut self, time: Timestamp, out: &mut Out) {
        let now = out.now();
        let ahead = i128::from(time.ms()) - i128::from(now.ms());
        let later = ahead > i128::from(self.relay_clock.last);
        if (self.live_since.is_some() || later) && self.relay_clock.measure(time, now) {
            self.keep_clock(out);
        }
    }

    /// Asks to be woken for the time at which it is steady again.
    pub(crate) fn settle_clock(&mut self, out: &mut Out) {
        if self.relay_clock.settle(out.now()) {
            self.keep_clock(out);
            self.changed(out);
        }
        if let Some(until) = self.relay_clock.quiet_until {
            out.wake_at(until);
        }
    }

    fn keep_clock(&self, out: &mut Out) {
        out.write(self.area, "clock", self.relay_clock.to_bytes());
    }

    /// When the log's clock reaches a time, by this machine's clock.
    pub(crate) fn here(&self, log_ms: u64) -> Timestamp {
        let run_ahead = i128::from(self.cursor.clock.ms()) - i128::from(self.cursor.time.ms());
        let here = i128::from(log_ms) - run_ahead - i128::from(self.relay_clock.last);
        Timestamp::from_ms(u64::try_from(here.max(0)).unwrap_or(u64::MAX))
    }

    /// When the relay's own clock reaches a time, by this machine's clock.
    pub(crate) fn relay_here(&self, relay: Timestamp) -> Timestamp {
        let here = i128::from(relay.ms()) - i128::from(self.relay_clock.last);
        Timestamp::from_ms(u64::try_from(here.max(0)).unwrap_or(u64::MAX))
    }

    /// What the log's clock shows now, as far as this machine can tell.
    pub(crate) fn log_now_ms(&self, now: Timestamp) -> u64 {
        let run_ahead = i128::from(self.cursor.clock.ms()) - i128::from(self.cursor.time.ms());
        let log = i128::from(now.ms()) + run_ahead + i128::from(self.relay_clock.last);
        u64::try_from(log.max(0)).unwrap_or(u64::MAX)
    }

    /// A time of the log's clock as pages tell it: in the relay's time.
    pub(crate) fn shown_ms(&self, log_ms: u64) -> u64 {
        self.cursor.shown_ms(log_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    const HOUR: u64 = 3_600_000;

    #[test]
    fn a_constant_distance_is_told_and_keeps_nobody_quiet() {
        let mut clock = RelayClock::default();
        for hour in 10..20 {
            clock.measure(at((hour + 9) * HOUR), at(hour * HOUR));
            assert!(!clock.has_jumped());
        }
        assert_eq!(clock.apart_ms(), 9 * 3_600_000);
    }

    #[test]
    fn a_jump_keeps_quiet_until_the_clock_has_been_steady_and_so_does_its_end() {
        let mut clock = RelayClock::default();
        clock.measure(at(100 * HOUR), at(100 * HOUR));
        clock.measure(at(800 * HOUR), at(100 * HOUR + 1));
        assert!(clock.has_jumped());
        let later = at(100 * HOUR + 5_000);
        clock.measure(later, later);
        assert!(clock.has_jumped());
        assert!(!clock.settle(later.plus_ms(CLOCK_STEADY_MS - 1)));
        assert!(clock.settle(later.plus_ms(CLOCK_STEADY_MS)));
        assert!(!clock.has_jumped());
    }

    /// Steps that are each too small to be a jump are one all the same.
    #[test]
    fn who_walks_away_in_small_steps_is_noticed_each_time() {
        let mut clock = RelayClock::default();
        clock.measure(at(100 * HOUR), at(100 * HOUR));
        let mut noticed = 0;
        for step in 1..=40u64 {
            let now = at(100 * HOUR + step * CLOCK_STEADY_MS * 2);
            noticed += u32::from(clock.settle(now));
            clock.measure(now.plus_ms(step * CLOCK_JUMP_MS / 2), now);
        }
        assert!(noticed > 8, "{noticed}");
    }

    #[test]
    fn it_survives_a_restart() {
        let mut clock = RelayClock::default();
        clock.measure(at(5 * HOUR), at(HOUR));
        clock.measure(at(500 * HOUR), at(HOUR + 1));
        assert_eq!(RelayClock::parse(&clock.to_bytes()), Some(clock));
        assert_eq!(RelayClock::parse(b"short"), None);
    }
}
