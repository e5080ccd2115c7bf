//! What is kept of a sequence, and that readers of one log agree however they read it.

use round::{InvalidBytes, Leave, Message, Phase, ReleaseShare, Sequence, SequenceState, Verdict};

use crate::table::{START, Table, opened, table};

fn through_bytes(state: &SequenceState) -> Sequence {
    let state = SequenceState::decode(&state.encode()).unwrap();
    Sequence::restore(state).unwrap()
}

/// A log with an absence, a rerun, void entries and an end.
fn eventful() -> Table {
    let mut table = table(7, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Vectors);
    let replay = table.log[3].1.clone();
    let _ = table.post(leaves[0], replay);
    table.away.push(leaves[2]);
    let leave = Message::Leave(Leave {
        ctx: table.fold.ctx_r(),
    });
    let _ = table.post(leaves[2], leave);
    opened(&table.play().unwrap());
    table
}

#[test]
fn a_reader_in_one_go_and_readers_that_restart_anywhere_agree() {
    let table = eventful();
    let mut whole = Sequence::begin(table.terms.clone(), START).unwrap();
    let at_once: Vec<Verdict> = table.log.iter().map(|(e, m)| whole.apply(*e, m)).collect();
    assert_eq!(at_once, table.verdicts);
    for stop in 0..table.log.len() {
        let mut reader = Sequence::begin(table.terms.clone(), START).unwrap();
        let mut run_began = 0;
        for (at, (entry, message)) in table.log[..stop].iter().enumerate() {
            if matches!(reader.apply(*entry, message), Verdict::RunEnded(_)) {
                run_began = at + 1;
            }
        }
        if reader.is_over() {
            continue;
        }
        // What a restarted node does: the checkpoint, then the messages of the current run.
        let mut restarted = through_bytes(&reader.checkpoint());
        for (at, (entry, message)) in table.log.iter().enumerate().skip(run_began) {
            assert_eq!(
                restarted.apply(*entry, message),
                table.verdicts[at],
                "stop {stop}, {at}"
            );
        }
        assert_eq!(restarted.ctx_r(), table.fold.ctx_r());
    }
}

#[test]
fn a_snapshot_of_the_last_phase_goes_on_without_the_log() {
    let mut table = table(6, 5);
    table.play_to(Phase::Vectors);
    assert!(
        table.fold.snapshot().is_none(),
        "nothing of an open run is kept"
    );
    table.play_to(Phase::Releases);
    let mut results = Vec::new();
    let mut snapshots = Vec::new();
    while !table.outbox.is_empty() {
        snapshots.push((table.log.len(), table.fold.snapshot().unwrap()));
        let (from, message) = table.outbox.remove(0);
        results.push(table.post(from, message));
    }
    for (at, snapshot) in snapshots {
        let mut restored = through_bytes(&snapshot);
        assert_eq!(restored.snapshot(), Some(snapshot));
        let mut last = None;
        for (entry, message) in &table.log[at..] {
            last = Some(restored.apply(*entry, message));
        }
        assert_eq!(last.as_ref(), results.last());
    }
}

#[test]
fn a_checkpoint_of_a_later_run_knows_what_belongs_to_the_ended_ones() {
    let table = eventful();
    let mut reader = through_bytes(&{
        let mut fold = Sequence::begin(table.terms.clone(), START).unwrap();
        let end = table
            .verdicts
            .iter()
            .position(|v| matches!(v, Verdict::RunEnded(_)))
            .unwrap();
        for (entry, message) in &table.log[..=end] {
            let _ = fold.apply(*entry, message);
        }
        fold.checkpoint()
    });
    let (entry, old) = &table.log[0];
    let verdict = reader.apply(*entry, old);
    assert_eq!(verdict, Verdict::Void(round::Void::EndedRun));
}

#[test]
fn a_damaged_state_is_refused() {
    let mut table = table(5, 5);
    table.play_to(Phase::Releases);
    let bytes = table.fold.snapshot().unwrap().encode();
    assert_eq!(
        SequenceState::decode(&bytes[..bytes.len() - 1]),
        Err(InvalidBytes)
    );
    let mut other = bytes.clone();
    other[0] = 9;
    assert_eq!(SequenceState::decode(&other), Err(InvalidBytes));
    other = bytes;
    other.push(0);
    assert_eq!(SequenceState::decode(&other), Err(InvalidBytes));
}

#[test]
fn a_stored_release_says_the_same_again() {
    let mut table = table(5, 5);
    table.play_to(Phase::Releases);
    let share = &table.shares[0];
    let stored = ReleaseShare::decode(&share.encode()).unwrap();
    assert_eq!(stored.message(), share.message());
    assert_eq!(stored.ctx_r(), table.fold.ctx_r());
    assert!(ReleaseShare::decode(&share.encode()[1..]).is_err());
}

#[test]
fn a_decision_is_taken_once() {
    use round::{AlreadyFinal, Decision};
    for first in [Decision::Ended, Decision::Reveal, Decision::Release] {
        let mut decision = Decision::default();
        assert!(!decision.allows_next_join());
        assert_eq!(decision.decide(first), Ok(()));
        assert_eq!(decision.decide(first), Ok(()));
        assert!(decision.allows_next_join());
        for other in [
            Decision::None,
            Decision::Ended,
            Decision::Reveal,
            Decision::Release,
        ] {
            if other != first {
                assert_eq!(decision.decide(other), Err(AlreadyFinal(first)));
            }
        }
    }
}
