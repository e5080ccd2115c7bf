//! Rules of the fold whose absence unmasked somebody when the design was attacked, by name. They always
//! hold; only a program built to try an attack (feature `canary`) can take one of them out.

/// One rule that closes a concrete unmasking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// No commit is valid between START and the last sequence's N-th GO.
    NoCommitDuringRuns,
    /// Every cell of the Venn diagram of the rosters that voted on a statement is empty or large enough.
    BallotCells,
    /// Large enough is what any of its rosters was promised, and not five alone.
    CellsKeepPromises,
    /// A crowd counts for the own minimum for so many Rounds, however long ago it was.
    CrowdsByRounds,
    /// A seat counts once others have confirmed the table words with it in the room.
    CountedByWords,
    /// Rounds are held in the plenary alone.
    RoundsInThePlenaryAlone,
    /// Whoever may reset the mailbox is removed only once the room is in another one.
    KeeperStays,
    /// A room moves only to a place that its author announced.
    PlacesAreAnnounced,
    /// Who left after a vote may be back under another number, and so may not vote anew.
    NewcomersMayBeTheGone,
    /// A newcomer needs as many who heard the words with it, whoever was removed before.
    RemovingLowersNothing,
    /// What looks the same is one statement.
    LooksAreOne,
    /// Whoever founded a caucus does so again only after all others of the side.
    FoundersTakeTurns,
    /// Nobody waits for ever for a turn that is not taken.
    TurnsRunOut,
    /// The time in which nobody could write ends nothing.
    ShutLogsCountForNobody,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::NoCommitDuringRuns,
        Self::BallotCells,
        Self::CellsKeepPromises,
        Self::CrowdsByRounds,
        Self::CountedByWords,
        Self::RoundsInThePlenaryAlone,
        Self::KeeperStays,
        Self::PlacesAreAnnounced,
        Self::NewcomersMayBeTheGone,
        Self::RemovingLowersNothing,
        Self::LooksAreOne,
        Self::FoundersTakeTurns,
        Self::TurnsRunOut,
        Self::ShutLogsCountForNobody,
    ];
}

/// Whether a rule holds. It does.
#[cfg(not(feature = "canary"))]
#[must_use]
pub const fn holds(_: Rule) -> bool {
    true
}

#[cfg(feature = "canary")]
pub use canary::{holds, take_out};

/// For attacks alone: one rule of the whole process can be taken out.
#[cfg(feature = "canary")]
mod canary {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Rule;

    static OUT: AtomicU32 = AtomicU32::new(u32::MAX);

    /// Whether a rule holds.
    #[must_use]
    pub fn holds(rule: Rule) -> bool {
        OUT.load(Ordering::Relaxed) != rule as u32
    }

    /// Takes a rule out, in the whole process; `None` puts it back.
    pub fn take_out(rule: Option<Rule>) {
        OUT.store(rule.map_or(u32::MAX, |rule| rule as u32), Ordering::Relaxed);
    }
}
