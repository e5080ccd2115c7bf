//! Bugs that are put in on purpose, each with the play that makes it visible. A simulator that does not
//! find one of them is blind there.

use room::rules::Rule as RoomRule;
use round::Phase;
use round::rules::Rule;

use crate::arena::node::{CrashPlan, CrashPoint};
use crate::cases::{ANY, Case, Draw, Expect, Out, Plan, sharing};
use crate::liars::{Cheat, Runs, Trick};
use crate::script::{Carry, Fork, Pick, Restore};
use crate::template::Kind;

const fn canary(name: &'static str, plan: fn(&mut Draw) -> Plan) -> Case {
    Case {
        name,
        phases: ANY,
        plan,
    }
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut cases = of_rounds();
    cases.extend(of_sharing());
    cases
}

fn of_sharing() -> Vec<Case> {
    vec![
        canary("canary-shared-root", shared_root),
        canary("canary-shared-tag", shared_tag),
        canary("canary-copied-slot", copied_slot),
        canary("canary-copied-key", copied_key),
        canary("canary-repeating-generator", repeating_generator),
        canary("canary-two-builds", two_builds),
    ]
}

fn of_rounds() -> Vec<Case> {
    vec![
        canary("canary-pads-reused", |d| {
            let mut plan = honest(d, Rule::FreshPads);
            plan.n = plan.n.max(6);
            let seats = d.some(plan.n, 1);
            plan.script.dropped = vec![Pick {
                seats,
                phase: Phase::Verdicts,
                runs: Runs::First,
            }];
            plan
        }),
        canary("canary-payload-in-reveal", |d| {
            rerun(d, Rule::BlameWithoutContent)
        }),
        canary("canary-slots-by-id", |d| honest(d, Rule::SlotsByTag)),
        canary("canary-tag-kept", |d| {
            let plan = cheated(d, Cheat::Silent, Phase::Verdicts);
            without(plan, Rule::FreshTags)
        }),
        canary("canary-text-in-another-roster", text_in_another_roster),
        canary("canary-join-undecided", |d| {
            let plan = cheated(d, Cheat::Silent, Phase::Kems);
            without(plan, Rule::DecidedBeforeJoin)
        }),
        canary("canary-secrets-on-disk", |d| {
            honest(d, Rule::SecretsInMemoryOnly)
        }),
        canary("canary-restored-speaks", restored_speaks),
        canary("canary-step-after-restart", step_after_restart),
        canary("canary-one-e", |d| {
            let mut plan = honest(d, Rule::FreshSealPerLane);
            plan.kind = Kind::Ballot;
            plan
        }),
        canary("canary-reveal-on-other-evidence", |d| {
            without(forked(d, None), Rule::EqualEvidence)
        }),
        canary("canary-sizes-by-rank", |d| {
            let mut plan = honest(d, Rule::EqualSizes);
            plan.n = 6;
            plan
        }),
        canary("canary-early-nogo-is-misconduct", |d| {
            without(forked(d, Some(Phase::Vectors)), Rule::EarlyNogoIsAbsence)
        }),
        canary("canary-gos-after-close", |d| {
            let plan = cheated(d, Cheat::Silent, Phase::Verdicts);
            without(plan, Rule::FirstDecisionIsFinal)
        }),
        canary("canary-pairwise-rosters", pairwise_rosters),
        canary("canary-side-releases-early", side_releases_early),
        canary("canary-commit-in-run", commit_in_run),
        canary("canary-absence-reveals", |d| {
            let plan = cheated(d, Cheat::Silent, Phase::Verdicts);
            without(plan, Rule::AbsenceRevealsNothing)
        }),
        canary("canary-close-too-early", |d| {
            let mut plan = cheated(d, Cheat::EarlyClose, Phase::Kems);
            plan.script.up_ms = 200;
            without(plan, Rule::PhasesHaveTheirLength)
        }),
    ]
}

/// What the protocol cannot hold, for whoever asks by name: a vault that comes back from before the
/// Round, at a relay that hides what its seat said since.
pub fn limits() -> Vec<Case> {
    vec![canary("limit-restored-in-fork", |d| {
        let n = 6;
        let seats = d.some(n, n);
        let liars = seats[3..].iter().map(|seat| (*seat, Vec::new()));
        let mut plan = d.plan(n, liars, Expect::Free);
        plan.again.clear();
        plan.script.fork = Some(Fork {
            phase: Phase::Joins,
            after: 0,
            groups: vec![vec![seats[1]]],
            carry: Carry::Nothing,
            speak_in_last: false,
        });
        plan.script.restore = Some(Restore {
            seat: seats[0],
            phase: Phase::Joins,
            after_ms: 1,
            beside: true,
        });
        plan
    })]
}

fn without(mut plan: Plan, rule: Rule) -> Plan {
    plan.without = Some(Out::Round(rule));
    plan
}

fn honest(d: &mut Draw, rule: Rule) -> Plan {
    let n = d.seats();
    let plan = d.plan(n, [], Expect::Free);
    without(plan, rule)
}

fn cheated(d: &mut Draw, cheat: Cheat, phase: Phase) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, 1);
    let trick = Trick {
        cheat,
        phase,
        runs: Runs::First,
    };
    let liars = seats.into_iter().map(|seat| (seat, vec![trick]));
    d.plan(n, liars, Expect::Free)
}

fn shared_root(d: &mut Draw) -> Plan {
    without(sharing::shared_root(d), Rule::RootsOfOneMember)
}

