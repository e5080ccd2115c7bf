//! Who is silent, leaves, or has another history is left out; the run is repeated under the floor.

use round::{Cause, Close, Contributor, Entry, Leave, Message, Phase, Verdict, Void};

use crate::table::{PHASE_MS, START, Table, opened, table};

const PHASES: [Phase; 5] = [
    Phase::Joins,
    Phase::Kems,
    Phase::Slots,
    Phase::Vectors,
    Phase::Verdicts,
];

fn expected(leaves: &[u32]) -> Vec<String> {
    let mut texts: Vec<String> = leaves.iter().map(|leaf| format!("from {leaf}")).collect();
    texts.sort();
    texts
}

#[test]
fn a_member_absent_at_any_phase_is_left_out_of_the_next_run() {
    for phase in PHASES {
        let mut table = table(7, 6);
        let leaves = table.leaves();
        let first = table.fold.ctx_r();
        table.go_away(leaves[2], phase);
        let Verdict::RunEnded(end) = table.close(leaves[0]) else {
            panic!("{phase:?}")
        };
        assert_eq!((end.run, end.phase), (1, phase));
        assert_eq!(end.out, [(leaves[2], Cause::Silent)]);
        assert_ne!(table.fold.ctx_r(), first);
        assert_eq!(table.fold.run_number(), 2);
        let rest: Vec<u32> = leaves.iter().copied().filter(|l| *l != leaves[2]).collect();
        assert_eq!(table.fold.roster(), rest);
        assert_eq!(opened(&table.play().unwrap()).0, expected(&rest));
    }
}

#[test]
fn below_the_floor_the_sequence_is_over_and_everybody_wipes() {
    for phase in PHASES {
        let mut table = table(6, 6);
        let leaves = table.leaves();
        table.go_away(leaves[5], phase);
        let Verdict::BelowFloor(end) = table.close(leaves[1]) else {
            panic!()
        };
        assert_eq!(end.out, [(leaves[5], Cause::Silent)]);
        assert!(table.fold.is_over() && table.outbox.is_empty());
        let still: Vec<&Contributor> = leaves[..5]
            .iter()
            .map(|l| &table.members[l])
            .filter(|m| !m.is_spent())
            .collect();
        assert!(still.is_empty());
    }
}

#[test]
fn a_close_counts_only_past_the_phase_length_by_log_time() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.outbox.truncate(5);
    table.play();
    let close = |table: &Table, phase| {
        Message::Close(Close {
            ctx: table.fold.ctx_r(),
            phase,
        })
    };
    let deadline = START.time_ms + PHASE_MS;
    assert_eq!(table.fold.deadline_ms(), deadline);
    let early = close(&table, Phase::Joins);
    table.now_ms = deadline - 2;
    assert_eq!(
        table.post(leaves[0], early.clone()),
        Verdict::Void(Void::Early)
    );
    let other = close(&table, Phase::Kems);
    assert_eq!(table.post(leaves[0], other), Verdict::Void(Void::Early));
    assert!(matches!(
        table.post(leaves[0], early.clone()),
        Verdict::RunEnded(_)
    ));
    assert_eq!(
        table.post(leaves[1], early),
        Verdict::Void(Void::EndedRun),
        "a second CLOSE"
    );
    assert_eq!(table.fold.run_number(), 2);
}

#[test]
fn what_stands_before_close_counts_however_late() {
    let mut table = table(5, 5);
    table.now_ms = START.time_ms + 10 * PHASE_MS;
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}

#[test]
fn log_time_never_runs_backwards() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    let (from, join) = table.outbox.remove(0);
    table.now_ms = START.time_ms + PHASE_MS;
    let _ = table.post(from, join);
    // A relay that turns its clock back cannot reopen a phase that is past its length.
    let close = Close {
        ctx: table.fold.ctx_r(),
        phase: Phase::Joins,
    };
    let entry = Entry {
        from: Some(leaves[1]),
        time_ms: 5,
        head: [9; 32],
    };
    assert!(matches!(
        table.fold.apply(entry, Message::Close(close)),
        Verdict::BelowFloor(_)
    ));
}

/// Five who say nothing must not hold up a room: whoever is in it may close, once log time allows it.
#[test]
fn everybody_in_the_room_may_close_a_phase_that_is_over() {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    table.go_away(leaves[6], Phase::Kems);
    let early = Close {
        ctx: table.fold.ctx_r(),
        phase: Phase::Kems,
    };
    let verdict = table.post(999, Message::Close(early));
    assert_eq!(verdict, Verdict::Void(Void::Early));
    assert!(matches!(table.close(999), Verdict::RunEnded(_)));
    table.go_away(leaves[5], Phase::Kems);
    let Verdict::RunEnded(end) = table.close(leaves[6]) else {
        panic!()
    };
    assert_eq!(end.out, [(leaves[5], Cause::Silent)]);
}

