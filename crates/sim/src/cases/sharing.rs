//! Cases in which liars share what they drew, or copy what others sealed: none of it may harm anybody.

use round::Phase;

use super::{Case, Draw, Expect, Plan};
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
    ]
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
