//! A Round's collection, as the log tells it: START, each run's messages, its end. This half is
//! public: convenors, newcomers and restarted nodes fold it alike. What this seat says is in `speak`.

use std::sync::Arc;

use room::{
    Commitment, Event, FailedWhy, Leaf, RoundClosed, RoundFailed, RoundId, RunEnded, SeatId,
};
use round::{
    Entry as RoundEntry, Member, Message, Opened, OpenedSlot, RunEnd, Sequence, Start, Terms, Time,
    Verdict,
};

use crate::cursor::Cursor;
use crate::fold::After;
use crate::locks::Locks;
use crate::mls::MlsError;
use crate::mls::SUITE_NUMBER;
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::play::Play;
use crate::records::{opening_row, run_row};
use crate::room_log::RoomLog;
use crate::view::Opening;

impl RoomLog {
    /// START stands: the roster is frozen.
    pub(crate) fn begin_play(&mut self, round: RoundId, place: &Cursor, out: &mut Out) {
        let Some((terms, window_end_ms)) = self.terms(place) else {
            return;
        };
        let at = Time {
            time_ms: place.time.ms(),
            head: *place.head.as_bytes(),
        };
        let Ok(sequence) = Sequence::begin(terms, at) else {
            // The room's rules are stricter than the sequence's: this cannot be reached by a Round
            // that the fold has started.
            return;
        };
        self.play = Some(Play::new(round, sequence, window_end_ms, out.now()));
        self.persist_sequence(out);
    }

    fn terms(&self, place: &Cursor) -> Option<(Terms, u64)> {
        let open_round = self.state.open_round()?;
        let run = open_round.run()?;
        let ctx0 = round::ctx0(&Start {
            group: self.group.id().to_vec(),
            epoch: self.group.epoch(),
            authenticator: self.group.epoch_authenticator(),
            round: open_round.open.id.0.to_vec(),
            open: open_round.open.hash().0,
            index: place.next.saturating_sub(1),
            head: *place.head.as_bytes(),
            suite: SUITE_NUMBER,
        });
        let side = match open_round.open.audience {
            room::Audience::Room => None,
            room::Audience::Side(side) => Some(side.0),
        };
        let member = |seat: &room::RosterSeat| Member {
            leaf: seat.leaf.0,
            signature_key: seat.signature_key.clone(),
        };
        let terms = Terms {
            ctx0,
            side,
            lanes: 1,
            slot_bytes: open_round.open.slot_size.bytes(),
            phase_ms: open_round.open.phase_ms,
            opening: run.opening_roster.iter().map(member).collect(),
            floor: run.floor,
        };
        Some((terms, open_round.ends_ms))
    }

    /// The run's beginning, from which its messages are replayed after a restart.
    pub(crate) fn persist_sequence(&mut self, out: &mut Out) {
        let Some(play) = &mut self.play else { return };
        for row in std::mem::take(&mut play.rows) {
            out.remove(self.area, row);
        }
        out.write(self.area, "play", play.to_bytes());
    }

    pub(crate) fn on_round_message(
        &mut self,
        from: Leaf,
        round: RoundId,
        bytes: &[u8],
        place: &Cursor,
        locks: &mut Locks,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let (Some(play), Ok(message)) = (&mut self.play, Message::decode(bytes)) else {
            return self.void_post();
        };
        if play.round != round {
            return self.void_post();
        }
        if let Message::Join(join) = &message {
            // A head that is not in this log: its sender was shown another one. A process that
            // did not see the run begin cannot judge.
            let saw_it_begin = play.own_run == Some(play.sequence.run_number());
            if saw_it_begin && !self.history.knows(&join.head) {
                out.notify(Notice::Alarm(Alarm::HistoriesDiffer));
            }
        }
        let entry = RoundEntry {
            from: Some(from.0),
            time_ms: place.time.ms(),
            head: *place.head.as_bytes(),
        };
        let row = run_row(place.next.saturating_sub(1), &entry, bytes);
        let before = play.sequence.ctx_r();
        let verdict = play.sequence.apply(entry, &message);
        match &verdict {
            Verdict::RunEnded(_) | Verdict::BelowFloor(_) => self.run_over(before, locks, out),
            Verdict::Disturbed(_) => self.reveal(locks, out),
            // A release that stays away unlocks nothing, and nothing of it was kept back.
            Verdict::GaveUp(_) | Verdict::AllGo | Verdict::Opened(_) => {}
            Verdict::Void(_) | Verdict::Counted | Verdict::SenderAbsent(_) => {}
            Verdict::PhaseDone(_) => {}
        }
        self.on_verdict(round, verdict, row, place, out)
    }

