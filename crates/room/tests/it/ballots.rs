//! Ballots: one sequence for the room or one for each side, and which rosters may vote on a statement.

use crate::scene::*;
use proptest::prelude::*;
use room::*;

pub fn statement(words: &str) -> StatementText {
    StatementText::parse(words).unwrap()
}

pub fn ballot(number: u8, audience: Audience, words: &[&str]) -> Open {
    Open {
        kind: RoundKind::Ballot(words.iter().map(|words| statement(words)).collect()),
        audience,
        ..terms(number)
    }
}

pub fn run_of(scene: &Scene, side: Option<SideId>) -> Run {
    let round = scene.state.open_round().unwrap();
    round.run_of(side).unwrap().clone()
}

pub fn released_of(open: &Open, side: Option<SideId>) -> Event {
    let round = open.id;
    Event::RunReleased(RunReleased { round, side })
}

/// Everybody of a sequence agrees to everything.
fn all_agree(scene: &Scene, open: &Open, side: Option<SideId>) -> RoundClosed {
    let run = run_of(scene, side);
    let final_roster = run.roster_seats();
    let tally = Tally {
        agree: u16::try_from(final_roster.len()).unwrap(),
        ..Tally::default()
    };
    RoundClosed {
        round: open.id,
        side,
        runs: run.runs_ended + 1,
        final_roster,
        statements: vec![],
        blanks: 0,
        tallies: vec![tally; open.kind.lanes()],
    }
}

fn out(open: &Open, side: Option<SideId>, absent: &[u32]) -> Event {
    Event::RunEnded(RunEnded {
        round: open.id,
        side,
        absent: absent.iter().copied().map(SeatId).collect(),
        disruptors: vec![],
    })
}

