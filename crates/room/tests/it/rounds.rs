//! A Round from OPEN to its end, and the floors.

use crate::ballots::ballot;
use crate::scene::*;
use room::*;

#[test]
fn a_round_runs_from_open_to_its_statements() {
    let mut scene = Scene::with_counting(6);
    let started = scene.start(&terms(1));
    assert_eq!(
        started,
        Ok(Effect::RoundStarted {
            round: terms(1).id,
            opening: 6,
            floor: 5
        })
    );
    scene.derive(released(terms(1).id)).unwrap();
    let statements: Vec<Commitment> = (0..5).map(|n| Commitment([n; 32])).collect();
    let closed = RoundClosed {
        blanks: 1,
        statements: statements.clone(),
        ..scene.all_blank(&terms(1))
    };
    scene.derive(Event::RoundClosed(closed)).unwrap();
    assert_eq!(scene.state.statements(terms(1).id), Some(&statements[..]));
    assert!(scene.state.open_round().is_none());
}

#[test]
fn the_floor_is_five_or_four_fifths_or_what_was_asked() {
    let floors: Vec<usize> = [0, 5, 6, 7, 12, 13, 100].map(|n| floor(n, None)).to_vec();
    assert_eq!(floors, [5, 5, 5, 6, 10, 11, 80]);
    assert_eq!(floor(12, Some(12)), 12);
    assert_eq!(floor(12, Some(5)), 10);
}

#[test]
fn a_floor_below_five_cannot_be_asked_for() {
    let mut scene = Scene::with_counting(6);
    let asked = |floor| Open {
        floor: Some(floor),
        ..terms(1)
    };
    assert_eq!(scene.open(asked(4)), Err(Void::BadFloor));
    assert_eq!(scene.open(asked(101)), Err(Void::BadFloor));
    assert!(scene.open(asked(6)).is_ok());
}

#[test]
fn start_with_fewer_than_the_floor_ends_the_round() {
    let mut scene = Scene::with_counting(4);
    let failed = Effect::RoundFailed {
        round: terms(1).id,
        why: FailedWhy::BelowFloor,
    };
    assert_eq!(scene.start(&terms(1)), Ok(failed));
    assert!(scene.state.open_round().is_none());
}

#[test]
fn start_with_fewer_than_were_asked_for_ends_the_round() {
    let mut scene = Scene::with_counting(6);
    let asked = Open {
        floor: Some(7),
        ..terms(1)
    };
    let failed = Effect::RoundFailed {
        round: asked.id,
        why: FailedWhy::BelowFloor,
    };
    assert_eq!(scene.start(&asked), Ok(failed));
}

#[test]
fn start_with_more_seats_than_a_run_holds_ends_the_round() {
    let mut scene = Scene::with_counting(101);
    let failed = Effect::RoundFailed {
        round: terms(1).id,
        why: FailedWhy::TooManySeats,
    };
    assert_eq!(scene.start(&terms(1)), Ok(failed));
}

#[test]
fn a_window_is_over_with_its_last_millisecond_and_a_run_holds_a_hundred() {
    let mut scene = Scene::with_counting(100);
    let round = terms(1);
    scene.open(round.clone()).unwrap();
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &round).unwrap();
    }
    let ends_ms = scene.state.open_round().unwrap().ends_ms;
    let mut start_at = |time_ms| {
        let started = Event::Started(round.id);
        scene.state.apply(Some(Leaf(1)), time_ms, &started)
    };
    assert_eq!(start_at(ends_ms - 1), Err(Void::WindowIsOpen));
    let started = Effect::RoundStarted {
        round: round.id,
        opening: 100,
        floor: 80,
    };
    assert_eq!(start_at(ends_ms), Ok(started));
}

#[test]
fn a_seat_that_leaves_while_people_write_is_ready_no_more_and_one_that_is_ready_stays_so() {
    let mut scene = Scene::with_counting(6);
    let round = terms(1);
    scene.open(round.clone()).unwrap();
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &round).unwrap();
    }
    let ready = |scene: &Scene| scene.state.open_round().unwrap().ready.clone();
    let all: Vec<SeatId> = (1..=6).map(SeatId).collect();
    assert_eq!(ready(&scene), all);
    scene.remove(Leaf(3)).unwrap();
    let left = [&all[..2], &all[3..]].concat();
    assert_eq!(ready(&scene), left);
    scene.remove(Leaf(6)).unwrap();
    scene.close_window(&round).unwrap();
    let ended = scene.state.ended_rounds().last().unwrap();
    assert_eq!(ended.sequences[0].opening_roster, left[..4]);
}

