//! Which rule is needed for which model, and which rules are tried elsewhere.

use participant::rules::Rule as Clock;
use round::rules::Rule;

use crate::rules::{Out, Own};

/// A rule taken out of a case, and the property that is broken then.
pub struct Needed {
    /// The rule.
    pub rule: Out,
    /// The case.
    pub case: &'static str,
    /// The beginning of the property's name.
    pub property: &'static str,
}

const fn needed(rule: Rule, case: &'static str, property: &'static str) -> Needed {
    Needed {
        rule: Out::Round(rule),
        case,
        property,
    }
}

const fn needed_in_room(
    rule: room::rules::Rule,
    case: &'static str,
    property: &'static str,
) -> Needed {
    Needed {
        rule: Out::Room(rule),
        case,
        property,
    }
}

const fn needed_by_member(rule: Own, case: &'static str, property: &'static str) -> Needed {
    Needed {
        rule: Out::Own(rule),
        case,
        property,
    }
}

const fn needed_by_participant(rule: Clock, case: &'static str, property: &'static str) -> Needed {
    Needed {
        rule: Out::Participant(rule),
        case,
        property,
    }
}

/// Which rule is needed for what.
pub const NEEDED: &[Needed] = &[
    needed(Rule::BlameWithoutContent, "forks-two", "i2"),
    needed(Rule::TextBoundToRoster, "forks-two-rounds", "i2"),
    needed(Rule::TextBoundToRoster, "locks", "i2"),
    needed(Rule::DecidedBeforeJoin, "forks-two", "i2"),
    needed(Rule::FirstDecisionIsFinal, "forks-two", "i2"),
    needed(Rule::FirstDecisionIsFinal, "readers-verdicts", "readers"),
    needed(Rule::FirstDecisionIsFinal, "readers-vectors", "readers"),
    needed(Rule::EqualEvidence, "forks-two", "p4"),
    needed(Rule::EarlyNogoIsAbsence, "forks-two", "p4"),
    needed(Rule::AbsenceRevealsNothing, "forks-relay-alone", "a root"),
    needed(Rule::AbsenceRevealsNothing, "relay-four", "p4"),
    needed(Rule::SecretsInMemoryOnly, "restores-two-runs", "i2"),
    needed(Rule::NoStepAfterRestart, "restores-one-run", "i3"),
    needed(Rule::RestoredCopiesAreSilent, "copies-two-runs", "i2"),
    needed(Rule::RestoredCopiesAreSilent, "copies-two-runs", "i3"),
    needed(Rule::GateBeforeRelease, "gate", "gate"),
    needed(Rule::GateBeforeRelease, "gate-dropped", "gate"),
    needed(Rule::PhasesHaveTheirLength, "relay-four", "p4"),
    needed(Rule::PhasesHaveTheirLength, "gate", "p5"),
    needed(Rule::RootsOfOneMember, "colluders", "harmless"),
    needed(Rule::OneTagCosts, "colluders", "p5"),
    needed(Rule::KeysMayBeCopied, "colluders", "copied"),
    needed_in_room(room::rules::Rule::NoCommitDuringRuns, "relay-four", "p5"),
    needed_in_room(room::rules::Rule::BallotCells, "ballots", "ballots"),
    needed_in_room(room::rules::Rule::CellsKeepPromises, "ballots", "promise"),
    needed_in_room(room::rules::Rule::CrowdsByRounds, "crowds", "crowd: nor"),
    needed_in_room(room::rules::Rule::CountedByWords, "puppets", "eligible"),
    needed_in_room(room::rules::Rule::LooksAreOne, "memory", "memory"),
    needed_in_room(room::rules::Rule::NewcomersMayBeTheGone, "memory", "memory"),
    needed_in_room(
        room::rules::Rule::RemovingLowersNothing,
        "puppets-removed",
        "eligible",
    ),
    needed_by_member(Own::ReleaseIsFinalAtTheGate, "forks-gate", "i1"),
    needed_by_member(Own::GiveUpKeepsTheLock, "forks-gate", "i2"),
    needed_by_member(Own::OwnMinimum, "crowds", "crowd"),
    needed_in_room(room::rules::Rule::FoundersTakeTurns, "caucuses", "turns"),
    needed_in_room(room::rules::Rule::TurnsRunOut, "caucuses", "together"),
    needed_in_room(room::rules::Rule::KeeperStays, "moves", "keeper"),
    needed_in_room(room::rules::Rule::PlacesAreAnnounced, "moves", "led"),
    needed_by_participant(Clock::TheLogsClockIsJudged, "clocks", "gain"),
    needed_by_participant(Clock::WhatIsReadLateCounts, "clocks-away", "gain"),
    needed_by_participant(Clock::JumpsKeepQuiet, "clocks", "jump"),
    needed_by_participant(Clock::WhatHoldsIsSteady, "clocks", "on: once"),
    needed_by_participant(Clock::WindowsLastByOwnClocks, "clocks", "window"),
    needed_by_participant(Clock::TheLogsClockGoesOn, "clocks", "on: START"),
    needed_by_member(Own::ClocksAreKept, "clocks-away", "window"),
    needed_by_member(Own::CaucusesAreFoundedAnew, "caucuses", "together"),
    needed_by_member(Own::NobodySpeaksToTheGone, "caucuses", "gone"),
];

/// Rules of the arithmetic and of sizes: what they keep is shown by trying every pad, not every history.
/// See `round::anonymity`; for what stands in slots, for proofs and for shut logs, the canaries of `sim`.
pub const TRIED_ELSEWHERE: [Rule; 8] = [
    Rule::ShutLogsCountForNobody,
    Rule::FreshPads,
    Rule::SlotsByTag,
    Rule::FreshTags,
    Rule::FreshSealPerLane,
    Rule::EqualSizes,
    Rule::SlotsOpenAlone,
    Rule::NoncesOfOneProof,
];

/// Rules of the room whose absence the simulator shows, in rooms under attack, or one step of the fold.
pub const TRIED_IN_ROOMS: [room::rules::Rule; 2] = [
    room::rules::Rule::RoundsInThePlenaryAlone,
    room::rules::Rule::ShutLogsCountForNobody,
];
