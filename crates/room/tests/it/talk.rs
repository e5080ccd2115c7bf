//! Messages, names, table words, and what is handed over for a caucus.

use crate::scene::*;
use room::*;

#[test]
fn a_message_counts_once() {
    let mut scene = Scene::with_counting(2);
    let posted = message(1);
    assert!(scene.say(Leaf(1), posted.event().clone()).is_ok());
    assert_eq!(
        scene.say(Leaf(1), posted.event().clone()),
        Err(Void::Repeated)
    );
    assert_eq!(scene.state.messages(), 1);
}

#[test]
fn log_time_never_runs_backwards() {
    let mut scene = Scene::plenary();
    scene.say(CONVENOR, message(1).event().clone()).unwrap();
    let before = scene.state.time_ms();
    scene
        .state
        .apply(Some(CONVENOR), 0, message(2).event())
        .unwrap();
    assert_eq!(scene.state.time_ms(), before);
}

#[test]
fn the_state_does_not_grow_with_messages() {
    let mut scene = Scene::plenary();
    let mut say = |number: u32| {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let said = Said {
            id: MessageId(id),
            commitment: Commitment([1; 32]),
            reply_to: None,
        };
        scene.say(CONVENOR, Event::Said(said)).unwrap();
        scene.state.encode().len()
    };
    let full = (0..400).map(&mut say).last();
    assert_eq!((400..900).map(say).last(), full);
}

#[test]
fn names_that_differ_in_nothing_visible_are_refused() {
    assert_eq!(Name::parse(" Ana\u{0301} ").unwrap().as_str(), "An\u{00e1}");
    assert_eq!(
        Name::parse("Ana\u{200B}"),
        Err(RefusedText::Forbidden('\u{200B}'))
    );
    assert_eq!(
        Name::parse("A\u{202E}na"),
        Err(RefusedText::Forbidden('\u{202E}'))
    );
    assert_eq!(Name::parse("  "), Err(RefusedText::Empty));
    assert_eq!(
        Name::parse(&"x".repeat(limits::NAME_CHARS_MAX + 1)),
        Err(RefusedText::TooLong)
    );
}

#[test]
fn a_message_has_lines_and_an_end() {
    assert!(MessageText::parse("One line.\nAnother.").is_ok());
    assert_eq!(
        MessageText::parse("bell\u{7}"),
        Err(RefusedText::Forbidden('\u{7}'))
    );
    let longest = "x".repeat(limits::TEXT_BYTES_MAX);
    assert!(MessageText::parse(&longest).is_ok());
    assert_eq!(
        MessageText::parse(&format!("{longest}x")),
        Err(RefusedText::TooLong)
    );
}

#[test]
fn caucus_keys_and_welcomes_pass_between_seats_of_one_side() {
    let mut scene = Scene::with_counting(4);
    let key = Event::CaucusKey(CaucusKey {
        key_package: vec![1; 100].into(),
    });
    assert!(scene.say(Leaf(1), key.clone()).is_ok());
    assert_eq!(scene.say(CONVENOR, key), Err(Void::WrongSide));
    let welcome = |seat| {
        Event::CaucusWelcome(CaucusWelcome {
            seat,
            bytes: vec![1; 100].into(),
        })
    };
    assert!(scene.say(Leaf(1), welcome(SeatId(3))).is_ok());
    assert_eq!(scene.say(Leaf(1), welcome(SeatId(2))), Err(Void::WrongSide));
}

#[test]
fn words_of_an_earlier_membership_confirm_nothing() {
    let mut scene = Scene::with_counting(4);
    let words = WordsConfirmed {
        membership: scene.state.membership(),
    };
    scene.join(RIVER);
    assert_eq!(
        scene.say(Leaf(2), Event::WordsConfirmed(words)),
        Err(Void::StaleWords)
    );
}

#[test]
fn what_is_handed_over_for_a_caucus_has_a_limit() {
    let mut scene = Scene::with_counting(4);
    let mut key = |bytes: usize| {
        let key_package = vec![7; bytes].into();
        scene.say(Leaf(1), Event::CaucusKey(CaucusKey { key_package }))
    };
    assert!(key(limits::KEY_PACKAGE_BYTES_MAX).is_ok());
    assert_eq!(key(limits::KEY_PACKAGE_BYTES_MAX + 1), Err(Void::TooLong));
    let mut welcome = |bytes: usize| {
        let welcome = CaucusWelcome {
            seat: SeatId(3),
            bytes: vec![7; bytes].into(),
        };
        scene.say(Leaf(1), Event::CaucusWelcome(welcome))
    };
    assert!(welcome(limits::WELCOME_BYTES_MAX).is_ok());
    assert_eq!(welcome(limits::WELCOME_BYTES_MAX + 1), Err(Void::TooLong));
}
