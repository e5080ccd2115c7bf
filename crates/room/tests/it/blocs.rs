//! Sides too small for ballots: what their caucus agrees, and what they answer as one.

use crate::ballots::ballot;
use crate::scene::*;
use room::Answer::{Agree, Disagree, Pass, Unanswered};
use room::*;

fn says(open_hash: OpenHash, answers: &[Answer]) -> BlocAnswer {
    BlocAnswer {
        open_hash,
        answers: answers.to_vec(),
    }
}

/// Seven on one side, three on the other.
fn seven_and_three() -> Scene {
    let mut scene = Scene::plenary();
    for number in 0..10 {
        scene.join(if number % 2 == 0 || number > 5 {
            RIVER
        } else {
            HARBOUR
        });
    }
    scene.everybody_confirms();
    scene
}

fn harbours(scene: &Scene) -> Vec<Leaf> {
    let seats = scene.state.seats().iter();
    let of_side = seats.filter(|seat| seat.role.side() == Some(HARBOUR));
    of_side.map(|seat| seat.leaf).collect()
}

fn caucus_of(seats: u32) -> Scene {
    let mut scene = Scene::caucus();
    for number in 1..seats {
        let new = Added {
            name: Some(name_of(number)),
            ..added(number)
        };
        scene.commit(vec![new], vec![]).unwrap();
    }
    scene
}

fn votes(scene: &mut Scene, leaf: u32, round: OpenHash, answers: &[Answer]) {
    let vote = Event::BlocVoted(says(round, answers));
    scene.say(Leaf(leaf), vote).unwrap();
}

#[test]
fn a_caucus_agrees_by_more_than_half_of_its_seats() {
    let mut scene = caucus_of(4);
    let round = terms(1).hash();
    votes(&mut scene, 0, round, &[Agree, Pass, Agree]);
    votes(&mut scene, 1, round, &[Agree, Pass]);
    assert_eq!(scene.state.bloc_agreed(round), [Unanswered; 3]);
    votes(&mut scene, 2, round, &[Disagree, Pass, Agree]);
    assert_eq!(
        scene.state.bloc_agreed(round),
        [Unanswered, Pass, Unanswered]
    );
    votes(&mut scene, 3, round, &[Agree, Disagree, Agree]);
    assert_eq!(scene.state.bloc_agreed(round), [Agree, Pass, Agree]);
    assert!(scene.state.bloc_agreed(terms(2).hash()).is_empty());
}

#[test]
fn a_seats_last_word_counts_and_goes_with_it() {
    let mut scene = caucus_of(3);
    let round = terms(1).hash();
    for leaf in 0..3 {
        votes(&mut scene, leaf, round, &[Agree]);
    }
    votes(&mut scene, 1, round, &[Unanswered]);
    assert_eq!(scene.state.bloc_agreed(round), [Agree]);
    votes(&mut scene, 2, terms(2).hash(), &[Agree]);
    assert_eq!(scene.state.bloc_agreed(round), [Unanswered]);
    scene.remove(Leaf(1)).unwrap();
    scene.remove(Leaf(2)).unwrap();
    assert_eq!(scene.state.bloc_votes().len(), 1);
    assert_eq!(scene.state.bloc_agreed(round), [Agree]);
}

#[test]
fn a_small_side_answers_as_one_until_the_window_ends() {
    let mut scene = seven_and_three();
    let open = ballot(1, Audience::EachSide, &["One bridge.", "Two bridges."]);
    scene.open(open.clone()).unwrap();
    let harbours = harbours(&scene);
    let answer = |answers: &[Answer]| Event::BlocAnswered(says(open.hash(), answers));
    scene.say(harbours[0], answer(&[Agree, Pass])).unwrap();
    scene
        .say(harbours[1], answer(&[Disagree, Unanswered]))
        .unwrap();
    assert_eq!(
        scene.say(harbours[1], answer(&[Agree])),
        Err(Void::BadStatements)
    );
    assert_eq!(
        scene.say(CONVENOR, answer(&[Agree, Agree])),
        Err(Void::NotInAudience)
    );
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &open).unwrap();
    }
    scene.time_ms += open.window_ms;
    assert_eq!(
        scene.say(harbours[0], answer(&[Agree, Agree])),
        Err(Void::WindowIsOver)
    );
    scene.close_window(&open).unwrap();
    let started = scene.state.open_round().unwrap();
    assert_eq!(
        started.run_of(Some(HARBOUR)).unwrap().fate,
        Fate::Over(Outcome::Failed(FailedWhy::BelowFloor))
    );
    let [bloc] = &started.blocs[..] else {
        panic!("{:?}", started.blocs)
    };
    assert_eq!(
        (bloc.side, &bloc.answers[..]),
        (HARBOUR, &[Disagree, Unanswered][..])
    );
    let again = State::decode(&scene.state.encode()).unwrap();
    assert_eq!(again, scene.state);
}

