//! Members that cheat. Each is a real participant for MLS, the log and the room; what it says in a
//! Round is said by a contributor of our own, honest but for the cheats of its plan.

mod crook;
mod joins;
mod kems;
mod last_words;
mod slots;
mod talk;
mod vectors;
mod verdicts;

pub use crook::Liar;

use round::Phase;

/// One way to cheat. Where a cheat does not fit into a phase, the liar is honest there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cheat {
    /// Says nothing.
    Silent,
    /// Names a run or transcript that is not the log's.
    WrongTranscript,
    /// One byte, or one sum, too few.
    WrongSize,
    /// A value that does not exist.
    NonCanonical,
    /// Says something else than its copy in another fork.
    Otherwise,
    /// A proof of possession of another share.
    BadPop,
    /// The encapsulation key of another member.
    CopiedKey,
    /// The share and the proof of another member.
    CopiedShare,
    /// The same share as another liar with this number, and a valid proof.
    SharedShare(u8),
    /// What is added to the share of a liar with this number is nothing.
    NegatedShare(u8),
    /// The same root as other liars with this number.
    SharedRoot(u8),
    /// A root that follows from this number and from the seat's own.
    DerivedRoot(u8),
    /// One ciphertext is rubbish.
    BadCiphertext,
    /// The pad to one peer is another one.
    WrongPad,
    /// A tag that was chosen, with its right powers.
    ChosenTag(u64),
    /// Not the powers of anything.
    NotPowers,
    /// Bytes in another slot than its own as well.
    TwoSlots,
    /// One bit in its own slot.
    FlipOwn,
    /// One bit in another slot.
    FlipOther,
    /// One bit in every slot.
    FlipAll,
    /// The same e as another liar with this number.
    SharedSeal(u8),
    /// A text with a letter that is not assigned.
    LaterLetter,
    /// What stood in a slot of an earlier run.
    CopiedSeal,
    /// What somebody else sealed in this run, seen under the pads by speaking last.
    CopiedSlot,
    /// GO, whatever happened to its slot.
    GoAnyway,
    /// NOGO with the right evidence, though nothing is wrong.
    FalseNogo,
    /// NOGO with evidence that nobody can have yet.
    EarlyNogo,
    /// GO, and then NOGO.
    GoThenNogo,
    /// NOGO, and then GO.
    NogoThenGo,
    /// A root that it did not use.
    WrongRoot,
    /// A share that it did not announce.
    WrongRelease,
    /// CLOSE as soon as the phase begins.
    EarlyClose,
    /// LEAVE.
    Leave,
    /// GIVE-UP as soon as the phase begins.
    EarlyGiveUp,
    /// Everything that was said in an earlier run, once more.
    Replay,
    /// A commit that removes a seat.
    Commit,
    /// A new OPEN.
    Open,
    /// REVEAL without any NOGO.
    EarlyReveal,
    /// RELEASE before the GOs.
    EarlyRelease,
}

/// In which runs a liar cheats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// In the first one alone.
    First,
    /// In the second one alone.
    Second,
    /// In all.
    Every,
}

impl Runs {
    pub(crate) fn include(self, run: u32) -> bool {
        match self {
            Runs::First => run == 1,
            Runs::Second => run == 2,
            Runs::Every => true,
        }
    }
}

/// One item of a liar's plan.
#[derive(Clone, Copy, Debug)]
pub struct Trick {
    /// What it does.
    pub cheat: Cheat,
    /// In which phase.
    pub phase: Phase,
    /// In which runs.
    pub runs: Runs,
}