#[test]
fn who_leaves_is_absent_at_once() {
    for phase in PHASES {
        let mut table = table(6, 5);
        let leaves = table.leaves();
        table.play_to(phase);
        let leave = Message::Leave(Leave {
            ctx: table.fold.ctx_r(),
        });
        table.away.push(leaves[3]);
        let Verdict::RunEnded(end) = table.post(leaves[3], leave) else {
            panic!()
        };
        assert_eq!(end.out, [(leaves[3], Cause::Left)]);
        let rest: Vec<u32> = leaves.iter().copied().filter(|l| *l != leaves[3]).collect();
        assert_eq!(opened(&table.play().unwrap()).0, expected(&rest));
    }
}

/// Nobody turns what no honest program sends into a parting, or into a log of its own.
#[test]
fn what_made_somebody_absent_first_stays_the_cause() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Kems);
    let own = table.outbox.iter().position(|(from, _)| *from == leaves[3]);
    let (_, Message::Kem(mut kem)) = table.outbox.remove(own.unwrap()) else {
        panic!()
    };
    kem.ciphertexts = vec![0; 3].into();
    let verdict = table.post(leaves[3], Message::Kem(kem));
    assert_eq!(verdict, Verdict::SenderAbsent(Cause::Malformed));
    let close = Close {
        ctx: [9; 32],
        phase: Phase::Kems,
    };
    let verdict = table.post(leaves[3], Message::Close(close));
    assert_eq!(verdict, Verdict::SenderAbsent(Cause::Malformed));
    let ctx = table.fold.ctx_r();
    let Verdict::RunEnded(end) = table.post(leaves[3], Message::Leave(Leave { ctx })) else {
        panic!()
    };
    assert_eq!(end.out, [(leaves[3], Cause::Malformed)]);
}

#[test]
fn runs_never_exceed_the_members_above_the_floor() {
    let mut table = table(9, 6);
    let leaves = table.leaves();
    let mut runs = 0;
    for leaf in leaves[5..].iter().rev() {
        runs += 1;
        table.go_away(*leaf, Phase::Joins);
        if let Verdict::BelowFloor(_) = table.close(leaves[0]) {
            break;
        }
    }
    assert!(table.fold.is_over());
    assert!(runs <= 9 - 6 + 2);
}

/// Nobody could write in between: nobody is silent because of it.
#[test]
fn the_time_in_which_a_log_was_shut_counts_for_nobody() {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    table.go_away(leaves[2], Phase::Kems);
    let began = table.fold.phase_began_ms();
    table.fold.shut();
    table.now_ms = began + 10 * PHASE_MS;
    let close = Message::Close(Close {
        ctx: table.fold.ctx_r(),
        phase: Phase::Kems,
    });
    let shut = table.post(leaves[0], close.clone());
    assert_eq!(shut, Verdict::Void(Void::Early));
    assert!(!table.fold.close_allowed(u64::MAX));
    table.fold.reopened(table.now_ms);
    let ends = table.now_ms + PHASE_MS;
    assert_eq!(table.fold.deadline_ms(), ends);
    assert!(!table.fold.close_allowed(ends - 1) && table.fold.close_allowed(ends));
    let early = table.post(leaves[0], close.clone());
    assert_eq!(early, Verdict::Void(Void::Early));
    table.now_ms = ends - 1;
    let Verdict::RunEnded(end) = table.post(leaves[0], close) else {
        panic!()
    };
    assert_eq!(end.out, [(leaves[2], Cause::Silent)]);
    // A reset says nothing of what came after it.
    table.fold.reopened(began);
    assert_eq!(table.fold.phase_began_ms(), ends);
}

/// A node that restarts replays what counted, and is told after it when the log was opened last.
#[test]
fn who_is_told_of_the_reopening_afterwards_goes_by_the_same_time() {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    table.go_away(leaves[2], Phase::Kems);
    let opened = table.fold.phase_began_ms() - 100;
    let ends = table.fold.deadline_ms();
    assert!(opened + PHASE_MS < ends);
    table.fold.reopened(opened);
    assert_eq!(table.fold.deadline_ms(), ends, "the phase began after it");
}

#[test]
fn a_long_phase_that_has_gone_by_lasts_two_minutes_more() {
    const HOUR_MS: u64 = 3_600_000;
    let terms = round::Terms {
        phase_ms: HOUR_MS,
        ..crate::table::terms(5, 5, 1024)
    };
    let mut fold = round::Sequence::begin(terms, crate::table::START).unwrap();
    let (start, first) = (crate::table::START.time_ms, fold.deadline_ms());
    fold.reopened(start + 1_000);
    fold.reopened(first - round::limits::REOPENED_MS);
    assert_eq!(fold.deadline_ms(), first, "there was time before");
    fold.reopened(first - 1);
    assert_eq!(fold.deadline_ms(), first - 1 + round::limits::REOPENED_MS);
    fold.reopened(u64::MAX);
    assert_eq!(fold.deadline_ms(), u64::MAX);
}
