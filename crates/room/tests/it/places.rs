//! Where a room's log goes on, who may reset it, and which mailbox is a side's caucus.

use crate::scene::*;
use room::*;

pub fn place(number: u8) -> Place {
    Place {
        relay: b"relay.example:1#fingerprint".as_slice().into(),
        mailbox: MailboxName([number; 32]),
    }
}

pub fn founded(number: u8, replaces: Option<u8>) -> Event {
    Event::CaucusFounded(CaucusFounded {
        caucus: CaucusName([number; 32]),
        replaces: replaces.map(|number| CaucusName([number; 32])),
    })
}

fn second_convenor(scene: &mut Scene) -> Leaf {
    let number = scene.approve(Role::Convenor);
    scene.add(number).unwrap();
    Leaf(number)
}

#[test]
fn a_room_moves_only_to_a_place_that_its_author_announced() {
    let scene = &mut Scene::plenary();
    let other = second_convenor(scene);
    let moved = |number| Event::Moved(place(number));
    assert_eq!(scene.say(CONVENOR, moved(1)), Err(Void::NotAnnounced));
    scene
        .say(CONVENOR, Event::PlaceAnnounced(place(1)))
        .unwrap();
    assert_eq!(scene.say(CONVENOR, moved(2)), Err(Void::NotAnnounced));
    assert_eq!(scene.say(other, moved(1)), Err(Void::NotAnnounced));
    let by = SeatId(0);
    assert_eq!(scene.say(CONVENOR, moved(1)), Ok(Effect::Moved { by }));
    assert_eq!(scene.say(CONVENOR, moved(1)), Err(Void::NotAnnounced));
}

#[test]
fn the_last_place_that_a_convenor_announced_is_its_place() {
    let scene = &mut Scene::plenary();
    scene
        .say(CONVENOR, Event::PlaceAnnounced(place(1)))
        .unwrap();
    scene
        .say(CONVENOR, Event::PlaceAnnounced(place(2)))
        .unwrap();
    assert_eq!(scene.state.place_of(SeatId(0)), Some(&place(2)));
    let again = scene.say(CONVENOR, Event::PlaceAnnounced(place(2)));
    assert_eq!(again, Err(Void::Repeated));
    let moved = Event::Moved(place(1));
    assert_eq!(scene.say(CONVENOR, moved), Err(Void::NotAnnounced));
}

#[test]
fn nobody_but_a_convenor_moves_the_plenary_and_nobody_a_caucus() {
    let scene = &mut Scene::with_counting(2);
    for event in [Event::PlaceAnnounced(place(1)), Event::Moved(place(1))] {
        let void = scene.say(Leaf(1), event.clone());
        assert_eq!(void, Err(Void::NotTheConvenor));
        let void = Scene::caucus().say(CONVENOR, event);
        assert_eq!(void, Err(Void::NotInThisRoom));
    }
}

#[test]
fn a_run_goes_on_where_the_room_has_moved() {
    let scene = &mut Scene::with_counting(6);
    scene
        .say(CONVENOR, Event::PlaceAnnounced(place(1)))
        .unwrap();
    scene.start(&terms(1)).unwrap();
    scene.say(CONVENOR, Event::Moved(place(1))).unwrap();
    scene.release_and_close(&terms(1)).unwrap();
}

#[test]
fn whoever_may_reset_the_mailbox_is_removed_only_once_the_room_has_moved() {
    let scene = &mut Scene::plenary();
    let other = second_convenor(scene);
    let removal = Event::SeatsChanged(change(other, vec![], vec![CONVENOR]));
    assert_eq!(scene.derive(removal.clone()), Err(Void::KeeperStays));
    scene.say(other, Event::PlaceAnnounced(place(1))).unwrap();
    scene.say(other, Event::Moved(place(1))).unwrap();
    scene.derive(removal).unwrap();
    assert_eq!(scene.state.seat(scene.state.keeper()).unwrap().leaf, other);
}

#[test]
fn who_may_reset_the_mailbox_may_come_back_in_one_commit_by_the_same_key() {
    let scene = &mut Scene::caucus();
    let new = |number| Added {
        name: Some(name_of(number)),
        ..added(number)
    };
    let commit = |by, added, removed| Event::SeatsChanged(change(by, added, removed));
    scene
        .derive(commit(CONVENOR, vec![new(1)], vec![]))
        .unwrap();
    let gone = commit(Leaf(1), vec![], vec![CONVENOR]);
    assert_eq!(scene.derive(gone), Err(Void::KeeperStays));
    let another = commit(Leaf(1), vec![new(2)], vec![CONVENOR]);
    assert_eq!(scene.derive(another), Err(Void::KeeperStays));
    let back = Added {
        signature_key: key(0),
        ..new(2)
    };
    scene
        .derive(commit(Leaf(1), vec![back], vec![CONVENOR]))
        .unwrap();
    let keeper = scene.state.seat(scene.state.keeper()).unwrap();
    assert_eq!(keeper.signature_key, key(0));
}

