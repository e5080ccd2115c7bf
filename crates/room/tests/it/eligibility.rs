//! Who counts in Rounds.

use crate::scene::*;
use room::*;

#[test]
fn a_sides_first_seat_counts_at_once() {
    let mut scene = Scene::plenary();
    let (river, harbour) = (scene.join(RIVER), scene.join(HARBOUR));
    assert!(scene.counts(river) && scene.counts(harbour));
    assert!(!scene.counts(CONVENOR));
}

#[test]
fn a_newcomer_waits_for_every_other_side() {
    let mut scene = Scene::plenary();
    let (river, harbour) = (scene.join(RIVER), scene.join(HARBOUR));
    let newcomer = scene.join(RIVER);
    scene.confirm(river).unwrap();
    assert!(!scene.counts(newcomer));
    scene.confirm(harbour).unwrap();
    assert!(scene.counts(newcomer));
}

#[test]
fn a_side_without_seats_is_not_waited_for() {
    let mut scene = Scene::plenary();
    scene.join(RIVER);
    let second = scene.join(RIVER);
    assert!(scene.counts(second));
    let third = scene.join(RIVER);
    assert!(!scene.counts(third));
}

#[test]
fn its_voucher_alone_does_not_make_a_newcomer_count() {
    let mut scene = Scene::with_counting(4);
    let newcomer = scene.join_vouched(RIVER, Some(Leaf(1)));
    scene.confirm(Leaf(1)).unwrap();
    scene.confirm(Leaf(2)).unwrap();
    assert!(!scene.counts(newcomer));
    scene.confirm(Leaf(3)).unwrap();
    assert!(scene.counts(newcomer));
}

#[test]
fn puppets_do_not_confirm_each_other() {
    let mut scene = Scene::with_counting(4);
    let puppets: Vec<Leaf> = (0..4)
        .map(|_| scene.join_vouched(RIVER, Some(Leaf(1))))
        .collect();
    for puppet in &puppets {
        scene.confirm(*puppet).unwrap();
    }
    scene.confirm(Leaf(1)).unwrap();
    scene.confirm(Leaf(2)).unwrap();
    assert!(puppets.iter().all(|puppet| !scene.counts(*puppet)));
}

#[test]
fn whoever_does_not_count_brings_nobody_in() {
    let mut scene = Scene::with_counting(4);
    let first = scene.join_vouched(RIVER, Some(Leaf(1)));
    let second = scene.join_vouched(RIVER, Some(first));
    for friend in [Leaf(1), Leaf(2)] {
        scene.confirm(friend).unwrap();
    }
    assert!(!scene.counts(first) && !scene.counts(second));
    scene.confirm(Leaf(3)).unwrap();
    assert!(scene.counts(first) && scene.counts(second));
}

#[test]
fn a_newcomer_outlasts_a_voucher_that_counted_and_no_other() {
    let mut scene = Scene::with_counting(6);
    let by_seated = scene.join_vouched(RIVER, Some(Leaf(1)));
    let by_newcomer = scene.join_vouched(RIVER, Some(by_seated));
    scene.remove(Leaf(1)).unwrap();
    let third = scene.join_vouched(RIVER, Some(by_newcomer));
    scene.remove(by_newcomer).unwrap();
    for honest in [Leaf(2), Leaf(3), Leaf(5)] {
        scene.confirm(honest).unwrap();
    }
    assert!(scene.counts(by_seated));
    assert!(!scene.counts(third));
}

#[test]
fn words_confirmed_before_a_join_do_not_cover_it() {
    let mut scene = Scene::with_counting(4);
    let newcomer = scene.join(RIVER);
    assert!(!scene.counts(newcomer));
}

#[test]
fn who_counts_once_counts_for_good() {
    let mut scene = Scene::with_counting(6);
    scene.remove(Leaf(2)).unwrap();
    scene.join(HARBOUR);
    assert!([1, 3, 4, 5, 6].iter().all(|leaf| scene.counts(Leaf(*leaf))));
}

#[test]
fn the_convenors_words_make_nobody_count() {
    let mut scene = Scene::plenary();
    scene.join(RIVER);
    scene.join(HARBOUR);
    let newcomer = scene.join(RIVER);
    scene.confirm(CONVENOR).unwrap();
    assert!(!scene.counts(newcomer));
}

#[test]
fn one_reading_of_the_words_makes_everybody_count() {
    let scene = Scene::with_counting(30);
    assert_eq!(scene.state.counting_seats(Audience::Room).count(), 30);
}

#[test]
fn a_newcomer_learns_that_it_counts_from_the_effect() {
    let mut scene = Scene::plenary();
    scene.join(RIVER);
    let harbour = scene.join(HARBOUR);
    scene.join(RIVER);
    let effect = scene.confirm(harbour);
    let now_counting = vec![SeatId(3)];
    assert_eq!(
        effect,
        Ok(Effect::WordsConfirmed {
            seat: SeatId(2),
            now_counting
        })
    );
}
