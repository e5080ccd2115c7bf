//! A Round from START to its end. These events are derived from the run's own
//! messages; the checks here catch a driver that derives them wrongly.

use super::Place;
use crate::effect::Effect;
use crate::event::{RoundClosed, RoundFailed, RunEnded};
use crate::ids::RoundId;
use crate::limits;
use crate::membership::push_bounded;
use crate::open_round::{FailedWhy, Progress, Run};
use crate::rounds::{EndedRound, Outcome};
use crate::state::State;
use crate::void::Void;

impl State {
    pub(super) fn run_ended(&mut self, ended: &RunEnded) -> Result<Effect, Void> {
        let run = self.running(ended.round)?;
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
        Ok(Effect::RunEnded {
            round: ended.round,
            remaining: run.roster().count(),
        })
    }

    pub(super) fn run_released(&mut self, id: RoundId) -> Result<Effect, Void> {
        let run = self.running(id)?;
        if run.roster().count() < usize::from(run.floor) {
            return Err(Void::BelowFloor);
        }
        let run = run.clone();
        if let Some(round) = self.open_round.as_mut() {
            round.progress = Progress::Released(run);
        }
        Ok(Effect::RunReleased { round: id })
    }

    pub(super) fn round_closed(&mut self, at: Place, closed: &RoundClosed) -> Result<Effect, Void> {
        let round = self.open_round_named(closed.round)?;
        let run = match &round.progress {
            Progress::Released(run) => run,
            Progress::Window | Progress::Running(_) => return Err(Void::NotReleased),
        };
        let mut final_roster = closed.final_roster.clone();
        final_roster.sort();
        if !run
            .roster()
            .map(|member| member.seat)
            .eq(final_roster.iter().copied())
        {
            return Err(Void::WrongRoster);
        }
        let filled = closed
            .statements
            .len()
            .saturating_add(usize::from(closed.blanks));
        if filled > final_roster.len() || closed.runs != run.runs_ended.saturating_add(1) {
            return Err(Void::WrongCount);
        }
        let outcome = Outcome::Closed {
            runs: closed.runs,
            final_roster,
            statements: closed.statements.clone(),
            blanks: closed.blanks,
        };
        self.end_round(at, outcome);
        Ok(Effect::RoundClosed {
            round: closed.round,
        })
    }

    pub(super) fn round_failed(&mut self, at: Place, failed: &RoundFailed) -> Result<Effect, Void> {
        match self.open_round_named(failed.round)?.progress {
            Progress::Window => Err(Void::NoRun),
            Progress::Running(_) | Progress::Released(_) => self.fail(at, failed.round, failed.why),
        }
    }

    pub(super) fn fail(
        &mut self,
        at: Place,
        round: RoundId,
        why: FailedWhy,
    ) -> Result<Effect, Void> {
        self.end_round(at, Outcome::Failed(why));
        Ok(Effect::RoundFailed { round, why })
    }

    fn end_round(&mut self, at: Place, outcome: Outcome) {
        let Some(round) = self.open_round.take() else {
            return;
        };
        let (opening_roster, absent, disruptors) = match round.run() {
            Some(run) => (
                run.opening_seats(),
                run.absent.clone(),
                run.disruptors.clone(),
            ),
            None => (round.ready.clone(), Vec::new(), Vec::new()),
        };
        let ended = EndedRound {
            id: round.open.id,
            open_hash: round.open.hash(),
            audience: round.open.audience,
            opening_roster,
            absent,
            disruptors,
            ended_ms: at.time_ms,
            outcome,
        };
        push_bounded(&mut self.ended_rounds, ended, limits::ENDED_ROUNDS_MAX);
    }

    fn running(&mut self, id: RoundId) -> Result<&mut Run, Void> {
        let round = self.open_round.as_mut().filter(|round| round.open.id == id);
        match &mut round.ok_or(Void::NoSuchRound)?.progress {
            Progress::Running(run) => Ok(run),
            Progress::Window | Progress::Released(_) => Err(Void::NoRun),
        }
    }
}
