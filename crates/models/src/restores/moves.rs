//! What can happen, and what a node makes of it: the mirror of `participant::speak` (`say_due`, `leave`,
//! `must_leave`, `release`, `reveal`, `run_over`) and of `Play::resumed`.

use round::rules::{Rule, holds};
use round::{Decision, Message, Phase};

use super::device::Member;
use super::{Move, Restores, State};
use crate::logs::{Hand, How, Speech, ViewId};

impl Restores {
    pub(super) fn moves_of(&self, state: &State, leaf: u32, moves: &mut Vec<Move>) {
        let member = &state.members[leaf as usize];
        let (is_in, run) = self
            .logs
            .with(member.view, |view| (view.has(leaf), view.first));
        let may_go_on = member.runs + 1 < self.size.runs;
        if member.is_silent() {
            return;
        }
        if is_in {
            let speech = self.speech(state, run);
            let outcomes = self.logs.outcomes(member.view, &speech);
            let possible = outcomes.iter().filter(|outcome| match &outcome.how {
                How::Ended { for_cause, .. } => may_go_on || !for_cause.is_empty(),
                How::Complete | How::Accused(_) => true,
            });
            moves.extend(possible.map(|outcome| Move::Grows {
                leaf,
                how: outcome.how.clone(),
                to: outcome.to,
            }));
        }
        if state.restarts > 0
            && (member.hand.is_some() || member.vault.decision == Decision::None as u8)
        {
            moves.push(Move::Restarts(leaf));
        }
        if state.restores > 0 {
            // A copy that is silent is the same silence, however old it is.
            let copies = match holds(Rule::RestoredCopiesAreSilent) {
                true => 1,
                false => member.copies.len(),
            };
            moves.extend((0..copies).map(|copy| Move::ComesBack { leaf, copy }));
        }
    }

    fn speech(&self, state: &State, run: ViewId) -> Vec<Speech> {
        let said = |member: &Member| {
            let here = |view: &ViewId| self.logs.with(*view, |view| view.first) == run;
            let reached = member.said.iter().filter(|(_, view)| here(view)).copied();
            Speech {
                reached: reached.collect(),
                left: member.left.contains(&run),
            }
        };
        state.members.iter().map(said).collect()
    }

    pub(super) fn make(&self, state: &mut State, action: &Move) {
        match action {
            Move::Grows { leaf, how, to } => self.grow(state, *leaf, how, *to),
            Move::Restarts(leaf) => {
                state.restarts -= 1;
                let member = &mut state.members[*leaf as usize];
                self.start_again(member, *leaf);
            }
            Move::ComesBack { leaf, copy } => {
                state.restores -= 1;
                let member = &mut state.members[*leaf as usize];
                if let Some(vault) = member.copies.iter().nth(*copy).cloned() {
                    member.vault = vault;
                    member.view = member.vault.view;
                    member.is_copy = true;
                    self.start_again(member, *leaf);
                }
            }
        }
    }

    /// A process begins with what the vault holds.
    fn start_again(&self, member: &mut Member, leaf: u32) {
        member.hand = None;
        member.is_foreign = true;
        if member.is_silent() {
            return;
        }
        let phase = self.logs.with(member.view, |view| view.phase);
        if let (Some(hand), false) = (member.vault.secrets, holds(Rule::SecretsInMemoryOnly)) {
            // What was stored is taken up again; only e was not stored.
            let vector = member.instances;
            member.instances += 1;
            member.hand = Some(Hand { vector, ..hand });
            member.is_foreign = false;
            return self.speak(member, leaf);
        }
        if !holds(Rule::NoStepAfterRestart) {
            if phase == Some(Phase::Joins) {
                member.is_foreign = false;
                self.join(member, leaf);
            }
            return;
        }
        self.leave(member, leaf);
    }

