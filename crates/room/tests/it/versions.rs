//! How a room takes up a later version of the rules, and who can stop whom by that.

use crate::scene::*;
use room::*;

const TWO: RoomVersion = RoomVersion(2);

#[test]
fn a_room_takes_up_a_version_that_every_program_knows() {
    let mut scene = Scene::with_counting(2);
    assert_eq!(scene.state.version(), RoomVersion(1));
    for leaf in scene.leaves() {
        assert_eq!(
            scene.say(CONVENOR, Event::Upgraded(TWO)),
            Err(Void::NotKnownToAll)
        );
        scene.say(leaf, Event::Speaks(RoomVersion(3))).unwrap();
    }
    scene.say(CONVENOR, Event::Upgraded(TWO)).unwrap();
    assert_eq!(scene.state.version(), TWO);
}

#[test]
fn the_convenor_takes_up_a_version_in_the_plenary_and_any_seat_in_a_caucus() {
    let mut scene = Scene::with_counting(2);
    for leaf in scene.leaves() {
        scene.say(leaf, Event::Speaks(TWO)).unwrap();
    }
    let by_a_seat = scene.say(Leaf(1), Event::Upgraded(TWO));
    assert_eq!(by_a_seat, Err(Void::NotTheConvenor));
    let version = TWO;
    let upgraded = Ok(Effect::Upgraded { version });
    assert_eq!(scene.say(CONVENOR, Event::Upgraded(TWO)), upgraded);
    let mut caucus = Scene::caucus();
    caucus.say(CONVENOR, Event::Speaks(TWO)).unwrap();
    assert_eq!(caucus.say(CONVENOR, Event::Upgraded(TWO)), upgraded);
}

#[test]
fn a_newcomer_speaks_what_its_room_speaks_and_no_more() {
    let mut scene = Scene::with_counting(2);
    for leaf in scene.leaves() {
        scene.say(leaf, Event::Speaks(RoomVersion(3))).unwrap();
    }
    scene.say(CONVENOR, Event::Upgraded(TWO)).unwrap();
    let newcomer = scene.join(RIVER);
    assert_eq!(scene.state.by_leaf(newcomer).unwrap().speaks, TWO);
    assert_eq!(
        scene.say(CONVENOR, Event::Upgraded(RoomVersion(3))),
        Err(Void::NotKnownToAll)
    );
}

#[test]
fn a_key_package_for_a_caucus_is_known_by_the_state_until_the_next_one() {
    let mut scene = Scene::with_counting(2);
    let publish = |scene: &mut Scene, byte: u8| {
        let key_package = vec![byte; 9].into();
        let done = scene.say(Leaf(1), Event::CaucusKey(CaucusKey { key_package }));
        (done, scene.state.by_leaf(Leaf(1)).unwrap().key_package)
    };
    let (first, known) = publish(&mut scene, 1);
    assert!(first.is_ok() && known.is_some());
    assert_eq!(publish(&mut scene, 1), (Err(Void::Repeated), known));
    let (second, other) = publish(&mut scene, 2);
    assert!(second.is_ok() && other.is_some() && other != known);
}
