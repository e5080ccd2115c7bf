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

/// The last release opens the texts; no reader is ever left with all of them and nothing read.
#[test]
fn a_state_that_has_every_release_and_is_not_over_is_refused() {
    let mut table = table(5, 5);
    table.play_to(Phase::Releases);
    let mut releases: Vec<Vec<u8>> = Vec::new();
    let mut before = Vec::new();
    while !table.outbox.is_empty() {
        before = table.fold.snapshot().unwrap().encode();
        let (from, message) = table.outbox.remove(0);
        let Message::Release(release) = &message else {
            panic!()
        };
        releases.push([&release.member.0.to_be_bytes()[..], &release.share].concat());
        let _ = table.post(from, message);
    }
    assert!(table.fold.is_over());
    let is_restored = |releases: &[Vec<u8>]| {
        let mut releases = releases.to_vec();
        releases.sort();
        let list = releases.concat();
        // The list stands at the end; its length takes two bytes.
        let mut bytes = before[..before.len() - 4 * 34 - 2].to_vec();
        bytes.extend([0x40, u8::try_from(list.len()).unwrap()]);
        bytes.extend(list);
        let state = SequenceState::decode(&bytes).unwrap();
        Sequence::restore(state).is_ok()
    };
    assert!(is_restored(&releases[..4]) && is_restored(&releases[1..]));
    assert!(!is_restored(&releases));
    let twice = [&releases[..3], &releases[..1]].concat();
    assert!(!is_restored(&twice));
}

#[test]
fn a_restored_roster_is_of_the_opening_one_and_no_smaller_than_the_floor() {
    let table = table(6, 5);
    let bytes = table.fold.checkpoint().encode();
    let written = |leaves: &[u32]| {
        let leaves: Vec<u8> = leaves.iter().flat_map(|leaf| leaf.to_be_bytes()).collect();
        [&[u8::try_from(leaves.len()).unwrap()], &leaves[..]].concat()
    };
    let all = table.leaves();
    let old = written(&all);
    let at = (0..bytes.len()).find(|at| bytes[*at..].starts_with(&old));
    let (before, after) = bytes.split_at(at.unwrap());
    let is_restored = |leaves: &[u32]| {
        let bytes = [before, &written(leaves), &after[old.len()..]].concat();
        let state = SequenceState::decode(&bytes).unwrap();
        Sequence::restore(state).is_ok()
    };
    assert!(is_restored(&all) && is_restored(&all[1..]));
    assert!(!is_restored(&all[2..]), "fewer than the floor");
    assert!(!is_restored(&[&all[..], &[77]].concat()), "a stranger");
    assert!(!is_restored(&[&all[..1], &all[..]].concat()), "twice");
    assert!(
        !is_restored(&[&all[1..], &all[..1]].concat()),
        "not ascending"
    );
}

#[test]
fn restored_tags_of_a_lane_are_distinct_ascending_and_not_zero() {
    let mut table = table(5, 5);
    table.play_to(Phase::Releases);
    let bytes = table.fold.snapshot().unwrap().encode();
    // Five tags, then the combined vector with its length, then no release.
    let at = bytes.len() - 1 - (5 * 1024 + 2) - 5 * 8;
    let (before, tail) = bytes.split_at(at);
    let (tags, after) = tail.split_at(5 * 8);
    let tag = |at: usize| &tags[at * 8..at * 8 + 8];
    let is_restored = |tags: [&[u8]; 5]| {
        let bytes = [before, &tags.concat(), after].concat();
        let state = SequenceState::decode(&bytes).unwrap();
        Sequence::restore(state).is_ok()
    };
    assert!(is_restored([tag(0), tag(1), tag(2), tag(3), tag(4)]));
    assert!(!is_restored([tag(0), tag(1), tag(1), tag(3), tag(4)]));
    assert!(!is_restored([tag(1), tag(0), tag(2), tag(3), tag(4)]));
    assert!(!is_restored([&[0; 8], tag(1), tag(2), tag(3), tag(4)]));
    assert!(!is_restored([tag(0), tag(1), tag(2), tag(3), &[0xFF; 8]]));
}

/// Below the floor the last run is among the ended ones; in every other state it is not.
#[test]
fn a_sequence_that_fell_below_its_floor_is_restored_as_over_and_only_so() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    let leave = Message::Leave(Leave {
        ctx: table.fold.ctx_r(),
    });
    let verdict = table.post(leaves[0], leave);
    assert!(matches!(verdict, Verdict::BelowFloor(_)));
    let state = table.fold.checkpoint();
    assert!(through_bytes(&state).is_over());
    assert_eq!(through_bytes(&state).checkpoint(), state);
    // One ended run, then whether it is over, then that nothing is being released.
    let bytes = state.encode();
    let (before, tail) = bytes.split_at(bytes.len() - 35);
    let (ended, is_over) = tail.split_at(33);
    assert_eq!((ended[0], is_over), (32, &[1, 0][..]));
    let is_restored = |tail: &[&[u8]]| {
        let bytes = [before, &tail.concat()].concat();
        let state = SequenceState::decode(&bytes).unwrap();
        Sequence::restore(state).is_ok()
    };
    assert!(is_restored(&[ended, &[1, 0]]));
    assert!(!is_restored(&[ended, &[0, 0]]));
    assert!(is_restored(&[&[0], &[0, 0]]) && is_restored(&[&[0], &[1, 0]]));
    let twice = [&[0x40, 0x40], &ended[1..], &ended[1..]].concat();
    assert!(!is_restored(&[&twice, &[1, 0]]) && !is_restored(&[&twice, &[0, 0]]));
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
