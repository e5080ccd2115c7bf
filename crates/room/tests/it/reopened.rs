//! The log goes on after nobody could write in it: what its clock ends is put off.

use room::*;

use crate::ballots::{ballot, released_of, run_of};
use crate::places::founded;
use crate::scene::*;

fn shut(scene: &mut Scene) {
    assert_eq!(scene.derive(Event::LogShut), Ok(Effect::LogShut));
}

fn reopen_at(scene: &mut Scene, time_ms: u64) {
    shut(scene);
    scene.time_ms = time_ms - 1;
    assert_eq!(scene.derive(Event::LogReopened), Ok(Effect::LogReopened));
}

fn ends_ms(scene: &Scene) -> u64 {
    scene.state.open_round().unwrap().ends_ms
}

/// A Round on which people write, for so long.
fn written_for(window_ms: u64) -> (Scene, Open) {
    let mut scene = Scene::with_counting(6);
    let round = Open {
        window_ms,
        ..terms(1)
    };
    scene.open(round.clone()).unwrap();
    (scene, round)
}

#[test]
fn a_window_counts_no_time_in_which_the_log_was_shut() {
    let (mut scene, round) = written_for(60_000);
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &round).unwrap();
    }
    let shut_until = ends_ms(&scene) + 1_000_000;
    reopen_at(&mut scene, shut_until);
    assert_eq!(ends_ms(&scene), shut_until + 60_000);
    let start = |scene: &mut Scene, time_ms| {
        let started = Event::Started(round.id);
        scene.state.apply(Some(Leaf(1)), time_ms, &started)
    };
    let early = start(&mut scene, shut_until + 59_999);
    assert_eq!(early, Err(Void::WindowIsOpen));
    assert!(start(&mut scene, shut_until + 60_000).is_ok());
}

#[test]
fn nothing_ends_by_time_while_the_log_is_shut() {
    let (mut scene, round) = written_for(60_000);
    for leaf in scene.side_leaves() {
        scene.ready(leaf, &round).unwrap();
    }
    for (leaf, number) in [(1, 1), (3, 2)] {
        let before = (number > 1).then_some(number - 1);
        scene.say(Leaf(leaf), founded(number, before)).unwrap();
    }
    shut(&mut scene);
    let again = scene.derive(Event::LogShut);
    assert_eq!(again, Err(Void::NothingChanges));
    scene.time_ms += 10 * limits::TURNS_END_MS;
    let started = scene.say(Leaf(1), Event::Started(round.id));
    assert_eq!(started, Err(Void::WindowIsOpen));
    let turn = scene.say(Leaf(1), founded(3, Some(2)));
    assert_eq!(turn, Err(Void::NotItsTurn));
    let open_again = scene.time_ms;
    scene.derive(Event::LogReopened).unwrap();
    assert_eq!(scene.state.shut_since_ms(), None);
    let again = scene.derive(Event::LogReopened);
    assert_eq!(again, Err(Void::NothingChanges));
    scene.time_ms = open_again + limits::REOPENED_MS;
    assert!(scene.say(Leaf(1), Event::Started(round.id)).is_ok());
}

#[test]
fn a_long_window_that_was_nearly_over_lasts_two_minutes_more() {
    let (mut scene, _) = written_for(3_600_000);
    let first = ends_ms(&scene);
    reopen_at(&mut scene, first - limits::REOPENED_MS);
    assert_eq!(ends_ms(&scene), first, "there was time before");
    reopen_at(&mut scene, first - 1);
    assert_eq!(ends_ms(&scene), first - 1 + limits::REOPENED_MS);
}

