//! A Round's collection, as the log tells it: START, each run's messages, its end. This half is
//! public: convenors, newcomers and restarted nodes fold it alike. What this seat says is in `taking_part`.

use room::{
    Audience, Event, FailedWhy, Fate, Leaf, Open, RoundFailed, RoundId, Run, RunEnded, RunReleased,
    SeatId, SideId,
};
use round::{
    Collection, Entry as RoundEntry, Folded, Hash, Member, Message, RunEnd, Sequence, Start, Terms,
    Time, Verdict,
};

use crate::cursor::Cursor;
use crate::decide::share_key;
use crate::fold::{After, doubt};
use crate::locks::Locks;
use crate::mls::MlsError;
use crate::mls::SUITE_NUMBER;
use crate::notice::Alarm;
use crate::out::Out;
use crate::play::Play;
use crate::records::run_row;
use crate::room_log::RoomLog;
use crate::view::Holding;

/// Where a verdict was reached.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) round: RoundId,
    /// The place of the sequence.
    pub(crate) sequence: usize,
    pub(crate) side: Option<SideId>,
    pub(crate) place: &'a Cursor,
}

impl RoomLog {
    /// START stands: the rosters are frozen.
    pub(crate) fn begin_play(&mut self, round: RoundId, place: &Cursor, out: &mut Out) {
        let Some((terms, sides, window_end_ms)) = self.terms(place) else {
            return;
        };
        let at = Time {
            time_ms: place.clock.ms(),
            head: *place.head.as_bytes(),
        };
        let Ok(collection) = Collection::begin(terms, at) else {
            // The room's rules are stricter than the sequence's: this cannot be reached by a Round
            // that the fold has started.
            return;
        };
        let own = self.own_leaf().0;
        self.play = Some(Play::new(round, collection, sides, window_end_ms, own));
        self.persist_play(out);
    }

    /// What binds everything that is said in a Round to this OPEN, and to this START of it.
    pub(crate) fn start_context(&self, open: &Open, place: &Cursor) -> Holding {
        round::ctx0(&Start {
            group: self.group.id().to_vec(),
            epoch: self.group.epoch(),
            authenticator: self.group.epoch_authenticator(),
            round: open.id.0.to_vec(),
            open: open.hash().0,
            index: place.next.saturating_sub(1),
            head: *place.head.as_bytes(),
            suite: SUITE_NUMBER,
        })
    }

    /// The frame of each sequence that may run, and whose it is.
    fn terms(&self, place: &Cursor) -> Option<(Vec<Terms>, Vec<Option<SideId>>, u64)> {
        let open_round = self.state.open_round()?;
        let open = &open_round.open;
        let ctx0 = self.start_context(open, place);
        let lanes = u16::try_from(open.kind.lanes()).ok()?;
        let member = |seat: &room::RosterSeat| Member {
            leaf: seat.leaf.0,
            signature_key: seat.signature_key.clone(),
        };
        let terms = |run: &Run| Terms {
            ctx0,
            side: side_of(open.audience, run).map(|side| side.0),
            lanes,
            slot_bytes: open.kind.slot_bytes(),
            phase_ms: open.phase_ms,
            opening: run.opening_roster.iter().map(member).collect(),
            floor: run.floor,
        };
        let running = open_round.runs().iter();
        let running: Vec<&Run> = running.filter(|run| run.fate == Fate::Running).collect();
        let sides = running.iter().map(|run| run.side).collect();
        let terms = running.into_iter().map(terms).collect();
        Some((terms, sides, open_round.ends_ms))
    }

    /// Where each sequence stands; its messages are replayed from there after a restart.
    pub(crate) fn persist_play(&self, out: &mut Out) {
        if let Some(play) = &self.play {
            out.write(self.area, "play", play.to_bytes());
        }
    }

