//! How the relay's clock, and the log's clock that it moves, stand to this machine's. Deadlines are the log's
//! alone; but while the clocks move against each other, this seat does nothing that a false time could make worse.

use wire::Timestamp;

use crate::cursor::Cursor;
use crate::limits::{CLOCK_JUMP_MS, CLOCK_STEADY_MS};
use crate::out::Out;
use crate::room_log::RoomLog;
use crate::rules::{Rule, holds};

/// The bytes of a row.
const ROW_BYTES: usize = 40;

/// Distances to this machine's clock, ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct RelayClock {
    /// The relay's, when it last held steady.
    steady: Option<i64>,
    /// The relay's, by the latest entry.
    last: i64,
    /// It has jumped: until this time, by this machine, nothing is said that decides.
    quiet_until: Option<Timestamp>,
    /// The lead of the log's clock from which on it is judged: when this seat last began or ended to be quiet.
    judged_from: i64,
    /// The lead of the log's clock when the window of the Round that is open was set.
    window_from: Option<i64>,
    /// The log's clock says that a window is over which was to last longer: until then nothing is said either.
    held_until: Option<Timestamp>,
}

impl RelayClock {
    /// What is read late says only that the relay's clock was not behind it; but how the log's clock stands to
    /// the relay's is in the log, whenever it is read. True where something changed that a restart must know.
    pub(crate) fn reads(&mut self, place: &Cursor, is_live: bool, now: Timestamp) -> bool {
        let apart = i128::from(place.time.ms()) - i128::from(now.ms());
        let apart = i64::try_from(apart).unwrap_or(i64::MAX);
        let known = self.last;
        let apart = match (is_live, self.steady) {
            (true, _) => apart,
            (false, _) if apart > known => apart,
            (false, Some(_)) if holds(Rule::WhatIsReadLateCounts) => known,
            (false, _) => return false,
        };
        self.measure(apart, ahead(place), now)
    }

    /// An entry stands in the log where the relay's clock is `apart` from this machine's, and the log's clock
    /// is `ahead` of the relay's. True where something changed that a restart must know.
    fn measure(&mut self, apart: i64, ahead: i64, now: Timestamp) -> bool {
        let before = *self;
        let lead = apart.saturating_add(ahead);
        let first = before.steady.is_none();
        let steady = *self.steady.get_or_insert(apart);
        let last = if first { apart } else { self.last };
        self.last = apart;
        if first {
            self.judged_from = lead;
        }
        let moved = |from: i64| apart.abs_diff(from) > CLOCK_JUMP_MS;
        // Back where it was is a move as well: the log's clock has gone on by all of it.
        let jumped = moved(last) || (moved(steady) && self.quiet_until.is_none());
        let jumped = jumped && holds(Rule::JumpsKeepQuiet);
        let gained = gained(lead, self.judged_from) && holds(Rule::TheLogsClockIsJudged);
        if jumped || gained {
            self.quiet_until = Some(now.plus_ms(CLOCK_STEADY_MS));
            self.judged_from = lead;
        }
        RelayClock {
            last: before.last,
            ..*self
        } != before
    }

    /// Time alone makes it steady again: nobody has to say anything for that.
    pub(crate) fn settle(&mut self, place: &Cursor, now: Timestamp) -> bool {
        let over = self.quiet_until.is_some_and(|until| until <= now);
        if over {
            if holds(Rule::WhatHoldsIsSteady) {
                self.steady = Some(self.last);
            }
            self.judged_from = self.lead(ahead(place));
            self.quiet_until = None;
        }
        over
    }

    /// A window was set at this place.
    pub(crate) fn sets_window(&mut self, place: &Cursor) {
        let known = self.steady.is_some();
        self.window_from = known.then_some(self.lead(ahead(place)));
    }

    /// Judges whether the window that is open, if one is, is held open.
    pub(crate) fn hold(&mut self, place: &Cursor, ends_ms: Option<u64>, now: Timestamp) {
        let until = ends_ms.and_then(|ends| self.holds_until(ahead(place), ends));
        let until = until.filter(|until| *until > now);
        self.held_until = until.filter(|_| holds(Rule::WindowsLastByOwnClocks));
    }

    /// When the log's clock, as it stands at this place, reaches a time: by this machine's clock.
    pub(crate) fn here(&self, place: &Cursor, log_ms: u64) -> Timestamp {
        let here = i128::from(log_ms) - i128::from(ahead(place)) - i128::from(self.last);
        Timestamp::from_ms(u64::try_from(here.max(0)).unwrap_or(u64::MAX))
    }

    /// When the next thing changes by time alone.
    pub(crate) fn due(&self) -> impl Iterator<Item = Timestamp> {
        [self.quiet_until, self.held_until].into_iter().flatten()
    }

    /// How far the log's clock is before this machine's.
    fn lead(&self, ahead: i64) -> i64 {
        self.last.saturating_add(ahead)
    }