#[test]
fn the_first_founding_in_the_plenarys_order_is_the_caucus() {
    let scene = &mut Scene::with_counting(4);
    let (one, two) = (Leaf(1), Leaf(3));
    scene.say(one, founded(1, None)).unwrap();
    assert_eq!(scene.say(two, founded(2, None)), Err(Void::OtherCaucus));
    scene.say(two, founded(2, Some(1))).unwrap();
    assert_eq!(scene.say(one, founded(3, Some(1))), Err(Void::OtherCaucus));
    let caucus = scene.state.caucus(RIVER).unwrap();
    assert_eq!(caucus.name, CaucusName([2; 32]));
    assert!(scene.state.caucus(HARBOUR).is_none());
    assert_eq!(scene.say(CONVENOR, founded(4, None)), Err(Void::WrongSide));
}

#[test]
fn whoever_founded_a_caucus_does_so_again_only_after_everybody_else() {
    let scene = &mut Scene::with_counting(6);
    let seats = [Leaf(1), Leaf(3), Leaf(5)];
    let mut number = 0;
    let mut found = |scene: &mut Scene, leaf| {
        let replaces = (number > 0).then_some(number);
        let done = scene.say(leaf, founded(number + 1, replaces));
        number += u8::from(done.is_ok());
        done.map(|_| ())
    };
    for leaf in seats {
        assert_eq!(found(scene, leaf), Ok(()));
        let last = leaf == Leaf(5);
        assert_eq!(found(scene, leaf).is_ok(), last, "{leaf:?}");
    }
    assert_eq!(found(scene, Leaf(5)), Err(Void::NotItsTurn));
    scene
        .derive(Event::SeatsChanged(change(
            CONVENOR,
            vec![],
            seats[..2].to_vec(),
        )))
        .unwrap();
    assert_eq!(found(scene, Leaf(5)), Ok(()), "it is the only one");
}

#[test]
fn a_turn_that_nobody_takes_ends_with_time() {
    let scene = &mut Scene::with_counting(6);
    for (leaf, number) in [(1, 1), (3, 2)] {
        let before = (number > 1).then_some(number - 1);
        scene.say(Leaf(leaf), founded(number, before)).unwrap();
    }
    let since = scene.time_ms;
    assert_eq!(scene.state.caucus(RIVER).unwrap().since_ms, since);
    scene.time_ms = since + limits::TURNS_END_MS - 2;
    let early = scene.say(Leaf(1), founded(3, Some(2)));
    assert_eq!(early, Err(Void::NotItsTurn));
    scene.say(Leaf(1), founded(3, Some(2))).unwrap();
    let caucus = scene.state.caucus(RIVER).unwrap();
    assert_eq!(caucus.turns, [caucus.by], "turns begin anew");
    let again = scene.say(Leaf(1), founded(4, Some(3)));
    assert_eq!(again, Err(Void::NotItsTurn));
    scene.say(Leaf(3), founded(4, Some(3))).unwrap();
}

#[test]
fn nobody_waits_for_a_turn_where_the_founder_is_gone() {
    let scene = &mut Scene::with_counting(8);
    for (leaf, number) in [(1, 1), (3, 2)] {
        let before = (number > 1).then_some(number - 1);
        scene.say(Leaf(leaf), founded(number, before)).unwrap();
    }
    scene
        .derive(Event::SeatsChanged(change(CONVENOR, vec![], vec![Leaf(3)])))
        .unwrap();
    scene.say(Leaf(1), founded(3, Some(2))).unwrap();
}

#[test]
fn only_a_seat_of_a_side_says_that_a_commit_follows_nothing_and_in_the_plenary() {
    let scene = &mut Scene::with_counting(4);
    let commit = CommitName([4; 32]);
    let said = scene.say(Leaf(1), Event::NotYet(commit));
    let side = RIVER;
    assert_eq!(said, Ok(Effect::NotYet { side, commit }));
    let convenor = scene.say(CONVENOR, Event::NotYet(commit));
    assert_eq!(convenor, Err(Void::WrongSide));
    let within = Scene::caucus().say(CONVENOR, Event::NotYet(commit));
    assert_eq!(within, Err(Void::NotInThisRoom));
}

