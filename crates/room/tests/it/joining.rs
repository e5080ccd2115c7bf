//! Who may come, who may go, and who decides.

use crate::scene::*;
use room::*;

#[test]
fn a_sides_first_seat_needs_no_voucher() {
    let mut scene = Scene::plenary();
    let number = scene.approve(Role::Side(RIVER));
    assert!(scene.state.may_seat(request(number)));
    assert!(scene.add(number).is_ok());
}

#[test]
fn the_convenor_cannot_add_a_second_seat_alone() {
    let mut scene = Scene::plenary();
    scene.join(RIVER);
    let number = scene.approve(Role::Side(RIVER));
    assert!(!scene.state.may_seat(request(number)));
    assert_eq!(scene.add(number), Err(Void::NotVouched));
    assert_eq!(
        scene.state.may_commit(
            &change(CONVENOR, vec![added(number)], vec![]),
            scene.time_ms
        ),
        Err(Void::NotVouched)
    );
}

/// On another side as well; whoever has the same name honestly adds something to it.
#[test]
fn names_that_look_the_same_are_taken() {
    let mut scene = Scene::plenary();
    let approve = |scene: &mut Scene, number, name: &str, side| {
        let approved = Approved {
            request: request(number),
            name: Name::parse(name).unwrap(),
            role: Role::Side(side),
        };
        scene.say(CONVENOR, Event::Approved(approved))
    };
    assert!(approve(&mut scene, 1, "Anna Petrov", RIVER).is_ok());
    scene.add(1).unwrap();
    for name in [
        "anna petrov",
        "\u{410}nna Petrov",
        "Anna\u{200C} Petrov.",
        "Anna  Petr\u{43E}v",
        "Ann\u{E0} Petrov",
        "C\u{43E}nven\u{43E}r",
    ] {
        let refused = approve(&mut scene, 2, name, HARBOUR);
        assert_eq!(refused, Err(Void::NameTaken), "{name}");
    }
    assert!(approve(&mut scene, 2, "Anna Petrov (Odesa)", HARBOUR).is_ok());
    let mut alike = founding(RoomKind::Plenary, Role::Convenor);
    alike.sides[1] = SideName::parse("Riv\u{435}r").unwrap();
    assert_eq!(State::found(alike), Err(RefusedFounding::SameSideTwice));
}

#[test]
fn two_first_seats_in_one_commit_are_one_too_many() {
    let mut scene = Scene::plenary();
    let (one, two) = (
        scene.approve(Role::Side(RIVER)),
        scene.approve(Role::Side(RIVER)),
    );
    assert_eq!(
        scene.commit(vec![added(one), added(two)], vec![]),
        Err(Void::NotVouched)
    );
    assert!(scene.add(one).is_ok());
}

#[test]
fn a_seat_of_another_side_cannot_vouch() {
    let mut scene = Scene::with_counting(2);
    let number = scene.approve(Role::Side(RIVER));
    let vouched = Event::Vouched(Vouched {
        request: request(number),
    });
    assert_eq!(scene.say(Leaf(2), vouched.clone()), Err(Void::WrongSide));
    assert_eq!(scene.say(CONVENOR, vouched.clone()), Err(Void::WrongSide));
    assert!(scene.say(Leaf(1), vouched).is_ok());
}

#[test]
fn a_voucher_who_is_gone_vouches_for_nobody() {
    let mut scene = Scene::with_counting(4);
    let number = scene.approve(Role::Side(RIVER));
    scene
        .say(
            Leaf(3),
            Event::Vouched(Vouched {
                request: request(number),
            }),
        )
        .unwrap();
    assert_eq!(
        scene.commit(vec![added(number)], vec![Leaf(3)]),
        Err(Void::NotVouched)
    );
    scene.remove(Leaf(3)).unwrap();
    assert_eq!(scene.add(number), Err(Void::NotVouched));
}

#[test]
fn an_interpreter_is_vouched_for_even_at_an_empty_side() {
    let mut scene = Scene::plenary();
    let number = scene.approve(Role::Interpreter(RIVER));
    assert_eq!(scene.add(number), Err(Void::NotVouched));
}

#[test]
fn an_approval_seats_one_person_once() {
    let mut scene = Scene::plenary();
    scene.join(RIVER);
    let mut again = added(1);
    again.leaf = Leaf(9);
    again.signature_key = key(9);
    assert_eq!(scene.commit(vec![again], vec![]), Err(Void::NotApproved));
}