    /// Until when a window is held open that ends at this time of the log's clock: where that has gained more
    /// than may be since the window was set, nearly as long as was promised then, by this machine's clock.
    fn holds_until(&self, ahead: i64, ends_ms: u64) -> Option<Timestamp> {
        let promised = self.promised(ahead, ends_ms)?;
        let until = promised.ms().saturating_sub(CLOCK_JUMP_MS);
        Some(Timestamp::from_ms(until))
    }

    /// When such a window was to end, as all pages said when it was set.
    fn promised(&self, ahead: i64, ends_ms: u64) -> Option<Timestamp> {
        let from = self.window_from?;
        if !gained(self.lead(ahead), from) {
            return None;
        }
        let ends = i128::from(ends_ms) - i128::from(from);
        Some(Timestamp::from_ms(u64::try_from(ends).unwrap_or(0)))
    }

    pub(crate) fn has_jumped(&self) -> bool {
        self.quiet_until.is_some() || self.held_until.is_some()
    }

    /// What a page tells where it is more than a little.
    pub(crate) fn apart_ms(&self) -> i64 {
        self.last
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let until = self.quiet_until.map_or(0, |until| until.ms());
        let steady = self.steady.unwrap_or(self.last);
        [
            steady.to_be_bytes(),
            self.last.to_be_bytes(),
            until.to_be_bytes(),
            self.judged_from.to_be_bytes(),
            self.window_from.unwrap_or(i64::MIN).to_be_bytes(),
        ]
        .concat()
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<RelayClock> {
        let bytes = <&[u8; ROW_BYTES]>::try_from(bytes).ok()?;
        let (numbers, _) = bytes.as_chunks::<8>();
        let &[steady, last, until, judged_from, window_from] = numbers else {
            return None;
        };
        let until = u64::from_be_bytes(until);
        let window_from = i64::from_be_bytes(window_from);
        Some(RelayClock {
            steady: Some(i64::from_be_bytes(steady)),
            last: i64::from_be_bytes(last),
            quiet_until: (until > 0).then(|| Timestamp::from_ms(until)),
            judged_from: i64::from_be_bytes(judged_from),
            window_from: (window_from > i64::MIN).then_some(window_from),
            held_until: None,
        })
    }
}

/// More than an honest relay's clock moves against an honest machine's.
fn gained(lead: i64, from: i64) -> bool {
    lead > from && lead.abs_diff(from) > CLOCK_JUMP_MS
}

/// How far the log's clock is before the relay's.
fn ahead(place: &Cursor) -> i64 {
    let ahead = place.clock.ms().saturating_sub(place.time.ms());
    i64::try_from(ahead).unwrap_or(i64::MAX)
}

impl RoomLog {
    /// An entry was read that stands at this place.
    pub(crate) fn watch_clock(&mut self, place: &Cursor, out: &mut Out) {
        let is_live = self.live_since.is_some();
        if self.relay_clock.reads(place, is_live, out.now()) {
            self.keep_clock(out);
        }
        self.hold_window(place, out.now());
    }

    /// A window was set just now: it lasts as long as everybody's page says, by each own clock.
    pub(crate) fn watch_window(&mut self, place: &Cursor, out: &mut Out) {
        self.relay_clock.sets_window(place);
        self.keep_clock(out);
        self.hold_window(place, out.now());
    }

    fn hold_window(&mut self, place: &Cursor, now: Timestamp) {
        let ends_ms = self.state.open_round().map(|open| open.ends_ms);
        self.relay_clock.hold(place, ends_ms, now);
    }

    /// Asks to be woken for the time at which it is steady again.
    pub(crate) fn settle_clock(&mut self, out: &mut Out) {
        let place = self.cursor;
        let held = self.relay_clock.held_until;
        if self.relay_clock.settle(&place, out.now()) {
            self.keep_clock(out);
            self.changed(out);
        }
        self.hold_window(&place, out.now());
        if held != self.relay_clock.held_until {
            self.changed(out);
        }
        self.relay_clock.due().for_each(|until| out.wake_at(until));
    }

    fn keep_clock(&self, out: &mut Out) {
        out.write(self.area, "clock", self.relay_clock.to_bytes());
    }

    /// When the log's clock reaches a time, by this machine's clock.
    pub(crate) fn here(&self, log_ms: u64) -> Timestamp {
        self.relay_clock.here(&self.cursor, log_ms)
    }

    /// What the log's clock shows now, as far as this machine can tell.
    pub(crate) fn log_now_ms(&self, now: Timestamp) -> u64 {
        let run_ahead = i128::from(self.cursor.clock.ms()) - i128::from(self.cursor.time.ms());
        let log = i128::from(now.ms()) + run_ahead + i128::from(self.relay_clock.last);
        u64::try_from(log.max(0)).unwrap_or(u64::MAX)
    }

    /// The end of the window that is open, as pages tell it.
    pub(crate) fn window_end_ms(&self, ends_ms: u64) -> u64 {
        let promised = self.relay_clock.promised(ahead(&self.cursor), ends_ms);
        promised.map_or_else(|| self.shown_ms(ends_ms), Timestamp::ms)
    }