#[test]
fn the_awaited_stay_for_the_length_of_phase_six_after_the_log_was_shut() {
    let mut scene = Scene::with_counting(6);
    let open = ballot(1, Audience::Room, &["One bridge."]);
    scene.start(&open).unwrap();
    scene.derive(released_of(&open, None)).unwrap();
    let awaited = run_of(&scene, None).roster().last().unwrap().leaf;
    shut(&mut scene);
    scene.time_ms += 10 * open.phase_ms;
    assert_eq!(scene.remove(awaited), Err(Void::IsAwaited));
    let shut_until = scene.time_ms + 1;
    scene.derive(Event::LogReopened).unwrap();
    assert_eq!(scene.remove(awaited), Err(Void::IsAwaited));
    scene.time_ms = shut_until + open.phase_ms - 2;
    assert_eq!(scene.remove(awaited), Err(Void::IsAwaited));
    assert!(scene.remove(awaited).is_ok());
}

/// A window that was over, or that its author ended, is open once more: nobody has started, and who could not write
/// has as long as the others had.
#[test]
fn until_start_a_window_opens_again_with_its_log() {
    let mut scene = Scene::with_counting(6);
    let open = ballot(1, Audience::EachSide, &["One bridge."]);
    scene.open(open.clone()).unwrap();
    let now = Event::WindowEnds(open.id);
    let answer = Event::BlocAnswered(BlocAnswer {
        open_hash: open.hash(),
        answers: vec![Answer::Agree],
    });
    scene.say(CONVENOR, now.clone()).unwrap();
    scene.time_ms = ends_ms(&scene) + 1_000_000;
    let late = scene.say(Leaf(1), answer.clone());
    assert_eq!(late, Err(Void::WindowIsOver));
    let open_again = scene.time_ms + 5_000;
    reopen_at(&mut scene, open_again);
    let lasts = open.window_ms.min(limits::REOPENED_MS);
    assert_eq!(ends_ms(&scene), open_again + lasts, "of the length in OPEN");
    scene.say(Leaf(1), answer.clone()).unwrap();
    let again = scene.say(CONVENOR, now);
    assert_eq!(again, Err(Void::BroughtForwardBefore));
    scene.time_ms = open_again + lasts - 2;
    let early = scene.say(Leaf(1), Event::Started(open.id));
    assert_eq!(early, Err(Void::WindowIsOpen));
    let late = scene.say(Leaf(2), answer);
    assert_eq!(late, Err(Void::WindowIsOver));
    assert!(scene.say(Leaf(1), Event::Started(open.id)).is_ok());
    let ended = scene.state.ended_rounds().last().unwrap();
    assert_eq!(ended.blocs.len(), 1);
}

/// In another mailbox people write only once they have found it.
#[test]
fn a_move_puts_off_what_a_reset_does() {
    let (mut scene, _) = written_for(60_000);
    let place = Place {
        relay: b"[::1]:9#".as_slice().into(),
        mailbox: MailboxName([5; 32]),
    };
    scene
        .say(CONVENOR, Event::PlaceAnnounced(place.clone()))
        .unwrap();
    scene.time_ms = ends_ms(&scene);
    scene.say(CONVENOR, Event::Moved(place)).unwrap();
    assert_eq!(ends_ms(&scene), scene.time_ms + 60_000);
}

#[test]
fn a_turn_that_was_nearly_over_is_left_two_minutes_more() {
    let scene = &mut Scene::with_counting(6);
    for (leaf, number) in [(1, 1), (3, 2)] {
        let before = (number > 1).then_some(number - 1);
        scene.say(Leaf(leaf), founded(number, before)).unwrap();
    }
    let ends = scene.time_ms + limits::TURNS_END_MS;
    reopen_at(scene, ends);
    let again = scene.say(Leaf(1), founded(3, Some(2)));
    assert_eq!(again, Err(Void::NotItsTurn));
    scene.time_ms = ends + limits::REOPENED_MS - 1;
    scene.say(Leaf(1), founded(3, Some(2))).unwrap();
}

#[test]
fn nothing_is_put_off_in_a_caucus_and_nobody_says_it() {
    let mut caucus = Scene::caucus();
    let here = caucus.derive(Event::LogShut);
    assert!(here.is_err(), "{here:?}");
    let mut scene = Scene::plenary();
    for event in [Event::LogShut, Event::LogReopened] {
        let said = scene.say(CONVENOR, event);
        assert_eq!(said, Err(Void::WrongSource));
    }
}