    /// A sequence's record was written anew: its messages until then are not needed any more.
    fn forget_messages(&mut self, sequence: usize, out: &mut Out) {
        let Some(play) = &mut self.play else { return };
        for (_, row) in play.rows.extract_if(.., |(at, _)| *at == sequence) {
            out.remove(self.area, row);
        }
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
        let position = self.position(place);
        if self.state.awaits(from) {
            return self.void_post();
        }
        let Ok(message) = Message::decode(bytes) else {
            return self.void_post();
        };
        let (by, from) = (from, self.speaker(from, &message));
        let Some(play) = &mut self.play else {
            return self.void_post();
        };
        if play.round != round {
            return self.void_post();
        }
        if let Message::Join(join) = &message {
            // A head that is not in this log: its sender was shown another one. A process that
            // did not see the run begin cannot judge.
            if play.is_own_run() && !self.history.knows(&join.head) {
                doubt(&self.state, by, Alarm::HistoriesDiffer, out);
            }
        }
        let entry = RoundEntry {
            from,
            time_ms: place.clock.ms(),
            head: *place.head.as_bytes(),
        };
        let row = run_row(position, &entry, bytes);
        let before: Vec<Hash> = play
            .collection
            .sequences()
            .iter()
            .map(Sequence::ctx_r)
            .collect();
        let folded = play.collection.apply(entry, &message);
        let at = At {
            round,
            sequence: folded.sequence,
            side: play.sides.get(folded.sequence).copied().flatten(),
            place,
        };
        if play.own == Some(folded.sequence) {
            let ended = before.get(folded.sequence).copied().unwrap_or_default();
            self.decide_on(&folded.verdict, &ended, locks, out);
        }
        let Folded {
            verdict,
            gate_opened,
            ..
        } = folded;
        let after = self.on_verdict(at, verdict, row, out)?;
        if gate_opened {
            self.persist_play(out);
            self.pass_gate(out);
        }
        Ok(after)
    }

