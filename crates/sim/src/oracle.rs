//! What must hold after every play. Each oracle has a name, which a failure prints.

mod invariants;
mod kept;
mod outcomes;

use std::collections::BTreeMap;

use crate::arena::Arena;
use crate::cases::Plan;
use crate::knowledge;

/// One thing that must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oracle {
    /// No honest member is named a disruptor by an honest node.
    HonestBlamed,
    /// With an honest relay nobody honest is left out.
    HonestLeftOut,
    /// Who must be caught is.
    CulpritFree,
    /// Honest nodes on one log have one digest.
    DigestsDiffer,
    /// I1: a run of a member has a REVEAL or a RELEASE.
    RevealedAndReleased,
    /// I2: a text that may be readable is in no other roster.
    TwoRosters,
    /// I3: one message of each phase of a run.
    SpokeTwice,
    /// I3: no secret of a run is written before its decision.
    SecretOnDisk,
    /// A text is shown, handed back, or kept for the next run.
    TextLost,
    /// What is shown is what was written.
    TextAltered,
    /// What was sealed opens, whatever stands in other slots.
    SealVoided,
    /// What must do nothing costs nobody a place.
    CheatBites,
    /// Each run without texts costs somebody a place.
    RunForNothing,
    /// At most N0 - floor + 2 runs with an honest relay.
    TooManyRuns,
    /// A Round ends, or waits for a share.
    Unfinished,
    /// The core goes on from everything.
    CoreStumbles,
    /// Nothing panics.
    Panics,
    /// Nobody's slot is known in a run that can be read.
    SlotKnown,
    /// Nor of a part of the honest members.
    CrowdDivides,
    /// Nor is a text's crowd smaller over several runs.
    CrowdShrinks,
    /// Tags are fresh.
    TagRepeats,
    /// What was sent in one run is no help against what was sent in another.
    VectorsSubtract,
    /// Pads are fresh.
    PadRepeats,
    /// Seals are fresh.
    PointRepeats,
    /// No two proofs have one R: from two anybody computes x.
    ProofShowsShare,
    /// All messages of a phase have one size.
    SizesDiffer,
    /// A copy of a vault that has seen that it is one says nothing.
    CopySpeaks,
    /// Slots are in nobody's order.
    SlotsInOrder,
    /// What is revealed for blame opens nothing.
    BlameShowsText,
    /// A run is decided before the next one is joined.
    UndecidedJoin,
    /// No side releases before all have their GOs.
    ReleasedEarly,
    /// No change of seats is valid while a run is on.
    CommitInRun,
    /// The rosters that answered one statement leave no handful of people over.
    CellTooSmall,
    /// REVEAL answers a NOGO that counts.
    RevealedUnasked,
}

impl Oracle {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Oracle::HonestBlamed => "honest-blamed",
            Oracle::HonestLeftOut => "honest-left-out",
            Oracle::CulpritFree => "culprit-free",
            Oracle::DigestsDiffer => "digests-differ",
            Oracle::RevealedAndReleased => "revealed-and-released",
            Oracle::TwoRosters => "two-rosters",
            Oracle::SpokeTwice => "spoke-twice",
            Oracle::SecretOnDisk => "secret-on-disk",
            Oracle::TextLost => "text-lost",
            Oracle::TextAltered => "text-altered",
            Oracle::SealVoided => "seal-voided",
            Oracle::CheatBites => "cheat-bites",
            Oracle::RunForNothing => "run-for-nothing",
            Oracle::TooManyRuns => "too-many-runs",
            Oracle::Unfinished => "unfinished",
            Oracle::Panics => "panics",
            Oracle::CoreStumbles => "core-stumbles",
            Oracle::SlotKnown => "slot-known",
            Oracle::CrowdDivides => "crowd-divides",
            Oracle::CrowdShrinks => "crowd-shrinks",
            Oracle::TagRepeats => "tag-repeats",
            Oracle::VectorsSubtract => "vectors-subtract",
            Oracle::PadRepeats => "pad-repeats",
            Oracle::PointRepeats => "point-repeats",
            Oracle::ProofShowsShare => "proof-shows-share",
            Oracle::SizesDiffer => "sizes-differ",
            Oracle::CopySpeaks => "copy-speaks",
            Oracle::SlotsInOrder => "slots-in-order",
            Oracle::BlameShowsText => "blame-shows-text",
            Oracle::UndecidedJoin => "undecided-join",
            Oracle::ReleasedEarly => "released-early",
            Oracle::CommitInRun => "commit-in-run",
            Oracle::CellTooSmall => "cell-too-small",
            Oracle::RevealedUnasked => "revealed-unasked",
        }
    }

    /// Somebody is linked to a slot or a text.
    pub fn unmasks(self) -> bool {
        matches!(
            self,
            Oracle::SlotKnown
                | Oracle::CrowdDivides
                | Oracle::CrowdShrinks
                | Oracle::VectorsSubtract
                | Oracle::BlameShowsText
                | Oracle::CellTooSmall
        )
    }

    /// It does not hold.
    pub fn failed(self, what: String) -> Failure {
        Failure { oracle: self, what }
    }
}

/// An oracle that did not hold, and what was seen.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which.
    pub oracle: Oracle,
    /// What was seen.
    pub what: String,
}

/// The person of each seat that wrote a text, and the text.
pub type Texts = BTreeMap<usize, String>;

/// What became of a play.
pub struct Judgement {
    /// What did not hold.
    pub failures: Vec<Failure>,
    /// Runs of the Round.
    pub runs: u64,
    /// Liars that an honest node named as disruptors.
    pub blamed: u64,
    /// Seats left out, as absent or as disruptors.
    pub excluded: u64,
    /// Slots that are their member's index: how many, by chance, of how many.
    pub in_order: (u64, f64, u64),
}

impl Judgement {
    /// A play that did not come to its end.
    pub fn of_panic() -> Judgement {
        Judgement {
            failures: vec![Oracle::Panics.failed("the words are above".to_owned())],
            runs: 0,
            blamed: 0,
            excluded: 0,
            in_order: (0, 0.0, 0),
        }
    }

    /// This play's and another's.
    pub fn add(&mut self, other: Judgement) {
        self.failures.extend(other.failures);
        self.runs += other.runs;
        self.blamed += other.blamed;
        self.excluded += other.excluded;
        self.in_order.0 += other.in_order.0;
        self.in_order.1 += other.in_order.1;
        self.in_order.2 += other.in_order.2;
    }
}

/// Asks every oracle.
pub fn judge(arena: &Arena, plan: &Plan, texts: &Texts) -> Judgement {
    let parts = knowledge::parts_of(arena);
    let mut failures = knowledge::attack(arena, &parts);
    failures.extend(invariants::judge(arena, &parts));
    failures.extend(kept::judge(arena, plan, &parts));
    let outcome = outcomes::of(arena);
    failures.extend(outcomes::judge(arena, plan, texts, &outcome));
    Judgement {
        failures,
        runs: arena.record.runs.len() as u64,
        blamed: outcome.blamed(arena),
        excluded: outcome.excluded(),
        in_order: knowledge::in_order(arena, &parts),
    }
}
