//! The rules whose absence unmasked somebody when the design was attacked, by name. They always hold;
//! only a program built to try an attack (feature `canary`) can take one of them out.

/// One rule that closes a concrete unmasking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Pads are keyed by the transcripts of their own run.
    FreshPads,
    /// What is revealed for blame holds nothing of the content.
    BlameWithoutContent,
    /// The slot is the rank of a random tag, never of a member.
    SlotsByTag,
    /// Tags are drawn anew in every run.
    FreshTags,
    /// A text that may be readable is never sealed for another roster (I2).
    TextBoundToRoster,
    /// A run is decided before the next one is joined (I1).
    DecidedBeforeJoin,
    /// Run secrets live in memory only (I3).
    SecretsInMemoryOnly,
    /// A restored copy of a vault says nothing.
    RestoredCopiesAreSilent,
    /// A restarted node takes no step in a run that began before.
    NoStepAfterRestart,
    /// Every lane is sealed with an e of its own.
    FreshSealPerLane,
    /// A NOGO counts only where its evidence equals the reader's.
    EqualEvidence,
    /// Everybody's messages of a phase have one size, whatever the rank.
    EqualSizes,
    /// Absence, an early NOGO included, is never taken for disruption.
    EarlyNogoIsAbsence,
    /// The first decisive entry is final: GOs after a CLOSE do not count.
    FirstDecisionIsFinal,
    /// Nobody releases before every sequence of the Round has its GOs or was dropped.
    GateBeforeRelease,
    /// Only a counting NOGO leads to REVEAL: absence never does.
    AbsenceRevealsNothing,
    /// A CLOSE or GIVE-UP counts only once its phase has lasted its length.
    PhasesHaveTheirLength,
    /// The time in which nobody could write counts for nobody's silence.
    ShutLogsCountForNobody,
    /// What follows from a root is bound to one member: nobody can share one to any effect.
    RootsOfOneMember,
    /// Whoever has a tag that somebody else has is left out.
    OneTagCosts,
    /// A slot opens by what stands in it, and by nothing that stands in others.
    SlotsOpenAlone,
    /// A key that two announced leaves nobody out by itself: it can be copied without being known.
    KeysMayBeCopied,
    /// The nonce of a proof hangs on all that is proved, not on drawn bytes alone.
    NoncesOfOneProof,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::FreshPads,
        Self::BlameWithoutContent,
        Self::SlotsByTag,
        Self::FreshTags,
        Self::TextBoundToRoster,
        Self::DecidedBeforeJoin,
        Self::SecretsInMemoryOnly,
        Self::RestoredCopiesAreSilent,
        Self::NoStepAfterRestart,
        Self::FreshSealPerLane,
        Self::EqualEvidence,
        Self::EqualSizes,
        Self::EarlyNogoIsAbsence,
        Self::FirstDecisionIsFinal,
        Self::GateBeforeRelease,
        Self::AbsenceRevealsNothing,
        Self::PhasesHaveTheirLength,
        Self::ShutLogsCountForNobody,
        Self::RootsOfOneMember,
        Self::OneTagCosts,
        Self::SlotsOpenAlone,
        Self::KeysMayBeCopied,
        Self::NoncesOfOneProof,
    ];
}

/// Whether a rule holds. It does.
#[cfg(not(feature = "canary"))]
#[must_use]
pub const fn holds(_: Rule) -> bool {
    true
}

/// A tag as it was derived.
#[cfg(not(feature = "canary"))]
pub(crate) fn narrowed(tag: crate::Fe) -> crate::Fe {
    tag
}

#[cfg(feature = "canary")]
pub(crate) use canary::narrowed;
#[cfg(feature = "canary")]
pub use canary::{holds, take_out, take_out_both, with_narrow_tags};

/// For attacks alone: a rule of the whole process can be taken out, or two that stand behind each other.
#[cfg(feature = "canary")]
mod canary {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Rule;
    use crate::Fe;

    thread_local! {
        static BITS: Cell<Option<u32>> = const { Cell::new(None) };
    }

    static OUT: AtomicU32 = AtomicU32::new(0);

    /// Whether a rule holds.
    #[must_use]
    pub fn holds(rule: Rule) -> bool {
        OUT.load(Ordering::Relaxed) & bit(rule) == 0
    }

    /// Takes a rule out, in the whole process; `None` puts everything back.
    pub fn take_out(rule: Option<Rule>) {
        OUT.store(rule.map_or(0, bit), Ordering::Relaxed);
    }

    /// Takes two rules out, where each alone does what the other is for.
    pub fn take_out_both(one: Rule, other: Rule) {
        OUT.store(bit(one) | bit(other), Ordering::Relaxed);
    }

    const fn bit(rule: Rule) -> u32 {
        1 << rule as u32
    }

    /// Plays something in a world whose tags have so few bits that colluders can look for one that two
    /// of them have, as they can in ours with some 2^50 attempts. In this thread alone.
    pub fn with_narrow_tags<T>(bits: u32, play: impl FnOnce() -> T) -> T {
        BITS.set(Some(bits));
        let played = play();
        BITS.set(None);
        played
    }

    /// A tag, cut where [`with_narrow_tags`] says so; never zero.
    pub(crate) fn narrowed(tag: Fe) -> Fe {
        match BITS.get() {
            Some(bits) => Fe::reduce(1 + tag.value() % (1 << bits)),
            None => tag,
        }
    }
}
