//! Which rule is taken out. The switch of crate `round` is one for the whole process, so whoever runs a
//! model holds a lock: shared where every rule holds, alone where one is out.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use round::rules::Rule;

static TURN: RwLock<()> = RwLock::new(());
static OWN_OUT: AtomicU32 = AtomicU32::new(u32::MAX);

/// Rules that have no switch in the code, because they live in the model's half of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// `release` stays final while the other sides are waited for.
    ReleaseIsFinalAtTheGate,
    /// Who gives up keeps the lock of a text whose share it may have shown.
    GiveUpKeepsTheLock,
    /// A commit during a run is void.
    NoCommitDuringRuns,
}

/// What is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// A rule of the code.
    Round(Rule),
    /// A rule of a model.
    Own(Own),
}

/// As long as it lives, every rule holds.
#[must_use]
pub struct AllHold(#[expect(dead_code, reason = "the lock is held")] RwLockReadGuard<'static, ()>);

/// As long as it lives, one rule is out.
#[must_use]
pub struct OneOut(#[expect(dead_code, reason = "the lock is held")] RwLockWriteGuard<'static, ()>);

/// Waits until every rule holds, and keeps it so.
pub fn all_hold() -> AllHold {
    AllHold(TURN.read().unwrap_or_else(PoisonError::into_inner))
}

/// Takes one rule out until the value is dropped.
pub fn without(out: Out) -> OneOut {
    let turn = TURN.write().unwrap_or_else(PoisonError::into_inner);
    match out {
        Out::Round(rule) => round::rules::take_out(Some(rule)),
        Out::Own(own) => OWN_OUT.store(own as u32, Ordering::Relaxed),
    }
    OneOut(turn)
}

impl Drop for OneOut {
    fn drop(&mut self) {
        round::rules::take_out(None);
        OWN_OUT.store(u32::MAX, Ordering::Relaxed);
    }
}

/// Whether a rule of a model holds.
pub fn own_holds(own: Own) -> bool {
    OWN_OUT.load(Ordering::Relaxed) != own as u32
}

impl From<Rule> for Out {
    fn from(rule: Rule) -> Self {
        Self::Round(rule)
    }
}

impl From<Own> for Out {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}
