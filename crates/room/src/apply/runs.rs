//! A Round from START to its end. These events are derived from the run's own
//! messages; the checks here catch a driver that derives them wrongly.

use super::Place;
use crate::ballots::Roster;
use crate::effect::Effect;
use crate::event::{RoundClosed, RoundFailed, RunEnded, RunReleased};
use crate::ids::{RoundId, SeatId, SideId};
use crate::limits;
use crate::membership::push_bounded;
use crate::open_round::{FailedWhy, Fate, OpenRound, Progress, RoundKind, Run};
use crate::rounds::{EndedRound, EndedSequence, Outcome};
use crate::state::State;
use crate::void::Void;

impl State {
    pub(super) fn run_ended(&mut self, ended: &RunEnded) -> Result<Effect, Void> {
        let run = self.running(ended.round, ended.side)?;
        let (mut absent, mut disruptors) = (run.absent.clone(), run.disruptors.clone());
        absent.extend(&ended.absent);
        disruptors.extend(&ended.disruptors);
        absent.sort();
        disruptors.sort();
        let mut out = [absent.as_slice(), &disruptors].concat();
        out.sort();
        let named_twice = out.windows(2).any(|pair| pair.first() == pair.last());
        let opening = run.opening_seats();
        if named_twice || !out.iter().all(|seat| opening.contains(seat)) {
            return Err(Void::WrongRoster);
        }
        run.absent = absent;
        run.disruptors = disruptors;
        run.runs_ended = run.runs_ended.saturating_add(1);
        let remaining = run.roster_seats();
        let floor = usize::from(run.floor);
        Ok(Effect::RunEnded {
            round: ended.round,
            side: ended.side,
            remaining: remaining.len(),
            may_go_on: self.may_vote(&remaining, floor),
        })
    }

    pub(super) fn run_released(
        &mut self,
        at: Place,
        released: &RunReleased,
    ) -> Result<Effect, Void> {
        let RunReleased { round, side } = *released;
        let run = self.running(round, side)?;
        let roster = run.roster_seats();
        let promise = run.floor;
        if roster.len() < usize::from(promise) {
            return Err(Void::BelowFloor);
        }
        if !self.may_vote(&roster, usize::from(promise)) {
            return Err(Void::WrongRoster);
        }
        self.set_fate(at, side, Fate::Released);
        let keys = self
            .open_round
            .as_ref()
            .map(|round| round.open.kind.statement_keys());
        let roster = Roster {
            seats: roster,
            promise,
            next_seat: self.membership.next_seat,
        };
        self.ballots.remember(&keys.unwrap_or_default(), roster);
        Ok(Effect::RunReleased { round, side })
    }

    pub(super) fn round_closed(&mut self, at: Place, closed: &RoundClosed) -> Result<Effect, Void> {
        let round = self.open_round_named(closed.round)?;
        let run = round.run_of(closed.side).ok_or(Void::NoRun)?;
        if run.fate != Fate::Released {
            return Err(Void::NotReleased);
        }
        let mut final_roster = closed.final_roster.clone();
        final_roster.sort();
        if run.roster_seats() != final_roster {
            return Err(Void::WrongRoster);
        }
        if closed.runs != run.runs_ended.saturating_add(1) || !counts_fit(round, closed) {
            return Err(Void::WrongCount);
        }
        let outcome = Outcome::Closed {
            runs: closed.runs,
            final_roster,
            statements: closed.statements.clone(),
            blanks: closed.blanks,
            tallies: closed.tallies.clone(),
        };
        Ok(self.sequence_over(at, closed.round, closed.side, outcome))
    }

    pub(super) fn round_failed(&mut self, at: Place, failed: &RoundFailed) -> Result<Effect, Void> {
        let round = self.open_round_named(failed.round)?;
        let run = round.run_of(failed.side).ok_or(Void::NoRun)?;
        match run.fate {
            Fate::Over(_) => Err(Void::NoRun),
            Fate::Running | Fate::Released => {
                let outcome = Outcome::Failed(failed.why);
                Ok(self.sequence_over(at, failed.round, failed.side, outcome))
            }
        }
    }

