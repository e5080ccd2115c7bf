//! Bytes: one form for each event and each state, and no other is read.

use crate::scene::*;
use room::*;

#[test]
fn what_is_encoded_is_read_back() {
    let posted = message(3);
    assert_eq!(Posted::decode(&posted.encode()), Ok(posted));
    let open = Posted::event_alone(Event::RoundOpened(terms(1))).unwrap();
    assert_eq!(Posted::decode(&open.encode()), Ok(open));
}

#[test]
fn what_the_version_does_not_know_is_told_from_damage() {
    let mut bytes = message(1).encode();
    bytes[1..3].copy_from_slice(&30u16.to_be_bytes());
    assert_eq!(Posted::decode(&bytes), Err(EventError::UnknownKind(30)));
    bytes[0] = 2;
    assert_eq!(Posted::decode(&bytes), Err(EventError::UnknownVersion(2)));
}

#[test]
fn damaged_bytes_are_damaged() {
    let mut longer = message(1).encode();
    longer.push(0);
    assert_eq!(Posted::decode(&longer), Err(EventError::Damaged));
    let whole = message(1).encode();
    for length in 0..whole.len() {
        assert_eq!(Posted::decode(&whole[..length]), Err(EventError::Damaged));
    }
}

#[test]
fn nobody_sends_what_is_derived() {
    assert_eq!(Posted::event_alone(released(RoundId([1; 16]))), None);
    let mut bytes = vec![1, 0x80, 0x03];
    bytes.extend([1; 16]);
    bytes.push(0);
    assert_eq!(Posted::decode(&bytes), Err(EventError::Damaged));
}

#[test]
fn a_message_comes_with_the_text_that_opens_its_commitment() {
    let said = message(1).event().clone();
    assert_eq!(Posted::event_alone(said), None);
    let mut bytes = message(1).encode();
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(Posted::decode(&bytes), Err(EventError::Damaged));
}

#[test]
fn words_not_in_normal_form_are_damaged() {
    let open = Posted::event_alone(Event::RoundOpened(terms(1))).unwrap();
    let mut bytes = open.encode();
    let place = bytes.windows(4).position(|four| four == b"What").unwrap();
    bytes[place] = b' ';
    assert_eq!(Posted::decode(&bytes), Err(EventError::Damaged));
}

#[test]
fn a_state_is_read_back_and_goes_on_alike() {
    let mut scene = Scene::with_counting(6);
    scene.start(&terms(1)).unwrap();
    scene.derive(released(terms(1).id)).unwrap();
    let mut newcomers = State::decode(&scene.state.encode()).unwrap();
    assert_eq!(newcomers.digest(), scene.state.digest());
    let closed = Event::RoundClosed(scene.all_blank(&terms(1)));
    newcomers.apply(None, scene.time_ms + 1, &closed).unwrap();
    scene.derive(closed).unwrap();
    assert_eq!(newcomers.digest(), scene.state.digest());
}

#[test]
fn a_damaged_state_is_refused() {
    let scene = Scene::with_counting(6);
    let mut bytes = scene.state.encode();
    bytes.push(0);
    assert_eq!(State::decode(&bytes), Err(SnapshotError::Damaged));
    bytes.pop();
    bytes[0] = 9;
    assert_eq!(State::decode(&bytes), Err(SnapshotError::UnknownVersion(9)));
    assert_eq!(State::decode(&[]), Err(SnapshotError::Damaged));
}

#[test]
fn a_state_with_one_leaf_twice_is_refused() {
    let scene = Scene::with_counting(2);
    let mut bytes = scene.state.encode();
    let leaf_of_two = [&[0, 0, 0, 2], &[32][..], &key(2)].concat();
    let place = bytes
        .windows(leaf_of_two.len())
        .position(|part| part == leaf_of_two)
        .unwrap();
    bytes[place + 3] = 1;
    assert_eq!(State::decode(&bytes), Err(SnapshotError::Damaged));
}

#[test]
fn the_digest_covers_the_founding() {
    let one = State::found(founding(RoomKind::Plenary, Role::Convenor)).unwrap();
    let mut other = founding(RoomKind::Plenary, Role::Convenor);
    other.rule_card = RuleCard::NotForAnyUse;
    assert_ne!(one.digest(), State::found(other).unwrap().digest());
}

