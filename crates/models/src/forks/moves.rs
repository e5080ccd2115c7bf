//! What relay, cheats and nodes can do next, and what an honest node makes of it: the mirror of
//! `participant::speak` (DC, `release`, `reveal`, `run_over`, `keep_back`) and of its `locks`.

use round::rules::{Rule, holds};
use round::{Decision, Message, Phase};

use super::member::{Kept, Lock, Share};
use super::{Flaw, Forks, Move, Standing, State, ended_runs_are_over, release_is_final};
use crate::logs::{Hand, How, Speech, ViewId};
use crate::rules::{Own, own_holds};

impl Forks {
    pub(super) fn moves_of(&self, state: &State, leaf: u32, moves: &mut Vec<Move>) {
        let member = &state.members[leaf as usize];
        let (phase, is_in, run) = self.logs.with(member.now.view, |view| {
            (view.phase, view.has(leaf), view.first)
        });
        let may_go_on = member.runs + 1 < self.size.runs;
        if is_in {
            let speech = self.speech(state, run);
            for outcome in self.logs.outcomes(member.now.view, &speech).iter() {
                if may_go_on
                    || !matches!(outcome.how, How::Ended { .. })
                    || self.is_blame(outcome.to, &outcome.how)
                {
                    moves.push(Move::Grows {
                        leaf,
                        how: outcome.how.clone(),
                        to: outcome.to,
                    });
                }
            }
        }
        if member.now.share == Share::Held {
            moves.push(Move::GateOpens { leaf });
            if !release_is_final() {
                moves.push(Move::NogoAtTheGate { leaf });
            }
        }
        let is_over = phase.is_none() || phase == Some(Phase::Releases) || !is_in;
        if self.size.rounds && is_over && may_go_on {
            self.new_rounds(leaf, member, moves);
        }
        self.late_moves(state, leaf, moves);
    }

    /// What comes of a run after this member has gone on, or of a copy of its vault.
    fn late_moves(&self, state: &State, leaf: u32, moves: &mut Vec<Move>) {
        let member = &state.members[leaf as usize];
        if !ended_runs_are_over() {
            for (run, kept) in member.past.iter().enumerate() {
                if self.last_go_stands(state, leaf, kept).is_some() {
                    moves.push(Move::LateGo { leaf, run });
                }
            }
        }
        if state.copies == 0 {
            return;
        }
        let comes_back = |kept: &Kept| kept.share == Share::Destroyed;
        let past = member.past.iter().enumerate();
        moves.extend(past.filter(|(_, kept)| comes_back(kept)).map(|(run, _)| {
            let run = Some(run);
            Move::CopyReleases { leaf, run }
        }));
        if comes_back(&member.now) {
            moves.push(Move::CopyReleases { leaf, run: None });
        }
    }

    /// The last run of a member may still end by blame: verdicts are looked at to the end.
    fn is_blame(&self, _to: ViewId, how: &How) -> bool {
        matches!(how, How::Ended { for_cause, .. } if !for_cause.is_empty())
    }

    fn new_rounds(&self, leaf: u32, member: &Standing, moves: &mut Vec<Move>) {
        let world = self.size.world;
        let round = self.logs.with(member.now.view, |view| view.round) + 1;
        let all: Vec<u32> = world.leaves().collect();
        for set in 0u32..1 << all.len() {
            let members: Vec<u32> = all.iter().copied().filter(|l| set >> l & 1 == 1).collect();
            if members.contains(&leaf) && members.len() >= usize::from(world.floor.max(2)) {
                let to = self.logs.start(round, &members);
                moves.push(Move::NewRound { leaf, to });
            }
        }
    }

    /// What every honest member has said in a run.
    fn speech(&self, state: &State, run: ViewId) -> Vec<Speech> {
        let said = |member: &Standing| {
            let all = member.past.iter().chain([&member.now]);
            let here = all.filter(|kept| self.logs.with(kept.view, |view| view.first) == run);
            Speech {
                reached: here.map(|kept| (Hand::default(), kept.view)).collect(),
                left: false,
            }
        };
        state.members.iter().map(said).collect()
    }

    /// The view in which everybody's GO stands, for a member that is waiting for it in that run.
    fn last_go_stands(&self, state: &State, leaf: u32, kept: &Kept) -> Option<ViewId> {
        let (phase, first) = self.logs.with(kept.view, |view| (view.phase, view.first));
        if phase != Some(Phase::Verdicts) || !self.says_go(kept.view, leaf) {
            return None;
        }
        let speech = self.speech(state, first);
        let outcomes = self.logs.outcomes(kept.view, &speech);
        let complete = outcomes.iter().find(|outcome| outcome.how == How::Complete);
        complete.map(|outcome| outcome.to)
    }

    fn says_go(&self, view: ViewId, leaf: u32) -> bool {
        let said = self.logs.says(view, leaf, Hand::default());
        said.is_some_and(|said| matches!(self.logs.message(said).1, Message::Go(_)))
    }

