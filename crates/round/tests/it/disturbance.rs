//! Whatever is changed, somebody notices: a run is never accepted with a wrong byte in it.

use round::{Cause, Fault, Message, Nogo, Phase, Terms, Verdict, Void};

use crate::table::{Table, opened, table, terms};

/// Plays with one message of a phase changed. `None` where the change did not apply.
fn spoil(phase: Phase, nth: usize, change: impl FnOnce(&mut Message)) -> Table {
    let mut table = table(5, 5);
    table.play_to(phase);
    change(&mut table.outbox[nth].1);
    table
}

/// Plays on to the counting NOGO, and then through blame; the run's end and the phase in question.
fn ends_in_nogo(table: &mut Table) -> (round::RunEnd, Phase) {
    let mut phase = None;
    loop {
        let verdict = match table.outbox.is_empty() {
            false => {
                let (from, message) = table.outbox.remove(0);
                table.post(from, message)
            }
            // Whoever found other words in its name is silent.
            true => {
                assert!(phase.is_some(), "stuck: {:?}", table.verdicts.last());
                table.close(1)
            }
        };
        assert!(
            !matches!(verdict, Verdict::Opened(_) | Verdict::AllGo),
            "accepted in silence"
        );
        if let Verdict::Disturbed(disturbed) = &verdict {
            phase = Some(disturbed.phase);
        }
        if let Verdict::RunEnded(end) | Verdict::BelowFloor(end) = verdict {
            assert!(table.shares.is_empty(), "nobody releases");
            return (end, phase.expect("a NOGO counted"));
        }
    }
}

#[test]
fn any_changed_byte_of_a_dc_vector_ends_in_nogo() {
    for at in (0..5 * 1024).step_by(83).chain([0, 1023, 1024, 5119]) {
        let mut table = spoil(Phase::Vectors, at % 5, |message| {
            let Message::Dc(dc) = message else { panic!() };
            let mut vector = dc.vector.as_slice().to_vec();
            vector[at] ^= 1 << (at % 8);
            dc.vector = vector.into();
        });
        let sender = table.outbox[at % 5].0;
        let (end, phase) = ends_in_nogo(&mut table);
        assert_eq!(phase, Phase::Vectors);
        let [(out, Cause::Disruptor(Fault::Vector | Fault::FalseNogo))] = end.out[..] else {
            panic!("{:?}", end.out)
        };
        assert_eq!(out, sender);
    }
}

#[test]
fn a_changed_byte_ends_in_nogo_whichever_lane_it_is_in() {
    let terms = Terms {
        lanes: 3,
        ..terms(5, 5, 1024)
    };
    for at in (0..3 * 5 * 1024).step_by(1024) {
        let mut table = Table::new(terms.clone(), 5);
        for leaf in table.leaves() {
            for lane in 0..3 {
                table.write(leaf, &format!("from {leaf} in {lane}"));
            }
        }
        table.play_to(Phase::Vectors);
        let (sender, Message::Dc(dc)) = &mut table.outbox[2] else {
            panic!()
        };
        let sender = *sender;
        let mut vector = dc.vector.as_slice().to_vec();
        vector[at] ^= 1;
        dc.vector = vector.into();
        let (end, phase) = ends_in_nogo(&mut table);
        assert_eq!(phase, Phase::Vectors);
        let out: Vec<u32> = end.out.iter().map(|(leaf, _)| *leaf).collect();
        assert_eq!(out, [sender]);
    }
}

#[test]
fn any_changed_byte_of_a_slot_message_ends_in_nogo_or_absence() {
    for at in 0..5 * 8 {
        for bit in [0, 7] {
            let mut table = spoil(Phase::Slots, at % 5, |message| {
                let Message::Slot(slot) = message else {
                    panic!()
                };
                slot.sums[at / 8] ^= 1 << (at % 8 * 8 + bit);
            });
            let Message::Slot(slot) = &table.outbox[at % 5].1 else {
                panic!()
            };
            let canonical = slot.sums[at / 8] < round::M61;
            if canonical {
                let sender = table.outbox[at % 5].0;
                let (end, phase) = ends_in_nogo(&mut table);
                assert_eq!(phase, Phase::Slots);
                assert_eq!(end.out, [(sender, Cause::Silent)]);
            } else {
                let sender = table.outbox[at % 5].0;
                let end = table.play_until_run_ends().unwrap();
                assert_eq!(end.out, [(sender, Cause::Malformed)]);
            }
        }
    }
}

#[test]
fn a_member_stops_where_words_not_its_own_stand_in_its_name() {
    let table = spoil(Phase::Kems, 2, |message| {
        let Message::Kem(kem) = message else { panic!() };
        let mut bytes = kem.ciphertexts.as_slice().to_vec();
        bytes[700] ^= 4;
        kem.ciphertexts = bytes.into();
    });
    // Its sender finds words in its name that are not its own, and goes silent.
    let mut table = table;
    table.play();
    assert_eq!(table.fold.phase(), Some(Phase::Slots));
    let leaves = table.leaves();
    let Verdict::BelowFloor(end) = table.close(leaves[0]) else {
        panic!()
    };
    assert_eq!(end.out.len(), 1);
}

