//! The public fold: the runs of one Round as every reader of the log sees them, without any
//! secret. One entry at a time; the first decisive entry is final.

mod awaiting_joins;
mod awaiting_kems;
mod awaiting_releases;
mod awaiting_reveals;
mod awaiting_slots;
mod awaiting_vectors;
mod awaiting_verdicts;
mod queries;
mod record;
mod run;
mod stage;
mod state;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem;

pub use state::{BadState, SequenceState};

pub(crate) use awaiting_slots::AwaitingSlots;
pub(crate) use awaiting_vectors::AwaitingVectors;
pub(crate) use record::Record;
pub(crate) use run::Run;
pub(crate) use stage::Stage;

use awaiting_joins::AwaitingJoins;
use awaiting_reveals::Charge;

use crate::hash::Hash;
use crate::limits::REOPENED_MS;
use crate::message::{Close, Message, Nogo, Phase, Release, Reveal};
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds};
use crate::terms::{BadTerms, Terms};
use crate::verdict::{Cause, Disturbed, Fault, GaveUp, Opened, RunEnd, Verdict, Void};

/// A place in the log: its time and the head after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Log time in milliseconds.
    pub time_ms: u64,
    /// The log head after that entry.
    pub head: Hash,
}

/// One entry of the log, as far as it concerns a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The sender's leaf, as MLS authenticated it.
    pub from: Option<u32>,
    /// Log time in milliseconds.
    pub time_ms: u64,
    /// The log head after this entry.
    pub head: Hash,
}

/// Who may say a word about a run.
#[derive(Clone, Copy)]
enum Say {
    /// Who is in it: LEAVE.
    Run,
    /// Whoever was in at START, also after it was left out: GIVE-UP.
    Opening,
    /// Everybody in the room: CLOSE, which log time alone decides. Else five who say nothing would
    /// hold up a room for ever.
    Room,
}

/// The runs of one Round for one roster, from START to the end.
#[derive(Clone)]
pub struct Sequence {
    terms: Terms,
    /// The contexts of runs that have ended: what still arrives for them is void.
    ended: Vec<Hash>,
    run: Run,
    stage: Stage,
    latest: Time,
    /// What the room knows of its log: it is told again after a restart.
    is_shut: bool,
}

impl Sequence {
    /// Begins with the first run; `at` is the entry that is START.
    ///
    /// # Errors
    /// Terms that cannot be played.
    pub fn begin(terms: Terms, at: Time) -> Result<Self, BadTerms> {
        terms.check()?;
        let run = Run::begin(&terms, 1, terms.opening.clone(), [0; 32], at.time_ms);
        Ok(Self {
            terms,
            ended: Vec::new(),
            run,
            stage: Stage::Joins(AwaitingJoins::default()),
            latest: at,
            is_shut: false,
        })
    }

