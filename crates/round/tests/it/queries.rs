//! What a driver asks a sequence, from its first run to its end.

use round::{Message, Phase, Verdict};

use crate::table::{PHASE_MS, START, opened, table};

#[test]
fn a_run_begins_with_start_or_the_end_of_another_and_a_phase_with_the_last_message_before_it() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    assert_eq!(table.fold.run_number(), 1);
    assert_eq!(table.fold.phase_ms(), PHASE_MS);
    let began = |table: &crate::table::Table| {
        let fold = &table.fold;
        assert_eq!(fold.deadline_ms(), fold.phase_began_ms() + PHASE_MS);
        (fold.run_began_ms(), fold.phase_began_ms())
    };
    assert_eq!(began(&table), (START.time_ms, START.time_ms));
    assert_eq!(table.fold.head(), START.head);
    table.play_to(Phase::Kems);
    assert_eq!(began(&table), (START.time_ms, table.now_ms));
    table.go_away(leaves[2], Phase::Slots);
    assert!(matches!(table.close(leaves[0]), Verdict::RunEnded(_)));
    assert_eq!(began(&table), (table.now_ms, table.now_ms));
    assert_eq!(table.fold.run_number(), 2);
    let ended_ms = table.now_ms;
    table.play_to(Phase::Kems);
    assert_eq!(began(&table), (ended_ms, table.now_ms));
    let (last, _) = table.log.last().unwrap();
    assert_eq!(table.fold.head(), last.head);
}

#[test]
fn a_phase_may_be_closed_from_its_deadline_on_and_the_last_one_given_up() {
    let mut table = table(5, 5);
    for phase in [Phase::Joins, Phase::Slots, Phase::Verdicts, Phase::Releases] {
        table.play_to(phase);
        let fold = &table.fold;
        let (before, then) = (fold.deadline_ms() - 1, fold.deadline_ms());
        let is_last = phase == Phase::Releases;
        assert!(!fold.close_allowed(before) && !fold.give_up_allowed(before));
        assert_eq!(fold.close_allowed(then), !is_last);
        assert_eq!(fold.give_up_allowed(then), is_last);
    }
    opened(&table.play().unwrap());
    let fold = &table.fold;
    assert!(fold.is_over() && fold.phase().is_none() && fold.awaited().is_empty());
    assert!(!fold.close_allowed(u64::MAX) && !fold.give_up_allowed(u64::MAX));
}

#[test]
fn whoever_has_spoken_or_is_absent_is_not_awaited() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    assert_eq!(table.fold.roster(), leaves);
    let keys: Vec<Vec<u8>> = table
        .terms
        .opening
        .iter()
        .map(|member| member.signature_key.clone())
        .collect();
    assert_eq!(table.fold.roster_keys(), keys);
    assert_eq!(table.fold.awaited(), leaves);
    let (from, join) = table.outbox.remove(0);
    assert!(!table.fold.has_spoken(from));
    assert_eq!(table.post(from, join), Verdict::Counted);
    assert!(table.fold.has_spoken(from) && !table.fold.is_absent(from));
    let (other, join) = table.outbox.remove(0);
    let Message::Join(mut join) = join else {
        panic!()
    };
    join.ctx = [0xEE; 32];
    let _ = table.post(other, Message::Join(join));
    assert!(!table.fold.has_spoken(other) && table.fold.is_absent(other));
    let left: Vec<u32> = leaves
        .iter()
        .copied()
        .filter(|leaf| *leaf != from && *leaf != other)
        .collect();
    assert_eq!(table.fold.awaited(), left);
    // Nobody who is not in the roster has spoken or is absent.
    assert!(!table.fold.has_spoken(77) && !table.fold.is_absent(77));
    assert_eq!(table.fold.evidence(), None);
}