#[test]
fn only_the_convenor_commits_in_the_plenary() {
    let scene = Scene::with_counting(2);
    assert_eq!(
        scene
            .state
            .may_commit(&change(Leaf(1), vec![], vec![Leaf(2)]), scene.time_ms),
        Err(Void::NotTheConvenor)
    );
    let by_convenor = change(CONVENOR, vec![], vec![Leaf(2)]);
    assert!(scene.state.may_commit(&by_convenor, scene.time_ms).is_ok());
}

#[test]
fn nobody_removes_their_own_seat() {
    let mut scene = Scene::with_counting(2);
    assert_eq!(scene.remove(CONVENOR), Err(Void::OwnSeat));
}

#[test]
fn a_leaf_is_used_again_and_a_seat_number_never() {
    let mut scene = Scene::with_counting(4);
    scene.remove(Leaf(3)).unwrap();
    let number = scene.approve(Role::Side(RIVER));
    scene
        .say(
            Leaf(1),
            Event::Vouched(Vouched {
                request: request(number),
            }),
        )
        .unwrap();
    let mut new = added(number);
    new.leaf = Leaf(3);
    scene.commit(vec![new], vec![]).unwrap();
    assert_eq!(scene.state.by_leaf(Leaf(3)).unwrap().id, SeatId(5));
    assert_eq!(scene.state.departed()[0].id, SeatId(3));
}

#[test]
fn a_removed_seat_says_nothing_more() {
    let mut scene = Scene::with_counting(4);
    scene.remove(Leaf(3)).unwrap();
    assert_eq!(
        scene.say(Leaf(3), message(1).event().clone()),
        Err(Void::NotSeated)
    );
}

#[test]
fn in_a_caucus_any_member_adds_seats_of_that_side() {
    let mut scene = Scene::caucus();
    let new = |number| Added {
        name: Some(name_of(number)),
        ..added(number)
    };
    scene.commit(vec![new(1)], vec![]).unwrap();
    let by_member = change(Leaf(1), vec![new(2)], vec![]);
    scene.derive(Event::SeatsChanged(by_member)).unwrap();
    assert!(
        scene
            .state
            .seats()
            .iter()
            .all(|seat| seat.role == Role::Side(RIVER))
    );
}

#[test]
fn a_plenary_follows_nothing_and_a_caucus_never_goes_back() {
    let scene = Scene::with_counting(2);
    let one = change(CONVENOR, vec![], vec![Leaf(2)]);
    let ahead = SeatsChanged { follows: 1, ..one };
    assert_eq!(
        scene.state.may_commit(&ahead, scene.time_ms),
        Err(Void::FollowsEarlier)
    );
    let mut scene = Scene::caucus();
    let following = |number, follows| SeatsChanged {
        follows,
        added: vec![Added {
            name: Some(name_of(number)),
            ..added(number)
        }],
        ..change(CONVENOR, vec![], vec![])
    };
    scene.derive(Event::SeatsChanged(following(1, 7))).unwrap();
    assert_eq!(scene.state.follows(), 7);
    assert_eq!(
        scene.state.may_commit(&following(2, 6), scene.time_ms),
        Err(Void::FollowsEarlier)
    );
    assert!(
        scene
            .state
            .may_commit(&following(2, 7), scene.time_ms)
            .is_ok()
    );
}

#[test]
fn a_caucus_approves_nobody() {
    let mut scene = Scene::caucus();
    let approved = Approved {
        request: request(1),
        name: name_of(1),
        role: Role::Side(RIVER),
    };
    assert_eq!(
        scene.say(CONVENOR, Event::Approved(approved)),
        Err(Void::NotInThisRoom)
    );
}

