//! The states of a run as one type. Moving on consumes a state.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Run;
use super::awaiting_joins::AwaitingJoins;
use super::awaiting_kems::AwaitingKems;
use super::awaiting_releases::AwaitingReleases;
use super::awaiting_reveals::{AwaitingReveals, Charge};
use super::awaiting_slots::AwaitingSlots;
use super::awaiting_vectors::AwaitingVectors;
use super::awaiting_verdicts::AwaitingVerdicts;
use crate::hash::Hash;
use crate::message::{Message, Phase};
use crate::roster::MemberIndex;
use crate::terms::Terms;
use crate::verdict::Cause;

/// Where a run stands.
#[derive(Clone)]
pub(crate) enum Stage {
    Joins(AwaitingJoins),
    Kems(AwaitingKems),
    Slots(AwaitingSlots),
    Vectors(AwaitingVectors),
    Verdicts(AwaitingVerdicts),
    Releases(AwaitingReleases),
    Reveals(AwaitingReveals),
    Over,
}

/// A message with the right transcript and an impossible content.
pub(crate) struct Malformed;

/// What a complete phase leads to.
pub(crate) enum Completed {
    Next(Stage),
    /// The run ends without release: members announced one share, or blame has spoken.
    Ends {
        stage: Stage,
        out: BTreeMap<MemberIndex, Cause>,
    },
}

impl Stage {
    /// The phase, or `None` where all is over.
    pub(crate) fn phase(&self) -> Option<Phase> {
        match self {
            Self::Joins(_) => Some(Phase::Joins),
            Self::Kems(_) => Some(Phase::Kems),
            Self::Slots(_) => Some(Phase::Slots),
            Self::Vectors(_) => Some(Phase::Vectors),
            Self::Verdicts(_) => Some(Phase::Verdicts),
            Self::Releases(_) => Some(Phase::Releases),
            Self::Reveals(_) => Some(Phase::Reveals),
            Self::Over => None,
        }
    }

    /// Whether a member's message of this phase counts already.
    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        match self {
            Self::Joins(stage) => stage.has_heard(member),
            Self::Kems(stage) => stage.has_heard(member),
            Self::Slots(stage) => stage.has_heard(member),
            Self::Vectors(stage) => stage.has_heard(member),
            Self::Verdicts(stage) => stage.has_heard(member),
            Self::Releases(stage) => stage.has_heard(member),
            Self::Reveals(stage) => stage.has_heard(member),
            Self::Over => false,
        }
    }

    /// Takes a message whose transcript agrees, from a member that has not spoken in this phase.
    pub(crate) fn hear(
        &mut self,
        terms: &Terms,
        run: &Run,
        from: MemberIndex,
        message: Cow<'_, Message>,
    ) -> Result<(), Malformed> {
        match self {
            Self::Joins(stage) => stage.hear(run, from, &message),
            Self::Kems(stage) => stage.hear(run, from, message),
            Self::Slots(stage) => stage.hear(terms, run, from, &message),
            Self::Vectors(stage) => stage.hear(terms, run, from, message),
            Self::Verdicts(stage) => stage.hear(from, &message),
            Self::Releases(_) | Self::Reveals(_) | Self::Over => Err(Malformed),
        }
    }

    /// What a NOGO about phase 4 must show, once all vectors are in.
    pub(crate) fn evidence(&self) -> Option<Hash> {
        match self {
            Self::Verdicts(stage) => Some(stage.evidence()),
            Self::Joins(_)
            | Self::Kems(_)
            | Self::Slots(_)
            | Self::Vectors(_)
            | Self::Releases(_)
            | Self::Reveals(_)
            | Self::Over => None,
        }
    }

    /// A NOGO counts. It can do so only where the messages of its phase stand: nowhere else is there
    /// anything to recompute, and nothing is asked for.
    pub(crate) fn accuse(self, charge: Charge) -> Self {
        match self {
            Self::Vectors(stage) => Self::Reveals(stage.accuse(charge)),
            Self::Verdicts(stage) => Self::Reveals(stage.accuse(charge)),
            Self::Joins(_)
            | Self::Kems(_)
            | Self::Slots(_)
            | Self::Releases(_)
            | Self::Reveals(_)
            | Self::Over => self,
        }
    }

    /// Moves on, everybody having spoken.
    pub(crate) fn complete(self, terms: &Terms, run: &mut Run) -> Completed {
        match self {
            Self::Joins(stage) => stage.complete(run),
            Self::Kems(stage) => Completed::Next(Self::Slots(stage.complete(terms, run))),
            Self::Slots(stage) => Completed::Next(Self::Vectors(stage.complete(terms, run))),
            Self::Vectors(stage) => Completed::Next(stage.complete(run)),
            Self::Verdicts(stage) => Completed::Next(Self::Releases(stage.complete())),
            Self::Reveals(stage) => stage.complete(terms, run),
            Self::Releases(_) | Self::Over => Completed::Next(Self::Over),
        }
    }
}
