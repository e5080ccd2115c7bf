//! Cases in which liars share what they drew, or copy what others sealed: none of it may harm anybody. And
//! machines that are at fault alike: a generator that repeats itself, tables of another version.

use round::Phase;

use super::{ALL, Case, Draw, Expect, Plan};
use crate::liars::{Cheat, Runs, Trick};
use crate::template::Kind;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "shared-root",
            phases: &[Phase::Joins],
            plan: shared_root,
        },
        Case {
            name: "copied-slot",
            phases: &[Phase::Vectors],
            plan: copied_slot,
        },
        Case {
            name: "shared-anything",
            phases: ALL,
            plan: shared_anything,
        },
        Case {
            name: "later-letter",
            phases: &[Phase::Vectors],
            plan: later_letter,
        },
        Case {
            name: "repeating-generator",
            phases: &[Phase::Kems],
            plan: repeating_generator,
        },
    ]
}

/// What liars may share in a phase, or derive from what they share.
fn sharing(phase: Phase) -> &'static [Cheat] {
    match phase {
        Phase::Joins => &[
            Cheat::SharedRoot(11),
            Cheat::DerivedRoot(11),
            Cheat::SharedShare(7),
            Cheat::NegatedShare(7),
            Cheat::CopiedKey,
        ],
        Phase::Slots => &[Cheat::ChosenTag(5), Cheat::NotPowers],
        Phase::Vectors => &[Cheat::SharedSeal(9), Cheat::CopiedSeal, Cheat::FlipOwn],
        Phase::Verdicts => &[Cheat::GoAnyway, Cheat::FalseNogo],
        Phase::Kems | Phase::Releases | Phase::Reveals => &[],
    }
}

/// Two or three share whatever they can, over as many runs as they can have, and one of them disturbs a
/// phase: every run without texts costs somebody a place.
fn shared_anything(d: &mut Draw) -> Plan {
    let n = d.seats_with_room().max(7);
    let several = 2 + usize::from(d.one_in(2));
    let mut liars: Vec<(usize, Vec<Trick>)> = Vec::new();
    for seat in d.some(n, several) {
        let mut tricks = Vec::new();
        for runs in [Runs::First, Runs::Second, Runs::Every] {
            for phase in ALL.iter().copied() {
                let all = sharing(phase);
                if d.one_in(2) {
                    let at = usize::try_from(d.below(all.len().max(1) as u64)).unwrap_or(0);
                    let cheat = all.get(at).copied();
                    tricks.extend(cheat.map(|cheat| Trick { cheat, phase, runs }));
                }
            }
        }
        liars.push((seat, tricks));
    }
    let disturbs = d.trick(Cheat::Silent, Runs::First);
    if let Some((_, tricks)) = liars.first_mut().filter(|_| d.one_in(2)) {
        tricks.insert(0, disturbs);
    }
    let plan = d.plan(n, liars, Expect::Free);
    some_kind(d, plan)
}

/// A text with a letter that no table of ours has: void to everybody, and to everybody alike.
pub(crate) fn later_letter(d: &mut Draw) -> Plan {
    let n = d.seats();
    let trick = d.trick(Cheat::LaterLetter, Runs::Every);
    let seat = d.some(n, 1).into_iter();
    let mut plan = d.plan(n, seat.map(|seat| (seat, vec![trick])), Expect::Harmless);
    plan.again.clear();
    plan
}

/// A generator gives the same bytes for x and for the proof in both runs; the first one ends before DC.
pub(crate) fn repeating_generator(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let seats = d.some(n, 2);
    let silent = Trick {
        cheat: Cheat::Silent,
        phase: Phase::Kems,
        runs: Runs::First,
    };
    let liar = seats.first().map(|seat| (*seat, vec![silent]));
    let mut plan = d.plan(n, liar, Expect::Out);
    plan.script.repeats = seats.get(1).copied();
    plan.again.clear();
    plan
}

/// Two or three draw one root; tags, keys and ciphertexts that follow from it are different all the same.
pub(crate) fn shared_root(d: &mut Draw) -> Plan {
    let n = d.seats_with_room();
    let trick = Trick {
        cheat: Cheat::SharedRoot(11),
        phase: Phase::Joins,
        runs: Runs::Every,
    };
    let several = 2 + usize::from(d.one_in(2));
    let seats = d.some(n, several).into_iter();
    let plan = d.plan(n, seats.map(|seat| (seat, vec![trick])), Expect::Harmless);
    some_kind(d, plan)
}

/// One speaks last in phase 4, and puts into its own slots what it sees in others.
pub(crate) fn copied_slot(d: &mut Draw) -> Plan {
    let n = d.seats();
    let trick = Trick {
        cheat: Cheat::CopiedSlot,
        phase: Phase::Vectors,
        runs: Runs::Every,
    };
    let seat = d.some(n, 1).into_iter();
    let plan = d.plan(n, seat.map(|seat| (seat, vec![trick])), Expect::Harmless);
    some_kind(d, plan)
}

fn some_kind(d: &mut Draw, mut plan: Plan) -> Plan {
    if d.one_in(2) {
        plan.kind = Kind::Ballot;
    }
    plan
}
