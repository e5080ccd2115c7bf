//! Runs in which everybody takes part.

use round::{Message, Phase, Verdict};

use crate::table::{Table, opened, terms};

fn text_of(leaf: u32) -> String {
    format!("a thought of somebody, number {leaf}")
}

#[test]
fn every_text_appears_once_and_no_other() {
    for n in 5..=12 {
        for slot_bytes in [1024, 2048, 4096] {
            let mut table = Table::new(terms(n, 5, slot_bytes), u64::from(n));
            let leaves = table.leaves();
            for leaf in &leaves[1..] {
                table.write(*leaf, &text_of(*leaf));
            }
            let (texts, blank, void) = opened(&table.play().unwrap());
            let mut expected: Vec<String> = leaves[1..].iter().map(|l| text_of(*l)).collect();
            expected.sort();
            assert_eq!(texts, expected, "N = {n}");
            assert_eq!((blank, void), (1, 0));
            assert!(table.fold.is_over());
            assert!(table.members.values().all(round::Contributor::is_spent));
        }
    }
}

#[test]
fn the_order_of_entries_within_a_phase_changes_nothing_that_is_read() {
    let play = |pick: fn(usize) -> usize| {
        let mut table = Table::new(terms(6, 5, 1024), 9);
        for leaf in table.leaves() {
            table.write(leaf, &text_of(leaf));
        }
        opened(&table.play_ordered(pick).unwrap())
    };
    let first = play(|_| 0);
    assert_eq!(first, play(|len| len - 1));
    assert_eq!(first, play(|len| len / 2));
}

#[test]
fn every_message_of_a_phase_has_one_size_whoever_speaks_and_whatever_is_said() {
    let mut table = Table::new(terms(8, 5, 2048), 3);
    let leaves = table.leaves();
    table.write(leaves[0], "x");
    table.write(leaves[1], &"long ".repeat(300));
    opened(&table.play().unwrap());
    for phase in table.log.chunks(8) {
        let sizes: Vec<usize> = phase.iter().map(|(_, m)| m.encode().len()).collect();
        assert!(sizes.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}");
    }
}

#[test]
fn every_message_survives_its_encoding() {
    let mut table = Table::new(terms(5, 5, 1024), 3);
    opened(&table.play().unwrap());
    for (_, message) in &table.log {
        let mut bytes = message.encode();
        assert_eq!(Message::decode(&bytes).as_ref(), Ok(message));
        bytes.push(0);
        assert!(Message::decode(&bytes).is_err(), "a tail is refused");
        bytes.truncate(bytes.len() - 2);
        assert!(Message::decode(&bytes).is_err(), "a cut is refused");
    }
}

#[test]
fn ballots_have_a_lane_per_statement() {
    let mut ballots = terms(6, 5, 64);
    ballots.lanes = 3;
    let mut table = Table::new(ballots, 5);
    for leaf in table.leaves() {
        for lane in 0..3 {
            table.write(leaf, &format!("{leaf}/{lane}"));
        }
    }
    let verdict = table.play().unwrap();
    let Verdict::Opened(result) = &verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(result.payloads.len(), 3);
    assert_eq!(opened(&verdict).0.len(), 18);
}

#[test]
fn phases_follow_each_other() {
    let mut table = Table::new(terms(5, 5, 1024), 3);
    opened(&table.play().unwrap());
    let begun: Vec<Phase> = table
        .verdicts
        .iter()
        .filter_map(|v| {
            if let Verdict::PhaseDone(phase) = v {
                Some(*phase)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        begun,
        [Phase::Kems, Phase::Slots, Phase::Vectors, Phase::Verdicts]
    );
    assert_eq!(
        table
            .verdicts
            .iter()
            .filter(|v| **v == Verdict::AllGo)
            .count(),
        1
    );
}

#[test]
fn secrets_last_until_their_release_and_no_longer() {
    let mut table = Table::new(terms(5, 5, 1024), 3);
    for phase in [Phase::Joins, Phase::Slots, Phase::Verdicts] {
        table.play_to(phase);
        assert!(table.members.values().all(|member| !member.is_spent()));
    }
    opened(&table.play().unwrap());
    assert!(table.members.values().all(|member| member.is_spent()));
}

#[test]
fn a_hundred_members_work() {
    let mut table = Table::new(terms(100, 80, 1024), 100);
    for leaf in table.leaves() {
        table.write(leaf, &text_of(leaf));
    }
    assert_eq!(opened(&table.play().unwrap()).0.len(), 100);
}

#[test]
fn the_payload_is_asked_for_once_and_only_in_phase_four() {
    use round::{Contributor, Payload, Said, Sequence};
    let mut rng = crate::table::TestRng(8);
    let mut fold = Sequence::begin(terms(5, 5, 1024), crate::table::START).unwrap();
    let mut seats: Vec<(u32, Contributor)> = Vec::new();
    let mut outbox = Vec::new();
    for leaf in fold.roster() {
        let (seat, join) = Contributor::join(&fold, leaf, &mut rng).unwrap();
        seats.push((leaf, seat));
        outbox.push((leaf, join));
    }
    let mut asked = Vec::new();
    while !outbox.is_empty() {
        let (from, message) = outbox.remove(0);
        let entry = round::Entry {
            from: Some(from),
            time_ms: 0,
            head: [0; 32],
        };
        let _ = fold.apply(entry, message);
        for (leaf, seat) in &mut seats {
            let phase = fold.phase();
            let mut payloads = || {
                asked.push((*leaf, phase));
                vec![Payload::blank(1024)]
            };
            match seat.next(&fold, &mut payloads, &mut rng) {
                Some(Said::Message(message) | Said::Reveal(message)) => {
                    outbox.push((*leaf, message));
                }
                Some(Said::Release(share)) => outbox.push((*leaf, share.message())),
                None => {}
            }
        }
    }
    assert!(fold.is_over());
    assert_eq!(asked.len(), 5);
    assert!(
        asked
            .iter()
            .all(|(_, phase)| *phase == Some(Phase::Vectors))
    );
}
