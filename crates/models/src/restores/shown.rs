//! What the coalition has of a state: everything that any self of a member has said.

use std::collections::{BTreeMap, BTreeSet};

use round::rules::{Rule, holds};
use round::{Message, Phase};

use super::device::Member;
use super::{Restores, State};
use crate::knowledge::{Fact, Unmasked, unmasked};
use crate::logs::{Hand, SaidId, ViewId};

/// What one self of a member has said in one run under one transcript.
#[derive(Default)]
struct Part {
    vectors: BTreeSet<SaidId>,
    share: bool,
    root: bool,
    text: Option<u32>,
}

impl Restores {
    pub(super) fn unmasked(&self, state: &State) -> Option<Unmasked> {
        unmasked(&self.facts(state))
    }

    pub(super) fn is_readable(&self, state: &State) -> bool {
        let facts = self.facts(state);
        let all = |run: u32| {
            let here = facts
                .iter()
                .filter(|fact| fact.run == run && fact.share_shown);
            here.map(|fact| fact.leaf).collect::<BTreeSet<u32>>()
        };
        facts
            .iter()
            .any(|fact| fact.peers.len() > 1 && all(fact.run).len() == fact.peers.len())
    }

    pub(super) fn both_shown(&self, state: &State) -> bool {
        let facts = self.facts(state);
        let same = |a: &Fact, b: &Fact| (a.leaf, a.run, a.instance) == (b.leaf, b.run, b.instance);
        let roots = facts.iter().filter(|fact| fact.root_shown);
        roots
            .into_iter()
            .any(|a| facts.iter().any(|b| same(a, b) && b.share_shown))
    }

    /// Two different JOINs in one run, or two messages of another kind from one member under the same
    /// transcript.
    pub(super) fn spoke_twice(&self, state: &State) -> bool {
        let members = (0u32..).zip(&state.members);
        members.into_iter().any(|(leaf, member)| {
            let mut said: BTreeMap<(ViewId, u8), SaidId> = BTreeMap::new();
            self.places(leaf, member)
                .into_iter()
                .any(|(view, message)| {
                    let kind = match self.logs.message(message).1 {
                        // GO after NOGO, or the other way round, is also a second word.
                        Message::Go(_) | Message::Nogo(_) => 5,
                        Message::Release(_) | Message::Reveal(_) => 6,
                        _ => 0,
                    };
                    let before = said.insert((view, kind), message);
                    before.is_some_and(|before| before != message)
                })
        })
    }

    /// Everything that was said, with the view on which it was said.
    fn places(&self, leaf: u32, member: &Member) -> Vec<(ViewId, SaidId)> {
        let reached = member.said.iter().flat_map(|(hand, reached)| {
            let path = self.logs.path(*reached).into_iter();
            path.filter_map(|at| Some((at, self.logs.says(at, leaf, *hand)?)))
        });
        reached.collect()
    }

    fn facts(&self, state: &State) -> Vec<Fact> {
        let members = (0u32..).zip(&state.members);
        members
            .flat_map(|(leaf, member)| self.facts_of(leaf, member, state))
            .collect()
    }

    fn facts_of(&self, leaf: u32, member: &Member, state: &State) -> Vec<Fact> {
        let mut parts: BTreeMap<(ViewId, u8, Option<ViewId>), Part> = BTreeMap::new();
        for (hand, reached) in &member.said {
            self.add_part(leaf, member, *hand, *reached, &mut parts);
        }
        let facts = parts.into_iter().map(|((run, instance, t3), part)| Fact {
            leaf,
            instance,
            run,
            peers: self.peers(run, t3, state),
            t3,
            vectors: part.vectors.len(),
            text: part.text,
            share_shown: part.share || (part.root && !holds(Rule::BlameWithoutContent)),
            root_shown: part.root,
        });
        facts.collect()
    }

    fn add_part(
        &self,
        leaf: u32,
        member: &Member,
        hand: Hand,
        reached: ViewId,
        parts: &mut BTreeMap<(ViewId, u8, Option<ViewId>), Part>,
    ) {
        let path = self.logs.path(reached);
        let run = path[0];
        let at_vectors = path
            .iter()
            .copied()
            .find(|at| self.logs.with(*at, |v| v.phase) == Some(Phase::Vectors));
        let part = parts.entry((run, hand.instance, at_vectors)).or_default();
        for at in path {
            let Some(said) = self.logs.says(at, leaf, hand) else {
                continue;
            };
            match self.logs.message(said).1 {
                Message::Dc(_) => {
                    part.vectors.insert(said);
                    let text = member.texts.get(&(run, hand));
                    part.text = text.map(|text| leaf * 100 + u32::from(*text));
                }
                Message::Release(_) => part.share = true,
                Message::Reveal(_) => part.root = true,
                _ => {}
            }
        }
    }

    /// Which self of each honest member stands in the transcript of a view.
    fn peers(&self, run: ViewId, at: Option<ViewId>, state: &State) -> BTreeMap<u32, u8> {
        let roster = self.logs.with(run, |view| view.roster.clone());
        let joins = at.map(|at| self.logs.with(at, |view| view.joins.clone()));
        let honest = roster
            .into_iter()
            .filter(|leaf| self.size.world.is_honest(*leaf));
        let instance = |leaf: u32| {
            let selves = 0..=state.members[leaf as usize].instances;
            let joined = |instance: &u8| {
                let hand = Hand {
                    instance: *instance,
                    vector: 0,
                };
                let said = self.logs.says(run, leaf, hand);
                said.is_some_and(|said| joins.as_ref().is_some_and(|joins| joins.contains(&said)))
            };
            selves.into_iter().find(joined).unwrap_or(0)
        };
        honest.map(|leaf| (leaf, instance(leaf))).collect()
    }
}