    /// Whose word it is. Behind the last GO seats come and go, and a newcomer on the leaf of somebody who was in the
    /// Round is not that one. CLOSE is everybody's, and a share proves itself, whoever posts it.
    fn speaker(&self, from: Leaf, message: &Message) -> Option<u32> {
        let is_of_all = match message {
            Message::Close(_) | Message::Release(_) => true,
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Nogo(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => false,
        };
        let sequences = self
            .play
            .iter()
            .flat_map(|play| play.collection.sequences());
        let mut opening = sequences.flat_map(|sequence| &sequence.terms().opening);
        let at_start = opening.find(|member| member.leaf == from.0);
        let is_other = at_start.is_some_and(|member| !self.still_sits(member));
        (is_of_all || !is_other).then_some(from.0)
    }

    /// Whether a member of an opening roster holds its leaf now.
    fn still_sits(&self, member: &Member) -> bool {
        let seat = self.state.by_leaf(Leaf(member.leaf));
        seat.is_some_and(|seat| seat.signature_key == member.signature_key)
    }

    /// A commit stands: where it removed the last of an opening roster nobody is left who could give the sequence
    /// up, and it is over.
    pub(crate) fn end_deserted(
        &mut self,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let Some(play) = &self.play else {
            return Ok(After::default());
        };
        let (round, sides) = (play.round, play.sides.clone());
        let is_deserted = |sequence: &Sequence| {
            let mut opening = sequence.terms().opening.iter();
            !sequence.is_over() && !opening.any(|member| self.still_sits(member))
        };
        let sequences = play.collection.sequences().iter().zip(sides).enumerate();
        let deserted = sequences.filter(|(_, (sequence, _))| is_deserted(sequence));
        let deserted: Vec<_> = deserted.map(|(at, (_, side))| (at, side)).collect();
        let mut after = After::default();
        for (sequence, side) in deserted {
            let at = At {
                round,
                sequence,
                side,
                place,
            };
            after = after.and(self.drop_sequence(at, FailedWhy::GaveUp, out)?);
        }
        Ok(after)
    }

    /// What the verdict means for this seat's own secrets.
    fn decide_on(&mut self, verdict: &Verdict, ended: &Hash, locks: &mut Locks, out: &mut Out) {
        match verdict {
            Verdict::RunEnded(_) | Verdict::BelowFloor(_) => self.run_over(ended, locks, out),
            Verdict::Disturbed(_) => self.reveal(locks, out),
            Verdict::AllGo => self.release(out),
            // A release that stays away unlocks nothing, and nothing of it was kept back.
            Verdict::GaveUp(_) => self.given_up(ended, out),
            Verdict::Opened(_) => {}
            Verdict::Void(_) | Verdict::Counted | Verdict::SenderAbsent(_) => {}
            Verdict::PhaseDone(_) => {}
        }
    }

    fn on_verdict(
        &mut self,
        at: At,
        verdict: Verdict,
        row: (Vec<u8>, Vec<u8>),
        out: &mut Out,
    ) -> Result<After, MlsError> {
        match verdict {
            Verdict::Void(_) => self.void_post(),
            Verdict::Counted | Verdict::SenderAbsent(_) | Verdict::PhaseDone(_) => {
                self.keep_run_message(at, row, out);
                Ok(After::default())
            }
            Verdict::Disturbed(_) => {
                self.keep_run_message(at, row, out);
                self.changed(out);
                Ok(After::default())
            }
            Verdict::RunEnded(end) => self.on_run_ended(at, &end, out),
            Verdict::BelowFloor(end) => {
                let after = self.derive(Event::RunEnded(self.run_ended(at, &end)), at, out)?;
                let failed = self.sequence_failed(at, FailedWhy::BelowFloor, out)?;
                Ok(after.and(failed))
            }
            Verdict::GaveUp(_) => self.sequence_failed(at, FailedWhy::GaveUp, out),
            Verdict::AllGo => {
                self.forget_messages(at.sequence, out);
                self.persist_play(out);
                let (round, side) = (at.round, at.side);
                self.derive(Event::RunReleased(RunReleased { round, side }), at, out)
            }
            Verdict::Opened(opened) => self.sequence_opened(at, &opened, out),
        }
    }

    fn keep_run_message(&mut self, at: At, (key, value): (Vec<u8>, Vec<u8>), out: &mut Out) {
        if let Some(play) = &mut self.play {
            play.rows.push((at.sequence, key.clone()));
            out.write(self.area, key, value);
        }
    }

    /// The next run has begun, unless the room forbids the seats that remain to vote.
    fn on_run_ended(&mut self, at: At, end: &RunEnd, out: &mut Out) -> Result<After, MlsError> {
        self.forget_messages(at.sequence, out);
        self.persist_play(out);
        let after = self.derive(Event::RunEnded(self.run_ended(at, end)), at, out)?;
        let forbidden = after.effects.iter().any(|(_, _, effect)| {
            matches!(
                effect,
                room::Effect::RunEnded {
                    may_go_on: false,
                    ..
                }
            )
        });
        if !forbidden {
            return Ok(after);
        }
        let failed = self.drop_sequence(at, FailedWhy::Overlap, out)?;
        Ok(after.and(failed))
    }

    /// A sequence ends that did not end by itself. It may be the last for which the others wait.
    fn drop_sequence(&mut self, at: At, why: FailedWhy, out: &mut Out) -> Result<After, MlsError> {
        let opened = match &mut self.play {
            Some(play) => play.collection.drop_out(at.sequence),
            None => Ok(false),
        };
        let opened = opened.map_err(|_| MlsError::inconsistent())?;
        let failed = self.sequence_failed(at, why, out)?;
        if opened {
            self.pass_gate(out);
        }
        Ok(failed)
    }

    /// Who is left out from now on: the absent and the disruptors, told apart.
    fn run_ended(&self, at: At, end: &RunEnd) -> RunEnded {
        let seats = |disruption: bool| -> Vec<SeatId> {
            let named = end.out.iter();
            named
                .filter(|(_, cause)| cause.is_disruption() == disruption)
                .filter_map(|(leaf, _)| self.state.by_leaf(Leaf(*leaf)))
                .map(|seat| seat.id)
                .collect()
        };
        RunEnded {
            round: at.round,
            side: at.side,
            absent: seats(false),
            disruptors: seats(true),
        }
    }

    pub(crate) fn derive(
        &mut self,
        event: Event,
        at: At,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let effect = self.apply(None, at.place, &event, out);
        let effect = effect.map_err(|_| MlsError::inconsistent())?;
        self.changed(out);
        Ok(After {
            effects: vec![(self.own_leaf(), event, effect)],
            ..After::default()
        })
    }

    fn sequence_failed(
        &mut self,
        at: At,
        why: FailedWhy,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let own = self.play.as_ref().and_then(|play| play.own) == Some(at.sequence);
        if own && why == FailedWhy::GaveUp {
            self.keep_back(at.round, out);
        }
        self.forget_messages(at.sequence, out);
        let (round, side) = (at.round, at.side);
        let after = self.derive(
            Event::RoundFailed(RoundFailed { round, side, why }),
            at,
            out,
        )?;
        self.end_play_if_over(out);
        Ok(after)
    }

    /// The vectors of an ended Round are deleted.
    pub(crate) fn end_play_if_over(&mut self, out: &mut Out) {
        match self.state.open_round() {
            Some(_) => self.persist_play(out),
            None => self.end_play(out),
        }
    }

    pub(crate) fn end_play(&mut self, out: &mut Out) {
        if let Some(play) = self.play.take() {
            if let Some(own) = play.own() {
                out.remove(self.area, share_key(&own.ctx_r()));
            }
            for (_, row) in play.rows {
                out.remove(self.area, row);
            }
            out.remove(self.area, "play");
            self.forget_reopening(out);
        }
    }
}

/// Which side's sequence it is, as its context binds it.
fn side_of(audience: Audience, run: &Run) -> Option<SideId> {
    match audience {
        Audience::Side(side) => Some(side),
        Audience::Room | Audience::EachSide => run.side,
    }
}
