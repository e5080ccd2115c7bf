//! Who is silent, leaves, or has another history is left out; the run is repeated under the floor.

use round::{
    Cause, Close, Contributor, Entry, GiveUp, Kem, Leave, Message, Phase, Sequence, Verdict, Void,
};

use crate::table::{PHASE_MS, START, Table, opened, terms};

const PHASES: [Phase; 5] = [
    Phase::Joins,
    Phase::Kems,
    Phase::Slots,
    Phase::Vectors,
    Phase::Verdicts,
];

fn table(n: u32, floor: u16) -> Table {
    let mut table = Table::new(terms(n, floor, 1024), u64::from(n));
    for leaf in table.leaves() {
        table.write(leaf, &format!("from {leaf}"));
    }
    table
}

fn expected(leaves: &[u32]) -> Vec<String> {
    let mut texts: Vec<String> = leaves.iter().map(|leaf| format!("from {leaf}")).collect();
    texts.sort();
    texts
}

/// A member goes away once `phase` has begun; what it has not yet said is never said.
fn go_away(table: &mut Table, leaf: u32, phase: Phase) {
    table.play_to(phase);
    table.away.push(leaf);
    table.outbox.retain(|(from, _)| *from != leaf);
    assert_eq!(table.play(), Some(Verdict::Counted));
    assert_eq!(table.fold.awaited(), [leaf]);
}

#[test]
fn a_member_absent_at_any_phase_is_left_out_of_the_next_run() {
    for phase in PHASES {
        let mut table = table(7, 6);
        let leaves = table.leaves();
        let first = table.fold.ctx_r();
        go_away(&mut table, leaves[2], phase);
        let Verdict::RunEnded(end) = table.close(leaves[0]) else {
            panic!("{phase:?}")
        };
        assert_eq!((end.run, end.phase), (1, phase));
        assert_eq!(end.absent, [(leaves[2], Cause::Silent)]);
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
        go_away(&mut table, leaves[5], phase);
        let Verdict::BelowFloor(end) = table.close(leaves[1]) else {
            panic!()
        };
        assert_eq!(end.absent, [(leaves[5], Cause::Silent)]);
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
        table.fold.apply(entry, &Message::Close(close)),
        Verdict::BelowFloor(_)
    ));
}

#[test]
fn only_the_opening_roster_closes_and_also_who_was_left_out() {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    go_away(&mut table, leaves[6], Phase::Kems);
    assert!(matches!(table.close(leaves[0]), Verdict::RunEnded(_)));
    go_away(&mut table, leaves[5], Phase::Kems);
    assert_eq!(table.close(999), Verdict::Void(Void::NotInRoster));
    let Verdict::RunEnded(end) = table.close(leaves[6]) else {
        panic!()
    };
    assert_eq!(end.absent, [(leaves[5], Cause::Silent)]);
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
        assert_eq!(end.absent, [(leaves[3], Cause::Left)]);
        let rest: Vec<u32> = leaves.iter().copied().filter(|l| *l != leaves[3]).collect();
        assert_eq!(opened(&table.play().unwrap()).0, expected(&rest));
    }
}

#[test]
fn leave_and_close_are_void_once_everybody_said_go() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Releases);
    let ctx = table.fold.ctx_r();
    let leave = Message::Leave(Leave { ctx });
    assert_eq!(table.post(leaves[0], leave), Verdict::Void(Void::Decided));
    assert_eq!(table.close(leaves[0]), Verdict::Void(Void::Decided));
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}

#[test]
fn another_transcript_makes_its_sender_absent_before_its_content_is_read() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Kems);
    let ctx = table.fold.ctx_r();
    table.outbox.retain(|(from, _)| *from != leaves[4]);
    table.away.push(leaves[4]);
    let foreign = Kem {
        ctx,
        t1: [1; 32],
        ciphertexts: vec![].into(),
    };
    let verdict = table.post(leaves[4], Message::Kem(foreign));
    assert_eq!(verdict, Verdict::SenderAbsent(Cause::HistoriesDiffer));
    let Some(end) = table.play_until_run_ends() else {
        panic!()
    };
    assert_eq!(end.absent, [(leaves[4], Cause::HistoriesDiffer)]);
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}