/// A room that has held as many ballots as it can remember.
pub fn full_of_ballots() -> Scene {
    let mut scene = Scene::with_counting(6);
    for number in 0..=255u8 {
        let words: Vec<String> = (0..50).map(|lane| format!("{number} and {lane}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let open = ballot(number, Audience::Room, &words);
        if scene.open(open.clone()) == Err(Void::TooManyBallots) {
            return scene;
        }
        for leaf in scene.side_leaves() {
            scene.ready(leaf, &open).unwrap();
        }
        scene.close_window(&open).unwrap();
        scene.derive(released_of(&open, None)).unwrap();
        let closed = all_agree(&scene, &open, None);
        scene.derive(Event::RoundClosed(closed)).unwrap();
    }
    panic!("never full")
}

#[test]
fn a_ballot_round_ends_with_a_tally_for_each_statement() {
    let mut scene = Scene::with_counting(6);
    let open = ballot(1, Audience::Room, &["One bridge.", "Two bridges."]);
    scene.start(&open).unwrap();
    scene.derive(released_of(&open, None)).unwrap();
    let closed = all_agree(&scene, &open, None);
    let uncounted = RoundClosed {
        tallies: vec![Tally::default(); 2],
        ..closed.clone()
    };
    let fewer = RoundClosed {
        tallies: closed.tallies[..1].to_vec(),
        ..closed.clone()
    };
    for wrong in [uncounted, fewer] {
        assert_eq!(
            scene.derive(Event::RoundClosed(wrong)),
            Err(Void::WrongCount)
        );
    }
    let over = scene.derive(Event::RoundClosed(closed.clone()));
    assert_eq!(over, Ok(Effect::RoundClosed { round: open.id }));
    let ended = scene.state.ended_rounds().last().unwrap();
    let Outcome::Closed { tallies, .. } = &ended.sequences[0].outcome else {
        panic!()
    };
    assert_eq!(*tallies, closed.tallies);
}

#[test]
fn a_ballot_needs_statements_that_differ_in_letters() {
    let mut scene = Scene::with_counting(6);
    let many: Vec<String> = (0..61).map(|n| format!("statement {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let alike = "\u{41E}ne br1dge";
    for words in [
        &[][..],
        &["One bridge.", "one  bridge"],
        &["One bridge.", alike],
        &many,
    ] {
        let opened = scene.open(ballot(1, Audience::Room, words));
        assert_eq!(opened, Err(Void::BadStatements));
    }
    assert!(scene.open(ballot(1, Audience::Room, &many[1..])).is_ok());
}

#[test]
fn each_side_has_a_sequence_a_roster_and_a_floor_of_its_own() {
    let mut scene = Scene::with_counting(14);
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    let started = Effect::RoundStarted {
        round: open.id,
        opening: 14,
        floor: 6,
    };
    assert_eq!(scene.start(&open), Ok(started));
    let (river, harbour) = (Some(RIVER), Some(HARBOUR));
    assert_eq!(run_of(&scene, river).opening_roster.len(), 7);
    let river_seat = run_of(&scene, river).roster_seats()[0];
    let wrong = out(&open, harbour, &[river_seat.0]);
    assert_eq!(scene.derive(wrong), Err(Void::WrongRoster));
    assert!(scene.derive(out(&open, river, &[river_seat.0])).is_ok());
    assert_eq!(run_of(&scene, harbour).runs_ended, 0);
}

/// The gate: no commit is valid before the last sequence has its GOs or was dropped.
#[test]
fn commits_wait_for_the_last_sequence() {
    let mut scene = Scene::with_counting(12);
    let number = scene.approve(Role::Convenor);
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    scene.start(&open).unwrap();
    scene.derive(released_of(&open, Some(RIVER))).unwrap();
    assert_eq!(scene.add(number), Err(Void::RunIsOn));
    let failed = RoundFailed {
        round: open.id,
        side: Some(HARBOUR),
        why: FailedWhy::BelowFloor,
    };
    let over = scene.derive(Event::RoundFailed(failed));
    let side = Some(HARBOUR);
    assert_eq!(
        over,
        Ok(Effect::SequenceOver {
            round: open.id,
            side
        })
    );
    assert!(scene.add(number).is_ok());
    let closed = all_agree(&scene, &open, Some(RIVER));
    let over = scene.derive(Event::RoundClosed(closed));
    assert_eq!(over, Ok(Effect::RoundClosed { round: open.id }));
    assert_eq!(scene.state.ended_rounds().last().unwrap().failed(), None);
}

#[test]
fn a_side_below_the_floor_is_dropped_at_start_and_the_other_goes_on() {
    let mut scene = Scene::plenary();
    for side in [RIVER, RIVER, RIVER, RIVER, RIVER, HARBOUR, HARBOUR] {
        scene.join(side);
    }
    scene.everybody_confirms();
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    scene.start(&open).unwrap();
    assert_eq!(run_of(&scene, Some(RIVER)).fate, Fate::Running);
    let below = Fate::Over(Outcome::Failed(FailedWhy::BelowFloor));
    assert_eq!(run_of(&scene, Some(HARBOUR)).fate, below);
}

/// Phase 6 of all sequences begins at the gate, however long ago one of them had its N-th GO; those of a
/// sequence that is over are awaited by nobody.
#[test]
fn the_awaited_stay_for_the_length_of_phase_six_from_the_gate_on() {
    let mut scene = Scene::with_counting(12);
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    scene.start(&open).unwrap();
    scene.derive(released_of(&open, Some(RIVER))).unwrap();
    scene.time_ms += 10 * open.phase_ms;
    scene.derive(released_of(&open, Some(HARBOUR))).unwrap();
    let gate = scene.time_ms;
    let leaf_of = |scene: &Scene, side| run_of(scene, Some(side)).roster().last().unwrap().leaf;
    let (river, harbour) = (leaf_of(&scene, RIVER), leaf_of(&scene, HARBOUR));
    assert_eq!(scene.remove(river), Err(Void::IsAwaited));
    let closed = all_agree(&scene, &open, Some(HARBOUR));
    scene.derive(Event::RoundClosed(closed)).unwrap();
    assert!(scene.remove(harbour).is_ok());
    assert_eq!(scene.remove(river), Err(Void::IsAwaited));
    scene.time_ms = gate + open.phase_ms - 1;
    assert!(scene.remove(river).is_ok());
}

fn vote(scene: &mut Scene, open: &Open) -> Result<Effect, Void> {
    scene.start(open)?;
    scene.derive(released_of(open, None))?;
    let closed = all_agree(scene, open, None);
    scene.derive(Event::RoundClosed(closed))
}

#[test]
fn a_roster_that_would_single_out_fewer_than_five_does_not_vote_on_the_same_statement() {
    let mut scene = Scene::with_counting(12);
    vote(&mut scene, &ballot(1, Audience::Room, &["One bridge."])).unwrap();
    // The same roster may vote again.
    vote(&mut scene, &ballot(2, Audience::Room, &["one bridge"])).unwrap();
    scene.remove(Leaf(12)).unwrap();
    let again = ballot(3, Audience::Room, &["Another.", "One bridge!"]);
    let why = FailedWhy::Overlap;
    let failed = Effect::RoundFailed {
        round: again.id,
        why,
    };
    assert_eq!(scene.start(&again), Ok(failed));
    let anew = ballot(4, Audience::Room, &["Another."]);
    assert!(vote(&mut scene, &anew).is_ok());
}

/// What is asked a second time looks the same on every screen.
#[test]
fn what_looks_the_same_is_voted_on_by_the_same_people_or_by_none_of_them() {
    for again in [
        "one BRIDGE",
        "\u{41E}ne bridge.",
        "One bridg\u{435}.",
        "One brldge.",
        "\u{1D5AE}ne bridge.",
        "\u{FF2F}ne bridge.",
        "\u{41E}N\u{415} BRIDGE",
        "O\u{301}ne bridge.",
        "One bridge\u{200B} .",
    ] {
        let mut scene = Scene::with_counting(12);
        vote(&mut scene, &ballot(1, Audience::Room, &["One bridge."])).unwrap();
        let open = ballot(2, Audience::Room, &[again]);
        scene.open(open.clone()).unwrap();
        for leaf in scene.side_leaves().into_iter().skip(1) {
            scene.ready(leaf, &open).unwrap();
        }
        let failed = Effect::RoundFailed {
            round: open.id,
            why: FailedWhy::Overlap,
        };
        assert_eq!(scene.close_window(&open), Ok(failed), "{again}");
    }
}

#[test]
fn a_run_that_loses_a_seat_does_not_go_on_where_the_rest_may_not_vote() {
    let mut scene = Scene::with_counting(12);
    vote(&mut scene, &ballot(1, Audience::Room, &["One bridge."])).unwrap();
    let again = ballot(2, Audience::Room, &["One bridge."]);
    scene.start(&again).unwrap();
    let effect = scene.derive(out(&again, None, &[4]));
    let Ok(Effect::RunEnded { may_go_on, .. }) = effect else {
        panic!()
    };
    assert!(!may_go_on);
    let released = scene.derive(released_of(&again, None));
    assert_eq!(released, Err(Void::WrongRoster));
}

/// The memory knows seats. All of a side go and come again under new numbers, but one: who they are nobody
/// can tell, so nobody who came after may answer what somebody of that side answered who has left.
#[test]
fn who_left_and_came_again_does_not_vote_anew() {
    let mut scene = Scene::with_counting(24);
    let river = Audience::Side(RIVER);
    let counting = |scene: &Scene| -> Vec<Leaf> {
        let seats = scene.state.counting_seats(river);
        seats.map(|seat| seat.leaf).collect()
    };
    let open = ballot(1, river, &["One bridge."]);
    vote(&mut scene, &open).unwrap();
    let voted = counting(&scene);
    scene.commit(vec![], voted.clone()).unwrap();
    for leaf in &voted[1..] {
        let voucher = scene.first_of(RIVER);
        scene.come_again(leaf.0, RIVER, voucher);
    }
    scene.everybody_confirms();
    assert_eq!(counting(&scene).len(), voted.len() - 1);
    let again = ballot(2, river, &["One bridge."]);
    let failed = Effect::RoundFailed {
        round: again.id,
        why: FailedWhy::Overlap,
    };
    assert_eq!(scene.start(&again), Ok(failed));
    let harbour = ballot(3, Audience::Side(HARBOUR), &["One bridge."]);
    assert!(vote(&mut scene, &harbour).is_ok(), "of another side");
    assert!(vote(&mut scene, &ballot(4, river, &["Two."])).is_ok());
}

/// A newcomer is nobody who voted as long as all who did are here.
#[test]
fn who_comes_while_all_who_voted_are_here_may_vote_with_others() {
    let mut scene = Scene::with_counting(12);
    let all = |scene: &Scene| scene.side_leaves();
    let first = all(&scene);
    vote(
        &mut scene,
        &ballot(1, Audience::Side(RIVER), &["One bridge."]),
    )
    .unwrap();
    for _ in 0..6 {
        scene.join(RIVER);
    }
    scene.everybody_confirms();
    let newcomers: Vec<Leaf> = all(&scene)[first.len()..].to_vec();
    let open = ballot(2, Audience::Side(RIVER), &["One bridge."]);
    let start = |scene: &mut Scene, open: &Open| {
        scene.open(open.clone()).unwrap();
        for leaf in &newcomers {
            scene.ready(*leaf, open).unwrap();
        }
        scene.close_window(open)
    };
    let mut with_one_gone = Scene {
        state: scene.state.clone(),
        ..scene
    };
    let started = start(&mut scene, &open);
    assert!(matches!(started, Ok(Effect::RoundStarted { .. })));
    with_one_gone.remove(first[0]).unwrap();
    let failed = start(&mut with_one_gone, &open);
    assert!(matches!(failed, Ok(Effect::RoundFailed { .. })));
}

/// Nobody of one side comes again on the other.
#[test]
fn who_comes_to_one_side_is_nobody_who_voted_on_the_other_and_left() {
    let mut scene = Scene::with_counting(14);
    let of = |number, side| ballot(number, Audience::Side(side), &["One bridge."]);
    vote(&mut scene, &of(1, RIVER)).unwrap();
    scene.remove(Leaf(1)).unwrap();
    scene.remove(Leaf(2)).unwrap();
    scene.join(HARBOUR);
    scene.everybody_confirms();
    assert!(vote(&mut scene, &of(2, HARBOUR)).is_ok());
}

#[test]
fn statements_share_a_name_where_they_look_the_same() {
    let keys = |words| StatementKeys::of(&statement(words));
    let one = keys("One bridge.");
    assert!(one.shares_with(&keys("one BRIDGE")) && !one.shares_with(&keys("Two bridges.")));
    assert_eq!(one.first().as_ref(), one.as_slice().first());
    assert!(one.first().is_some());
}

#[test]
fn a_crowd_is_who_is_in_the_same_rosters() {
    let mut scene = Scene::with_counting(12);
    vote(&mut scene, &ballot(1, Audience::Room, &["One bridge."])).unwrap();
    let key = StatementKeys::of(&statement("One bridge."));
    let roster: Vec<SeatId> = (5..=14).map(SeatId).collect();
    let crowd = |seat| {
        let ballots = scene.state.ballots();
        ballots.crowd_of(SeatId(seat), &key, &roster)
    };
    // Four voted the first time alone, eight would vote twice, and two for the first time.
    assert_eq!([1, 5, 12, 13, 15].map(crowd), [4, 8, 8, 2, 0]);
}

/// Three rosters of which each two differ by five, and which together single out one seat.
#[test]
fn differences_of_five_are_not_enough() {
    let seats = |of: &[std::ops::RangeInclusive<u32>]| -> Vec<SeatId> {
        of.iter().cloned().flatten().map(SeatId).collect()
    };
    let mut scene = Scene::with_counting(21);
    let key = StatementKeys::of(&statement("One bridge."));
    let allows = |scene: &Scene, roster: &[SeatId]| scene.state.ballots().allows(&key, roster, 5);
    let open = ballot(1, Audience::Room, &["One bridge."]);
    vote(&mut scene, &open).unwrap();
    // All 21 voted, and were promised 17: no part of them is large enough, nor what it leaves over.
    assert!(allows(&scene, &seats(&[1..=21])));
    for part in [10, 16, 17, 20] {
        assert!(!allows(&scene, &seats(&[1..=part])), "{part}");
    }
    assert!(!allows(&scene, &seats(&[1..=4])));
    // Whoever has not voted may, among themselves.
    assert!(allows(&scene, &seats(&[22..=27])));
    assert!(!allows(&scene, &seats(&[21..=27])));
}

/// Four who stay away together with somebody leave a cell of five, and know four of its answers.
#[test]
fn four_who_stay_away_with_somebody_leave_no_cell_that_may_vote() {
    let mut scene = Scene::with_counting(26);
    let key = StatementKeys::of(&statement("One bridge."));
    let open = ballot(1, Audience::Room, &["One bridge."]);
    vote(&mut scene, &open).unwrap();
    let most: Vec<SeatId> = (1..=21).map(SeatId).collect();
    let ballots = scene.state.ballots();
    assert!(!ballots.allows(&key, &most, floor(21, None)));
    let all: Vec<SeatId> = (1..=26).map(SeatId).collect();
    let promised = ballots.guaranteed(SeatId(26), &key, &all, floor(26, None));
    assert_eq!(promised, 21);
    let again = State::decode(&scene.state.encode()).unwrap();
    assert_eq!(again, scene.state);
}

proptest! {
    /// Brute force over every sequence of three rosters: what the rule admits has no small cell.
    #[test]
    fn what_may_vote_leaves_no_cell_smaller_than_was_promised(rosters in proptest::collection::vec(
        proptest::collection::btree_set(0u32..16, 1..16), 1..4,
    )) {
        let mut scene = Scene::with_counting(16);
        let mut admitted: Vec<std::collections::BTreeSet<u32>> = Vec::new();
        for (number, roster) in (1u8..).zip(rosters) {
            let open = ballot(number, Audience::Room, &["One bridge."]);
            scene.open(open.clone()).unwrap();
            let leaves: Vec<Leaf> = scene.side_leaves();
            for at in &roster {
                let _ = scene.ready(leaves[*at as usize], &open);
            }
            let started = scene.close_window(&open);
            if let Ok(Effect::RoundStarted { .. }) = started {
                scene.derive(released_of(&open, None)).unwrap();
                let closed = all_agree(&scene, &open, None);
                scene.derive(Event::RoundClosed(closed)).unwrap();
                admitted.push(roster);
            }
        }
        for pattern in 0u32..1 << admitted.len() {
            let inside = |seat: &u32| (0..admitted.len())
                .all(|at| admitted[at].contains(seat) == (pattern >> at & 1 == 1));
            let cell = (0u32..16).filter(inside).count();
            let voted = admitted.iter().enumerate().filter(|(at, _)| pattern >> at & 1 == 1);
            let promised = voted.map(|(_, roster)| floor(roster.len(), None)).max();
            let enough = promised.is_none_or(|promised| cell == 0 || cell >= promised);
            prop_assert!(enough, "{admitted:?}");
        }
    }
}
