//! Which rule is taken out. The switches of the code are one for the whole process, so whoever runs a
//! model holds a lock: shared where every rule holds, alone where one is out.

use std::fmt;
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
    /// A text stays at home where fewer take part than its author's own minimum.
    OwnMinimum,
    /// A side founds its caucus anew where it lost it, or where its founder is gone.
    CaucusesAreFoundedAnew,
    /// Nobody speaks in a room in whose group somebody sits who is gone from the plenary.
    NobodySpeaksToTheGone,
    /// What a vault knows of the clocks is there after a restart.
    ClocksAreKept,
}

/// What is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// A rule of the Round.
    Round(Rule),
    /// A rule of the room's fold.
    Room(room::rules::Rule),
    /// A rule of a participant.
    Participant(participant::rules::Rule),
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
        Out::Room(rule) => room::rules::take_out(Some(rule)),
        Out::Participant(rule) => participant::rules::take_out(Some(rule)),
        Out::Own(own) => OWN_OUT.store(own as u32, Ordering::Relaxed),
    }
    OneOut(turn)
}

impl Drop for OneOut {
    fn drop(&mut self) {
        round::rules::take_out(None);
        room::rules::take_out(None);
        participant::rules::take_out(None);
        OWN_OUT.store(u32::MAX, Ordering::Relaxed);
    }
}

/// Whether a rule of a model holds.
pub fn own_holds(own: Own) -> bool {
    OWN_OUT.load(Ordering::Relaxed) != own as u32
}

impl fmt::Display for Out {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Round(rule) => write!(f, "{rule:?}"),
            Self::Room(rule) => write!(f, "{rule:?}"),
            Self::Participant(rule) => write!(f, "{rule:?}"),
            Self::Own(rule) => write!(f, "{rule:?}"),
        }
    }
}

impl From<Rule> for Out {
    fn from(rule: Rule) -> Self {
        Self::Round(rule)
    }
}

impl From<room::rules::Rule> for Out {
    fn from(rule: room::rules::Rule) -> Self {
        Self::Room(rule)
    }
}

impl From<participant::rules::Rule> for Out {
    fn from(rule: participant::rules::Rule) -> Self {
        Self::Participant(rule)
    }
}

impl From<Own> for Out {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}
