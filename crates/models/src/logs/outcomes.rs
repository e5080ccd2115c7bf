//! What the relay and the cheats can make of one view: each way is played on the real fold, once.
//! Between two views nobody honest says anything, so the order of entries between them is no choice.

use std::collections::BTreeMap;

use round::rules::{Rule, holds};
use round::{Cause, Entry, Message, Phase, RunEnd, Sequence, Verdict};

use super::ends::Way;
use super::seeds::named;
use super::view::{Hand, SaidId, Step, ViewId};
use super::{Cells, World};

/// What an honest member has said in the run of a view: up to which view, with which hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Speech {
    /// One for each of its selves.
    pub reached: Vec<(Hand, ViewId)>,
    /// It has restarted and said LEAVE.
    pub left: bool,
}

/// What happened to a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Everybody's messages came in.
    Complete,
    /// A NOGO of this leaf counted.
    Accused(u32),
    /// The run ended, and these are left out.
    Ended {
        /// Leaves, ascending.
        out: Vec<u32>,
        /// Those of them who are called disruptors, or whose messages were called impossible.
        for_cause: Vec<u32>,
    },
}

/// One thing that can happen to a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What.
    pub how: How,
    /// The view after it.
    pub to: ViewId,
    /// Whether a relay that delays nobody's messages can let it happen: nobody honest is cut off.
    pub is_timely: bool,
    /// The entries that did it.
    pub by: Vec<SaidId>,
}

/// What one message does to a view by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Heard,
    Absent(Cause),
    Accuses,
    Nothing,
}

/// An end that calls somebody more than silent.
pub(super) fn is_for_cause(cause: Cause) -> bool {
    match cause {
        Cause::Disruptor(_) | Cause::Malformed | Cause::CopiedShare => true,
        Cause::HistoriesDiffer | Cause::SharedTag | Cause::Silent | Cause::Left => false,
    }
}

/// The messages that could be put into a log next.
pub(super) struct Offer {
    /// By leaf: messages of this phase that agree with the view.
    pub(super) heard: BTreeMap<u32, Vec<SaidId>>,
    /// By honest leaf: a message of another history, and whether it makes its sender a disruptor.
    pub(super) foreign: BTreeMap<u32, (SaidId, bool)>,
    pub(super) nogos: Vec<SaidId>,
    pub(super) leavers: Vec<u32>,
    plans: Vec<Vec<SaidId>>,
}

impl Cells {
    pub(super) fn find_outcomes(
        &mut self,
        world: &World,
        view: ViewId,
        speech: &[Speech],
    ) -> Vec<Outcome> {
        let phase = self.sequence(view).phase();
        if matches!(phase, None | Some(Phase::Releases)) {
            return Vec::new();
        }
        let offer = self.offer(world, view, speech);
        let mut outcomes = self.completions(view, &offer);
        for nogo in &offer.nogos {
            let step = Step::Accused(*nogo);
            let to = self.step(view, step, &[*nogo]);
            let how = How::Accused(self.messages[*nogo as usize].0);
            outcomes.extend(to.map(|to| Outcome {
                how,
                to,
                is_timely: true,
                by: vec![*nogo],
            }));
        }
        let ends = self.ends(world, view, &offer);
        outcomes.extend(ends.into_values().filter_map(|way| self.end(view, &way)));
        outcomes
    }

    fn offer(&mut self, world: &World, view: ViewId, speech: &[Speech]) -> Offer {
        let roster = self.roster(view);
        let plans = self.plans(world, view);
        let mut offer = Offer {
            heard: BTreeMap::new(),
            foreign: BTreeMap::new(),
            nogos: self.accusations(world, view),
            leavers: Vec::new(),
            plans,
        };
        let honest = roster.iter().filter(|leaf| world.is_honest(**leaf));
        for leaf in honest.copied() {
            let said = &speech[leaf as usize];
            if said.left {
                offer.leavers.push(leaf);
            }
            for (hand, reached) in &said.reached {
                for at in self.path(*reached) {
                    if let Some(message) = self.says(at, leaf, *hand) {
                        self.sort_in(view, leaf, message, &mut offer);
                    }
                }
            }
        }
        for cheat in roster.iter().filter(|leaf| !world.is_honest(**leaf)) {
            let by_cheat = |said: &&SaidId| self.messages[**said as usize].0 == *cheat;
            let first = offer.plans.iter().flatten().find(by_cheat).copied();
            offer.heard.insert(*cheat, first.into_iter().collect());
            offer.leavers.push(*cheat);
        }
        offer
    }

    fn sort_in(&mut self, view: ViewId, leaf: u32, message: SaidId, offer: &mut Offer) {
        match self.effect(view, message) {
            Effect::Heard => {
                let heard = offer.heard.entry(leaf).or_default();
                if !heard.contains(&message) {
                    heard.push(message);
                }
            }
            Effect::Absent(cause) => {
                let worst = offer.foreign.entry(leaf).or_insert((message, false));
                if is_for_cause(cause) {
                    *worst = (message, true);
                }
            }
            Effect::Accuses => offer.nogos.push(message),
            Effect::Nothing => {}
        }
    }

