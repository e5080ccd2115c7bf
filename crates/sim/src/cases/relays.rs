//! Cases in which the relay lies, alone or with members.

use round::Phase;

use super::{ALL, ANY, Case, Draw, Expect, Plan, TO_GO};
use crate::liars::{Cheat, Runs, Trick};
use crate::script::{Carry, Fork, Pick};

const fn case(name: &'static str, phases: &'static [Phase], plan: fn(&mut Draw) -> Plan) -> Case {
    Case { name, phases, plan }
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("drop", ALL, dropped),
        case("delay", ALL, delayed),
        case("reorder", ALL, |d| {
            with_reveals(d, |d, plan| plan.script.shuffled = Some(d.phase))
        }),
        case("duplicate", ALL, |d| {
            with_reveals(d, |d, plan| plan.script.twice = Some(d.phase))
        }),
        case("cut", ALL, cut),
        case("time-jumps", ALL, time_jumps),
        case("time-stands", ALL, |d| {
            with_reveals(d, |d, plan| plan.script.frozen = Some(d.phase))
        }),
        case("fork", ALL, |d| forked(d, Carry::Nothing, None)),
        case("fork-carried", ALL, |d| forked(d, Carry::Everything, None)),
        case("fork-half-carried", ALL, |d| forked(d, Carry::Half, None)),
        case("fork-two-words", TO_GO, |d| {
            let carry = match d.below(3) {
                0 => Carry::Nothing,
                1 => Carry::Half,
                _ => Carry::Everything,
            };
            forked(d, carry, Some(Cheat::Otherwise))
        }),
        case("nogo-before-last-dc", ANY, nogo_before_last_dc),
        case("close-races-last", TO_GO, close_races_last),
    ]
}

/// An honest plan, with a false NOGO where phase 7 is to be reached.
fn with_reveals(d: &mut Draw, change: impl Fn(&mut Draw, &mut Plan)) -> Plan {
    let n = d.seats();
    let disturbs = Trick {
        cheat: Cheat::FalseNogo,
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    let liars: Vec<(usize, Vec<Trick>)> = match d.phase {
        Phase::Reveals => d
            .some(n, 1)
            .into_iter()
            .map(|seat| (seat, vec![disturbs]))
            .collect(),
        Phase::Joins
        | Phase::Kems
        | Phase::Slots
        | Phase::Vectors
        | Phase::Verdicts
        | Phase::Releases => Vec::new(),
    };
    let mut plan = d.plan(n, liars, Expect::Free);
    change(d, &mut plan);
    plan
}

fn pick(d: &mut Draw, plan: &Plan) -> Pick {
    let count = 1 + usize::try_from(d.below(2)).unwrap_or(0);
    Pick {
        seats: d.some(plan.n, count),
        phase: d.phase,
        runs: if d.one_in(2) {
            Runs::First
        } else {
            Runs::Every
        },
    }
}

fn dropped(d: &mut Draw) -> Plan {
    with_reveals(d, |d, plan| plan.script.dropped = vec![pick(d, plan)])
}

fn delayed(d: &mut Draw) -> Plan {
    with_reveals(d, |d, plan| {
        let ms = match d.below(3) {
            0 => d.below(500),
            1 => 2_900 + d.below(300),
            _ => 3_000 + d.below(6_000),
        };
        plan.script.delayed = vec![(pick(d, plan), ms)];
    })
}

fn cut(d: &mut Draw) -> Plan {
    with_reveals(d, |d, plan| {
        let seat = d.some(plan.n, 1)[0];
        let ms = match d.below(3) {
            0 => 30,
            1 => 1_000,
            _ => 7_000,
        };
        plan.script.cut = Some((seat, d.phase, ms));
    })
}

fn time_jumps(d: &mut Draw) -> Plan {
    with_reveals(d, |d, plan| {
        let ms = match d.below(3) {
            0 => 2_950,
            1 => 3_100,
            _ => 1_000_000,
        };
        plan.script.jump = Some((d.phase, ms));
    })
}

/// The log divides while a phase is under way. Liars, if any, are at both faces.
fn forked(d: &mut Draw, carry: Carry, cheat: Option<Cheat>) -> Plan {
    let mut plan = with_reveals(d, |_, _| {});
    plan.n = plan.n.max(6);
    if let Some(cheat) = cheat {
        let count = 1 + usize::try_from(d.below(plan.n as u64 - 3)).unwrap_or(0);
        let trick = d.trick(cheat, Runs::First);
        let seats = d.some(plan.n, count);
        plan.liars = seats.into_iter().map(|seat| (seat, vec![trick])).collect();
    }
    let honest: Vec<usize> = (1..=plan.n)
        .filter(|seat| !plan.liars.iter().any(|(liar, _)| liar == seat))
        .collect();
    let most = honest.len() as u64;
    let count = usize::try_from(d.below(most)).unwrap_or(0) + 1;
    let group: Vec<usize> = d
        .some(plan.n, plan.n)
        .into_iter()
        .filter(|seat| honest.contains(seat))
        .take(count)
        .collect();
    let mut groups = vec![group.clone()];
    if group.len() >= 4 && d.one_in(3) {
        groups = vec![group[..2].to_vec(), group[2..].to_vec()];
    }
    plan.script.fork = Some(Fork {
        phase: d.phase,
        after: usize::try_from(d.below(plan.n as u64)).unwrap_or(0),
        groups,
        carry,
        speak_in_last: d.one_in(3),
    });
    plan
}

/// A liar sees the last DC before everybody else, and its NOGO stands in front of it.
fn nogo_before_last_dc(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let seat = d.some(n, 1)[0];
    let trick = Trick {
        cheat: Cheat::FalseNogo,
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    let mut plan = d.plan(n, [(seat, vec![trick])], Expect::Out);
    plan.script.last_held = Some(Phase::Vectors);
    plan.script.fork = Some(Fork {
        phase: Phase::Vectors,
        after: 0,
        groups: vec![Vec::new()],
        carry: Carry::Everything,
        speak_in_last: true,
    });
    plan
}

/// The last message of a phase arrives about when the first CLOSE does.
fn close_races_last(d: &mut Draw) -> Plan {
    with_reveals(d, |d, plan| {
        let mut pick = pick(d, plan);
        pick.seats.truncate(1);
        plan.script.delayed = vec![(pick, 2_980 + d.below(200))];
    })
}