#[test]
fn an_unknown_context_makes_its_sender_absent_whatever_the_type() {
    let ctx = [0xEE; 32];
    let foreign = [
        Message::Leave(Leave { ctx }),
        Message::GiveUp(GiveUp { ctx }),
        Message::Close(Close {
            ctx,
            phase: Phase::Kems,
        }),
        Message::Kem(Kem {
            ctx,
            t1: [0; 32],
            ciphertexts: vec![].into(),
        }),
        Message::Go(round::Go { ctx, t4: [0; 32] }),
        Message::Nogo(round::Nogo {
            ctx,
            phase: Phase::Slots,
            evidence: [0; 32],
        }),
        Message::Release(round::Release {
            ctx,
            member: round::MemberIndex(0),
            share: [1; 32],
        }),
    ];
    for message in foreign {
        let mut table = table(6, 5);
        let leaves = table.leaves();
        table.play_to(Phase::Kems);
        let verdict = table.post(leaves[0], message);
        assert_eq!(verdict, Verdict::SenderAbsent(Cause::HistoriesDiffer));
        assert!(table.members[&leaves[0]].is_spent());
    }
}

#[test]
fn a_transcript_that_cannot_be_computed_yet_differs() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Slots);
    let ctx = table.fold.ctx_r();
    let early = Message::Nogo(round::Nogo {
        ctx,
        phase: Phase::Vectors,
        evidence: [0; 32],
    });
    let verdict = table.post(leaves[1], early);
    assert_eq!(verdict, Verdict::SenderAbsent(Cause::HistoriesDiffer));
}

#[test]
fn what_belongs_to_an_ended_run_is_void() {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    go_away(&mut table, leaves[6], Phase::Vectors);
    let old: Vec<Message> = table
        .log
        .iter()
        .map(|(_, message)| message.clone())
        .collect();
    assert!(matches!(table.close(leaves[0]), Verdict::RunEnded(_)));
    for message in old {
        assert_eq!(
            table.post(leaves[1], message),
            Verdict::Void(Void::EndedRun)
        );
    }
    assert_eq!(opened(&table.play().unwrap()).0.len(), 6);
}

#[test]
fn the_first_message_of_a_member_in_a_phase_counts() {
    let mut table = table(5, 5);
    let (from, message) = table.outbox.remove(0);
    assert_eq!(table.post(from, message.clone()), Verdict::Counted);
    assert_eq!(
        table.post(from, message.clone()),
        Verdict::Void(Void::Spoken)
    );
    table.play_to(Phase::Kems);
    assert_eq!(
        table.post(from, message),
        Verdict::Void(Void::Spoken),
        "a phase that is over"
    );
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}

#[test]
fn strangers_have_no_say() {
    let mut table = table(5, 5);
    let (_, join) = table.outbox[0].clone();
    assert_eq!(
        table.post(77, join.clone()),
        Verdict::Void(Void::NotInRoster)
    );
    let nobody = Entry {
        from: None,
        time_ms: 0,
        head: [0; 32],
    };
    assert_eq!(
        table.fold.apply(nobody, &join),
        Verdict::Void(Void::NotInRoster)
    );
}

#[test]
fn nobody_joins_twice_or_late() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    let (from, join) = table.outbox.remove(0);
    let _ = table.post(from, join);
    let again = Contributor::join(&table.fold, from, &mut table.rng);
    assert!(again.is_err());
    assert!(Contributor::join(&table.fold, 77, &mut table.rng).is_err());
    table.play_to(Phase::Kems);
    assert!(Contributor::join(&table.fold, leaves[1], &mut table.rng).is_err());
}

