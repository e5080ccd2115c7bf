//! What the coalition has of a state, and which parts of a state can never matter again.

use std::collections::BTreeMap;

use round::rules::{Rule, holds};
use round::{Decision, Message, Phase};

use super::member::{Kept, Share};
use super::{Forks, State, ended_runs_are_over};
use crate::knowledge::{Fact, Unmasked, unmasked};
use crate::logs::{Hand, ViewId};

impl Forks {
    pub(super) fn unmasked(&self, state: &State) -> Option<Unmasked> {
        let is_quiet =
            |kept: &Kept| kept.share != Share::Shown && kept.decision() != Decision::Reveal;
        let everything = state
            .members
            .iter()
            .flat_map(|m| m.past.iter().chain([&m.now]));
        if everything.into_iter().all(is_quiet) {
            return None;
        }
        unmasked(&self.facts(state))
    }

    pub(super) fn is_readable(&self, state: &State) -> bool {
        let facts = self.facts(state);
        let readable = |run: u32| {
            let mut here = facts
                .iter()
                .filter(|fact| fact.run == run && fact.peers.len() > 1);
            here.clone().count() > 1 && here.all(|fact| fact.share_shown)
        };
        facts.iter().any(|fact| readable(fact.run))
    }

    pub(super) fn root_shown(&self, state: &State) -> bool {
        self.runs(state)
            .any(|(_, kept)| kept.decision() == Decision::Reveal)
    }

    pub(super) fn both_shown(&self, state: &State) -> bool {
        self.runs(state)
            .any(|(_, kept)| kept.decision() == Decision::Reveal && kept.share == Share::Shown)
    }

    fn runs<'a>(&self, state: &'a State) -> impl Iterator<Item = (u32, &'a Kept)> {
        let members = (0u32..).zip(&state.members);
        members.flat_map(|(leaf, m)| m.past.iter().chain([&m.now]).map(move |kept| (leaf, kept)))
    }

    fn facts(&self, state: &State) -> Vec<Fact> {
        let facts = self
            .runs(state)
            .filter_map(|(leaf, kept)| self.fact(leaf, kept));
        facts.collect()
    }

    fn fact(&self, leaf: u32, kept: &Kept) -> Option<Fact> {
        let (run, roster) = self
            .logs
            .with(kept.view, |view| (view.first, view.roster.clone()));
        if !roster.contains(&leaf) {
            return None;
        }
        let honest = roster.into_iter().filter(|l| self.size.world.is_honest(*l));
        let root_shown = kept.decision() == Decision::Reveal;
        let content_too = root_shown && !holds(Rule::BlameWithoutContent);
        let sealed = self.vector_view(kept.view, leaf);
        Some(Fact {
            leaf,
            instance: 0,
            run,
            peers: honest.map(|l| (l, 0)).collect::<BTreeMap<u32, u8>>(),
            t3: sealed,
            vectors: usize::from(sealed.is_some()),
            text: (kept.text > 0).then(|| leaf * 100 + u32::from(kept.text)),
            share_shown: kept.share == Share::Shown || content_too,
            root_shown,
        })
    }

    /// The view on which a member sent its vector.
    fn vector_view(&self, view: ViewId, leaf: u32) -> Option<ViewId> {
        let path = self.logs.path(view).into_iter();
        let mut at_vectors = path.filter(|at| {
            let phase = self.logs.with(*at, |view| view.phase);
            phase == Some(Phase::Vectors)
        });
        let at = at_vectors.next()?;
        let said = self.logs.says(at, leaf, Hand::default())?;
        matches!(self.logs.message(said).1, Message::Dc(_)).then_some(at)
    }

    /// A run that no honest member of its roster can enter any more, and that is not readable and never
    /// will be, tells nothing: states that differ in it alone are one.
    pub(super) fn forget_the_dead(&self, state: &mut State) {
        let all: Vec<(u32, Kept)> = self
            .runs(state)
            .map(|(l, kept)| (l, kept.clone()))
            .collect();
        let places: Vec<(u8, u32)> = state
            .members
            .iter()
            .map(|member| self.logs.with(member.now.view, |view| view.place()))
            .collect();
        let copies = state.copies;
        for (leaf, member) in (0u32..).zip(&mut state.members) {
            member.past.retain(|kept| {
                let (run, place, roster) = self.logs.with(kept.view, |view| {
                    (view.first, view.place(), view.roster.clone())
                });
                let mut peers = roster
                    .iter()
                    .filter(|l| **l != leaf && self.size.world.is_honest(**l));
                let awaited = peers.clone().any(|peer| places[*peer as usize] <= place);
                let may_be_read = |kept: &Kept| {
                    let at_hand = kept.share == Share::Destroyed && copies > 0;
                    let content_too =
                        kept.decision() == Decision::Reveal && !holds(Rule::BlameWithoutContent);
                    let late = !ended_runs_are_over() && kept.decision() != Decision::Reveal;
                    kept.share == Share::Shown
                        || kept.share == Share::Held
                        || at_hand
                        || content_too
                        || late
                };
                let of = |peer: u32| {
                    all.iter().find(|(l, other)| {
                        *l == peer && self.logs.with(other.view, |view| view.first) == run
                    })
                };
                let readable = may_be_read(kept)
                    && peers.all(|peer| of(*peer).is_some_and(|(_, k)| may_be_read(k)));
                awaited || readable
            });
        }
    }
}
