//! The ways in which a run can end without its last GO: CLOSE, LEAVE, differing histories, and blame.

use std::collections::{BTreeMap, BTreeSet};

use round::rules::{Rule, holds};
use round::{Close, Leave, Message, Phase, Sequence, Verdict};

use super::outcomes::{How, Offer, Outcome, is_for_cause, play};
use super::view::{SaidId, Step, ViewId};
use super::{Cells, World};

/// Entries that end a run.
pub(super) struct Way {
    entries: Vec<(u32, Message)>,
    is_timely: bool,
}

/// By whom it leaves out, and whether for cause.
type Ends = BTreeMap<Vec<(u32, bool)>, Way>;

impl Way {
    /// One that no delay of the relay is needed for.
    pub(super) fn timely(entries: Vec<(u32, Message)>) -> Self {
        Self {
            entries,
            is_timely: true,
        }
    }
}

impl Cells {
    /// Every set of leaves that can be left out now, and one way to do it.
    pub(super) fn ends(&self, world: &World, view: ViewId, offer: &Offer) -> Ends {
        let mut ends = Ends::new();
        let ctx = self.sequence(view).ctx_r();
        for leaver in &offer.leavers {
            let leave = (*leaver, Message::Leave(Leave { ctx }));
            ends.entry(vec![(*leaver, false)])
                .or_insert(Way::timely(vec![leave]));
        }
        self.foreign_ends(view, offer, &mut ends);
        self.closings(world, view, offer, &mut ends);
        ends
    }

    /// CLOSE, with any of those heard who can be.
    fn closings(&self, world: &World, view: ViewId, offer: &Offer, ends: &mut Ends) {
        let sequence = self.sequence(view);
        let phase = sequence.phase().unwrap_or(Phase::Joins);
        let close = Close {
            ctx: sequence.ctx_r(),
            phase,
        };
        let roster = self.roster(view);
        // Whoever closes in time has waited for the honest; without lengths a cheat closes at once.
        let is_early = !holds(Rule::PhasesHaveTheirLength) && world.cheats > 0;
        for heard in subsets(&self.able(view, offer)) {
            let missing = roster.iter().filter(|leaf| !heard.contains(leaf));
            let out: Vec<_> = missing.map(|leaf| (*leaf, false)).collect();
            if out.is_empty() {
                continue;
            }
            let mut entries = self.first_words(offer, heard.iter());
            entries.push((roster[0], Message::Close(close.clone())));
            let is_timely = is_early || !out.iter().any(|(leaf, _)| world.is_honest(*leaf));
            let way = Way { entries, is_timely };
            ends.entry(out).or_insert(way);
        }
    }

    /// Messages of other histories make their senders absent; then the run ends by the rest, by a LEAVE,
    /// or by a NOGO.
    fn foreign_ends(&self, view: ViewId, offer: &Offer, ends: &mut Ends) {
        let ctx = self.sequence(view).ctx_r();
        let able = self.able(view, offer);
        let foreign: Vec<u32> = offer.foreign.keys().copied().collect();
        for others in subsets(&foreign).into_iter().filter(|set| !set.is_empty()) {
            let words = others.iter().map(|leaf| self.said(offer.foreign[leaf].0));
            let words: Vec<_> = words.collect();
            let out: Vec<_> = others.iter().map(|l| (*l, offer.foreign[l].1)).collect();
            let then = |more: Vec<(u32, Message)>| Way::timely([words.clone(), more].concat());
            let mut nogos = offer.nogos.iter().map(|nogo| self.said(*nogo));
            if let Some(nogo) = nogos.find(|(by, _)| !others.contains(by)) {
                ends.entry(out.clone()).or_insert(then(vec![nogo]));
            }
            for leaver in offer.leavers.iter().filter(|l| !others.contains(l)) {
                let leave = (*leaver, Message::Leave(Leave { ctx }));
                let mut out = [out.as_slice(), &[(*leaver, false)]].concat();
                out.sort_unstable();
                ends.entry(out).or_insert(then(vec![leave]));
            }
            let rest = self.roster(view).into_iter();
            let rest: Vec<u32> = rest.filter(|leaf| !others.contains(leaf)).collect();
            if rest.iter().all(|leaf| able.contains(leaf)) {
                let rest = self.first_words(offer, rest.iter());
                ends.entry(out).or_insert(then(rest));
            }
        }
    }

    /// Who can be heard in this phase.
    fn able(&self, view: ViewId, offer: &Offer) -> Vec<u32> {
        let heard = |leaf: &u32| offer.heard.get(leaf).is_some_and(|words| !words.is_empty());
        self.roster(view).into_iter().filter(heard).collect()
    }

    fn first_words<'a>(
        &self,
        offer: &Offer,
        leaves: impl Iterator<Item = &'a u32>,
    ) -> Vec<(u32, Message)> {
        leaves.map(|leaf| self.said(offer.heard[leaf][0])).collect()
    }

    fn said(&self, said: SaidId) -> (u32, Message) {
        self.messages[said as usize].clone()
    }

    pub(super) fn end(&mut self, view: ViewId, way: &Way) -> Option<Outcome> {
        let (sequence, verdict) = play(self.sequence(view), &way.entries);
        let words = way.entries.iter();
        let by: Vec<SaidId> = words.map(|(leaf, m)| self.keep(*leaf, m.clone())).collect();
        let is_timely = way.is_timely;
        let end = match verdict {
            Verdict::RunEnded(end) | Verdict::BelowFloor(end) => end,
            // Only where absence is answered with blame.
            Verdict::Disturbed(disturbed) => {
                let to = self.blamed_for_silence(view, by.clone(), sequence);
                let how = How::Accused(disturbed.by);
                return Some(Outcome {
                    how,
                    to,
                    is_timely,
                    by,
                });
            }
            // Only where the first decision is not final: CLOSE did nothing.
            Verdict::Counted => return None,
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
        Some(Outcome {
            how,
            to: self.run(sequence, round),
            is_timely,
            by,
        })
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
