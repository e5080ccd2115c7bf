//! Cases in which one member, or two, say something wrong in one phase.

use round::Phase;

use super::{ALL, ANY, Case, Draw, Expect, Plan, TO_GO};
use crate::liars::{Cheat, Runs, Trick};

const fn case(name: &'static str, phases: &'static [Phase], plan: fn(&mut Draw) -> Plan) -> Case {
    Case { name, phases, plan }
}

const JOINS: &[Phase] = &[Phase::Joins];
const KEMS: &[Phase] = &[Phase::Kems];
const SLOTS: &[Phase] = &[Phase::Slots];
const VECTORS: &[Phase] = &[Phase::Vectors];
const VERDICTS: &[Phase] = &[Phase::Verdicts];
const RELEASES: &[Phase] = &[Phase::Releases];
const REVEALS: &[Phase] = &[Phase::Reveals];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = earlier();
    cases.extend(later());
    cases
}

fn earlier() -> Vec<Case> {
    vec![
        case("silent", ALL, |d| in_any_phase(d, Cheat::Silent)),
        case("wrong-t", ALL, |d| in_any_phase(d, Cheat::WrongTranscript)),
        case("wrong-size", &ALL[..4], |d| {
            d.one_liar(Cheat::WrongSize, Expect::Out)
        }),
        case(
            "non-canonical",
            &[Phase::Joins, Phase::Slots, Phase::Releases],
            |d| in_any_phase(d, Cheat::NonCanonical),
        ),
        case("bad-pop", JOINS, |d| d.one_liar(Cheat::BadPop, Expect::Out)),
        case("copied-ek", JOINS, |d| {
            d.one_liar(Cheat::CopiedKey, Expect::Blamed)
        }),
        case("copied-x", JOINS, |d| {
            d.one_liar(Cheat::CopiedShare, Expect::Out)
        }),
        case("shared-x", JOINS, |d| {
            pair(d, Cheat::SharedShare(7), Expect::Out)
        }),
        case("bad-ciphertext", KEMS, |d| {
            d.one_liar(Cheat::BadCiphertext, Expect::Blamed)
        }),
        case("wrong-pad", &[Phase::Slots, Phase::Vectors], |d| {
            d.one_liar(Cheat::WrongPad, Expect::Blamed)
        }),
        case("chosen-tag", SLOTS, |d| {
            // The smallest tag has the first slot.
            let tag = if d.one_in(2) { 1 } else { 1 + d.below(1 << 60) };
            d.one_liar(Cheat::ChosenTag(tag), Expect::Free)
        }),
        case("chosen-tag-and-fault", SLOTS, |d| {
            let tag = 1 + d.below(1 << 60);
            with_second(d, Cheat::ChosenTag(tag), Cheat::FlipOther, Expect::Blamed)
        }),
        case("copied-tag", SLOTS, |d| {
            let tag = 1 + d.below(1 << 60);
            pair(d, Cheat::ChosenTag(tag), Expect::Blamed)
        }),
        case("not-powers", SLOTS, |d| {
            d.one_liar(Cheat::NotPowers, Expect::Blamed)
        }),
        case("two-slots", VECTORS, |d| {
            d.one_liar(Cheat::TwoSlots, Expect::Blamed)
        }),
        case("flip-own", VECTORS, |d| {
            let plan = d.one_liar(Cheat::FlipOwn, Expect::Free);
            and_go(plan)
        }),
        case("flip-other", VECTORS, |d| {
            d.one_liar(Cheat::FlipOther, Expect::Blamed)
        }),
        case("flip-all", VECTORS, |d| {
            d.one_liar(Cheat::FlipAll, Expect::Blamed)
        }),
    ]
}

fn later() -> Vec<Case> {
    vec![
        case("shared-seal", VECTORS, |d| {
            pair(d, Cheat::SharedSeal(9), Expect::Free)
        }),
        case("copied-seal", VECTORS, copied_seal),
        case("go-after-corruption", VECTORS, |d| {
            let plan = d.one_liar(Cheat::FlipOther, Expect::Blamed);
            and_go(plan)
        }),
        case("false-nogo", &[Phase::Vectors, Phase::Verdicts], |d| {
            d.one_liar(Cheat::FalseNogo, Expect::Blamed)
        }),
        case("early-nogo", TO_GO, |d| {
            d.one_liar(Cheat::EarlyNogo, Expect::Out)
        }),
        case("go-then-nogo", VERDICTS, |d| {
            d.one_liar(Cheat::GoThenNogo, Expect::Free)
        }),
        case("nogo-then-go", VERDICTS, |d| {
            d.one_liar(Cheat::NogoThenGo, Expect::Free)
        }),
        case("wrong-root", REVEALS, |d| in_any_phase(d, Cheat::WrongRoot)),
        case("wrong-release", RELEASES, |d| {
            d.one_liar(Cheat::WrongRelease, Expect::Stuck)
        }),
        case("early-close", ALL, |d| {
            beside(d, Cheat::EarlyClose, Expect::Free)
        }),
        case("leave", ALL, |d| beside(d, Cheat::Leave, Expect::Free)),
        case("early-give-up", ALL, |d| {
            beside(d, Cheat::EarlyGiveUp, Expect::Free)
        }),
        case("early-reveal", ALL, |d| {
            beside(d, Cheat::EarlyReveal, Expect::Free)
        }),
        case("early-release", TO_GO, |d| {
            d.one_liar(Cheat::EarlyRelease, Expect::Out)
        }),
        case("replay", ALL, replay),
        case("open", ALL, |d| by_convenor(d, Cheat::Open)),
        case("commit", ALL, |d| by_convenor(d, Cheat::Commit)),
        case("commit-by-member", ALL, |d| {
            // Only the founder's node takes a void rotation back: without it nobody can write.
            let mut plan = beside(d, Cheat::Commit, Expect::Free);
            plan.convenor = true;
            plan.script.up_ms = 200;
            plan.script.down_ms = 1;
            plan
        }),
        case("honest", ANY, |d| {
            let n = d.seats();
            d.plan(n, [], Expect::Free)
        }),
    ]
}

