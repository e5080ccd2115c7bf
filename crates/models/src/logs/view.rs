//! What all logs have in common that lead to the same state of the fold.

use round::{Payload, Phase, Sequence};

use super::SLOT;

/// A view, by number.
pub type ViewId = u32;
/// A message, by number.
pub type SaidId = u32;

/// Which of its possible selves a member is: an honest one has more than one only where a rule is out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hand {
    /// Draws other secrets from JOIN on.
    pub instance: u8,
    /// Seals with another e.
    pub vector: u8,
}

/// How a view follows from the one before it in the same run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// These messages completed the phase.
    Complete(Vec<SaidId>),
    /// This NOGO counted.
    Accused(SaidId),
}

/// A state of the fold, at the beginning of a phase.
pub struct View {
    /// The real fold.
    pub sequence: Sequence,
    /// The view before it in the same run.
    pub parent: Option<ViewId>,
    /// The view in which the run began.
    pub first: ViewId,
    /// The number of the Round.
    pub round: u8,
    /// The JOINs that count in this run, once all are in.
    pub joins: Vec<SaidId>,
    /// The leaves of the run, ascending.
    pub roster: Vec<u32>,
    /// Where the run stands.
    pub phase: Option<Phase>,
}

impl View {
    pub(super) fn first(sequence: Sequence, round: u8, id: ViewId) -> Self {
        Self {
            roster: sequence.roster(),
            phase: sequence.phase(),
            sequence,
            parent: None,
            first: id,
            round,
            joins: Vec::new(),
        }
    }

    /// The view after `self` in the same run.
    pub(super) fn followed(&self, own: ViewId, sequence: Sequence, joins: Vec<SaidId>) -> Self {
        Self {
            roster: self.roster.clone(),
            phase: sequence.phase(),
            sequence,
            parent: Some(own),
            first: self.first,
            round: self.round,
            joins,
        }
    }

    /// Later runs and Rounds are greater.
    pub fn place(&self) -> (u8, u32) {
        (self.round, self.sequence.run_number())
    }

    /// Whether a leaf is in the run.
    pub fn has(&self, leaf: u32) -> bool {
        self.roster.contains(&leaf)
    }

    /// The roster as a set of bits.
    pub fn crowd(&self) -> u8 {
        self.roster.iter().fold(0, |set, leaf| set | 1 << leaf)
    }

    /// Whether the N-th GO stands in this view.
    pub fn may_release(&self) -> bool {
        self.phase == Some(Phase::Releases)
    }
}

/// What a member submits. Which of its texts this stands for is kept by the model.
pub(super) fn payload_of(leaf: u32) -> Vec<Payload> {
    let text = format!("text {leaf}");
    Payload::text(&text, SLOT).into_iter().collect()
}