    pub(super) fn make(&self, state: &mut State, action: &Move) {
        match action {
            Move::Grows { leaf, how, to } => self.grow(state, *leaf, how, *to),
            Move::GateOpens { leaf } => state.members[*leaf as usize].now.share = Share::Shown,
            Move::NewRound { leaf, to } => self.new_round(state, *leaf, *to),
            Move::LateGo { leaf, run } => {
                let kept = state.members[*leaf as usize].past[*run].clone();
                if let Some(to) = self.last_go_stands(state, *leaf, &kept) {
                    let kept = &mut state.members[*leaf as usize].past[*run];
                    kept.view = to;
                    kept.share = Share::Shown;
                    // What is broken here is what comes of it, not only the order of decisions.
                    kept.decision = Decision::Release as u8;
                }
            }
            Move::NogoAtTheGate { leaf } => {
                let member = &mut state.members[*leaf as usize];
                member.now.decision = Decision::Reveal as u8;
                member.now.share = Share::Destroyed;
                member.lock = None;
            }
            Move::CopyReleases { leaf, run } => {
                state.copies -= 1;
                let member = &mut state.members[*leaf as usize];
                match run {
                    Some(run) => member.past[*run].share = Share::Shown,
                    None => member.now.share = Share::Shown,
                }
            }
        }
    }

    fn grow(&self, state: &mut State, leaf: u32, how: &How, to: ViewId) {
        if let How::Ended { for_cause, .. } = how {
            let honest = for_cause.iter().find(|l| self.size.world.is_honest(**l));
            if let Some(blamed) = honest {
                state.flaw = Some(Flaw::HonestBlamed(*blamed));
            }
            return self.run_over(state, leaf, to);
        }
        let member = &mut state.members[leaf as usize];
        member.now.view = to;
        let said = self.logs.says(to, leaf, Hand::default());
        let Some((_, message)) = said.map(|said| self.logs.message(said)) else {
            return;
        };
        let (crowd, has_cheat) = self.logs.with(to, |view| {
            let cheat = |l: &u32| !self.size.world.is_honest(*l);
            (view.crowd(), view.roster.iter().any(cheat))
        });
        let decided = match message {
            Message::Dc(_) => {
                self.seal(member, crowd);
                Ok(())
            }
            Message::Release(_) => {
                member.now.share = if self.size.gate {
                    Share::Held
                } else {
                    Share::Shown
                };
                if let Some(lock) = member.lock.as_mut().filter(|_| member.now.text == 1) {
                    lock.for_good = true;
                }
                member.now.decide(Decision::Release)
            }
            Message::Reveal(_) => {
                free(member);
                if !has_cheat {
                    state.flaw = Some(Flaw::RootForNothing);
                }
                member.now.decide(Decision::Reveal)
            }
            Message::Join(_) | Message::Kem(_) | Message::Slot(_) | Message::Go(_) => Ok(()),
            Message::Nogo(_) | Message::Close(_) | Message::Leave(_) | Message::GiveUp(_) => Ok(()),
        };
        if decided.is_err() {
            state.flaw = Some(Flaw::Decision);
        }
    }

    /// Mirrors `choose` and `Locks::bind`: the first text where its lock allows it, else another one.
    fn seal(&self, member: &mut Standing, crowd: u8) {
        let is_bound = holds(Rule::TextBoundToRoster);
        let allowed = !is_bound || member.lock.is_none_or(|lock| lock.crowd == crowd);
        member.now.text = if allowed { 1 } else { member.runs + 2 };
        if allowed && member.lock.is_none() {
            member.lock = Some(Lock {
                crowd,
                for_good: false,
            });
        }
    }

    /// Mirrors `run_over`, and JOIN of the run after it.
    fn run_over(&self, state: &mut State, leaf: u32, to: ViewId) {
        let member = &mut state.members[leaf as usize];
        free(member);
        let is_decided = holds(Rule::DecidedBeforeJoin);
        if member.now.decision() == Decision::None && is_decided {
            member.now.decision = Decision::Ended as u8;
        }
        if !member.now.decision().allows_next_join() && is_decided {
            state.flaw = Some(Flaw::Decision);
        }
        let ended = std::mem::replace(&mut member.now, Kept::beginning(to));
        member.past.push(ended);
        member.runs += 1;
    }

    /// The Round was opened or given up: what has not left is destroyed, and the lock stays.
    fn new_round(&self, state: &mut State, leaf: u32, to: ViewId) {
        let member = &mut state.members[leaf as usize];
        if member.now.share == Share::Held {
            member.now.share = Share::Destroyed;
            if !own_holds(Own::GiveUpKeepsTheLock) {
                member.lock = None;
            }
        }
        if member.now.decision() == Decision::None {
            member.now.decision = Decision::Ended as u8;
        }
        let ended = std::mem::replace(&mut member.now, Kept::beginning(to));
        member.past.push(ended);
        member.runs += 1;
    }
}

/// Mirrors `free_text`: the run's own lock, unless a release made it one for good.
fn free(member: &mut Standing) {
    if member.now.text == 1 && member.lock.is_some_and(|lock| !lock.for_good) {
        member.lock = None;
    }
}