#[test]
fn a_seat_that_is_not_ready_is_not_in_the_opening_roster() {
    let mut scene = Scene::with_counting(7);
    let round = terms(1);
    scene.open(round.clone()).unwrap();
    for leaf in scene.side_leaves().into_iter().skip(1) {
        scene.ready(leaf, &round).unwrap();
    }
    scene.close_window(&round).unwrap();
    let run = scene.state.open_round().unwrap().runs()[0].clone();
    assert_eq!(run.opening_roster.len(), 6);
    assert!(
        run.opening_roster
            .iter()
            .all(|member| member.leaf != Leaf(1))
    );
}

#[test]
fn a_removed_seats_ready_no_longer_stands() {
    let mut scene = Scene::with_counting(7);
    let round = terms(1);
    scene.open(round.clone()).unwrap();
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &round).unwrap();
    }
    scene.remove(Leaf(7)).unwrap();
    let effect = scene.close_window(&round);
    assert_eq!(
        effect,
        Ok(Effect::RoundStarted {
            round: round.id,
            opening: 6,
            floor: 5
        })
    );
}

#[test]
fn a_newcomer_is_ready_only_once_it_counts() {
    let mut scene = Scene::with_counting(6);
    let round = terms(1);
    scene.open(round.clone()).unwrap();
    let newcomer = scene.join(RIVER);
    assert_eq!(scene.ready(newcomer, &round), Err(Void::NotCounting));
    scene.everybody_confirms();
    assert!(scene.ready(newcomer, &round).is_ok());
}

#[test]
fn a_sides_round_is_for_that_side_only() {
    let mut scene = Scene::with_counting(12);
    let round = Open {
        audience: Audience::Side(HARBOUR),
        ..terms(1)
    };
    scene.open(round.clone()).unwrap();
    assert_eq!(scene.ready(Leaf(1), &round), Err(Void::NotInAudience));
    assert!(scene.ready(Leaf(2), &round).is_ok());
    assert_eq!(scene.ready(CONVENOR, &round), Err(Void::NotInAudience));
}

#[test]
fn the_author_ends_the_window_once_and_only_forward() {
    let mut scene = Scene::with_counting(6);
    let round = terms(1);
    scene.open(round.clone()).unwrap();
    assert_eq!(
        scene.say(Leaf(1), Event::WindowEnds(round.id)),
        Err(Void::NotTheAuthor)
    );
    assert!(scene.say(CONVENOR, Event::WindowEnds(round.id)).is_ok());
    let ends_ms = scene.state.open_round().unwrap().ends_ms;
    assert_eq!(ends_ms, scene.time_ms);
    assert_eq!(
        scene.say(CONVENOR, Event::WindowEnds(round.id)),
        Err(Void::BroughtForwardBefore)
    );
}

#[test]
fn a_window_that_is_over_is_not_postponed() {
    let mut scene = Scene::with_counting(6);
    scene.open(terms(1)).unwrap();
    scene.time_ms += terms(1).window_ms;
    assert_eq!(
        scene.say(CONVENOR, Event::WindowEnds(terms(1).id)),
        Err(Void::WindowIsOver)
    );
}

#[test]
fn nobody_starts_a_round_before_its_window_ends() {
    let mut scene = Scene::with_counting(6);
    scene.open(terms(1)).unwrap();
    assert_eq!(
        scene.say(Leaf(1), Event::Started(terms(1).id)),
        Err(Void::WindowIsOpen)
    );
}

#[test]
fn the_convenor_does_not_start_a_round() {
    let mut scene = Scene::with_counting(6);
    scene.open(terms(1)).unwrap();
    scene.time_ms += terms(1).window_ms;
    assert_eq!(
        scene.say(CONVENOR, Event::Started(terms(1).id)),
        Err(Void::NotInAudience)
    );
}