#[test]
fn a_room_is_founded_by_whom_it_belongs_to() {
    let refused = |room, role| State::found(founding(room, role)).unwrap_err();
    assert_eq!(
        refused(RoomKind::Plenary, Role::Side(RIVER)),
        RefusedFounding::WrongFounder
    );
    assert_eq!(
        refused(RoomKind::Caucus(RIVER), Role::Convenor),
        RefusedFounding::WrongFounder
    );
    assert_eq!(
        refused(RoomKind::Caucus(SideId(2)), Role::Side(SideId(2))),
        RefusedFounding::NoSuchSide
    );
    let mut one_side = founding(RoomKind::Plenary, Role::Convenor);
    one_side.sides.pop();
    assert_eq!(State::found(one_side), Err(RefusedFounding::NumberOfSides));
    let mut twice = founding(RoomKind::Plenary, Role::Convenor);
    twice.sides[1] = twice.sides[0].clone();
    assert_eq!(State::found(twice), Err(RefusedFounding::SameSideTwice));
    let mut keyless = founding(RoomKind::Plenary, Role::Convenor);
    keyless.founder.signature_key.clear();
    assert_eq!(State::found(keyless), Err(RefusedFounding::BadSignatureKey));
}

#[test]
fn a_newcomer_is_awaited_until_it_names_what_its_epoch_began_with() {
    let mut scene = Scene::plenary();
    let first = scene.join(RIVER);
    let begun = BegunHash([5; 32]);
    let before = scene.state.clone();
    scene.state.await_seated(begun);
    assert_eq!(scene.state.before_awaiting(begun), before);
    let second = scene.join(HARBOUR);
    scene.state.await_seated(BegunHash([6; 32]));
    let awaited = |scene: &Scene| scene.state.awaited().collect::<Vec<_>>();
    assert_eq!(awaited(&scene), [SeatId(1), SeatId(2)]);
    let of_another = scene.say(second, Event::Arrived(begun));
    assert_eq!(of_another, Err(Void::EnteredAnother));
    let speaks = scene.say(second, message(1).event().clone());
    assert_eq!(speaks, Err(Void::NotArrived));
    let arrived = scene.say(first, Event::Arrived(begun));
    assert_eq!(arrived, Ok(Effect::Arrived { seat: SeatId(1) }));
    assert_eq!(awaited(&scene), [SeatId(2)]);
    assert_eq!(scene.say(first, Event::Arrived(begun)), Err(Void::Repeated));
}

#[test]
fn nobody_is_awaited_in_a_caucus() {
    let mut scene = Scene::caucus();
    let new = Added {
        name: Some(name_of(1)),
        ..added(1)
    };
    scene.commit(vec![new], vec![]).unwrap();
    scene.state.await_seated(BegunHash([5; 32]));
    assert_eq!(scene.state.awaited().count(), 0);
}

#[test]
fn who_has_not_arrived_changes_no_seats() {
    let mut scene = Scene::plenary();
    scene.join(RIVER);
    let second = scene.approve(Role::Convenor);
    scene.add(second).unwrap();
    let second = Leaf(second);
    let removes = |scene: &Scene| {
        let change = change(second, vec![], vec![Leaf(1)]);
        scene.state.may_commit(&change, scene.time_ms)
    };
    assert_eq!(removes(&scene), Ok(()));
    let begun = BegunHash([5; 32]);
    scene.state.await_seated(begun);
    assert_eq!(removes(&scene), Err(Void::NotArrived));
    assert!(scene.state.awaits(second) && !scene.state.awaits(CONVENOR));
    assert_eq!(scene.state.commits_of(second), Commits::AreVoid);
    scene.say(second, Event::Arrived(begun)).unwrap();
    assert_eq!(removes(&scene), Ok(()));
    assert_eq!(scene.state.commits_of(second), Commits::Count);
}

#[test]
fn whose_commits_are_void_is_so_after_coming_back_by_another_key_package() {
    let mut scene = Scene::caucus();
    let new = |number: u32, seat: u32| Added {
        name: Some(name_of(number)),
        signature_key: key(number),
        ..added(seat)
    };
    scene.commit(vec![new(1, 1), new(2, 2)], vec![]).unwrap();
    scene.state.deny_commits(Leaf(1));
    let before = scene.state.clone();
    assert_eq!(State::decode(&before.encode()).as_ref(), Ok(&before));
    let back = vec![new(1, 3), new(4, 4)];
    scene.commit(back, vec![Leaf(1), Leaf(2)]).unwrap();
    let commits = |leaf| scene.state.commits_of(Leaf(leaf));
    assert_eq!(commits(3), Commits::AreVoid);
    assert_eq!(commits(4), Commits::Count);
    assert_eq!(commits(0), Commits::Count);
    assert_eq!(commits(1), Commits::AreVoid, "nobody is there");
}