#[test]
fn a_state_with_more_answers_than_statements_is_refused() {
    let mut scene = caucus_of(3);
    let (round, longest) = (terms(1).hash(), [Agree; limits::LANES_MAX]);
    votes(&mut scene, 1, round, &longest);
    let bytes = scene.state.encode();
    assert!(State::decode(&bytes).is_ok());
    // The seat, the terms, then the answers with their length in front; before them the length of all.
    let answers = [&[60u8][..], &[1; 60]].concat();
    let at = bytes.windows(61).position(|w| w == answers).unwrap();
    let all = at - 4 - 32 - 2;
    assert_eq!(bytes[all..all + 2], [0x40, 4 + 32 + 61]);
    let mut longer = [&bytes[..at], &[61], &[1; 61], &bytes[at + 61..]].concat();
    longer[all + 1] += 1;
    assert_eq!(State::decode(&longer), Err(SnapshotError::Damaged));
}

#[test]
fn where_every_side_is_small_the_round_ends_with_their_answers() {
    let mut scene = Scene::with_counting(6);
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    scene.open(open.clone()).unwrap();
    for leaf in [Leaf(1), Leaf(2)] {
        let answer = Event::BlocAnswered(says(open.hash(), &[Agree]));
        scene.say(leaf, answer).unwrap();
    }
    scene.close_window(&open).unwrap();
    let ended = scene.state.ended_rounds().last().unwrap();
    assert_eq!(ended.failed(), Some(FailedWhy::BelowFloor));
    let sides: Vec<SideId> = ended.blocs.iter().map(|bloc| bloc.side).collect();
    assert_eq!(sides, [RIVER, HARBOUR]);
}

#[test]
fn nobody_speaks_for_a_side_that_has_ballots() {
    let mut scene = Scene::with_counting(9);
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    scene.open(open.clone()).unwrap();
    let answer = Event::BlocAnswered(says(open.hash(), &[Agree]));
    assert_eq!(
        scene.say(Leaf(1), answer.clone()),
        Err(Void::SideHasBallots)
    );
    scene.say(Leaf(2), answer).unwrap();
    // The side gains a fifth seat before the window ends, and has ballots then.
    scene.join(HARBOUR);
    scene.everybody_confirms();
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &open).unwrap();
    }
    scene.close_window(&open).unwrap();
    let started = scene.state.open_round().unwrap();
    assert_eq!(started.run_of(Some(HARBOUR)).unwrap().fate, Fate::Running);
    assert!(started.blocs.is_empty());
}

#[test]
fn one_room_has_votes_and_the_other_answers() {
    let open = ballot(1, Audience::Room, &["One bridge."]);
    let mut scene = Scene::with_counting(6);
    scene.open(open.clone()).unwrap();
    let said = says(open.hash(), &[Agree]);
    let (vote, answer) = (Event::BlocVoted(said.clone()), Event::BlocAnswered(said));
    assert_eq!(scene.say(Leaf(1), vote.clone()), Err(Void::NotInThisRoom));
    assert_eq!(scene.say(Leaf(1), answer.clone()), Err(Void::BadStatements));
    let mut caucus = caucus_of(2);
    assert_eq!(caucus.say(Leaf(1), answer), Err(Void::NotInThisRoom));
    let nothing = Event::BlocVoted(says(open.hash(), &[]));
    assert_eq!(caucus.say(Leaf(1), nothing), Err(Void::BadStatements));
    caucus.say(Leaf(1), vote).unwrap();
}
