//! Cases in which there are lanes, and sides that wait for each other.

use round::Phase;

use super::{ANY, Case, Draw, Expect, Plan, TO_GO};
use crate::arena::node::{CrashPlan, CrashPoint};
use crate::liars::{Cheat, Runs, Trick};
use crate::template::Kind;

const fn case(name: &'static str, phases: &'static [Phase], plan: fn(&mut Draw) -> Plan) -> Case {
    Case { name, phases, plan }
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("ballot", ANY, |d| {
            let n = d.seats();
            on(Kind::Ballot, d.plan(n, [], Expect::Free))
        }),
        case("ballot-fault", &TO_GO[1..], ballot_fault),
        case("sides", ANY, |d| {
            let n = seats(d);
            on(Kind::BallotEachSide, d.plan(n, [], Expect::Free))
        }),
        case("side-leaves", TO_GO, |d| {
            in_one_side(d, Cheat::Leave, Expect::Out)
        }),
        case("side-silent", TO_GO, |d| {
            in_one_side(d, Cheat::Silent, Expect::Out)
        }),
        case("side-disturbed", &TO_GO[3..], |d| {
            let cheat = if d.phase == Phase::Vectors {
                Cheat::FlipOther
            } else {
                Cheat::FalseNogo
            };
            in_one_side(d, cheat, Expect::Blamed)
        }),
        case("side-gives-up", TO_GO, |d| waiting(d, Cheat::EarlyGiveUp)),
        case("side-releases-early", TO_GO, |d| {
            waiting(d, Cheat::EarlyRelease)
        }),
        case("side-crashes-waiting", TO_GO, crashes_waiting),
    ]
}

fn on(kind: Kind, plan: Plan) -> Plan {
    Plan { kind, ..plan }
}

/// Enough that each side has its five; with twelve each can lose one.
fn seats(d: &mut Draw) -> usize {
    match d.below(4) {
        0 => 10,
        1 => 11,
        _ => 12,
    }
}

fn in_one_side(d: &mut Draw, cheat: Cheat, expect: Expect) -> Plan {
    let n = seats(d);
    let trick = d.trick(cheat, Runs::First);
    let seat = d.some(n, 1);
    let liars = seat.into_iter().map(|seat| (seat, vec![trick]));
    on(Kind::BallotEachSide, d.plan(n, liars, expect))
}

/// One side is held up in the phase; in the other one somebody cheats while it waits.
fn waiting(d: &mut Draw, cheat: Cheat) -> Plan {
    let n = 12;
    let holds_up = d.trick(Cheat::Silent, Runs::First);
    let other = Trick {
        cheat,
        phase: Phase::Releases,
        runs: Runs::Every,
    };
    let one = 1 + 2 * usize::try_from(d.below(6)).unwrap_or(0);
    let two = 2 + 2 * usize::try_from(d.below(6)).unwrap_or(0);
    let liars = [(one, vec![holds_up]), (two, vec![other])];
    let mut plan = on(Kind::BallotEachSide, d.plan(n, liars, Expect::Out));
    plan.culprits.truncate(1);
    plan
}

/// One side is held up in the phase; in the other one a node stops while it waits.
fn crashes_waiting(d: &mut Draw) -> Plan {
    let mut plan = waiting(d, Cheat::Silent);
    let Some((two, _)) = plan.liars.pop() else {
        return plan;
    };
    let crash = CrashPlan {
        phase: Phase::Releases,
        skip: u32::try_from(d.below(3)).unwrap_or(0),
        point: match d.below(3) {
            0 => CrashPoint::BeforePersist,
            1 => CrashPoint::AfterPersist,
            _ => CrashPoint::AfterSend,
        },
        off_ms: 1 + d.below(5_000),
    };
    plan.script.crash = Some((two, crash));
    plan.expect = Expect::Free;
    plan
}

/// A fault in one of the lanes.
fn ballot_fault(d: &mut Draw) -> Plan {
    let cheat = match (d.phase, d.below(2)) {
        (Phase::Kems, _) => Cheat::BadCiphertext,
        (Phase::Slots, 0) => Cheat::NotPowers,
        (Phase::Slots, _) => Cheat::WrongPad,
        (Phase::Vectors, 0) => Cheat::FlipOther,
        (Phase::Vectors, _) => Cheat::TwoSlots,
        (Phase::Joins | Phase::Verdicts | Phase::Releases | Phase::Reveals, _) => Cheat::FalseNogo,
    };
    on(Kind::Ballot, d.one_liar(cheat, Expect::Blamed))
}
