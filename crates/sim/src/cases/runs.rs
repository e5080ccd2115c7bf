//! Cases in which nodes stop, come back, or many cheat together.

use round::Phase;

use super::{ALL, ANY, Case, Draw, Expect, Plan, TO_GO};
use crate::arena::node::{CrashPlan, CrashPoint};
use crate::liars::{Cheat, Runs, Trick};
use crate::script::Restore;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "crash-before-persist",
            phases: ALL,
            plan: |d| crash(d, CrashPoint::BeforePersist),
        },
        Case {
            name: "crash-after-persist",
            phases: ALL,
            plan: |d| crash(d, CrashPoint::AfterPersist),
        },
        Case {
            name: "crash-after-send",
            phases: ALL,
            plan: |d| crash(d, CrashPoint::AfterSend),
        },
        Case {
            name: "restored",
            phases: ALL,
            plan: |d| restored(d, false),
        },
        Case {
            name: "restored-beside",
            phases: ALL,
            plan: |d| restored(d, true),
        },
        Case {
            name: "leave-race",
            phases: TO_GO,
            plan: leave_race,
        },
        Case {
            name: "nogo-races-go",
            phases: ANY,
            plan: nogo_races_go,
        },
        Case {
            name: "colluders",
            phases: ANY,
            plan: colluders,
        },
        Case {
            name: "give-up-race",
            phases: ANY,
            plan: give_up_race,
        },
    ]
}

/// Phase 7 is reached by a false NOGO.
fn reach(d: &mut Draw, n: usize) -> Vec<(usize, Vec<Trick>)> {
    if d.phase != Phase::Reveals {
        return Vec::new();
    }
    let disturbs = Trick {
        cheat: Cheat::FalseNogo,
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    d.some(n, 1)
        .into_iter()
        .map(|seat| (seat, vec![disturbs]))
        .collect()
}

/// A seat that does not cheat.
fn honest_seat(d: &mut Draw, n: usize, liars: &[(usize, Vec<Trick>)]) -> usize {
    let seats = d.some(n, liars.len() + 1);
    let is_liar = |seat: &usize| liars.iter().any(|(liar, _)| liar == seat);
    seats.into_iter().find(|seat| !is_liar(seat)).unwrap_or(1)
}

fn crash(d: &mut Draw, point: CrashPoint) -> Plan {
    let n = d.seats();
    let liars = reach(d, n);
    let seat = honest_seat(d, n, &liars);
    let off_ms = match d.below(3) {
        0 => 1,
        1 => 500,
        _ => 8_000,
    };
    let crash = CrashPlan {
        phase: d.phase,
        // Mostly a phase has one durable step, or two.
        skip: u32::from(d.one_in(4)),
        point,
        off_ms,
    };
    let mut plan = d.plan(n, liars, Expect::Free);
    plan.script.crash = Some((seat, crash));
    if d.one_in(4) {
        plan.again = vec![d.all_but(n, 1)];
        plan.convenor = true;
    }
    plan
}

fn restored(d: &mut Draw, beside: bool) -> Plan {
    let n = d.seats();
    let liars = reach(d, n);
    let restore = Restore {
        seat: honest_seat(d, n, &liars),
        phase: d.phase,
        after_ms: 1 + d.below(400),
        beside,
    };
    let mut plan = d.plan(n, liars, Expect::Free);
    plan.script.restore = Some(restore);
    plan
}

/// One says LEAVE while the last messages of a phase are on their way.
fn leave_race(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, 2);
    let leaves = d.trick(Cheat::Leave, Runs::First);
    let mut plan = d.plan(n, [(seats[0], vec![leaves])], Expect::Free);
    let pick = crate::script::Pick {
        seats: vec![seats[1]],
        phase: d.phase,
        runs: Runs::First,
    };
    plan.script.delayed = vec![(pick, d.below(120))];
    plan
}

/// A false NOGO and the N-th GO arrive together.
fn nogo_races_go(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, 2);
    let trick = Trick {
        cheat: Cheat::FalseNogo,
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    let mut plan = d.plan(n, [(seats[0], vec![trick])], Expect::Blamed);
    let pick = crate::script::Pick {
        seats: seats.clone(),
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    plan.script.delayed = vec![(pick, 60 + d.below(40))];
    plan
}

/// Everybody but two cheats, each in its own way.
fn colluders(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let most = (n - 2) as u64;
    let count = 2 + usize::try_from(d.below(most - 1)).unwrap_or(0);
    let seats = d.some(n, count);
    let liars: Vec<(usize, Vec<Trick>)> = seats
        .into_iter()
        .map(|seat| (seat, (0..=d.below(2)).map(|_| any_trick(d)).collect()))
        .collect();
    d.plan(n, liars, Expect::Free)
}

fn any_trick(d: &mut Draw) -> Trick {
    const CHEATS: [(Cheat, Phase); 28] = [
        (Cheat::Silent, Phase::Joins),
        (Cheat::Silent, Phase::Kems),
        (Cheat::Silent, Phase::Slots),
        (Cheat::Silent, Phase::Vectors),
        (Cheat::Silent, Phase::Verdicts),
        (Cheat::Silent, Phase::Reveals),
        (Cheat::WrongTranscript, Phase::Kems),
        (Cheat::WrongTranscript, Phase::Vectors),
        (Cheat::WrongTranscript, Phase::Reveals),
        (Cheat::NonCanonical, Phase::Joins),
        (Cheat::CopiedKey, Phase::Joins),
        (Cheat::SharedShare(3), Phase::Joins),
        (Cheat::SharedRoot(4), Phase::Joins),
        (Cheat::BadCiphertext, Phase::Kems),
        (Cheat::WrongPad, Phase::Slots),
        (Cheat::ChosenTag(77), Phase::Slots),
        (Cheat::NotPowers, Phase::Slots),
        (Cheat::WrongPad, Phase::Vectors),
        (Cheat::TwoSlots, Phase::Vectors),
        (Cheat::FlipOther, Phase::Vectors),
        (Cheat::SharedSeal(5), Phase::Vectors),
        (Cheat::CopiedSlot, Phase::Vectors),
        (Cheat::FalseNogo, Phase::Verdicts),
        (Cheat::FalseNogo, Phase::Vectors),
        (Cheat::EarlyNogo, Phase::Slots),
        (Cheat::WrongRoot, Phase::Reveals),
        (Cheat::Leave, Phase::Verdicts),
        (Cheat::Silent, Phase::Releases),
    ];
    let at = usize::try_from(d.below(CHEATS.len() as u64)).unwrap_or(0);
    let (cheat, phase) = CHEATS.get(at).copied().unwrap_or(CHEATS[0]);
    let runs = match d.below(3) {
        0 => Runs::Every,
        1 => Runs::Second,
        _ => Runs::First,
    };
    Trick { cheat, phase, runs }
}

/// The last RELEASE arrives about when somebody may give up.
fn give_up_race(d: &mut Draw) -> Plan {
    let n = d.seats();
    let seat = d.some(n, 1);
    let mut plan = d.plan(n, [], Expect::Free);
    let pick = crate::script::Pick {
        seats: seat,
        phase: Phase::Releases,
        runs: Runs::Every,
    };
    plan.script.delayed = vec![(pick, 3_300 + d.below(500))];
    plan.again = vec![d.all_but(n, 1)];
    plan.convenor = true;
    plan
}