    /// Mirrors `leave`: the run is over for this node, whatever its log will say.
    fn leave(&self, member: &mut Member, leaf: u32) {
        let (phase, is_in, run) = self
            .logs
            .with(member.view, |view| (view.phase, view.has(leaf), view.first));
        let is_open = phase.is_some_and(|phase| phase != Phase::Releases);
        if is_open && is_in && member.decision() != Decision::Reveal {
            member.decide(Decision::Ended);
            member.left.insert(run);
            member.write();
        }
    }

    fn join(&self, member: &mut Member, leaf: u32) {
        if !self.logs.with(member.view, |view| view.has(leaf)) {
            return;
        }
        let hand = Hand {
            instance: member.instances,
            vector: 0,
        };
        member.instances += 1;
        member.hand = Some(hand);
        member.said.insert((hand, member.view));
        member.vault.secrets = (!holds(Rule::SecretsInMemoryOnly)).then_some(hand);
        member.write();
    }

    fn grow(&self, state: &mut State, leaf: u32, how: &How, to: ViewId) {
        if let How::Ended { for_cause, .. } = how {
            let honest = for_cause.iter().find(|l| self.size.world.is_honest(**l));
            state.blamed = state.blamed.or(honest.copied());
            let member = &mut state.members[leaf as usize];
            let undecided = self.run_over(member, leaf, to);
            state.undecided |= undecided;
            return;
        }
        let member = &mut state.members[leaf as usize];
        member.view = to;
        self.speak(member, leaf);
    }

    /// Mirrors `next_message`, `release` and `reveal`.
    fn speak(&self, member: &mut Member, leaf: u32) {
        let Some(hand) = member.hand else { return };
        let said = self.logs.says(member.view, leaf, hand);
        let Some((_, message)) = said.map(|said| self.logs.message(said)) else {
            return;
        };
        let (run, crowd) = self
            .logs
            .with(member.view, |view| (view.first, view.crowd()));
        let path = self.logs.path(member.view);
        member
            .said
            .retain(|(h, view)| *h != hand || !path.contains(view));
        member.said.insert((hand, member.view));
        match message {
            Message::Dc(_) => {
                let is_bound = holds(Rule::TextBoundToRoster);
                let allowed =
                    !is_bound || member.vault.lock.is_none_or(|(bound, _)| bound == crowd);
                let text = if allowed { 1 } else { member.runs + 2 };
                member.texts.insert((run, hand), text);
                member.vault.sealed = allowed && member.vault.lock.is_none_or(|(_, good)| !good);
                if allowed && member.vault.lock.is_none() {
                    member.vault.lock = Some((crowd, false));
                }
            }
            Message::Release(_) => {
                member.decide(Decision::Release);
                member.vault.share = true;
                if let Some((bound, _)) = member.vault.lock.filter(|_| member.vault.sealed) {
                    member.vault.lock = Some((bound, true));
                }
                member.vault.sealed = false;
            }
            Message::Reveal(_) => {
                member.decide(Decision::Reveal);
                free(member);
            }
            Message::Join(_) | Message::Kem(_) | Message::Slot(_) | Message::Go(_) => {}
            Message::Nogo(_) | Message::Close(_) | Message::Leave(_) | Message::GiveUp(_) => {}
        }
        if !holds(Rule::SecretsInMemoryOnly) {
            member.vault.secrets = Some(hand);
            member.vault.view = member.view;
        }
        member.write();
    }

    /// Mirrors `run_over`; true where the run was left undecided.
    fn run_over(&self, member: &mut Member, leaf: u32, to: ViewId) -> bool {
        free(member);
        member.decide(match member.decision() {
            Decision::None => Decision::Ended,
            decided => decided,
        });
        let undecided = !member.decision().allows_next_join();
        member.hand = None;
        member.view = to;
        member.vault.view = to;
        member.vault.decision = Decision::None as u8;
        member.vault.share = false;
        member.vault.secrets = None;
        member.runs += 1;
        member.is_foreign = false;
        member.write();
        self.join(member, leaf);
        undecided
    }
}

fn free(member: &mut Member) {
    if member.vault.sealed && member.vault.lock.is_some_and(|(_, for_good)| !for_good) {
        member.vault.lock = None;
    }
    member.vault.sealed = false;
}
