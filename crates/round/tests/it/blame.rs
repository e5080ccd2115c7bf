//! After a counting NOGO: roots are revealed, whoever disturbed is named, and the run is repeated
//! without it. Absence, an early word or a differing history is never taken for disruption.

use round::{Cause, Fault, Leave, Message, Nogo, Phase, Reveal, RunEnd, Verdict, Void};

use crate::table::{Table, opened, table};

/// Everybody has sent DC; `liar` says that its slot is damaged, and it is not.
fn falsely_accused(n: u32, floor: u16, liar: usize) -> (Table, u32) {
    let mut table = table(n, floor);
    let liar = table.leaves()[liar];
    table.play_to(Phase::Verdicts);
    table.outbox.retain(|(from, _)| *from != liar);
    let evidence = table.fold.evidence().expect("all vectors are in");
    let nogo = Nogo {
        ctx: table.fold.ctx_r(),
        phase: Phase::Vectors,
        evidence,
    };
    let verdict = table.post(liar, Message::Nogo(nogo));
    assert!(matches!(verdict, Verdict::Disturbed(_)));
    // The GOs that were on their way come too late.
    table
        .outbox
        .retain(|(_, m)| matches!(m, Message::Reveal(_)));
    (table, liar)
}

fn end_of(table: &mut Table) -> RunEnd {
    table.play_until_run_ends().expect("the run ends")
}

#[test]
fn a_false_nogo_names_its_sender_and_the_round_goes_on_without_it() {
    let (mut table, liar) = falsely_accused(6, 5, 2);
    assert_eq!(table.fold.phase(), Some(Phase::Reveals));
    let end = end_of(&mut table);
    assert_eq!(end.out, [(liar, Cause::Disruptor(Fault::FalseNogo))]);
    assert_eq!((end.run, end.phase), (1, Phase::Reveals));
    assert!(table.shares.is_empty());
    let (texts, ..) = opened(&table.play().unwrap());
    assert_eq!(texts.len(), 5);
    assert!(!texts.contains(&format!("from {liar}")));
}

#[test]
fn a_false_nogo_about_the_tags_names_its_sender() {
    let mut table = table(6, 5);
    let liar = table.leaves()[4];
    table.play_to(Phase::Vectors);
    table.outbox.retain(|(from, _)| *from != liar);
    let Message::Dc(dc) = &table.outbox[0].1 else {
        panic!()
    };
    let nogo = Nogo {
        ctx: dc.ctx,
        phase: Phase::Slots,
        evidence: dc.t3,
    };
    let _ = table.post(liar, Message::Nogo(nogo));
    let end = end_of(&mut table);
    assert_eq!(end.out, [(liar, Cause::Disruptor(Fault::FalseNogo))]);
}

#[test]
fn who_does_not_reveal_is_absent_and_nobody_is_called_a_disruptor() {
    let (mut table, _) = falsely_accused(7, 5, 2);
    let silent = table.leaves()[5];
    table.outbox.retain(|(from, _)| *from != silent);
    assert_eq!(table.play(), Some(Verdict::Counted));
    assert_eq!(table.fold.awaited(), [silent]);
    let Verdict::RunEnded(end) = table.close(table.terms.opening[0].leaf) else {
        panic!()
    };
    assert_eq!(end.out, [(silent, Cause::Silent)]);
}

/// Somebody who saw all GOs in another log: here the NOGO stands, and decides.
#[test]
fn a_release_after_a_counting_nogo_is_void() {
    let (mut table, _) = falsely_accused(6, 5, 2);
    let release = round::Release {
        ctx: table.fold.ctx_r(),
        member: round::MemberIndex(0),
        share: [7; 32],
    };
    let leaf = table.leaves()[0];
    let verdict = table.post(leaf, Message::Release(release));
    assert_eq!(verdict, Verdict::Void(Void::Decided));
    let end = end_of(&mut table);
    assert!(matches!(
        end.out[..],
        [(_, Cause::Disruptor(Fault::FalseNogo))]
    ));
}

#[test]
fn a_wrong_root_is_a_key_that_does_not_follow_from_it() {
    let (mut table, _) = falsely_accused(6, 5, 2);
    let (liar, message) = &mut table.outbox[3];
    let liar = *liar;
    let Message::Reveal(reveal) = message else {
        panic!()
    };
    reveal.root[0] ^= 1;
    let end = end_of(&mut table);
    assert_eq!(end.out, [(liar, Cause::Disruptor(Fault::Key))]);
}