fn copied_slot(d: &mut Draw) -> Plan {
    without(sharing::copied_slot(d), Rule::SlotsOpenAlone)
}

/// A copied key takes its owner along.
fn copied_key(d: &mut Draw) -> Plan {
    let plan = cheated(d, Cheat::CopiedKey, Phase::Joins);
    without(plan, Rule::KeysMayBeCopied)
}

fn repeating_generator(d: &mut Draw) -> Plan {
    d.phase = Phase::Kems;
    without(sharing::repeating_generator(d), Rule::NoncesOfOneProof)
}

/// Some build has tables of its own: what is void to others is a text to it.
fn two_builds(d: &mut Draw) -> Plan {
    d.phase = Phase::Vectors;
    let mut plan = sharing::later_letter(d);
    let seats = d.some(plan.n, 2).into_iter();
    let honest = seats.filter(|seat| !plan.culprits.contains(seat));
    plan.script.later = honest.take(1).collect();
    plan.expect = Expect::Free;
    plan
}

/// From one root follow two equal tags, in the first run alone; and that costs nobody a place.
fn shared_tag(d: &mut Draw) -> Plan {
    let mut plan = sharing::shared_root(d);
    for (_, tricks) in &mut plan.liars {
        tricks.iter_mut().for_each(|trick| trick.runs = Runs::First);
    }
    plan.expect = Expect::Free;
    plan.without = Some(Out::Both(Rule::RootsOfOneMember, Rule::OneTagCosts));
    plan
}

/// A run that is disturbed after DC, and its repetition.
fn rerun(d: &mut Draw, rule: Rule) -> Plan {
    let plan = cheated(d, Cheat::FalseNogo, Phase::Verdicts);
    without(plan, rule)
}

/// A share stays away, and a second Round has other people in it.
fn text_in_another_roster(d: &mut Draw) -> Plan {
    let mut plan = cheated(d, Cheat::Silent, Phase::Releases);
    let mut seats = d.some(plan.n, plan.n);
    let honest = seats.iter().position(|seat| !plan.culprits.contains(seat));
    honest.map(|at| seats.remove(at));
    plan.again = vec![seats];
    plan.convenor = true;
    without(plan, Rule::TextBoundToRoster)
}

/// A copy from before DC takes the place of a vault that has spoken since.
fn restored_speaks(d: &mut Draw) -> Plan {
    let n = d.seats();
    let mut plan = d.plan(n, [], Expect::Free);
    plan.script.restore = Some(Restore {
        seat: d.some(n, 1)[0],
        phase: Phase::Kems,
        after_ms: 60,
        beside: false,
    });
    without(plan, Rule::RestoredCopiesAreSilent)
}

/// A node stops when its JOIN has left, and comes back before it sees it.
fn step_after_restart(d: &mut Draw) -> Plan {
    let n = d.seats();
    let mut plan = d.plan(n, [], Expect::Free);
    let crash = CrashPlan {
        phase: Phase::Joins,
        skip: u32::try_from(d.below(2)).unwrap_or(0),
        point: CrashPoint::AfterPersist,
        off_ms: 1,
    };
    plan.script.up_ms = 200;
    plan.script.down_ms = 300;
    plan.script.crash = Some((d.some(n, 1)[0], crash));
    without(plan, Rule::NoStepAfterRestart)
}

/// A liar gives two words for one in two forks; what is said about it in one is carried to the other.
fn forked(d: &mut Draw, last_held: Option<Phase>) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, n);
    let trick = Trick {
        cheat: Cheat::Otherwise,
        phase: Phase::Vectors,
        runs: Runs::First,
    };
    let go = Trick {
        cheat: Cheat::GoAnyway,
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    let mut plan = d.plan(n, [(seats[0], vec![trick, go])], Expect::Free);
    plan.script.last_held = last_held;
    plan.script.fork = Some(Fork {
        phase: Phase::Vectors,
        after: 0,
        groups: vec![seats[1..=n / 2].to_vec()],
        carry: Carry::Everything,
        speak_in_last: false,
    });
    plan
}

/// Eleven vote, then five of them, then another five: what is left over is one person's answer.
fn pairwise_rosters(d: &mut Draw) -> Plan {
    let seats = d.some(11, 11);
    let mut plan = d.plan(11, [], Expect::Free);
    plan.kind = Kind::Ballot;
    plan.convenor = true;
    plan.again = vec![seats[..5].to_vec(), seats[5..10].to_vec()];
    plan.without = Some(Out::Room(RoomRule::BallotCells));
    plan
}

/// One side waits for the other, which is held up.
fn side_releases_early(d: &mut Draw) -> Plan {
    let mut plan = cheated(d, Cheat::Silent, Phase::Slots);
    plan.n = 12;
    plan.kind = Kind::BallotEachSide;
    plan.again.clear();
    without(plan, Rule::GateBeforeRelease)
}

/// The convenor removes somebody while a run is on.
fn commit_in_run(d: &mut Draw) -> Plan {
    let mut plan = honest(d, Rule::FreshPads);
    let trick = Trick {
        cheat: Cheat::Commit,
        phase: Phase::Slots,
        runs: Runs::First,
    };
    plan.liars = vec![(0, vec![trick])];
    plan.convenor = true;
    plan.script.up_ms = 200;
    plan.script.down_ms = 1;
    plan.without = Some(Out::Room(RoomRule::NoCommitDuringRuns));
    plan
}