#[test]
fn no_commit_is_valid_between_start_and_the_last_go() {
    let mut scene = Scene::with_counting(7);
    let number = scene.approve(Role::Convenor);
    scene.start(&terms(1)).unwrap();
    assert_eq!(scene.add(number), Err(Void::RunIsOn));
    assert_eq!(
        scene
            .state
            .may_commit(&change(CONVENOR, vec![], vec![Leaf(7)]), scene.time_ms),
        Err(Void::RunIsOn)
    );
    scene.derive(released(terms(1).id)).unwrap();
    assert!(scene.add(number).is_ok());
}

/// Whoever was removed right behind the N-th GO could not say its last message any more, and would stand
/// there as the one who kept it back.
#[test]
fn nobody_whose_last_message_is_awaited_is_removed_before_phase_six_has_lasted() {
    let mut scene = Scene::with_counting(7);
    let number = scene.approve(Role::Convenor);
    let round = terms(1);
    scene.start(&round).unwrap();
    let absent = RunEnded {
        round: round.id,
        side: None,
        absent: vec![SeatId(4)],
        disruptors: Vec::new(),
    };
    scene.derive(Event::RunEnded(absent)).unwrap();
    scene.derive(released(round.id)).unwrap();
    let end = scene.time_ms + round.phase_ms;
    assert_eq!(scene.remove(Leaf(7)), Err(Void::IsAwaited));
    let back = change(CONVENOR, vec![added(number)], vec![Leaf(7)]);
    let early = scene.state.may_commit(&back, scene.time_ms);
    assert_eq!(early, Err(Void::IsAwaited));
    // Whom nobody awaits goes, and newcomers come.
    assert!(scene.remove(Leaf(4)).is_ok());
    assert!(scene.add(number).is_ok());
    scene.time_ms = end - 2;
    assert_eq!(scene.remove(Leaf(7)), Err(Void::IsAwaited));
    assert_eq!(scene.time_ms, end - 1);
    assert!(scene.remove(Leaf(7)).is_ok());
}

#[test]
fn whoever_has_said_its_last_message_may_be_removed_at_once() {
    let mut scene = Scene::with_counting(7);
    scene.start(&terms(1)).unwrap();
    scene.release_and_close(&terms(1)).unwrap();
    assert!(scene.remove(Leaf(7)).is_ok());
}

#[test]
fn the_absent_are_left_out_of_the_next_run() {
    let mut scene = Scene::with_counting(7);
    scene.start(&terms(1)).unwrap();
    let ended = RunEnded {
        round: terms(1).id,
        side: None,
        absent: vec![SeatId(4)],
        disruptors: Vec::new(),
    };
    let effect = scene.derive(Event::RunEnded(ended));
    assert_eq!(
        effect,
        Ok(Effect::RunEnded {
            round: terms(1).id,
            side: None,
            remaining: 6,
            may_go_on: true,
        })
    );
    scene.derive(released(terms(1).id)).unwrap();
    let too_many = RoundClosed {
        final_roster: (1..=7).map(SeatId).collect(),
        ..scene.all_blank(&terms(1))
    };
    assert_eq!(
        scene.derive(Event::RoundClosed(too_many)),
        Err(Void::WrongRoster)
    );
    let closed = scene.all_blank(&terms(1));
    assert_eq!((closed.runs, closed.final_roster.len()), (2, 6));
    assert!(scene.derive(Event::RoundClosed(closed)).is_ok());
}

#[test]
fn nothing_is_released_below_the_floor() {
    let mut scene = Scene::with_counting(7);
    scene.start(&terms(1)).unwrap();
    let ended = RunEnded {
        round: terms(1).id,
        side: None,
        absent: vec![SeatId(4), SeatId(5)],
        disruptors: Vec::new(),
    };
    scene.derive(Event::RunEnded(ended)).unwrap();
    assert_eq!(scene.derive(released(terms(1).id)), Err(Void::BelowFloor));
    let failed = RoundFailed {
        round: terms(1).id,
        side: None,
        why: FailedWhy::BelowFloor,
    };
    assert!(scene.derive(Event::RoundFailed(failed)).is_ok());
}