#[test]
fn a_reveal_that_no_nogo_asked_for_is_void() {
    let mut table = table(6, 5);
    let leaf = table.leaves()[0];
    for phase in [Phase::Joins, Phase::Vectors, Phase::Verdicts] {
        table.play_to(phase);
        let reveal = Reveal {
            ctx: table.fold.ctx_r(),
            evidence: [1; 32],
            root: [2; 32],
        };
        let verdict = table.post(leaf, Message::Reveal(reveal));
        assert_eq!(verdict, Verdict::Void(Void::Early), "{phase:?}");
    }
    assert_eq!(opened(&table.play().unwrap()).0.len(), 6);
}

#[test]
fn a_reveal_that_answers_another_nogo_makes_its_sender_absent() {
    let (mut table, _) = falsely_accused(6, 5, 2);
    let (other, message) = &mut table.outbox[1];
    let other = *other;
    let Message::Reveal(reveal) = message else {
        panic!()
    };
    reveal.evidence[7] ^= 1;
    let end = end_of(&mut table);
    assert_eq!(end.out, [(other, Cause::HistoriesDiffer)]);
}

#[test]
fn who_leaves_while_roots_are_awaited_is_absent() {
    let (mut table, _) = falsely_accused(7, 5, 2);
    let (leaver, _) = table.outbox.pop().unwrap();
    let leave = Leave {
        ctx: table.fold.ctx_r(),
    };
    let Verdict::RunEnded(end) = table.post(leaver, Message::Leave(leave)) else {
        panic!()
    };
    assert_eq!(end.out, [(leaver, Cause::Left)]);
}

#[test]
fn with_somebody_absent_a_nogo_ends_the_run_and_nobody_reveals() {
    let mut table = table(7, 5);
    let (absent, accuser) = (table.leaves()[0], table.leaves()[3]);
    table.play_to(Phase::Vectors);
    let Message::Dc(dc) = &mut table.outbox[0].1 else {
        panic!()
    };
    let t3 = dc.t3;
    dc.t3 = [9; 32];
    let (from, other) = table.outbox.remove(0);
    assert_eq!(from, absent);
    let verdict = table.post(from, other);
    assert_eq!(verdict, Verdict::SenderAbsent(Cause::HistoriesDiffer));
    let nogo = Nogo {
        ctx: table.fold.ctx_r(),
        phase: Phase::Slots,
        evidence: t3,
    };
    let Verdict::RunEnded(end) = table.post(accuser, Message::Nogo(nogo)) else {
        panic!()
    };
    assert_eq!(end.out, [(absent, Cause::HistoriesDiffer)]);
    let revealed = |(_, message): &(u32, Message)| matches!(message, Message::Reveal(_));
    assert!(!table.outbox.iter().any(revealed));
    assert_eq!(opened(&table.play().unwrap()).0.len(), 6);
}

#[test]
fn nobody_reveals_and_releases_in_one_run() {
    let (mut table, _) = falsely_accused(6, 5, 2);
    let revealing = table.fold.ctx_r();
    table.play();
    let by = |of: fn(&Message) -> bool| -> Vec<[u8; 32]> {
        let said = table.log.iter().filter(|(_, message)| of(message));
        said.map(|(_, message)| *message.ctx()).collect()
    };
    let revealed = by(|m| matches!(m, Message::Reveal(_)));
    let released = by(|m| matches!(m, Message::Release(_)));
    assert_eq!((revealed.len(), released.len()), (6, 5));
    assert!(revealed.iter().all(|ctx| *ctx == revealing));
    assert!(released.iter().all(|ctx| *ctx != revealing));
}

/// P5: with everybody up to the floor disturbing, there are N0 - floor + 2 runs at the most.
#[test]
fn every_disturbed_run_costs_a_disturber_its_place() {
    let mut table = table(9, 7);
    for expected in [9, 8] {
        let liar = table.fold.roster()[0];
        assert_eq!(table.fold.roster().len(), expected);
        table.play_to(Phase::Verdicts);
        table.outbox.retain(|(from, _)| *from != liar);
        let nogo = Nogo {
            ctx: table.fold.ctx_r(),
            phase: Phase::Vectors,
            evidence: table.fold.evidence().unwrap(),
        };
        let _ = table.post(liar, Message::Nogo(nogo));
        let end = end_of(&mut table);
        assert_eq!(end.out, [(liar, Cause::Disruptor(Fault::FalseNogo))]);
    }
    assert_eq!(opened(&table.play().unwrap()).0.len(), 7);
    assert_eq!(table.fold.run_number(), 3);
}