    /// Folds one entry.
    ///
    /// The order is that of PROTOCOL: void, already decided, ctx_r and T, content, completes the
    /// phase, counting NOGO, CLOSE or LEAVE. A message that is given away is not copied.
    pub fn apply<'a>(&mut self, entry: Entry, message: impl Into<Cow<'a, Message>>) -> Verdict {
        let message = message.into();
        self.latest.head = entry.head;
        self.latest.time_ms = self.latest.time_ms.max(entry.time_ms);
        if self.ended.contains(message.ctx()) {
            return Verdict::Void(Void::EndedRun);
        }
        if matches!(self.stage, Stage::Over) {
            return Verdict::Void(Void::Decided);
        }
        let Some(from) = entry.from else {
            return Verdict::Void(Void::NotInRoster);
        };
        match &*message {
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Nogo(_) => self.on_contribution(from, message),
            Message::Release(release) => self.on_release(from, release),
            Message::Close(close) => self.on_close(from, close),
            Message::Leave(leave) => self.on_leave(from, &leave.ctx),
            Message::GiveUp(give_up) => self.on_give_up(from, &give_up.ctx),
            Message::Reveal(reveal) => self.on_reveal(from, reveal),
        }
    }

    /// An entry that concerns another sequence of the same Round: only its place is noted.
    pub(crate) fn pass(&mut self, entry: Entry) {
        self.latest.head = entry.head;
        self.latest.time_ms = self.latest.time_ms.max(entry.time_ms);
    }

    /// Nobody but whoever shut the log writes in it from here on: nothing ends by time.
    pub fn shut(&mut self) {
        self.is_shut = holds(Rule::ShutLogsCountForNobody);
    }

    /// The log goes on after it was shut, or in another mailbox: who could not write until now has the phase's length to
    /// do so, or `REOPENED_MS` of a longer one. Nobody gains by shutting a log. It counts from that time and no later
    /// one: after a restart it is told behind the messages that followed it.
    pub fn reopened(&mut self, time_ms: u64) {
        self.is_shut = false;
        self.latest.time_ms = self.latest.time_ms.max(time_ms);
        if !holds(Rule::ShutLogsCountForNobody) {
            return;
        }
        let length = self.terms.phase_ms;
        let lasts_ms = length.min(REOPENED_MS);
        let ends_ms = time_ms.saturating_add(lasts_ms);
        let began_ms = ends_ms.saturating_sub(length);
        self.run.phase_began_ms = self.run.phase_began_ms.max(began_ms);
    }

    /// The last sequence of the Round is decided: phase 6 begins here, for all of them.
    pub(crate) fn begin_releases(&mut self) {
        if matches!(self.stage, Stage::Releases(_)) {
            self.run.phase_began_ms = self.latest.time_ms;
        }
    }

    /// A rule of the room forbids the next run.
    pub(crate) fn end(&mut self) {
        self.stage = Stage::Over;
    }

    fn on_contribution(&mut self, from: u32, message: Cow<'_, Message>) -> Verdict {
        let Some(member) = self.run.roster.index_of(from) else {
            return Verdict::Void(Void::NotInRoster);
        };
        if matches!(self.stage, Stage::Releases(_) | Stage::Reveals(_)) {
            return Verdict::Void(Void::Decided);
        }
        if self.run.absent.contains_key(&member) {
            return Verdict::Void(Void::Absent);
        }
        // T before content: whose history differs is absent, whatever else its message holds.
        if *message.ctx() != self.run.ctx || !self.transcript_agrees(&message) {
            return self.mark_absent(member, self.cause_of(&message));
        }
        if self.is_late(&message) || self.stage.has_heard(member) {
            return Verdict::Void(Void::Spoken);
        }
        if let Message::Nogo(nogo) = &*message {
            return self.on_nogo(from, member, nogo);
        }
        match self.stage.hear(&self.terms, &self.run, member, message) {
            Ok(()) => self.settle().unwrap_or(Verdict::Counted),
            Err(stage::Malformed) => self.mark_absent(member, Cause::Malformed),
        }
    }

    /// Whether the transcript that a message names is the one of this log. One that cannot be
    /// computed yet does not agree: its sender saw another log.
    fn transcript_agrees(&self, message: &Message) -> bool {
        let [t1, t2, t3, t4] = self.run.transcripts;
        match message {
            Message::Join(_) => true,
            Message::Kem(kem) => t1 == Some(kem.t1),
            Message::Slot(slot) => t2 == Some(slot.t2),
            Message::Dc(dc) => t3 == Some(dc.t3),
            Message::Go(go) => t4 == Some(go.t4),
            Message::Nogo(_) if !holds(Rule::EqualEvidence) => t3.is_some(),
            Message::Nogo(nogo) => match nogo.phase {
                Phase::Slots => t3 == Some(nogo.evidence),
                Phase::Vectors => self.stage.evidence() == Some(nogo.evidence),
                Phase::Joins | Phase::Kems | Phase::Verdicts | Phase::Releases | Phase::Reveals => {
                    false
                }
            },
            Message::Release(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => true,
        }
    }

    /// A differing history is never misconduct, whatever the message is.
    fn cause_of(&self, message: &Message) -> Cause {
        match message {
            Message::Nogo(_) if !holds(Rule::EarlyNogoIsAbsence) => {
                Cause::Disruptor(Fault::FalseNogo)
            }
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Nogo(_)
            | Message::Release(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => Cause::HistoriesDiffer,
        }
    }

    /// Whether a message with an agreeing transcript belongs to a phase that is over.
    fn is_late(&self, message: &Message) -> bool {
        let phase = match message {
            Message::Join(_) => Phase::Joins,
            Message::Kem(_) => Phase::Kems,
            Message::Slot(_) => Phase::Slots,
            Message::Dc(_) => Phase::Vectors,
            Message::Go(_) => Phase::Verdicts,
            Message::Nogo(_)
            | Message::Release(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => return false,
        };
        self.stage.phase().is_some_and(|now| phase < now)
    }

    /// What made somebody absent first stays the cause: whoever sent what no honest program sends does not become
    /// somebody who left.
    fn mark_absent(&mut self, member: MemberIndex, cause: Cause) -> Verdict {
        let cause = *self.run.absent.entry(member).or_insert(cause);
        self.settle().unwrap_or(Verdict::SenderAbsent(cause))
    }

    /// Goes on, where everybody has spoken or is absent.
    fn settle(&mut self) -> Option<Verdict> {
        let waits = |m: &MemberIndex| !self.stage.has_heard(*m) && !self.run.absent.contains_key(m);
        if self.run.roster.indices().any(|member| waits(&member)) {
            return None;
        }
        if !self.run.absent.is_empty() {
            return Some(self.end_run());
        }
        let stage = mem::replace(&mut self.stage, Stage::Over);
        Some(match stage.complete(&self.terms, &mut self.run) {
            stage::Completed::Next(next) => self.enter(next),
            stage::Completed::Ends { stage, out } => {
                self.stage = stage;
                self.run.absent = out;
                self.end_run()
            }
        })
    }

    fn enter(&mut self, next: Stage) -> Verdict {
        self.run.phase_began_ms = self.latest.time_ms;
        self.stage = next;
        match self.stage.phase() {
            Some(Phase::Releases) | None => Verdict::AllGo,
            Some(phase) => Verdict::PhaseDone(phase),
        }
    }

    /// A NOGO whose evidence equals mine, from somebody who has not spoken: it is final, and blame
    /// begins. Where somebody is absent already, blame could name nobody else: the run ends at once,
    /// and nobody reveals anything.
    fn on_nogo(&mut self, by: u32, member: MemberIndex, nogo: &Nogo) -> Verdict {
        if !self.run.absent.is_empty() {
            return self.end_run();
        }
        let charge = Charge {
            by: member,
            phase: nogo.phase,
            evidence: nogo.evidence,
        };
        self.blame(by, charge)
    }

    fn blame(&mut self, by: u32, charge: Charge) -> Verdict {
        let stage = mem::replace(&mut self.stage, Stage::Over);
        self.stage = stage.accuse(charge);
        self.run.phase_began_ms = self.latest.time_ms;
        Verdict::Disturbed(Disturbed {
            run: self.run.number,
            by,
            phase: charge.phase,
            evidence: charge.evidence,
        })
    }

    /// For the canary alone: silence, taken for a NOGO of whoever closes the phase.
    fn charge_of_silence(&self, from: u32) -> Option<Charge> {
        let by = self.run.roster.index_of(from)?;
        let [_, _, t3, _] = self.run.transcripts;
        let (phase, evidence) = match self.stage.evidence() {
            Some(evidence) => (Phase::Vectors, evidence),
            None => (Phase::Slots, t3?),
        };
        let is_open = !matches!(self.stage, Stage::Reveals(_));
        is_open.then_some(Charge {
            by,
            phase,
            evidence,
        })
    }

    /// Whether the phase has not lasted its length, or cannot end by time because the log is shut.
    fn phase_is_young(&self) -> bool {
        let is_young = self.is_shut || self.latest.time_ms < self.deadline_ms();
        is_young && holds(Rule::PhasesHaveTheirLength)
    }

    /// A root counts only after a counting NOGO, and only where its sender answers the same one.
    fn on_reveal(&mut self, from: u32, reveal: &Reveal) -> Verdict {
        let Some(member) = self.run.roster.index_of(from) else {
            return Verdict::Void(Void::NotInRoster);
        };
        if matches!(self.stage, Stage::Releases(_)) {
            return Verdict::Void(Void::Decided);
        }
        if self.run.absent.contains_key(&member) {
            return Verdict::Void(Void::Absent);
        }
        if reveal.ctx != self.run.ctx {
            return self.mark_absent(member, Cause::HistoriesDiffer);
        }
        let Stage::Reveals(stage) = &mut self.stage else {
            return Verdict::Void(Void::Early);
        };
        if stage.has_heard(member) {
            return Verdict::Void(Void::Spoken);
        }
        if reveal.evidence != stage.evidence() {
            return self.mark_absent(member, Cause::HistoriesDiffer);
        }
        stage.hear(member, reveal);
        self.settle().unwrap_or(Verdict::Counted)
    }

    fn on_close(&mut self, from: u32, close: &Close) -> Verdict {
        if let Some(verdict) = self.refuse_control(from, &close.ctx, Say::Room) {
            return verdict;
        }
        if Some(close.phase) != self.stage.phase() || self.phase_is_young() {
            return Verdict::Void(Void::Early);
        }
        if close.phase == Phase::Releases {
            return Verdict::Void(Void::Decided);
        }
        if let (false, Some(charge)) = (
            holds(Rule::AbsenceRevealsNothing),
            self.charge_of_silence(from),
        ) {
            return self.blame(from, charge);
        }
        if close.phase == Phase::Verdicts && !holds(Rule::FirstDecisionIsFinal) {
            return Verdict::Counted;
        }
        for member in self.run.roster.indices() {
            if !self.stage.has_heard(member) {
                self.run.absent.entry(member).or_insert(Cause::Silent);
            }
        }
        self.end_run()
    }

    fn on_leave(&mut self, from: u32, ctx: &Hash) -> Verdict {
        if let Some(verdict) = self.refuse_control(from, ctx, Say::Run) {
            return verdict;
        }
        let Some(member) = self.run.roster.index_of(from) else {
            return Verdict::Void(Void::NotInRoster);
        };
        if matches!(self.stage, Stage::Releases(_)) {
            return Verdict::Void(Void::Decided);
        }
        self.run.absent.entry(member).or_insert(Cause::Left);
        self.end_run()
    }

    fn on_give_up(&mut self, from: u32, ctx: &Hash) -> Verdict {
        if let Some(verdict) = self.refuse_control(from, ctx, Say::Opening) {
            return verdict;
        }
        let Stage::Releases(releases) = &self.stage else {
            return Verdict::Void(Void::Early);
        };
        if self.phase_is_young() {
            return Verdict::Void(Void::Early);
        }
        let awaited = releases.awaited(&self.run);
        self.stage = Stage::Over;
        Verdict::GaveUp(GaveUp {
            run: self.run.number,
            awaited: self.run.roster.leaves(&awaited),
        })
    }

    /// The checks that CLOSE, LEAVE and GIVE-UP share.
    fn refuse_control(&mut self, from: u32, ctx: &Hash, who: Say) -> Option<Verdict> {
        let member = self.run.roster.index_of(from);
        let may = match who {
            Say::Run => member.is_some(),
            Say::Opening => self.terms.opening.iter().any(|m| m.leaf == from),
            Say::Room => true,
        };
        if !may {
            return Some(Verdict::Void(Void::NotInRoster));
        }
        if *ctx == self.run.ctx {
            return None;
        }
        Some(match member {
            Some(_) if matches!(self.stage, Stage::Releases(_) | Stage::Over) => {
                Verdict::Void(Void::Decided)
            }
            Some(member) => self.mark_absent(member, Cause::HistoriesDiffer),
            None => Verdict::Void(Void::EndedRun),
        })
    }

    fn on_release(&mut self, from: u32, release: &Release) -> Verdict {
        if matches!(self.stage, Stage::Reveals(_)) {
            return Verdict::Void(Void::Decided);
        }
        let Stage::Releases(releases) = &mut self.stage else {
            // Its sender has seen N GOs that are not in this log.
            return match self.run.roster.index_of(from) {
                Some(member) if !self.run.absent.contains_key(&member) => {
                    self.mark_absent(member, Cause::HistoriesDiffer)
                }
                Some(_) => Verdict::Void(Void::Absent),
                None => Verdict::Void(Void::NotInRoster),
            };
        };
        if release.ctx != self.run.ctx {
            return Verdict::Void(Void::Decided);
        }
        if let Err(void) = releases.hear(release) {
            return Verdict::Void(void);
        }
        if !releases.awaited(&self.run).is_empty() {
            return Verdict::Counted;
        }
        let payloads = releases.open(&self.terms);
        self.stage = Stage::Over;
        Verdict::Opened(Opened {
            run: self.run.number,
            roster: self.roster(),
            payloads,
        })
    }

    #[cfg(test)]
    pub(crate) fn reveal_without_settling(&mut self, member: MemberIndex, reveal: &Reveal) {
        if let Stage::Reveals(stage) = &mut self.stage {
            stage.hear(member, reveal);
        }
    }

    /// Ends the run without release. The next one begins without the absent, unless too few remain.
    fn end_run(&mut self) -> Verdict {
        let phase = self.stage.phase().unwrap_or(Phase::Joins);
        let absent = mem::take(&mut self.run.absent);
        let end = RunEnd {
            run: self.run.number,
            phase,
            out: self.leaves_out(&absent),
        };
        self.ended.push(self.run.ctx);
        let members: Vec<_> = self
            .run
            .roster
            .indices()
            .zip(self.run.roster.members())
            .filter(|(index, _)| !absent.contains_key(index))
            .map(|(_, member)| member.clone())
            .collect();
        if members.len() < self.terms.least() {
            self.stage = Stage::Over;
            return Verdict::BelowFloor(end);
        }
        let number = self.run.number.saturating_add(1);
        let Time { time_ms, head } = self.latest;
        self.run = Run::begin(&self.terms, number, members, head, time_ms);
        self.stage = Stage::Joins(AwaitingJoins::default());
        Verdict::RunEnded(end)
    }

    fn leaves_out(&self, absent: &BTreeMap<MemberIndex, Cause>) -> Vec<(u32, Cause)> {
        let mut leaves: Vec<_> = absent
            .iter()
            .filter_map(|(index, cause)| Some((self.run.roster.leaf(*index)?, *cause)))
            .collect();
        leaves.sort_unstable_by_key(|(leaf, _)| *leaf);
        leaves
    }
}