#[test]
fn a_withheld_release_is_awaited_and_given_up_only_after_the_length() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Releases);
    table.outbox.retain(|(from, _)| *from != leaves[2]);
    assert_eq!(table.play(), Some(Verdict::Counted));
    assert_eq!(table.fold.awaited(), [leaves[2]]);
    let give_up = Message::GiveUp(GiveUp {
        ctx: table.fold.ctx_r(),
    });
    assert_eq!(
        table.post(leaves[0], give_up.clone()),
        Verdict::Void(Void::Early)
    );
    table.now_ms = table.fold.deadline_ms();
    assert_eq!(
        table.post(50, give_up.clone()),
        Verdict::Void(Void::NotInRoster)
    );
    let Verdict::GaveUp(result) = table.post(leaves[0], give_up) else {
        panic!()
    };
    assert_eq!(result.awaited, [leaves[2]]);
    let late = table
        .shares
        .iter()
        .map(round::ReleaseShare::message)
        .collect::<Vec<_>>();
    for release in late {
        assert_eq!(table.post(leaves[2], release), Verdict::Void(Void::Decided));
    }
}

#[test]
fn a_new_open_gives_a_stuck_run_up_as_give_up_does() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Verdicts);
    let entry = table.entry(leaves[0]);
    assert_eq!(table.fold.superseded(entry), Verdict::Void(Void::Early));
    table.play_to(Phase::Releases);
    table.now_ms = table.fold.deadline_ms();
    let entry = table.entry(leaves[0]);
    assert!(matches!(table.fold.superseded(entry), Verdict::GaveUp(_)));
}

#[test]
fn a_release_proves_itself_and_anybody_may_post_it() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Releases);
    let mut last = None;
    for (_, message) in std::mem::take(&mut table.outbox) {
        let Message::Release(mut wrong) = message.clone() else {
            panic!()
        };
        wrong.share[3] ^= 1;
        let wrong = Message::Release(wrong);
        assert_eq!(
            table.post(leaves[4], wrong),
            Verdict::Void(Void::WrongShare)
        );
        last = Some(table.post(4711, message));
    }
    assert_eq!(opened(&last.unwrap()).0.len(), 5);
}

#[test]
fn runs_never_exceed_the_members_above_the_floor() {
    let mut table = table(9, 6);
    let leaves = table.leaves();
    let mut runs = 0;
    for leaf in leaves[5..].iter().rev() {
        runs += 1;
        go_away(&mut table, *leaf, Phase::Joins);
        if let Verdict::BelowFloor(_) = table.close(leaves[0]) {
            break;
        }
    }
    assert!(table.fold.is_over());
    assert!(runs <= 9 - 6 + 2);
}

#[test]
fn terms_that_cannot_be_played_are_refused() {
    let begin = |spoil: fn(&mut round::Terms)| {
        let mut terms = terms(6, 5, 1024);
        spoil(&mut terms);
        Sequence::begin(terms, START).err()
    };
    use round::BadTerms;
    assert_eq!(begin(|_| ()), None);
    assert_eq!(begin(|t| t.floor = 7), Some(BadTerms::Members));
    assert_eq!(begin(|t| t.opening[1].leaf = 1), Some(BadTerms::Member));
    assert_eq!(
        begin(|t| t.opening[1].signature_key = vec![]),
        Some(BadTerms::Member)
    );
    assert_eq!(begin(|t| t.lanes = 0), Some(BadTerms::Lanes));
    assert_eq!(begin(|t| t.lanes = 61), Some(BadTerms::Lanes));
    assert_eq!(begin(|t| t.slot_bytes = 1000), Some(BadTerms::SlotBytes));
    assert_eq!(
        begin(|t| (t.lanes, t.slot_bytes) = (60, 4096)),
        Some(BadTerms::VectorBytes)
    );
    assert_eq!(begin(|t| t.phase_ms = 0), Some(BadTerms::Phase));
}
