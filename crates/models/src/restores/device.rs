//! One honest member's device: what is in its memory, what is in its vault, and what it has said.

use std::collections::{BTreeMap, BTreeSet};

use round::Decision;
use round::rules::{Rule, holds};

use crate::logs::{Hand, ViewId};

/// What a vault holds of the current run, and of the first text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Vault {
    /// The state of the fold that is kept: where the log is read from after a restart.
    pub(super) view: ViewId,
    /// Mirrors the row `decision/ctx`.
    pub(super) decision: u8,
    /// Mirrors the row `share/ctx`.
    pub(super) share: bool,
    /// Mirrors the row `sealed`: the first text is in the run under way.
    pub(super) sealed: bool,
    /// Mirrors the row `lock/text`: the roster to which the first text is bound, and whether for good.
    pub(super) lock: Option<(u8, bool)>,
    /// Only where secrets are kept against the rules: with which self the run was joined.
    pub(super) secrets: Option<Hand>,
}

/// A member in one state of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Member {
    pub(super) vault: Vault,
    /// Where the log stands; the vault's view may be older.
    pub(super) view: ViewId,
    /// The contributor in memory.
    pub(super) hand: Option<Hand>,
    /// This process did not see the run begin, or is a copy.
    pub(super) is_foreign: bool,
    /// It is an old copy.
    pub(super) is_copy: bool,
    pub(super) runs: u8,
    /// Selves so far.
    pub(super) instances: u8,
    /// Every state of the vault so far: any of them may come back.
    pub(super) copies: BTreeSet<Vault>,
    /// What has been said: with which self, up to which views.
    pub(super) said: BTreeSet<(Hand, ViewId)>,
    /// Runs in which LEAVE was said.
    pub(super) left: BTreeSet<ViewId>,
    /// What was submitted in a run, by its first view and the self.
    pub(super) texts: BTreeMap<(ViewId, Hand), u8>,
}

impl Member {
    pub(super) fn at(view: ViewId) -> Self {
        let vault = Vault {
            view,
            decision: Decision::None as u8,
            share: false,
            sealed: false,
            lock: None,
            secrets: None,
        };
        let hand = Hand::default();
        Self {
            copies: BTreeSet::from([vault.clone()]),
            vault,
            view,
            hand: Some(hand),
            is_foreign: false,
            is_copy: false,
            runs: 0,
            instances: 1,
            said: BTreeSet::from([(hand, view)]),
            left: BTreeSet::new(),
            texts: BTreeMap::new(),
        }
    }

    /// An old copy deletes drafts, locks and READYs, and has to be admitted anew.
    pub(super) fn is_silent(&self) -> bool {
        self.is_copy && holds(Rule::RestoredCopiesAreSilent)
    }

    pub(super) fn decision(&self) -> Decision {
        let all = [
            Decision::None,
            Decision::Ended,
            Decision::Reveal,
            Decision::Release,
        ];
        all[usize::from(self.vault.decision)]
    }

    pub(super) fn decide(&mut self, to: Decision) {
        let mut decision = self.decision();
        if decision.decide(to).is_ok() {
            self.vault.decision = decision as u8;
        }
    }

    /// A state of the vault that is on disk from now on.
    pub(super) fn write(&mut self) {
        self.copies.insert(self.vault.clone());
    }
}