    fn on_verdict(
        &mut self,
        round: RoundId,
        verdict: Verdict,
        row: (Vec<u8>, Vec<u8>),
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        match verdict {
            Verdict::Void(_) => self.void_post(),
            Verdict::Counted
            | Verdict::SenderAbsent(_)
            | Verdict::PhaseDone(_)
            | Verdict::Disturbed(_) => {
                if matches!(verdict, Verdict::Disturbed(_)) {
                    self.changed(out);
                }
                self.keep_run_message(row, out);
                Ok(After::default())
            }
            Verdict::RunEnded(end) => {
                let ended = self.run_ended(round, &end);
                self.persist_sequence(out);
                self.derive(Event::RunEnded(ended), place, out)
            }
            Verdict::BelowFloor(end) => {
                let ended = self.run_ended(round, &end);
                let mut after = self.derive(Event::RunEnded(ended), place, out)?;
                let failed = self.round_failed(round, FailedWhy::BelowFloor, place, out)?;
                after.effects.extend(failed.effects);
                Ok(after)
            }
            Verdict::GaveUp(_) => self.round_failed(round, FailedWhy::GaveUp, place, out),
            Verdict::AllGo => {
                self.release(out);
                self.persist_sequence(out);
                self.derive(Event::RunReleased(round), place, out)
            }
            Verdict::Opened(opened) => self.round_opened(round, opened, place, out),
        }
    }

    fn keep_run_message(&mut self, (key, value): (Vec<u8>, Vec<u8>), out: &mut Out) {
        if let Some(play) = &mut self.play {
            play.rows.push(key.clone());
            out.write(self.area, key, value);
        }
    }

    /// Who is left out from now on: the absent and the disruptors, told apart.
    fn run_ended(&self, round: RoundId, end: &RunEnd) -> RunEnded {
        let seats = |disruption: bool| -> Vec<SeatId> {
            let named = end.out.iter();
            named
                .filter(|(_, cause)| cause.is_disruption() == disruption)
                .filter_map(|(leaf, _)| self.state.by_leaf(Leaf(*leaf)))
                .map(|seat| seat.id)
                .collect()
        };
        RunEnded {
            round,
            absent: seats(false),
            disruptors: seats(true),
        }
    }

    fn derive(&mut self, event: Event, place: &Cursor, out: &mut Out) -> Result<After, MlsError> {
        let effect = self.state.apply(None, place.time.ms(), &event);
        let effect = effect.map_err(|_| MlsError::inconsistent())?;
        self.changed(out);
        Ok(After {
            effects: vec![(self.own_leaf(), event, effect)],
            ..After::default()
        })
    }

    fn round_failed(
        &mut self,
        round: RoundId,
        why: FailedWhy,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        if why == FailedWhy::GaveUp {
            self.keep_back(round, out);
        }
        self.end_play(out);
        self.derive(Event::RoundFailed(RoundFailed { round, why }), place, out)
    }

    fn round_opened(
        &mut self,
        round: RoundId,
        opened: Opened,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let (Some(play), Some(open_round)) = (&self.play, self.state.open_round()) else {
            return Err(MlsError::inconsistent());
        };
        let run = open_round.run().ok_or_else(MlsError::inconsistent)?;
        let slots: Vec<&OpenedSlot> = opened.payloads.iter().flatten().collect();
        let texts: Vec<(&str, Commitment)> = slots
            .iter()
            .filter_map(|slot| match slot {
                OpenedSlot::Text { text, salt } => {
                    Some((text.as_str(), Commitment::to(salt, text)))
                }
                OpenedSlot::Blank | OpenedSlot::Void => None,
            })
            .collect();
        let final_roster: Vec<SeatId> = run.roster().map(|member| member.seat).collect();
        let blanks = slots
            .iter()
            .filter(|slot| matches!(slot, OpenedSlot::Blank))
            .count();
        let closed = RoundClosed {
            round,
            runs: run.runs_ended.saturating_add(1),
            final_roster,
            statements: texts.iter().map(|(_, commitment)| *commitment).collect(),
            blanks: u16::try_from(blanks).unwrap_or(u16::MAX),
        };
        let opening = Opening {
            round,
            question: open_round.open.question.as_str().to_owned(),
            opening_roster: u16::try_from(run.opening_roster.len()).unwrap_or(u16::MAX),
            final_roster: u16::try_from(closed.final_roster.len()).unwrap_or(u16::MAX),
            runs: u32::from(closed.runs),
            blanks: closed.blanks,
            statements: texts.iter().map(|(text, _)| (*text).to_owned()).collect(),
            window_end_ms: play.window_end_ms,
            opened_ms: place.time.ms(),
        };
        self.end_play(out);
        let opening = Arc::new(opening);
        let key = [b"result/".as_slice(), &round.0].concat();
        out.write(self.area, key, opening_row(&opening));
        self.results.push(Arc::clone(&opening));
        out.notify(Notice::RoundClosed(opening));
        self.derive(Event::RoundClosed(closed), place, out)
    }

    /// The vectors of an ended Round are deleted.
    fn end_play(&mut self, out: &mut Out) {
        if let Some(play) = self.play.take() {
            for row in play.rows {
                out.remove(self.area, row);
            }
            out.remove(self.area, "play");
        }
    }
}