#[test]
fn whoever_founds_a_caucus_asks_no_more_to_be_added_to_one() {
    let scene = &mut Scene::with_counting(4);
    let key = CaucusKey {
        key_package: b"a key package".as_slice().into(),
    };
    scene.say(Leaf(1), Event::CaucusKey(key)).unwrap();
    assert!(scene.state.by_leaf(Leaf(1)).unwrap().key_package.is_some());
    scene.say(Leaf(1), founded(1, None)).unwrap();
    assert_eq!(scene.state.by_leaf(Leaf(1)).unwrap().key_package, None);
}

#[test]
fn the_places_of_who_is_gone_are_forgotten() {
    let scene = &mut Scene::plenary();
    let other = second_convenor(scene);
    let seat = scene.state.by_leaf(other).unwrap().id;
    scene.say(other, Event::PlaceAnnounced(place(1))).unwrap();
    scene
        .derive(Event::SeatsChanged(change(CONVENOR, vec![], vec![other])))
        .unwrap();
    assert_eq!(scene.state.place_of(seat), None);
    let state = State::decode(&scene.state.encode());
    assert_eq!(state, Ok(scene.state.clone()));
}

#[test]
fn the_name_of_a_caucus_does_not_tell_its_mailbox() {
    let name = CaucusName::of(MailboxName([1; 32]));
    assert_ne!(name, CaucusName([1; 32]));
    assert_ne!(name, CaucusName::of(MailboxName([2; 32])));
}

/// Whoever followed two rooms in one mailbox would read neither.
#[test]
fn no_caucus_is_founded_where_a_place_or_a_caucus_is_and_no_place_is_announced_in_a_caucus() {
    let scene = &mut Scene::with_counting(4);
    let (one, two) = (Leaf(1), Leaf(2));
    let in_mailbox = |number: u8, replaces| {
        Event::CaucusFounded(CaucusFounded {
            caucus: CaucusName::of(place(number).mailbox),
            replaces,
        })
    };
    let announced = Event::PlaceAnnounced(place(1));
    scene.say(CONVENOR, announced).unwrap();
    let taken = Err(Void::MailboxTaken);
    assert_eq!(scene.say(one, in_mailbox(1, None)), taken, "a place");
    scene.say(one, in_mailbox(2, None)).unwrap();
    assert_eq!(scene.say(two, in_mailbox(2, None)), taken, "a caucus");
    let present = Some(CaucusName::of(place(2).mailbox));
    let colleague = Leaf(3);
    let again = scene.say(colleague, in_mailbox(2, present));
    assert_eq!(again, taken, "the same caucus");
    let announced = Event::PlaceAnnounced(place(2));
    assert_eq!(scene.say(CONVENOR, announced), taken, "a caucus");
    scene.say(two, in_mailbox(3, None)).unwrap();
}

/// A newcomer is handed the state: in another order than the one it demands, it could not read it.
#[test]
fn places_and_caucuses_are_in_order_whoever_is_first() {
    let scene = &mut Scene::with_counting(4);
    let other = second_convenor(scene);
    let is_read = |scene: &Scene| State::decode(&scene.state.encode()).as_ref() == Ok(&scene.state);
    for (leaf, number) in [(other, 2), (CONVENOR, 1), (other, 3)] {
        scene
            .say(leaf, Event::PlaceAnnounced(place(number)))
            .unwrap();
        assert!(is_read(scene));
    }
    for order in [[1, 2], [2, 1]] {
        let scene = &mut Scene::with_counting(4);
        for leaf in order {
            let number = u8::try_from(leaf).unwrap();
            scene.say(Leaf(leaf), founded(number, None)).unwrap();
            assert!(is_read(scene));
        }
    }
}

#[test]
fn the_address_of_a_relay_has_a_limit() {
    let scene = &mut Scene::plenary();
    let place = |bytes| Place {
        relay: vec![b'r'; bytes].into(),
        mailbox: MailboxName([1; 32]),
    };
    let mut announce = |bytes| scene.say(CONVENOR, Event::PlaceAnnounced(place(bytes)));
    assert!(announce(limits::RELAY_BYTES_MAX).is_ok());
    assert_eq!(announce(limits::RELAY_BYTES_MAX + 1), Err(Void::TooLong));
}