    /// Every way in which all of the roster are heard.
    fn completions(&mut self, view: ViewId, offer: &Offer) -> Vec<Outcome> {
        let roster = self.roster(view);
        let is_cheat = |leaf: &u32| {
            offer
                .plans
                .iter()
                .flatten()
                .any(|said| self.messages[*said as usize].0 == *leaf)
        };
        let honest: Vec<u32> = roster
            .iter()
            .copied()
            .filter(|leaf| !is_cheat(leaf))
            .collect();
        let mut ways: Vec<Vec<SaidId>> = match offer.plans.is_empty() {
            true => vec![Vec::new()],
            false => offer.plans.clone(),
        };
        for leaf in honest {
            let options = offer.heard.get(&leaf).cloned().unwrap_or_default();
            ways = ways
                .iter()
                .flat_map(|way| options.iter().map(|m| [way.as_slice(), &[*m]].concat()))
                .collect();
        }
        let mut outcomes: Vec<Outcome> = Vec::new();
        for mut way in ways {
            way.sort_unstable();
            let to = self.step(view, Step::Complete(way.clone()), &way);
            outcomes.extend(match to {
                Some(to) => Some(Outcome {
                    how: How::Complete,
                    to,
                    is_timely: true,
                    by: way,
                }),
                None => {
                    let words = way.iter().map(|m| self.messages[*m as usize].clone());
                    let way = Way::timely(words.collect());
                    self.end(view, &way)
                }
            });
        }
        outcomes
    }

    /// The view after these messages, where the run goes on.
    fn step(&mut self, view: ViewId, step: Step, messages: &[SaidId]) -> Option<ViewId> {
        if let Some(known) = self.by_step.get(&(view, step.clone())) {
            return Some(*known);
        }
        let entries: Vec<_> = messages
            .iter()
            .map(|m| self.messages[*m as usize].clone())
            .collect();
        let (sequence, verdict) = play(self.sequence(view), &entries);
        match verdict {
            Verdict::PhaseDone(_) | Verdict::AllGo | Verdict::Disturbed(_) => {}
            Verdict::RunEnded(_) | Verdict::BelowFloor(_) => return None,
            other @ (Verdict::Void(_)
            | Verdict::Counted
            | Verdict::SenderAbsent(_)
            | Verdict::Opened(_)
            | Verdict::GaveUp(_)) => panic!("a complete phase led to {other:?}"),
        }
        let parent = &self.views[view as usize];
        let joins = match parent.sequence.phase() {
            Some(Phase::Joins) => messages.to_vec(),
            _ => parent.joins.clone(),
        };
        let next = parent.followed(view, sequence, joins);
        let id = self.push(|_| next);
        self.by_step.insert((view, step), id);
        Some(id)
    }

    fn effect(&mut self, view: ViewId, said: SaidId) -> Effect {
        if let Some(known) = self.effects.get(&(view, said)) {
            return *known;
        }
        let (_, verdict) = play(self.sequence(view), &[self.messages[said as usize].clone()]);
        let effect = match verdict {
            Verdict::Counted => Effect::Heard,
            Verdict::SenderAbsent(cause) => Effect::Absent(cause),
            Verdict::Disturbed(_) => Effect::Accuses,
            Verdict::Void(_) => Effect::Nothing,
            other @ (Verdict::PhaseDone(_)
            | Verdict::RunEnded(_)
            | Verdict::BelowFloor(_)
            | Verdict::AllGo
            | Verdict::Opened(_)
            | Verdict::GaveUp(_)) => panic!("one message of many led to {other:?}"),
        };
        self.effects.insert((view, said), effect);
        effect
    }
}

/// Folds entries. The head names what settled the run and nothing else, so that logs which mean the same
/// have one head: members agree more often than under real heads, never less.
pub(super) fn play(sequence: &Sequence, entries: &[(u32, Message)]) -> (Sequence, Verdict) {
    let mut now = sequence.clone();
    let mut last = None;
    for (from, message) in entries {
        let before = now.clone();
        let time_ms = match message {
            Message::Close(_) if holds(Rule::PhasesHaveTheirLength) => before.deadline_ms(),
            _ => before.phase_began_ms(),
        };
        let entry = |head| Entry {
            from: Some(*from),
            time_ms,
            head,
        };
        let verdict = now.apply(entry(before.head()), message);
        if let Verdict::RunEnded(end) | Verdict::BelowFloor(end) = &verdict {
            now = before.clone();
            let _ = now.apply(entry(settled(&before, end)), message);
        }
        last = Some(verdict);
    }
    (now, last.expect("something was played"))
}

fn settled(before: &Sequence, end: &RunEnd) -> [u8; 32] {
    let out: Vec<u8> = end
        .out
        .iter()
        .flat_map(|(leaf, _)| leaf.to_be_bytes())
        .collect();
    named("settled", &[before.ctx_r().as_slice(), &out].concat())
}
