//! Rules of a participant without which somebody lost a room or was silenced, by name. They always hold;
//! only a program built to try an attack (feature `liar`) can take one of them out.

/// One rule that keeps a room usable for whoever is honest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Whoever founded a mailbox puts the epoch's token back after a void rotation.
    VoidRotationsAreUndone,
    /// A seat's own entry that somebody sealed again is a repetition, and no sign of a copy of its vault.
    RepeatsAreNoCopies,
    /// A caucus removes whoever is gone from the plenary.
    TheCaucusFollowsThePlenary,
    /// A side founds its caucus anew where it lost it, or where its founder is gone.
    CaucusesAreFoundedAnew,
    /// Whoever founded a mailbox shows it with each rotation, and so uses what is kept free for that.
    WhoeverFoundedRotatesByThatRight,
    /// What the log's clock gained against the own one counts, by whatever steps it did.
    TheLogsClockIsJudged,
    /// What leads to a place is judged before anybody goes there.
    MovesAreJudgedFirst,
}

#[cfg(feature = "liar")]
impl Rule {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::VoidRotationsAreUndone,
        Self::RepeatsAreNoCopies,
        Self::TheCaucusFollowsThePlenary,
        Self::CaucusesAreFoundedAnew,
        Self::WhoeverFoundedRotatesByThatRight,
        Self::TheLogsClockIsJudged,
        Self::MovesAreJudgedFirst,
    ];
}

/// Whether a rule holds. It does.
#[cfg(not(feature = "liar"))]
#[must_use]
pub(crate) const fn holds(_: Rule) -> bool {
    true
}

#[cfg(feature = "liar")]
pub(crate) use canary::holds;
#[cfg(feature = "liar")]
pub use canary::take_out;

/// For attacks alone: one rule of the whole process can be taken out.
#[cfg(feature = "liar")]
mod canary {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Rule;

    static OUT: AtomicU32 = AtomicU32::new(u32::MAX);

    /// Whether a rule holds.
    #[must_use]
    pub(crate) fn holds(rule: Rule) -> bool {
        OUT.load(Ordering::Relaxed) != rule as u32
    }

    /// Takes a rule out, in the whole process; `None` puts it back.
    pub fn take_out(rule: Option<Rule>) {
        OUT.store(rule.map_or(u32::MAX, |rule| rule as u32), Ordering::Relaxed);
    }
}