    /// A time of the log's clock as pages tell it: in the relay's time.
    pub(crate) fn shown_ms(&self, log_ms: u64) -> u64 {
        self.cursor.shown_ms(log_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::MailboxId;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    /// A place where the log's clock is so far before the relay's.
    fn place(ahead_ms: i64) -> Cursor {
        let start = Cursor::start(&MailboxId::new([1; 32]));
        Cursor {
            clock: at(u64::try_from(ahead_ms).unwrap()),
            ..start
        }
    }

    impl RelayClock {
        /// An entry that came just now stands at `log`.
        fn sees(&mut self, log: Timestamp, now: Timestamp) {
            let apart = i64::try_from(log.ms()).unwrap() - i64::try_from(now.ms()).unwrap();
            self.measure(apart, 0, now);
        }
    }

    const HOUR: u64 = 3_600_000;

    #[test]
    fn a_constant_distance_is_told_and_keeps_nobody_quiet() {
        let mut clock = RelayClock::default();
        for hour in 10..20 {
            clock.sees(at((hour + 9) * HOUR), at(hour * HOUR));
            assert!(!clock.has_jumped());
        }
        assert_eq!(clock.apart_ms(), 9 * 3_600_000);
    }

    #[test]
    fn a_jump_keeps_quiet_until_the_clock_has_been_steady_and_so_does_its_end() {
        let mut clock = RelayClock::default();
        clock.sees(at(100 * HOUR), at(100 * HOUR));
        clock.sees(at(800 * HOUR), at(100 * HOUR + 1));
        assert!(clock.has_jumped());
        let later = at(100 * HOUR + 5_000);
        clock.sees(later, later);
        assert!(clock.has_jumped());
        assert!(!clock.settle(&place(0), later.plus_ms(CLOCK_STEADY_MS - 1)));
        assert!(clock.settle(&place(0), later.plus_ms(CLOCK_STEADY_MS)));
        assert!(!clock.has_jumped());
    }

    /// Steps that are each too small to be a jump are one all the same.
    #[test]
    fn who_walks_away_in_small_steps_is_noticed_each_time() {
        let mut clock = RelayClock::default();
        clock.sees(at(100 * HOUR), at(100 * HOUR));
        let mut noticed = 0;
        for step in 1..=40u64 {
            let now = at(100 * HOUR + step * CLOCK_STEADY_MS * 2);
            noticed += u32::from(clock.settle(&place(0), now));
            clock.sees(now.plus_ms(step * CLOCK_JUMP_MS / 2), now);
        }
        assert!(noticed > 8, "{noticed}");
    }

    /// Each rise is too small to be a jump, and each fall takes nothing back.
    #[test]
    fn what_the_logs_clock_gains_by_swings_keeps_quiet_as_long_as_it_goes_on() {
        let mut clock = RelayClock::default();
        let (start, mut ahead) = (100 * HOUR, 0);
        clock.measure(0, 0, at(start));
        for swing in 1..=60 {
            let now = at(start + swing * 120_000);
            assert!(!clock.settle(&place(ahead), now));
            clock.measure(300_000, ahead, now);
            assert_eq!(clock.has_jumped(), swing > 2);
            ahead += 300_000;
            clock.measure(0, ahead, now);
        }
        let end = at(start + 60 * 120_000 + CLOCK_STEADY_MS);
        assert!(clock.settle(&place(ahead), end));
        clock.measure(0, ahead, end);
        assert!(!clock.has_jumped(), "what was told once is told");
    }

    /// Entries that were read late cannot hide it: the falls stand in the log.
    #[test]
    fn what_was_gained_while_nobody_listened_is_noticed_afterwards() {
        let mut clock = RelayClock::default();
        clock.measure(0, 0, at(100 * HOUR));
        clock.measure(0, 86_400_000, at(124 * HOUR));
        assert!(clock.has_jumped());
    }

    #[test]
    fn a_window_lasts_nearly_as_long_as_was_promised() {
        let window_from = Some(5_000);
        let clock = RelayClock {
            window_from,
            ..RelayClock::default()
        };
        let ends_ms = 200 * HOUR;
        assert_eq!(clock.holds_until(5_000 + 600_000, ends_ms), None);
        let until = at(ends_ms - 5_000 - CLOCK_JUMP_MS);
        assert_eq!(clock.holds_until(5_000 + 600_001, ends_ms), Some(until));
    }

    #[test]
    fn it_survives_a_restart() {
        let mut clock = RelayClock::default();
        clock.sees(at(5 * HOUR), at(HOUR));
        clock.sees(at(500 * HOUR), at(HOUR + 1));
        assert_eq!(RelayClock::parse(&clock.to_bytes()), Some(clock));
        clock.window_from = Some(-7);
        assert_eq!(RelayClock::parse(&clock.to_bytes()), Some(clock));
        assert_eq!(RelayClock::parse(b"short"), None);
    }
}
