//! What one entry meant. The room acts on these values; nothing else leaves the fold.

use crate::hash::Hash;
use crate::message::Phase;
use crate::seal::OpenedSlot;

/// What one entry did to the sequence. The same for every reader of the same log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Without any effect.
    Void(Void),
    /// It counts; the phase goes on.
    Counted,
    /// Its sender is absent in this run, the run still waits for others.
    SenderAbsent(Cause),
    /// It completed a phase; the named one has begun.
    PhaseDone(Phase),
    /// The run is over without release, and the next one has begun without the absent.
    RunEnded(RunEnd),
    /// The run is over without release, and too few remain: the Round is over.
    BelowFloor(RunEnd),
    /// A NOGO counted. Nobody releases in this run any more; blame secrets are awaited.
    Disturbed(Disturbed),
    /// The N-th GO: shares may be released once that decision is durable.
    AllGo,
    /// The last share: all slots are open. The Round is over.
    Opened(Opened),
    /// Somebody's release did not come, and nobody waits any longer. The Round is over.
    GaveUp(GaveUp),
}

/// Why an entry has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// The sender has no say here.
    NotInRoster,
    /// It belongs to a run that has ended.
    EndedRun,
    /// What it could decide is decided already.
    Decided,
    /// Its sender has spoken in this phase, or the phase is over.
    Spoken,
    /// Its sender is absent in this run already.
    Absent,
    /// A CLOSE or GIVE-UP before the phase has lasted its length, or for another phase; a REVEAL
    /// without a NOGO that counts.
    Early,
    /// A release that is not the share it claims to be.
    WrongShare,
}

/// Why a member is left out of the next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It named another run or transcript: its history of the log differs.
    HistoriesDiffer,
    /// Its message has a wrong size or a value that does not exist.
    Malformed,
    /// It announced the same share as somebody else.
    CopiedShare,
    /// Its derived tag is somebody else's as well: chance, or colluders who looked for it.
    SharedTag,
    /// It said nothing before CLOSE.
    Silent,
    /// It left.
    Left,
    /// Blame found it: what stands in its name cannot come from the secrets that it revealed.
    Disruptor(Fault),
}

impl Cause {
    /// Whether it is told apart from the absent: its program said something impossible.
    #[must_use]
    pub fn is_disruption(self) -> bool {
        matches!(self, Self::Disruptor(_))
    }
}

/// What blame found, in the order in which it looks: the first kind that names anybody is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Its encapsulation key does not follow from its root.
    Key,
    /// A ciphertext does not follow from its root.
    Ciphertext,
    /// Its SLOT is not the padded powers of its tags.
    Sums,
    /// Its DC is not zero outside its own slots.
    Vector,
    /// Everything was as it must be, and it said NOGO.
    FalseNogo,
}

/// How a run ended without release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// The number of the run that ended.
    pub run: u32,
    /// In which phase it ended.
    pub phase: Phase,
    /// Who is left out of the next run and why, by ascending leaf. Never empty.
    pub out: Vec<(u32, Cause)>,
}

/// A counting NOGO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disturbed {
    /// The number of the run.
    pub run: u32,
    /// The leaf that said it. It need not be at fault.
    pub by: u32,
    /// The phase whose result was wrong.
    pub phase: Phase,
    /// What it showed: equal to what this reader found.
    pub evidence: Hash,
}

/// The payloads of a released run, in the order of slots, which is nobody's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The number of the run.
    pub run: u32,
    /// The leaves of its roster, ascending.
    pub roster: Vec<u32>,
    /// By lane, then slot.
    pub payloads: Vec<Vec<OpenedSlot>>,
}

/// A run that was given up in its last phase. Its texts stay locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaveUp {
    /// The number of the run.
    pub run: u32,
    /// The leaves whose release did not come, ascending.
    pub awaited: Vec<u32>,
}
