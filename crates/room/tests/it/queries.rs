//! What is asked of a room's state, and of the terms of a Round.

use crate::places::place;
use crate::scene::*;
use room::*;

#[test]
fn a_state_tells_its_sides_its_seats_by_their_keys_and_who_is_expected() {
    let mut scene = Scene::with_counting(3);
    let sides: Vec<&str> = scene.state.sides().iter().map(SideName::as_str).collect();
    assert_eq!(sides, ["River", "Harbour"]);
    for leaf in scene.leaves() {
        let seat = scene.state.by_signature_key(&key(leaf.0));
        assert_eq!(seat.map(|seat| seat.leaf), Some(leaf));
    }
    assert_eq!(scene.state.by_signature_key(&key(9)), None);
    assert!(scene.state.approvals().is_empty());
    let number = scene.approve(Role::Side(RIVER));
    let approved: Vec<RequestId> = scene
        .state
        .approvals()
        .iter()
        .map(|approval| approval.request)
        .collect();
    assert_eq!(approved, [request(number)]);
    assert!(scene.state.places().is_empty());
    let announced = Event::PlaceAnnounced(place(1));
    scene.say(CONVENOR, announced).unwrap();
    let places = scene.state.places();
    assert_eq!((places.len(), places[0].seat), (1, SeatId(0)));
    assert_eq!(places[0].place, place(1));
}

#[test]
fn a_state_counts_what_had_an_effect_and_tells_its_time() {
    let mut scene = Scene::plenary();
    let founded = scene.state.events();
    for number in 1..=3u8 {
        scene
            .say(CONVENOR, message(number).event().clone())
            .unwrap();
        assert_eq!(scene.state.messages(), u64::from(number));
        assert_eq!(scene.state.events(), founded + u64::from(number));
        assert_eq!(scene.state.time_ms(), scene.time_ms);
    }
    scene.say(CONVENOR, message(3).event().clone()).unwrap_err();
    assert_eq!(scene.state.events(), founded + 3);
}

/// PROTOCOL.md tells these numbers; other programs are written by them.
#[test]
fn limits_that_are_computed_are_as_the_protocol_tells_them() {
    assert_eq!(limits::RUN_BYTES_MAX, 524_288);
    assert_eq!(limits::STATEMENT_BYTES_MAX, 4045);
    assert_eq!(limits::TEXT_BYTES_MAX, 16_384);
    assert_eq!(limits::KEY_PACKAGE_BYTES_MAX, 16_384);
    assert_eq!(limits::WELCOME_BYTES_MAX, 921_600);
    assert_eq!(limits::POSTED_BYTES_MAX, 922_624);
    assert_eq!(limits::SNAPSHOT_BYTES_MAX, 921_600);
    assert_eq!(limits::WINDOW_MAX_MS, 2_592_000_000);
    assert_eq!(limits::CROWD_MEMORY_MS, 2_592_000_000);
    assert_eq!(limits::TURNS_END_MS, 21_600_000);
}

#[test]
fn words_fit_up_to_their_limit() {
    let of = |chars: usize| "w".repeat(chars);
    assert!(Name::parse(&of(limits::NAME_CHARS_MAX)).is_ok());
    let longer = Name::parse(&of(limits::NAME_CHARS_MAX + 1));
    assert_eq!(longer, Err(RefusedText::TooLong));
    let most = limits::STATEMENT_BYTES_MAX;
    assert!(StatementText::parse(&of(most)).is_ok());
    let longer = StatementText::parse(&of(most + 1));
    assert_eq!(longer, Err(RefusedText::TooLong));
    let longer = StatementText::parse(&of(most + 2));
    assert_eq!(longer, Err(RefusedText::TooLong));
}

#[test]
fn a_slot_has_one_of_the_sizes_of_the_protocol() {
    let sizes = [
        (SlotSize::OneKib, 1024),
        (SlotSize::TwoKib, 2048),
        (SlotSize::FourKib, 4096),
    ];
    for (size, bytes) in sizes {
        assert_eq!(size.bytes(), bytes);
        assert_eq!(SlotSize::of_bytes(bytes), Some(size));
        assert_eq!(SlotSize::of_bytes(bytes + 1), None);
        assert_eq!(RoundKind::Statement(size).slot_bytes(), bytes);
    }
    let ballot = RoundKind::Ballot(vec![StatementText::parse("We stay.").unwrap()]);
    assert_eq!((ballot.slot_bytes(), ballot.lanes()), (64, 1));
    assert_eq!(RoundKind::Statement(SlotSize::OneKib).lanes(), 1);
}