#[test]
fn the_digest_does_not_need_the_texts() {
    let mut with_text = Scene::plenary();
    let mut without = Scene::plenary();
    let posted = message(1);
    with_text.say(CONVENOR, posted.event().clone()).unwrap();
    let said = Said {
        id: MessageId([1; 16]),
        commitment: posted.text().unwrap().commitment(),
        reply_to: None,
    };
    without.say(CONVENOR, Event::Said(said)).unwrap();
    assert_eq!(with_text.state.digest(), without.state.digest());
    assert!(
        !with_text
            .state
            .encode()
            .windows(5)
            .any(|five| five == b"heard")
    );
}

#[test]
fn a_question_is_forgotten_when_its_round_ends() {
    let mut scene = Scene::with_counting(6);
    scene.start(&terms(1)).unwrap();
    let knows = |state: &State| state.encode().windows(4).any(|four| four == b"What");
    assert!(knows(&scene.state));
    scene.release_and_close(&terms(1)).unwrap();
    assert!(!knows(&scene.state));
}

#[test]
fn one_salt_away_is_another_commitment() {
    let commitment = Commitment::to(&[1; 32], "agreed");
    assert_ne!(commitment, Commitment::to(&[2; 32], "agreed"));
    assert_ne!(commitment, Commitment::to(&[1; 32], "agree"));
}

#[test]
fn the_largest_state_fits_its_limit() {
    let mut scene = Scene::plenary();
    let long_name = |n: u32| {
        let name = format!("{}{n:04}", "\u{20000}".repeat(limits::NAME_CHARS_MAX - 4));
        Name::parse(&name).unwrap()
    };
    let approve = |scene: &mut Scene, n: u32| {
        let (request, role) = (request(n), Role::Convenor);
        let approved = Approved {
            request,
            name: long_name(n),
            role,
        };
        scene.say(CONVENOR, Event::Approved(approved)).unwrap();
    };
    let long_key = |n: u32| [key(n), key(n)].concat();
    let most = u32::try_from(limits::SEATS_MAX).unwrap();
    let seats = u32::try_from(limits::SEATS_MAX + limits::DEPARTED_MAX).unwrap();
    for n in 1..=seats {
        approve(&mut scene, n);
        scene
            .commit(
                vec![Added {
                    signature_key: long_key(n),
                    ..added(n)
                }],
                vec![],
            )
            .unwrap();
        if n >= most - 1 {
            scene.remove(Leaf(n - (most - 2))).unwrap();
        }
    }
    for n in 0..u32::try_from(limits::APPROVALS_MAX).unwrap() {
        approve(&mut scene, 5_000 + n);
    }
    // Ended Rounds, at 100 seats and 100 statements each, are counted and not played.
    let round = 16 + 32 + 3 + 8 + 3 * (2 + 100 * 4) + 4 + 100 * 32 + 60 * 10 + 8 + 5 * 20;
    let rounds = limits::ENDED_ROUNDS_MAX * round;
    // Nor is every ballot that can be remembered, nor the largest OPEN.
    let ballots =
        limits::BALLOT_ROSTERS_MAX * (4 + 4 * 100) + limits::STATEMENT_NAMES_MAX * (33 + 2 * 8);
    let open = limits::LANES_MAX * (limits::STATEMENT_BYTES_MAX + 2);
    // Nor what sides answer as one: in the open Round and in ended ones, and the votes of a caucus.
    let answers = 2 + limits::LANES_MAX;
    let blocs = (limits::ENDED_ROUNDS_MAX + 1) * limits::SIDES_MAX * (6 + answers)
        + limits::SEATS_MAX * (36 + answers);
    let all = scene.state.encode().len() + rounds + ballots + open + blocs;
    assert!(all < limits::SNAPSHOT_BYTES_MAX, "{all}");
}

#[test]
fn an_event_of_the_greatest_length_is_read_and_no_longer_one() {
    let posted = |bytes: usize| {
        let welcome = CaucusWelcome {
            seat: SeatId(1),
            bytes: vec![7; bytes].into(),
        };
        Posted::event_alone(Event::CaucusWelcome(welcome)).unwrap()
    };
    let around = posted(limits::WELCOME_BYTES_MAX).encode().len() - limits::WELCOME_BYTES_MAX;
    let longest = posted(limits::POSTED_BYTES_MAX - around);
    assert_eq!(longest.encode().len(), limits::POSTED_BYTES_MAX);
    assert_eq!(Posted::decode(&longest.encode()).as_ref(), Ok(&longest));
    let longer = posted(limits::POSTED_BYTES_MAX - around + 1);
    assert_eq!(Posted::decode(&longer.encode()), Err(EventError::Damaged));
}
