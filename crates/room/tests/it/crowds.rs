//! Which crowds a room remembers, and for how long.

use crate::scene::*;
use room::*;
use tls_codec::{Serialize as _, Size as _};

fn of(audience: Audience, number: u8) -> Open {
    Open {
        audience,
        ..terms(number)
    }
}

fn hold(scene: &mut Scene, audience: Audience, number: u8) {
    let terms = of(audience, number);
    scene.start(&terms).unwrap();
    scene.release_and_close(&terms).unwrap();
}

fn minimum(scene: &Scene, audience: Audience, at_ms: u64) -> usize {
    scene.state.default_own_minimum(audience, at_ms)
}

#[test]
fn a_crowd_of_one_kind_neither_outdoes_nor_outlasts_one_of_another() {
    let mut scene = Scene::with_counting(14);
    let late = scene.time_ms + 2 * limits::CROWD_MEMORY_MS;
    hold(&mut scene, Audience::Side(RIVER), 1);
    assert_eq!(minimum(&scene, Audience::Side(RIVER), late), 6);
    for number in 2..=limits::CROWD_MEMORY_ROUNDS + 2 {
        hold(&mut scene, Audience::Room, number);
        assert_eq!(minimum(&scene, Audience::Side(RIVER), late), 6);
        assert_eq!(minimum(&scene, Audience::Room, late), 12);
    }
}

#[test]
fn a_crowd_is_remembered_to_the_last_millisecond_of_thirty_days_however_many_rounds_follow() {
    let mut scene = Scene::with_counting(13);
    scene.start(&terms(0)).unwrap();
    let started_ms = scene.state.open_round().unwrap().runs()[0].started_ms;
    scene.release_and_close(&terms(0)).unwrap();
    for leaf in [11, 12, 13] {
        scene.remove(Leaf(leaf)).unwrap();
    }
    for number in 1..=limits::CROWD_MEMORY_ROUNDS + 1 {
        hold(&mut scene, Audience::Room, number);
    }
    let last_ms = started_ms + limits::CROWD_MEMORY_MS;
    assert_eq!(minimum(&scene, Audience::Room, scene.time_ms), 11);
    assert_eq!(minimum(&scene, Audience::Room, last_ms), 11);
    assert_eq!(minimum(&scene, Audience::Room, last_ms + 1), 8);
}

#[test]
fn a_crowd_that_a_later_one_outdoes_takes_no_more_room() {
    let mut scene = Scene::with_counting(6);
    hold(&mut scene, Audience::Room, 1);
    let before = encoded_len(&scene);
    hold(&mut scene, Audience::Room, 2);
    let ended = scene.state.ended_rounds().last().unwrap();
    assert_eq!(encoded_len(&scene), before + ended.tls_serialized_len());
}

fn encoded_len(scene: &Scene) -> usize {
    scene.state.tls_serialize_detached().unwrap().len()
}