/// The cheat, where phase 7 is reached by another one: a false NOGO of the same liar.
fn in_any_phase(d: &mut Draw, cheat: Cheat) -> Plan {
    match d.phase {
        Phase::Releases => d.one_liar(cheat, Expect::Stuck),
        Phase::Reveals => {
            let expect = if cheat == Cheat::WrongRoot {
                Expect::Blamed
            } else {
                Expect::Out
            };
            let plan = d.one_liar(cheat, expect);
            and(plan, Cheat::FalseNogo, Phase::Verdicts)
        }
        Phase::Joins | Phase::Kems | Phase::Slots | Phase::Vectors | Phase::Verdicts => {
            d.one_liar(cheat, Expect::Out)
        }
    }
}

/// Said beside what the phase asks for; phase 7 is reached by another member's false NOGO.
fn beside(d: &mut Draw, cheat: Cheat, expect: Expect) -> Plan {
    if d.phase != Phase::Reveals {
        return d.one_liar(cheat, expect);
    }
    with_second(d, cheat, Cheat::FalseNogo, expect)
}

/// A second liar, with a cheat in the phase where that belongs.
fn with_second(d: &mut Draw, first: Cheat, second: Cheat, expect: Expect) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, 2);
    let phase = if second == Cheat::FlipOther {
        Phase::Vectors
    } else {
        Phase::Verdicts
    };
    let other = Trick {
        cheat: second,
        phase,
        runs: Runs::First,
    };
    let tricks = [vec![d.trick(first, Runs::First)], vec![other]];
    let liars = seats.iter().copied().zip(tricks);
    let mut plan = d.plan(n, liars, expect);
    // Only the first kind of fault that names anybody is named: the first one's.
    plan.culprits.truncate(1);
    plan
}

/// Two liars with one cheat.
fn pair(d: &mut Draw, cheat: Cheat, expect: Expect) -> Plan {
    let n = d.seats();
    let trick = d.trick(cheat, Runs::First);
    let seats = d.some(n, 2);
    d.plan(n, seats.into_iter().map(|seat| (seat, vec![trick])), expect)
}

fn and(mut plan: Plan, cheat: Cheat, phase: Phase) -> Plan {
    let trick = Trick {
        cheat,
        phase,
        runs: Runs::Every,
    };
    plan.liars
        .iter_mut()
        .for_each(|(_, tricks)| tricks.push(trick));
    plan
}

fn and_go(plan: Plan) -> Plan {
    and(plan, Cheat::GoAnyway, Phase::Verdicts)
}

/// In the second run stands what was sealed in the first; that one ended by another's cheat.
fn copied_seal(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, 2);
    let disturbs = Trick {
        cheat: Cheat::FalseNogo,
        phase: Phase::Verdicts,
        runs: Runs::First,
    };
    let copies = [
        d.trick(Cheat::CopiedSeal, Runs::Second),
        Trick {
            cheat: Cheat::GoAnyway,
            phase: Phase::Verdicts,
            runs: Runs::Every,
        },
    ];
    let liars = seats.into_iter().zip([vec![disturbs], copies.to_vec()]);
    d.plan(n, liars, Expect::Free)
}

/// In the second run everything of the first is said again; that one ended by another's cheat.
fn replay(d: &mut Draw) -> Plan {
    let n = d.seats_with_room().max(7);
    let seats = d.some(n, 2);
    let disturbs = Trick {
        cheat: Cheat::FalseNogo,
        phase: Phase::Verdicts,
        runs: if d.phase == Phase::Reveals {
            Runs::Every
        } else {
            Runs::First
        },
    };
    let liars = seats
        .into_iter()
        .zip([vec![disturbs], vec![d.trick(Cheat::Replay, Runs::Second)]]);
    d.plan(n, liars, Expect::Free)
}

/// The convenor cheats; it is in no roster.
fn by_convenor(d: &mut Draw, cheat: Cheat) -> Plan {
    let n = d.seats_with_room();
    let mut liars = vec![(0, vec![d.trick(cheat, Runs::Every)])];
    if d.phase == Phase::Reveals {
        let disturbs = Trick {
            cheat: Cheat::FalseNogo,
            phase: Phase::Verdicts,
            runs: Runs::First,
        };
        liars.extend(d.some(n, 1).into_iter().map(|seat| (seat, vec![disturbs])));
    }
    let mut plan = d.plan(n, liars, Expect::Free);
    plan.convenor = true;
    if cheat == Cheat::Commit {
        // Else somebody else's words come first, and the relay refuses the commit.
        plan.script.up_ms = 200;
        plan.script.down_ms = 1;
    }
    plan
}