    /// START itself ends the Round: no sequence may run.
    pub(super) fn fail(
        &mut self,
        at: Place,
        round: RoundId,
        why: FailedWhy,
    ) -> Result<Effect, Void> {
        let opening_roster = self
            .open_round
            .as_ref()
            .map_or_else(Vec::new, |round| round.ready.clone());
        let sequence = EndedSequence {
            side: None,
            opening_roster,
            absent: Vec::new(),
            disruptors: Vec::new(),
            outcome: Outcome::Failed(why),
        };
        self.end_round(at, vec![sequence]);
        Ok(Effect::RoundFailed { round, why })
    }

    fn sequence_over(
        &mut self,
        at: Place,
        round: RoundId,
        side: Option<SideId>,
        outcome: Outcome,
    ) -> Effect {
        self.set_fate(at, side, Fate::Over(outcome));
        let runs = self.open_round.as_ref().map_or(&[][..], OpenRound::runs);
        let ended: Option<Vec<EndedSequence>> = runs.iter().map(ended_sequence).collect();
        let Some(ended) = ended else {
            return Effect::SequenceOver { round, side };
        };
        self.end_round(at, ended);
        let failed = self.ended_rounds.last().and_then(EndedRound::failed);
        match failed {
            Some(why) => Effect::RoundFailed { round, why },
            None => Effect::RoundClosed { round },
        }
    }

    fn end_round(&mut self, at: Place, sequences: Vec<EndedSequence>) {
        let Some(round) = self.open_round.take() else {
            return;
        };
        let ended = EndedRound {
            id: round.open.id,
            open_hash: round.open.hash(),
            audience: round.open.audience,
            ended_ms: at.time_ms,
            sequences,
            blocs: round.blocs,
        };
        push_bounded(&mut self.ended_rounds, ended, limits::ENDED_ROUNDS_MAX);
    }

    fn running(&mut self, id: RoundId, side: Option<SideId>) -> Result<&mut Run, Void> {
        let round = self.open_round.as_mut().filter(|round| round.open.id == id);
        match &mut round.ok_or(Void::NoSuchRound)?.progress {
            Progress::Running(runs) => runs
                .iter_mut()
                .find(|run| run.side == side && run.fate == Fate::Running)
                .ok_or(Void::NoRun),
            Progress::Window | Progress::Released(_) => Err(Void::NoRun),
        }
    }

    /// The Round is released once no sequence runs any more.
    fn set_fate(&mut self, at: Place, side: Option<SideId>, fate: Fate) {
        let Some(round) = self.open_round.as_mut() else {
            return;
        };
        let mut runs = round.runs().to_vec();
        for run in runs.iter_mut().filter(|run| run.side == side) {
            run.fate = fate.clone();
        }
        let running = runs.iter().any(|run| run.fate == Fate::Running);
        round.progress = match running {
            true => Progress::Running(runs),
            false => Progress::Released(runs),
        };
        if !running {
            round.gate_ms.get_or_insert(at.time_ms);
        }
    }
}

/// A sequence that is over; none where it is not.
fn ended_sequence(run: &Run) -> Option<EndedSequence> {
    match &run.fate {
        Fate::Running | Fate::Released => None,
        Fate::Over(outcome) => Some(EndedSequence {
            side: run.side,
            opening_roster: run.opening_seats(),
            absent: run.absent.clone(),
            disruptors: run.disruptors.clone(),
            outcome: outcome.clone(),
        }),
    }
}

/// Statements: no more texts and blanks than seats. Ballots: every slot of every lane is counted.
fn counts_fit(round: &OpenRound, closed: &RoundClosed) -> bool {
    let seats: &[SeatId] = &closed.final_roster;
    let filled = closed
        .statements
        .len()
        .saturating_add(usize::from(closed.blanks));
    match &round.open.kind {
        RoundKind::Statement(_) => filled <= seats.len() && closed.tallies.is_empty(),
        RoundKind::Ballot(statements) => {
            let whole = |tally: &crate::ballots::Tally| tally.slots() == seats.len();
            filled == 0
                && closed.tallies.len() == statements.len()
                && closed.tallies.iter().all(whole)
        }
    }
}
