//! What the relay and the cheats can make of one view: each way is played on the real fold, once.
//! Between two views nobody honest says anything, so the order of entries between them is no choice.

use std::collections::{BTreeMap, BTreeSet};

use round::{Cause, Close, Entry, Leave, Message, Phase, RunEnd, Sequence, Verdict};

use super::seeds::named;
use super::view::{Hand, SaidId, Step, View, ViewId};
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
}

/// What one message does to a view by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Heard,
    Absent(Cause),
    Accuses,
    Nothing,
}

/// Whom a way to end a run leaves out, and by which entries it is done.
type Ends = BTreeMap<Vec<(u32, bool)>, Vec<(u32, Message)>>;

/// An end that calls somebody more than silent.
fn is_for_cause(cause: Cause) -> bool {
    match cause {
        Cause::Disruptor(_) | Cause::Malformed | Cause::CopiedShare => true,
        Cause::HistoriesDiffer | Cause::Silent | Cause::Left => false,
    }
}

/// The messages that could be put into a log next.
struct Offer {
    /// By leaf: messages of this phase that agree with the view.
    heard: BTreeMap<u32, Vec<SaidId>>,
    /// By honest leaf: a message of another history, and whether it makes its sender a disruptor.
    foreign: BTreeMap<u32, (SaidId, bool)>,
    nogos: Vec<SaidId>,
    leavers: Vec<u32>,
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
            outcomes.extend(to.map(|to| Outcome { how, to }));
        }
        let ends = self.ends(world, view, &offer);
        outcomes.extend(ends.into_values().map(|entries| self.end(view, &entries)));
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
            outcomes.push(match to {
                Some(to) => Outcome {
                    how: How::Complete,
                    to,
                },
                None => {
                    let entries: Vec<_> = way
                        .iter()
                        .map(|m| self.messages[*m as usize].clone())
                        .collect();
                    self.end(view, &entries)
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

    /// Every set of leaves that can be left out now, and how.
    fn ends(&mut self, world: &World, view: ViewId, offer: &Offer) -> Ends {
        let sequence = self.sequence(view);
        let (ctx, roster) = (sequence.ctx_r(), sequence.roster());
        let phase = sequence.phase().unwrap_or(Phase::Joins);
        let mut ends = Ends::new();
        let able: Vec<u32> = roster
            .iter()
            .copied()
            .filter(|leaf| offer.heard.get(leaf).is_some_and(|m| !m.is_empty()))
            .collect();
        let message = |cells: &Self, said: SaidId| cells.messages[said as usize].clone();
        let close = (roster[0], Message::Close(Close { ctx, phase }));
        for heard in subsets(&able) {
            let out: Vec<_> = roster
                .iter()
                .filter(|l| !heard.contains(l))
                .map(|l| (*l, false))
                .collect();
            if out.is_empty() {
                continue;
            }
            let mut entries: Vec<_> = heard
                .iter()
                .map(|l| message(self, offer.heard[l][0]))
                .collect();
            entries.push(close.clone());
            ends.entry(out).or_insert(entries);
        }
        let leave = |leaf: u32| (leaf, Message::Leave(Leave { ctx }));
        for leaver in &offer.leavers {
            ends.entry(vec![(*leaver, false)])
                .or_insert(vec![leave(*leaver)]);
        }
        let foreign: Vec<u32> = offer.foreign.keys().copied().collect();
        for others in subsets(&foreign)
            .into_iter()
            .filter(|others| !others.is_empty())
        {
            let entries: Vec<_> = others
                .iter()
                .map(|l| message(self, offer.foreign[l].0))
                .collect();
            let out: Vec<_> = others.iter().map(|l| (*l, offer.foreign[l].1)).collect();
            if let Some(nogo) = offer
                .nogos
                .iter()
                .find(|m| !others.contains(&self.messages[**m as usize].0))
            {
                let entries = [entries.as_slice(), &[message(self, *nogo)]].concat();
                ends.entry(out.clone()).or_insert(entries);
            }
            for leaver in offer.leavers.iter().filter(|l| !others.contains(l)) {
                let entries = [entries.as_slice(), &[leave(*leaver)]].concat();
                let mut out = [out.as_slice(), &[(*leaver, false)]].concat();
                out.sort_unstable();
                ends.entry(out).or_insert(entries);
            }
            let rest: Vec<_> = roster.iter().filter(|l| !others.contains(l)).collect();
            if rest.iter().all(|l| able.contains(l)) {
                let rest = rest.iter().map(|l| message(self, offer.heard[*l][0]));
                let entries = entries.iter().cloned().chain(rest).collect();
                ends.entry(out).or_insert(entries);
            }
        }
        let _ = world;
        ends
    }

    fn end(&mut self, view: ViewId, entries: &[(u32, Message)]) -> Outcome {
        let (sequence, verdict) = play(self.sequence(view), entries);
        let end = match verdict {
            Verdict::RunEnded(end) | Verdict::BelowFloor(end) => end,
            // Only where absence is answered with blame.
            Verdict::Disturbed(disturbed) => {
                let said = entries
                    .iter()
                    .map(|(l, m)| self.keep(*l, m.clone()))
                    .collect();
                let to = self.blamed_for_silence(view, said, sequence);
                let how = How::Accused(disturbed.by);
                return Outcome { how, to };
            }
            other => panic!("an end led to {other:?}"),
        };
        let round = self.views[view as usize].round;
        let leaves = |all: bool| -> Vec<u32> {
            let named = end
                .out
                .iter()
                .filter(|(_, cause)| all || is_for_cause(*cause));
            named.map(|(leaf, _)| *leaf).collect()
        };
        let how = How::Ended {
            out: leaves(true),
            for_cause: leaves(false),
        };
        Outcome {
            how,
            to: self.run(sequence, round),
        }
    }

    fn blamed_for_silence(&mut self, view: ViewId, by: Vec<SaidId>, after: Sequence) -> ViewId {
        let step = (view, Step::Complete(by));
        if let Some(known) = self.by_step.get(&step) {
            return *known;
        }
        let parent = &self.views[view as usize];
        let next = parent.followed(view, after, parent.joins.clone());
        let id = self.push(|_| next);
        self.by_step.insert(step, id);
        id
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
fn play(sequence: &Sequence, entries: &[(u32, Message)]) -> (Sequence, Verdict) {
    let mut now = sequence.clone();
    let mut last = None;
    for (from, message) in entries {
        let before = now.clone();
        let time_ms = match message {
            Message::Close(_) => before.deadline_ms(),
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

fn subsets(of: &[u32]) -> Vec<BTreeSet<u32>> {
    let bits = 1u32 << of.len();
    (0..bits)
        .map(|set| {
            let chosen = (0..of.len()).filter(|at| set >> at & 1 == 1);
            chosen.map(|at| of[at]).collect()
        })
        .collect()
}
