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
fn nobody_but_a_sides_first_counts_before_another_side_has_heard_them() {
    let mut scene = Scene::plenary();
    let friend = scene.join(RIVER);
    let more: Vec<Leaf> = (0..8).map(|_| scene.join(RIVER)).collect();
    for leaf in more.iter().chain([&friend]) {
        scene.confirm(*leaf).unwrap();
    }
    assert!(more.iter().all(|leaf| !scene.counts(*leaf)));
    let harbour = scene.join(HARBOUR);
    scene.confirm(friend).unwrap();
    assert!(more.iter().all(|leaf| !scene.counts(*leaf)));
    scene.confirm(harbour).unwrap();
    assert!(scene.counts(more[0]));
}

/// A third side that has no seats yet.
#[test]
fn a_side_without_seats_is_not_waited_for() {
    let mut terms = founding(RoomKind::Plenary, Role::Convenor);
    terms.sides.push(SideName::parse("Hills").unwrap());
    let mut scene = Scene {
        state: State::found(terms).unwrap(),
        ..Scene::plenary()
    };
    let (_, harbour, second) = (scene.join(RIVER), scene.join(HARBOUR), scene.join(RIVER));
    assert!(!scene.counts(second));
    scene.confirm(harbour).unwrap();
    assert!(scene.counts(second));
}

/// A friend on either side: the convenor removes the honest of one side, or of both, and lets puppets in.
#[test]
fn whoever_removes_the_honest_first_needs_as_many_friends_as_before() {
    for gone in [vec![1, 3, 5, 7, 9], vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] {
        let mut scene = Scene::with_counting(12);
        let (friend, other) = (Leaf(11), Leaf(12));
        let gone: Vec<Leaf> = gone.into_iter().map(Leaf).collect();
        scene.commit(vec![], gone).unwrap();
        let mut puppets = vec![];
        for (side, voucher) in [(RIVER, friend), (HARBOUR, other), (RIVER, friend)] {
            puppets.push(scene.join_vouched(side, Some(voucher)));
        }
        for leaf in puppets.iter().chain([&friend, &other]) {
            scene.confirm(*leaf).unwrap();
        }
        assert!(puppets.iter().all(|leaf| !scene.counts(*leaf)));
    }
}

/// All of a side but one friend of the convenor's, or all of it.
#[test]
fn a_side_that_was_emptied_has_no_first_seat_again() {
    let mut scene = Scene::with_counting(12);
    let friend = Leaf(11);
    let others = scene.side_leaves().into_iter().filter(|l| *l != friend);
    let others: Vec<Leaf> = others.collect();
    scene.commit(vec![], others).unwrap();
    let puppet = scene.join_vouched(RIVER, Some(friend));
    let harbour = scene.join(HARBOUR);
    for leaf in [puppet, friend, harbour] {
        scene.confirm(leaf).unwrap();
    }
    assert!(!scene.counts(puppet) && !scene.counts(harbour));

    let mut scene = Scene::with_counting(12);
    let river = [1, 3, 5, 7, 9, 11].map(Leaf).to_vec();
    scene.commit(vec![], river).unwrap();
    let newcomer = scene.join(RIVER);
    for leaf in [2, 4].map(Leaf) {
        scene.confirm(leaf).unwrap();
    }
    assert!(!scene.counts(newcomer));
    scene.confirm(Leaf(6)).unwrap();
    assert!(scene.counts(newcomer));
}

/// One is left of a side: two of another side stand for whom it brings.
#[test]
fn a_side_of_which_one_is_left_comes_together_again() {
    let mut scene = Scene::with_counting(12);
    let gone = [1, 3, 5, 7, 9].map(Leaf).to_vec();
    scene.commit(vec![], gone).unwrap();
    let newcomer = scene.join_vouched(RIVER, Some(Leaf(11)));
    scene.confirm(Leaf(2)).unwrap();
    assert!(!scene.counts(newcomer));
    scene.confirm(Leaf(4)).unwrap();
    assert!(scene.counts(newcomer));
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

/// As many as it needs, and one of them of another side; but a third side has heard nothing.
#[test]
fn nobody_counts_before_every_side_that_has_seats_has_heard_them() {
    let hills = SideId(2);
    let mut terms = founding(RoomKind::Plenary, Role::Convenor);
    terms.sides.push(SideName::parse("Hills").unwrap());
    let mut scene = Scene {
        state: State::found(terms).unwrap(),
        ..Scene::plenary()
    };
    let (first, harbour, third) = (scene.join(RIVER), scene.join(HARBOUR), scene.join(hills));
    let second = scene.join_vouched(RIVER, Some(first));
    scene.everybody_confirms();
    assert!(scene.counts(second));
    let newcomer = scene.join_vouched(RIVER, Some(first));
    for leaf in [second, harbour] {
        scene.confirm(leaf).unwrap();
        assert!(!scene.counts(newcomer));
    }
    scene.confirm(third).unwrap();
    assert!(scene.counts(newcomer));
}

/// As many as it needs, but all of them of the other side.
#[test]
fn nobody_counts_whom_none_but_its_voucher_knows_on_its_own_side() {
    let mut scene = Scene::with_counting(6);
    let newcomer = scene.join_vouched(RIVER, Some(Leaf(1)));
    for leaf in [2, 4, 6, 1] {
        scene.confirm(Leaf(leaf)).unwrap();
        assert!(!scene.counts(newcomer));
    }
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
