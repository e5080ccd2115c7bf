//! Which of several Welcomes leads into the side's caucus. Any colleague can make one into a group of its own
//! under the caucus's id: a key package is used up only once the log itself was live by the group's token.

use std::collections::{BTreeMap, BTreeSet};

use room::{SeatId, SideId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::Timestamp;

use crate::asking::{Entered, enter, forget_waiting};
use crate::command::Place;
use crate::epoch_keys::token_for;
use crate::limits::{WELCOME_PROVEN_MS, WELCOME_TRIED_MS, WELCOMES_KEPT};
use crate::lobby::Welcome;
use crate::mls::MlsError;
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::participant::{CAUCUS_AREA, Participant};
use crate::records::{DamagedVault, Rows};
use crate::room_log::{Beginning, RoomLog};
use crate::standing::Standing;

/// Rows: what each colleague sent, who led this seat where it is, for which key package, and who led it astray.
const SENT: &[u8] = b"welcome/";
const LED: &[u8] = b"welcomed_by";
const REQUEST: &[u8] = b"welcome_for";
const ASTRAY: &[u8] = b"astray/";

/// What came for the key package that this seat published last.
#[derive(Default)]
pub(crate) struct Welcomes {
    request: Option<[u8; 32]>,
    /// The first of each colleague.
    sent: BTreeMap<SeatId, Sent>,
    /// By whose Welcome this seat is where it is.
    led_by: Option<SeatId>,
    /// Who led it to where no log was: of them it expects the right one last, by later key packages too.
    astray: BTreeSet<SeatId>,
    trial: Trial,
}

/// A Welcome, until it is tried or gives way to another one.
struct Sent {
    epoch: [u8; 32],
    welcome: Option<Vec<u8>>,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct SentRow {
    epoch: [u8; 32],
    welcome: Option<VLBytes>,
}

/// How long the log was live, and how long its relay refused, since a Welcome was entered by. Sums, so that nobody
/// who breaks the log off for a moment, or opens it for one, decides.
#[derive(Default)]
struct Trial {
    live_ms: u64,
    refused_ms: u64,
    last: Option<(Timestamp, Answer)>,
}

/// What the relay says to the token that a Welcome gave.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Live,
    Refused,
    None,
}

impl Trial {
    fn note(&mut self, now: Timestamp, answer: Answer) {
        if let Some((since, before)) = self.last.replace((now, answer)) {
            let passed = now.ms().saturating_sub(since.ms());
            match before {
                Answer::Live => self.live_ms = self.live_ms.saturating_add(passed),
                Answer::Refused => self.refused_ms = self.refused_ms.saturating_add(passed),
                Answer::None => {}
            }
        }
    }

    fn is_proven(&self) -> bool {
        self.live_ms >= WELCOME_PROVEN_MS
    }

    fn has_failed(&self) -> bool {
        self.refused_ms >= WELCOME_TRIED_MS
    }

    /// When one of the two is decided if nothing changes.
    fn due(&self) -> Option<Timestamp> {
        let (since, answer) = self.last?;
        let left = match answer {
            Answer::Live => WELCOME_PROVEN_MS.checked_sub(self.live_ms)?,
            Answer::Refused => WELCOME_TRIED_MS.checked_sub(self.refused_ms)?,
            Answer::None => return None,
        };
        (left > 0).then(|| since.plus_ms(left))
    }
}

fn row_of(prefix: &[u8], seat: SeatId) -> Vec<u8> {
    [prefix, &seat.0.to_be_bytes()].concat()
}

fn seat_of(number: &[u8]) -> Option<SeatId> {
    Some(SeatId(u32::from_be_bytes(number.try_into().ok()?)))
}

impl Welcomes {
    pub(crate) fn load(rows: &Rows) -> Result<Welcomes, DamagedVault> {
        Self::of_rows(rows).ok_or(DamagedVault("welcome"))
    }

    fn of_rows(rows: &Rows) -> Option<Welcomes> {
        let mut welcomes = Welcomes::default();
        if let Some(request) = rows.get(REQUEST) {
            welcomes.request = Some(request.as_slice().try_into().ok()?);
        }
        if let Some(seat) = rows.get(LED) {
            welcomes.led_by = Some(seat_of(seat)?);
        }
        for (key, value) in rows {
            if let Some(seat) = key.strip_prefix(SENT) {
                let row = SentRow::tls_deserialize_exact_bytes(value).ok()?;
                let (epoch, welcome) = (row.epoch, row.welcome.map(Vec::from));
                welcomes
                    .sent
                    .insert(seat_of(seat)?, Sent { epoch, welcome });
            } else if let Some(seat) = key.strip_prefix(ASTRAY) {
                welcomes.astray.insert(seat_of(seat)?);
            }
        }
        Some(welcomes)
    }

    /// Another key package was published: what came for the one before leads nowhere any more.
    pub(crate) fn ask(&mut self, request: [u8; 32], out: &mut Out) {
        self.forget(out);
        self.request = Some(request);
        out.write(CAUCUS_AREA, REQUEST, request);
    }

    pub(crate) fn forget(&mut self, out: &mut Out) {
        if self.trial.has_failed() {
            self.note_astray(out);
        }
        for seat in std::mem::take(&mut self.sent).into_keys() {
            out.remove(CAUCUS_AREA, row_of(SENT, seat));
        }
        (self.request, self.led_by) = (None, None);
        self.trial = Trial::default();
        out.remove(CAUCUS_AREA, REQUEST);
        out.remove(CAUCUS_AREA, LED);
    }

    fn note_astray(&mut self, out: &mut Out) {
        if let Some(seat) = self.led_by
            && self.astray.insert(seat)
        {
            out.write(CAUCUS_AREA, row_of(ASTRAY, seat), []);
        }
    }

    /// The first Welcome of each colleague, and into one epoch the first of all: whoever entered the same epoch a
    /// second time would speak in it by the numbers of the first time.
    fn is_new(&self, by: SeatId, epoch: &[u8; 32]) -> bool {
        let mut sent = self.sent.values();
        !self.sent.contains_key(&by) && sent.all(|one| one.epoch != *epoch)
    }

    /// Keeps what has a place. Where all are taken, who never led this seat astray takes that of one who did.
    fn keep(&mut self, by: SeatId, epoch: [u8; 32], welcome: Vec<u8>, out: &mut Out) {
        let untried = self.sent.iter().filter(|(_, one)| one.welcome.is_some());
        let untried: Vec<SeatId> = untried.map(|(seat, _)| *seat).collect();
        if untried.len() >= WELCOMES_KEPT {
            let way = untried.iter().find(|seat| self.astray.contains(*seat));
            let (Some(way), false) = (way.copied(), self.astray.contains(&by)) else {
                return;
            };
            self.take(way, out);
        }
        let welcome = Some(welcome);
        self.sent.insert(by, Sent { epoch, welcome });
        self.store(by, out);
    }

    fn store(&self, seat: SeatId, out: &mut Out) {
        let Some(sent) = self.sent.get(&seat) else {
            return;
        };
        let row = SentRow {
            epoch: sent.epoch,
            welcome: sent.welcome.as_deref().map(VLBytes::from),
        };
        let row = row.tls_serialize_detached().expect("below a bucket's size");
        out.write(CAUCUS_AREA, row_of(SENT, seat), row);
    }

    /// What a colleague sent, which is then tried.
    fn take(&mut self, seat: SeatId, out: &mut Out) -> Option<Vec<u8>> {
        let welcome = self.sent.get_mut(&seat)?.welcome.take();
        self.store(seat, out);
        welcome
    }

    /// Whose is tried next: theirs who never led this seat astray, then the others'.
    fn next(&self) -> Option<SeatId> {
        let untried = self.sent.iter().filter(|(_, one)| one.welcome.is_some());
        untried
            .map(|(seat, _)| *seat)
            .min_by_key(|seat| (self.astray.contains(seat), *seat))
    }

    fn entered_by(&mut self, seat: SeatId, out: &mut Out) {
        self.note_astray(out);
        self.led_by = Some(seat);
        self.trial = Trial::default();
        out.write(CAUCUS_AREA, LED, seat.0.to_be_bytes());
    }

    /// The log is that of the group: nothing else is entered by this key package.
    fn prove(&mut self, out: &mut Out) {
        self.trial = Trial::default();
        let untried = self.sent.iter().filter(|(_, one)| one.welcome.is_some());
        let untried: Vec<SeatId> = untried.map(|(seat, _)| *seat).collect();
        for seat in untried {
            self.take(seat, out);
        }
        if let Some(seat) = self.led_by
            && self.astray.remove(&seat)
        {
            out.remove(CAUCUS_AREA, row_of(ASTRAY, seat));
        }
    }
}

impl Participant {
    /// Entered by a Welcome whose group the log has not yet shown to be its own.
    pub(crate) fn is_on_trial(&self) -> bool {
        self.caucus_waiting.is_some() && self.welcomes.led_by.is_some()
    }

    pub(crate) fn on_caucus_welcome(
        &mut self,
        by: SeatId,
        bytes: &[u8],
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let (Ok(welcome), Some((side, _))) =
            (Welcome::tls_deserialize_exact_bytes(bytes), self.own_side())
        else {
            return Ok(());
        };
        if self.welcomes.request != Some(welcome.request) {
            return Ok(());
        }
        let Some(waiting) = &self.caucus_waiting else {
            // It is in, and cannot look any more where this one leads.
            if self.welcomes.led_by != Some(by) {
                self.tell_two_caucuses(by, out);
            }
            return Ok(());
        };
        // Whatever else comes by that name: the right one may still come.
        let Some(entered) = enter(waiting, &welcome) else {
            return Ok(());
        };
        if !self.is_own_caucus(&entered, side) {
            out.notify(Notice::Alarm(Alarm::FalseCaucus));
            return Ok(());
        }
        let token = token_for(&entered.group, entered.mailbox)?;
        let epoch = *token.hash().as_bytes();
        if self.welcomes.is_new(by, &epoch) {
            self.welcomes.keep(by, epoch, bytes.to_vec(), out);
            self.tell_two_caucuses(by, out);
            out.durable();
        }
        Ok(())
    }

    /// Honest programs add somebody once: where two lead it into two groups, one of them is not the caucus.
    fn tell_two_caucuses(&self, by: SeatId, out: &mut Out) {
        let Some(plenary) = &self.plenary else { return };
        let seats: BTreeSet<SeatId> = self.welcomes.sent.keys().copied().chain([by]).collect();
        if seats.len() < 2 {
            return;
        }
        for seat in seats.iter().filter_map(|seat| plenary.state.seat(*seat)) {
            out.notify(Notice::Doubted {
                alarm: Alarm::TwoCaucuses,
                seat: seat.id,
                name: seat.name.as_str().to_owned(),
            });
        }
        out.notify(Notice::Alarm(Alarm::TwoCaucuses));
    }

    /// Enters by a Welcome, by the next one where its group's token opened no log, and by none any more once it did.
    pub(crate) fn keep_welcomes(&mut self, out: &mut Out) -> Result<(), MlsError> {
        if self.caucus_waiting.is_none() {
            return Ok(());
        }
        let standing = self.caucus.as_ref().map(|log| log.standing);
        if self.welcomes.led_by.is_some() {
            let answer = self.caucus.as_ref().map_or(Answer::None, answer_of);
            self.welcomes.trial.note(out.now(), answer);
            if self.welcomes.trial.is_proven() {
                self.use_up_waiting(out);
                return Ok(());
            }
            if let Some(due) = self.welcomes.trial.due() {
                out.wake_at(due);
            }
            if !self.welcomes.trial.has_failed() {
                return Ok(());
            }
        } else if standing == Some(Standing::Member) {
            // Whoever can follow its caucus after all goes nowhere else.
            return Ok(());
        }
        match standing.is_some_and(Standing::is_final) {
            true => Ok(()),
            false => self.enter_next(out),
        }
    }

    /// The key package's private parts are erased here.
    fn use_up_waiting(&mut self, out: &mut Out) {
        if let Some(waiting) = self.caucus_waiting.take() {
            forget_waiting(CAUCUS_AREA, &waiting, out);
        }
        self.welcomes.prove(out);
        out.durable();
    }

    fn enter_next(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let Some((side, _)) = self.own_side() else {
            return Ok(());
        };
        while let Some(by) = self.welcomes.next() {
            let bytes = self.welcomes.take(by, out);
            // Looked at when it came; since then somebody may have left, or the caucus been founded anew.
            if let Some(entered) = bytes.and_then(|bytes| self.opens(&bytes, side)) {
                self.welcomes.entered_by(by, out);
                return self.enter_caucus(entered, out);
            }
        }
        Ok(())
    }

    fn opens(&self, bytes: &[u8], side: SideId) -> Option<Entered> {
        let welcome = Welcome::tls_deserialize_exact_bytes(bytes).ok()?;
        let entered = enter(self.caucus_waiting.as_ref()?, &welcome);
        entered.filter(|entered| self.is_own_caucus(entered, side))
    }

    fn enter_caucus(&mut self, entered: Entered, out: &mut Out) -> Result<(), MlsError> {
        let beginning = Beginning {
            area: CAUCUS_AREA,
            place: Place::Caucus,
            relay: entered.relay,
            mailbox: entered.mailbox,
            group: entered.group,
            state: entered.state,
            cursor: entered.cursor,
            founder: None,
            base: 0,
        };
        self.take_caucus(beginning, out)?;
        if let Some(log) = &mut self.caucus {
            log.play = entered.play;
            log.persist_play(out);
        }
        Ok(())
    }
}

fn answer_of(log: &RoomLog) -> Answer {
    match (log.live_since, log.dark.is_refused) {
        (Some(_), _) => Answer::Live,
        (None, true) => Answer::Refused,
        (None, false) => Answer::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::{Ctx, Row};

    struct Zeros;

    impl rand_core::TryRng for Zeros {
        type Error = core::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(0)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(0)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.fill(0);
            Ok(())
        }
    }

    impl rand_core::TryCryptoRng for Zeros {}

    /// Does something, and writes its rows down as a vault does.
    fn written(rows: &mut Rows, act: impl FnOnce(&mut Out)) {
        let mut next_frame = 0;
        let now = Timestamp::from_ms(1);
        let mut ctx = Ctx {
            now,
            rng: &mut Zeros,
        };
        let mut out = Out::new(&mut ctx, &mut next_frame);
        act(&mut out);
        for Row { key, value, .. } in out.finish().persist.rows {
            match value {
                Some(value) => drop(rows.insert(key, value.to_vec())),
                None => drop(rows.remove(&key)),
            }
        }
    }

    fn letter(seat: u32) -> ([u8; 32], Vec<u8>) {
        ([u8::try_from(seat).unwrap(); 32], vec![7; 10])
    }

    /// A colleague's Welcome, if it is the first.
    fn comes(welcomes: &mut Welcomes, rows: &mut Rows, seat: u32) {
        let (epoch, welcome) = letter(seat);
        written(rows, |out| {
            if welcomes.is_new(SeatId(seat), &epoch) {
                welcomes.keep(SeatId(seat), epoch, welcome, out);
            }
        });
    }

    /// The next one is tried, and leads nowhere.
    fn fails(welcomes: &mut Welcomes, rows: &mut Rows) -> Option<SeatId> {
        let next = welcomes.next()?;
        written(rows, |out| {
            welcomes.take(next, out);
            welcomes.entered_by(next, out);
            welcomes.trial.refused_ms = WELCOME_TRIED_MS;
        });
        Some(next)
    }

    /// More colleagues than Welcomes are kept lead it astray before the right one comes, each time anew.
    #[test]
    fn whatever_number_leads_astray_the_right_welcome_has_its_turn() {
        let (mut welcomes, mut rows) = (Welcomes::default(), Rows::new());
        let (false_ones, right) = (20, SeatId(30));
        let mut turns = 0;
        for request in 0..4 {
            written(&mut rows, |out| welcomes.ask([request; 32], out));
            for seat in 0..false_ones {
                comes(&mut welcomes, &mut rows, seat);
            }
            comes(&mut welcomes, &mut rows, right.0);
            let kept = rows.values().filter(|row| row.ends_with(&[7; 10])).count();
            assert!(kept <= WELCOMES_KEPT);
            while let Some(seat) = fails(&mut welcomes, &mut rows) {
                if seat == right {
                    return assert!(turns <= false_ones, "{turns} of {false_ones}");
                }
                turns += 1;
            }
        }
        panic!("the right one never had its turn");
    }

    #[test]
    fn the_first_of_each_colleague_counts_and_the_first_into_an_epoch() {
        let (mut welcomes, mut rows) = (Welcomes::default(), Rows::new());
        written(&mut rows, |out| welcomes.ask([1; 32], out));
        comes(&mut welcomes, &mut rows, 1);
        let (epoch, _) = letter(1);
        assert!(!welcomes.is_new(SeatId(1), &[99; 32]));
        assert!(!welcomes.is_new(SeatId(2), &epoch), "a copy of the first");
        assert!(welcomes.is_new(SeatId(2), &[99; 32]));
        fails(&mut welcomes, &mut rows);
        assert!(!welcomes.is_new(SeatId(2), &epoch), "tried or not");
    }

    #[test]
    fn a_restart_finds_what_was_sent_and_who_led_astray() {
        let (mut welcomes, mut rows) = (Welcomes::default(), Rows::new());
        written(&mut rows, |out| welcomes.ask([1; 32], out));
        for seat in [1, 2, 3] {
            comes(&mut welcomes, &mut rows, seat);
        }
        fails(&mut welcomes, &mut rows);
        fails(&mut welcomes, &mut rows);
        let again = Welcomes::load(&rows).unwrap();
        assert_eq!(again.request, Some([1; 32]));
        assert_eq!(again.led_by, Some(SeatId(2)));
        assert_eq!(again.next(), Some(SeatId(3)));
        assert_eq!(again.astray, BTreeSet::from([SeatId(1)]));
        let mut welcomes = again;
        written(&mut rows, |out| welcomes.prove(out));
        assert_eq!(welcomes.next(), None);
        written(&mut rows, |out| welcomes.forget(out));
        let left: Vec<&Vec<u8>> = rows.keys().collect();
        assert_eq!(left, [&row_of(ASTRAY, SeatId(1))], "nothing else is kept");
    }

    #[test]
    fn a_trial_counts_all_that_was_live_and_all_that_was_refused() {
        let mut trial = Trial::default();
        let mut now = Timestamp::from_ms(5_000);
        while !trial.has_failed() {
            for (ms, answer) in [
                (1_000, Answer::Live),
                (9_000, Answer::Refused),
                (50_000, Answer::None),
            ] {
                trial.note(now, answer);
                now = now.plus_ms(ms);
            }
            assert!(now.ms() < 500_000, "a moment now and then changes little");
            trial.note(now, Answer::None);
        }
        assert!(!trial.is_proven());
        let mut trial = Trial::default();
        trial.note(now, Answer::Live);
        assert_eq!(trial.due(), Some(now.plus_ms(WELCOME_PROVEN_MS)));
        trial.note(now.plus_ms(WELCOME_PROVEN_MS), Answer::Refused);
        assert!(trial.is_proven());
    }
}
