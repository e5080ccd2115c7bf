//! What a driver asks a sequence. Nothing here changes it.

use std::collections::BTreeSet;

use super::{Run, Sequence, Stage};
use crate::hash::Hash;
use crate::message::Phase;
use crate::terms::Terms;

impl Sequence {
    /// What START froze.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The number of the current run, from 1.
    #[must_use]
    pub fn run_number(&self) -> u32 {
        self.run.number
    }

    /// The context of the current run: the key under which a node keeps its decision.
    #[must_use]
    pub fn ctx_r(&self) -> Hash {
        self.run.ctx
    }

    /// Whether the current run, or one that has ended, has this context.
    pub(crate) fn has_run(&self, ctx: &Hash) -> bool {
        *ctx == self.run.ctx || self.ended.contains(ctx)
    }

    /// The phase, or `None` once the sequence is over.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.stage.phase()
    }

    /// Whether nothing can happen any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// Log time at which the current run began.
    #[must_use]
    pub fn run_began_ms(&self) -> u64 {
        self.run.began_ms
    }

    /// Log time at which the current phase began.
    #[must_use]
    pub fn phase_began_ms(&self) -> u64 {
        self.run.phase_began_ms
    }

    /// The length of a phase.
    #[must_use]
    pub fn phase_ms(&self) -> u64 {
        self.terms.phase_ms
    }

    /// The log time from which on a CLOSE of this phase counts, in phase 6 a GIVE-UP.
    #[must_use]
    pub fn deadline_ms(&self) -> u64 {
        self.run.phase_began_ms.saturating_add(self.terms.phase_ms)
    }

    /// Whether a CLOSE with this log time would end the phase.
    #[must_use]
    pub fn close_allowed(&self, time_ms: u64) -> bool {
        let closable = self.phase().is_some_and(|phase| phase != Phase::Releases);
        closable && !self.is_shut && time_ms >= self.deadline_ms()
    }

    /// Whether a GIVE-UP, or a new OPEN, with this log time would end the Round.
    #[must_use]
    pub fn give_up_allowed(&self, time_ms: u64) -> bool {
        self.phase() == Some(Phase::Releases) && !self.is_shut && time_ms >= self.deadline_ms()
    }

    /// The leaves of the current run's roster, ascending.
    #[must_use]
    pub fn roster(&self) -> Vec<u32> {
        self.run.roster.leaves(&self.run.roster.indices().collect())
    }

    /// The signature keys of the current run's roster, by ascending leaf: what a lock names (I2).
    #[must_use]
    pub fn roster_keys(&self) -> Vec<Vec<u8>> {
        let mut members: Vec<_> = self.run.roster.members().collect();
        members.sort_unstable_by_key(|member| member.leaf);
        members
            .into_iter()
            .map(|m| m.signature_key.clone())
            .collect()
    }

    /// Whether a leaf's message of the current phase counts already.
    #[must_use]
    pub fn has_spoken(&self, leaf: u32) -> bool {
        let index = self.run.roster.index_of(leaf);
        index.is_some_and(|index| self.stage.has_heard(index))
    }

    /// Whether a leaf is absent in the current run already, by what it said.
    #[must_use]
    pub fn is_absent(&self, leaf: u32) -> bool {
        let index = self.run.roster.index_of(leaf);
        index.is_some_and(|index| self.run.absent.contains_key(&index))
    }

    /// The leaves whom the current phase still waits for, ascending.
    #[must_use]
    pub fn awaited(&self) -> Vec<u32> {
        if self.is_over() {
            return Vec::new();
        }
        let awaited: BTreeSet<_> = self
            .run
            .roster
            .indices()
            .filter(|m| !self.stage.has_heard(*m) && !self.run.absent.contains_key(m))
            .collect();
        self.run.roster.leaves(&awaited)
    }

    /// What a NOGO about phase 4 must show, once all vectors are in: the phase is Verdicts.
    #[must_use]
    pub fn evidence(&self) -> Option<Hash> {
        self.stage.evidence()
    }

    /// The newest log head that this fold has seen.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.latest.head
    }

    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }
}