#[test]
fn the_own_minimum_follows_the_largest_crowd_of_thirty_days_and_eight_rounds() {
    let mut scene = Scene::with_counting(13);
    assert_eq!(
        scene
            .state
            .default_own_minimum(Audience::Room, scene.time_ms),
        5
    );
    scene.start(&terms(1)).unwrap();
    scene.release_and_close(&terms(1)).unwrap();
    for leaf in [11, 12, 13] {
        scene.remove(Leaf(leaf)).unwrap();
    }
    scene.start(&terms(2)).unwrap();
    scene.release_and_close(&terms(2)).unwrap();
    let minimum = |ms| {
        scene
            .state
            .default_own_minimum(Audience::Room, scene.time_ms + ms)
    };
    assert_eq!(minimum(0), 11);
    assert_eq!(minimum(limits::CROWD_MEMORY_MS - 61_000), 11);
    // However far the log's time leaps: two Rounds erase no crowd.
    assert_eq!(minimum(limits::CROWD_MEMORY_MS + 61_000), 11);
    assert_eq!(minimum(u64::MAX / 2), 11);
    assert_eq!(
        scene
            .state
            .default_own_minimum(Audience::Side(RIVER), scene.time_ms),
        5
    );
    for number in 3..9 {
        scene.start(&terms(number)).unwrap();
        scene.release_and_close(&terms(number)).unwrap();
    }
    // The seventh Round after the large one: within eight.
    let late = scene.time_ms + 2 * limits::CROWD_MEMORY_MS;
    let minimum = |scene: &Scene| scene.state.default_own_minimum(Audience::Room, late);
    assert_eq!(minimum(&scene), 11);
    scene.start(&terms(9)).unwrap();
    scene.release_and_close(&terms(9)).unwrap();
    assert_eq!(minimum(&scene), 8);
}

#[test]
fn one_round_at_a_time() {
    let mut scene = Scene::with_counting(6);
    scene.open(terms(1)).unwrap();
    assert_eq!(scene.open(terms(2)), Err(Void::RoundIsOpen));
}

#[test]
fn a_caucus_holds_no_rounds() {
    let mut scene = Scene::caucus();
    let of_a_side = Open {
        audience: Audience::Side(RIVER),
        ..terms(1)
    };
    assert_eq!(scene.open(of_a_side), Err(Void::RoundsElsewhere));
    assert_eq!(scene.open(terms(1)), Err(Void::RoundsElsewhere));
    let round = terms(1).id;
    for event in [Event::WindowEnds(round), Event::Started(round)] {
        assert_eq!(scene.say(CONVENOR, event), Err(Void::RoundsElsewhere));
    }
    assert_eq!(scene.ready(CONVENOR, &terms(1)), Err(Void::RoundsElsewhere));
    assert!(scene.state.open_round().is_none());
}

#[test]
fn ended_rounds_are_remembered_up_to_a_limit() {
    let mut scene = Scene::with_counting(4);
    for number in 0..=u8::try_from(limits::ENDED_ROUNDS_MAX).unwrap() {
        scene.start(&terms(number)).unwrap();
    }
    assert_eq!(scene.state.ended_rounds().len(), limits::ENDED_ROUNDS_MAX);
    assert_eq!(scene.state.ended_rounds()[0].id, terms(1).id);
}

/// Two hundred rosters of texts, each another one, are more than a room remembers of those that voted.
#[test]
fn no_number_of_rounds_for_texts_takes_a_place_from_ballots() {
    let mut scene = Scene::with_counting(9);
    let leaves = scene.side_leaves();
    let rosters = (0u32..1 << leaves.len()).filter(|seats| seats.count_ones() >= 5);
    let rosters: Vec<u32> = rosters.take(limits::BALLOT_ROSTERS_MAX + 1).collect();
    assert!(rosters.len() > limits::BALLOT_ROSTERS_MAX);
    for (number, seats) in rosters.iter().enumerate() {
        let number = u8::try_from(number).unwrap();
        let open = Open {
            window_ms: limits::WINDOW_MIN_MS,
            ..terms(number)
        };
        scene.open(open.clone()).unwrap();
        for (place, leaf) in leaves.iter().enumerate() {
            if seats & (1 << place) != 0 {
                scene.ready(*leaf, &open).unwrap();
            }
        }
        scene.close_window(&open).unwrap();
        scene.release_and_close(&open).unwrap();
    }
    let asked = ballot(255, Audience::Room, &["One bridge."]);
    assert!(scene.start(&asked).is_ok());
}
