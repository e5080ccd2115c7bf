//! Void, already decided, transcript, content: in this order, for every reader alike.

use round::{
    Cause, Close, Contributor, Entry, GiveUp, Kem, Leave, Message, Phase, Sequence, Verdict, Void,
};

use crate::table::{START, opened, table, terms};

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
    assert_eq!(end.out, [(leaves[4], Cause::HistoriesDiffer)]);
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

/// The decision stands: whoever names another history after it is as bound as everybody.
#[test]
fn once_everybody_said_go_an_unknown_context_makes_nobody_absent() {
    let ctx = [0xEE; 32];
    let foreign = [
        Message::Leave(Leave { ctx }),
        Message::GiveUp(GiveUp { ctx }),
        Message::Close(Close {
            ctx,
            phase: Phase::Releases,
        }),
    ];
    for message in foreign {
        let mut table = table(5, 5);
        let leaves = table.leaves();
        table.play_to(Phase::Releases);
        let decided = Verdict::Void(Void::Decided);
        assert_eq!(table.post(leaves[0], message.clone()), decided);
        assert_eq!(table.fold.awaited(), leaves);
        assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
        assert_eq!(table.post(leaves[0], message), decided);
    }
}

#[test]
fn a_release_before_the_last_go_makes_its_sender_absent_once() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Kems);
    let release = Message::Release(round::Release {
        ctx: table.fold.ctx_r(),
        member: round::MemberIndex(0),
        share: [1; 32],
    });
    let absent = Verdict::SenderAbsent(Cause::HistoriesDiffer);
    assert_eq!(table.post(leaves[0], release.clone()), absent);
    let void = Verdict::Void(Void::Absent);
    assert_eq!(table.post(leaves[0], release), void);
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
    table.go_away(leaves[6], Phase::Vectors);
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

#[test]
fn every_bound_of_terms_is_allowed_and_one_more_is_not() {
    use round::{BadTerms, limits};
    let begin = |members, lanes, slot_bytes, phase_ms| {
        let terms = round::Terms {
            lanes,
            phase_ms,
            ..terms(members, 5, slot_bytes)
        };
        Sequence::begin(terms, START).err()
    };
    let most = limits::MAX_PHASE_MS;
    assert_eq!(most, 86_400_000);
    assert_eq!(limits::MAX_VECTOR_BYTES, 524_288);
    assert_eq!(begin(100, 60, 64, most), None);
    assert_eq!(begin(101, 60, 64, most), Some(BadTerms::Members));
    assert_eq!(begin(100, 61, 64, most), Some(BadTerms::Lanes));
    assert_eq!(begin(100, 60, 64, most + 1), Some(BadTerms::Phase));
    assert_eq!(8 * 16 * 4096, limits::MAX_VECTOR_BYTES);
    assert_eq!(begin(8, 16, 4096, most), None);
    assert_eq!(begin(8, 17, 4096, most), Some(BadTerms::VectorBytes));
}

#[test]
fn two_members_with_one_share_are_both_out() {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    for leaf in &leaves[1..3] {
        // Both draw the same bytes, as two puppets of one hand may.
        let mut rng = crate::table::TestRng(77);
        let (_, join) = Contributor::join(&table.fold, *leaf, &mut rng).unwrap();
        table.outbox.retain(|(from, _)| from != leaf);
        table.outbox.push((*leaf, join));
    }
    let end = table.play_until_run_ends().unwrap();
    let copied = Cause::CopiedShare;
    assert_eq!(end.out, [(leaves[1], copied), (leaves[2], copied)]);
    table.away.extend(&leaves[1..3]);
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}