#[test]
fn a_malformed_join_makes_its_sender_absent() {
    type Change = fn(&mut round::Join);
    let changes: [Change; 6] = [
        |join| join.ek = vec![0; 1215].into(),
        |join| join.ek = vec![0xFF; 1216].into(),
        |join| join.share = [0; 32],
        |join| join.share = [0xFF; 32],
        |join| join.pop.commitment[0] ^= 1,
        |join| join.pop.response = [0xFF; 32],
    ];
    for change in changes {
        let mut table = spoil(Phase::Joins, 1, |message| {
            let Message::Join(join) = message else {
                panic!()
            };
            change(join);
        });
        let sender = table.outbox[1].0;
        let Some(end) = table.play_until_run_ends() else {
            panic!()
        };
        assert_eq!(end.out, [(sender, Cause::Malformed)]);
    }
}

#[test]
fn a_proof_of_possession_belongs_to_its_member() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    let copied = table.outbox[0].1.clone();
    table.outbox[1].1 = copied;
    let Some(end) = table.play_until_run_ends() else {
        panic!()
    };
    assert_eq!(end.out, [(leaves[1], Cause::Malformed)]);
}

#[test]
fn a_counting_nogo_is_final_and_nothing_is_released() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Vectors);
    let Message::Dc(dc) = &table.outbox[0].1 else {
        panic!()
    };
    let (ctx, t3) = (dc.ctx, dc.t3);
    let nogo = Message::Nogo(Nogo {
        ctx,
        phase: Phase::Slots,
        evidence: t3,
    });
    let Verdict::Disturbed(disturbed) = table.post(leaves[1], nogo.clone()) else {
        panic!()
    };
    assert_eq!((disturbed.by, disturbed.run), (leaves[1], 1));
    for (from, message) in std::mem::take(&mut table.outbox) {
        let decided = !matches!(message, Message::Reveal(_));
        let verdict = table.post(from, message);
        assert_eq!(verdict == Verdict::Void(Void::Decided), decided);
    }
    assert!(table.shares.is_empty(), "nobody releases");
    assert_eq!(table.post(leaves[2], nogo), Verdict::Void(Void::EndedRun));
}

#[test]
fn a_nogo_with_other_evidence_never_counts() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Verdicts);
    let ctx = table.fold.ctx_r();
    let nogo = Message::Nogo(Nogo {
        ctx,
        phase: Phase::Vectors,
        evidence: [5; 32],
    });
    table.outbox.retain(|(from, _)| *from != leaves[0]);
    let verdict = table.post(leaves[0], nogo);
    assert_eq!(verdict, Verdict::SenderAbsent(Cause::HistoriesDiffer));
    let Some(end) = table.play_until_run_ends() else {
        panic!()
    };
    assert_eq!(end.out, [(leaves[0], Cause::HistoriesDiffer)]);
    assert_eq!(end.phase, Phase::Verdicts);
}

#[test]
fn a_nogo_after_ones_own_go_or_after_the_last_go_is_void() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Vectors);
    let Message::Dc(dc) = &table.outbox[0].1 else {
        panic!()
    };
    let (ctx, t3) = (dc.ctx, dc.t3);
    let nogo = Message::Nogo(Nogo {
        ctx,
        phase: Phase::Slots,
        evidence: t3,
    });
    table.play_to(Phase::Verdicts);
    let (from, go) = table.outbox.remove(0);
    assert_eq!(table.post(from, go), Verdict::Counted);
    assert_eq!(table.post(from, nogo.clone()), Verdict::Void(Void::Spoken));
    table.play_to(Phase::Releases);
    assert_eq!(table.post(leaves[1], nogo), Verdict::Void(Void::Decided));
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}

#[test]
fn unequal_go_ends_the_run_once_all_are_in() {
    let mut table = table(6, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Verdicts);
    let Message::Go(go) = &mut table.outbox[3].1 else {
        panic!()
    };
    go.t4[0] ^= 1;
    let end = table.play_until_run_ends().unwrap();
    assert_eq!(end.out, [(leaves[3], Cause::HistoriesDiffer)]);
    assert!(table.shares.is_empty());
}

#[test]
fn a_nogo_after_close_and_a_close_after_nogo_are_void() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Vectors);
    let Message::Dc(dc) = &table.outbox[0].1 else {
        panic!()
    };
    let nogo = Message::Nogo(Nogo {
        ctx: dc.ctx,
        phase: Phase::Slots,
        evidence: dc.t3,
    });
    table.outbox.clear();
    assert!(matches!(table.close(leaves[0]), Verdict::BelowFloor(_)));
    let verdict = table.post(leaves[1], nogo);
    assert_eq!(verdict, Verdict::Void(Void::EndedRun));
}

#[test]
fn no_changed_byte_anywhere_in_a_log_panics_or_opens_other_texts() {
    use rand_core::Rng;
    let mut honest = table(5, 5);
    let (texts, _, _) = opened(&honest.play().unwrap());
    let mut rng = crate::table::TestRng(2026);
    for _ in 0..400 {
        let mut reader = round::Sequence::begin(honest.terms.clone(), crate::table::START).unwrap();
        let at = rng.next_u64() as usize % honest.log.len();
        for (place, (entry, message)) in honest.log.iter().enumerate() {
            let mut bytes = message.encode();
            if place == at {
                let byte = rng.next_u64() as usize % bytes.len();
                bytes[byte] ^= 1 << (rng.next_u64() % 8);
            }
            let Ok(message) = Message::decode(&bytes) else {
                continue;
            };
            if let verdict @ Verdict::Opened(_) = reader.apply(*entry, message) {
                assert_eq!(opened(&verdict).0, texts);
            }
        }
    }
}
