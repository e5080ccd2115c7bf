//! One honest member: where its log stands, what it has decided, and what its vault holds.

use round::{AlreadyFinal, Decision};

use crate::logs::ViewId;

/// Where the content share of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Share {
    /// In memory, or destroyed with it: never written down.
    Secret,
    /// In the vault, on its way.
    Held,
    /// Out.
    Shown,
    /// Destroyed before it was sent; a copy of the vault may still hold it.
    Destroyed,
}

/// A run that is over for a member, as far as it still matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kept {
    /// The last view of the run.
    pub view: ViewId,
    /// What was decided.
    pub decision: u8,
    /// Where the share is.
    pub share: Share,
    /// What was submitted: 0 nothing, 1 the first text, above that another one.
    pub text: u8,
}

/// The lock of the first text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lock {
    /// The roster to which it is bound.
    pub crowd: u8,
    /// Whether it outlives its run.
    pub for_good: bool,
}

/// A member in one state of a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Where its log stands.
    pub now: Kept,
    /// Runs before this one.
    pub runs: u8,
    /// Those that still matter, oldest first.
    pub past: Vec<Kept>,
    /// Mirrors `participant::locks`.
    pub lock: Option<Lock>,
}

impl Kept {
    pub(super) fn beginning(view: ViewId) -> Self {
        Self {
            view,
            decision: Decision::None as u8,
            share: Share::Secret,
            text: 0,
        }
    }

    /// Takes a decision as the code does.
    pub(super) fn decide(&mut self, to: Decision) -> Result<(), AlreadyFinal> {
        let mut decision = self.decision();
        let taken = decision.decide(to);
        self.decision = decision as u8;
        taken
    }

    pub(super) fn decision(&self) -> Decision {
        let all = [
            Decision::None,
            Decision::Ended,
            Decision::Reveal,
            Decision::Release,
        ];
        all[usize::from(self.decision)]
    }
}

impl Standing {
    pub(super) fn at(view: ViewId) -> Self {
        Self {
            now: Kept::beginning(view),
            runs: 0,
            past: Vec::new(),
            lock: None,
        }
    }
}
