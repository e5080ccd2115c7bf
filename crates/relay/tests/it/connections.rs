//! What one connection, one address and strangers may cost.

use crate::client::{Client, NO_ANSWER, append, bytes, create, founder, rotate, start, subscribe};
use relay::core::{Allowance, Rate};
use relay::{Bounds, Crowd, Pace, RelayConfig, RelayHandle};
use std::path::Path;
use std::time::Duration;
use wire::{Answer, Call, FounderSecret, Refusal, Request, encode_call};

/// Longer than any test takes.
const NEVER: Duration = Duration::from_secs(3_600);

const NONE: Crowd = Crowd {
    all: 0,
    of_address: 0,
};

const UNHURRIED: Pace = Pace {
    first: NEVER,
    bytes_per_second: 1,
};

fn bounded(data: &Path, bounds: Bounds) -> RelayHandle {
    let config = RelayConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.to_owned(),
    };
    relay::start_bounded(config, bounds).unwrap()
}

/// An append of 64 KiB.
fn large(number: u64) -> Request {
    append(b'a', [bytes(number), vec![7; (64 << 10) - 1024]].concat())
}

fn large_frame(number: u64) -> Vec<u8> {
    let request = large(number);
    encode_call(&Call { id: 9, request })
}

#[tokio::test]
async fn one_address_gets_so_many_connections_and_gets_them_back() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        connections: Crowd {
            all: 100,
            of_address: 2,
        },
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut first = Client::of(&relay).await;
    let second = Client::of(&relay).await;
    let (at, pin) = (relay.address(), relay.fingerprint());
    assert!(Client::connect(at, pin).await.is_err());
    let made = first.ask(create(&founder(), relay.creation_secret())).await;
    assert_eq!(made, Answer::Created);
    assert!(Client::connect(at, pin).await.is_err(), "proven or not");
    drop(second);
    while Client::connect(at, pin).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn strangers_leave_places_for_those_who_show_a_right() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        unproven: Crowd {
            all: 1,
            of_address: 1,
        },
        proof_timeout: NEVER,
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let (at, pin) = (relay.address(), relay.fingerprint());
    let mut first = Client::of(&relay).await;
    assert_eq!(
        first.ask(subscribe(b'x', 0)).await,
        Answer::Refused(Refusal::Unauthorised)
    );
    assert!(Client::connect(at, pin).await.is_err());
    first.ask(create(&founder(), relay.creation_secret())).await;
    let mut second = Client::of(&relay).await;
    assert_eq!(second.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
    let _third = Client::of(&relay).await;
}

#[tokio::test]
async fn whoever_shows_no_right_in_time_is_disconnected() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        proof_timeout: Duration::from_millis(200),
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut member = Client::of(&relay).await;
    let made = create(&founder(), relay.creation_secret());
    assert_eq!(member.ask(made).await, Answer::Created);
    let mut stranger = Client::of(&relay).await;
    assert_eq!(
        stranger.ask(subscribe(b'x', 0)).await,
        Answer::Refused(Refusal::Unauthorised)
    );
    // The relay ended it; the client did not just lose its patience.
    let ended = stranger.answer().await;
    assert!(ended.is_err(), "its time is over");
    assert_ne!(ended, Err(NO_ANSWER.into()));
    assert_eq!(
        member.ask(append(b'a', bytes(1))).await,
        Answer::Appended { index: 0 },
        "a right that was shown holds"
    );
}

#[tokio::test]
async fn large_frames_are_read_only_after_a_right_was_shown() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        proof_timeout: Duration::from_millis(500),
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut member = Client::of(&relay).await;
    let made = create(&founder(), relay.creation_secret());
    assert_eq!(member.ask(made).await, Answer::Created);
    let mut hasty = Client::of(&relay).await;
    let _ = hasty.send_frame(large_frame(1)).await;
    let ended = hasty.answer().await;
    assert!(ended.is_err(), "it was never read");
    assert_ne!(ended, Err(NO_ANSWER.into()));
    assert_eq!(relay.counts().entries, 0);

    let mut other = Client::of(&relay).await;
    other.send(subscribe(b'a', 0)).await.unwrap();
    other.send(large(2)).await.unwrap();
    assert_eq!(other.answer().await.unwrap().1, Answer::Subscribed);
    let appended = Answer::Appended { index: 0 };
    assert_eq!(other.answer().await.unwrap().1, appended);
}

#[tokio::test]
async fn a_connection_that_writes_too_fast_is_told_so_and_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let slow = Allowance {
        at_once: 8,
        per_second: 0,
    };
    let bounds = Bounds {
        connection_rate: Rate {
            entries: slow,
            ..Rate::CONNECTION
        },
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut flood = Client::of(&relay).await;
    flood.ask(create(&founder(), relay.creation_secret())).await;
    for number in 0..8 {
        let answer = flood.ask(append(b'a', bytes(number))).await;
        assert_eq!(answer, Answer::Appended { index: number });
    }
    let refused = Answer::Refused(Refusal::Busy);
    assert_eq!(flood.ask(append(b'a', bytes(8))).await, refused);
    assert_eq!(flood.ask(subscribe(b'a', 8)).await, Answer::Subscribed);
    let mut other = Client::of(&relay).await;
    assert_eq!(
        other.ask(append(b'a', bytes(9))).await,
        Answer::Appended { index: 8 }
    );
}

/// A flood that comes by ever new connections is one all the same, and whoever was there and wrote little goes on.
#[tokio::test]
async fn whoever_connects_anew_writes_no_faster_and_silences_nobody() {
    let folder = tempfile::tempdir().unwrap();
    // Four seconds for what one connection of the flood sends at once.
    let mut bounds = Bounds {
        savings: Rate {
            bytes: Allowance {
                at_once: 64 << 10,
                per_second: 16 << 10,
            },
            ..Rate::SAVINGS
        },
        ..Bounds::default()
    };
    bounds.quotas.mailbox_rate.entries = Allowance {
        at_once: 8,
        per_second: 0,
    };
    let relay = bounded(folder.path(), bounds);
    let mut quiet = Client::of(&relay).await;
    quiet.ask(create(&founder(), relay.creation_secret())).await;
    let refused = Answer::Refused(Refusal::Busy);
    let mut taken = 0;
    for number in 0..16 {
        let mut flood = Client::of(&relay).await;
        assert_eq!(flood.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
        taken += u64::from(flood.ask(large(number)).await != refused);
    }
    assert_eq!(taken, 8);
    let mut answer = refused.clone();
    while answer == refused {
        answer = quiet.ask(large(99)).await;
    }
    assert_eq!(answer, Answer::Appended { index: 8 });
}

#[tokio::test]
async fn a_conference_behind_one_router_fits() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut first = Client::of(&relay).await;
    first.ask(create(&founder(), relay.creation_secret())).await;
    let mut seats = Vec::new();
    for _ in 0..200 {
        let mut seat = Client::of(&relay).await;
        assert_eq!(seat.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
        seats.push(seat);
    }
}

#[tokio::test]
async fn so_many_large_frames_come_in_at_once_and_another_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let one = Crowd {
        all: 1,
        of_address: 1,
    };
    let bounds = Bounds {
        large_frames: one,
        kept_large_frames: NONE,
        large_frame: UNHURRIED,
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut first = Client::of(&relay).await;
    first.ask(create(&founder(), relay.creation_secret())).await;
    let frame = large_frame(1);
    let (begun, rest) = frame.split_at(40 << 10);
    first.begin_frame(begun).await;

    let mut second = Client::of(&relay).await;
    assert_eq!(second.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
    // It may be told before it has sent all.
    let _ = second.send_frame(large_frame(2)).await;
    let busy = Answer::Refused(Refusal::Busy);
    assert_eq!(second.answer().await, Ok((0, busy)));
    let ended = second.answer().await;
    assert!(ended.is_err());
    assert_ne!(ended, Err(NO_ANSWER.into()));

    let mut third = Client::of(&relay).await;
    assert_eq!(third.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
    let small = third.ask(append(b'a', bytes(3))).await;
    assert_eq!(
        small,
        Answer::Appended { index: 0 },
        "what is small goes on"
    );

    first.end_frame(rest).await;
    let whole = Ok((9, Answer::Appended { index: 1 }));
    assert_eq!(first.answer().await, whole);
    third.send_frame(large_frame(4)).await.unwrap();
    let next = Ok((9, Answer::Appended { index: 2 }));
    assert_eq!(third.answer().await, next, "there is a place again");
}

#[tokio::test]
async fn a_connection_has_so_many_mailboxes_made_and_others_are_not_kept_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        creation_rate: Rate {
            entries: Allowance {
                at_once: 2,
                per_second: 0,
            },
            ..Rate::CONNECTION_CREATIONS
        },
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let made = |letter: u8| create(&FounderSecret::new([letter; 32]), relay.creation_secret());
    let mut hasty = Client::of(&relay).await;
    assert_eq!(hasty.ask(made(1)).await, Answer::Created);
    assert_eq!(hasty.ask(made(2)).await, Answer::Created);
    let busy = Answer::Refused(Refusal::Busy);
    assert_eq!(hasty.ask(made(3)).await, busy);
    let mut other = Client::of(&relay).await;
    assert_eq!(other.ask(made(3)).await, Answer::Created);
}

#[tokio::test]
async fn what_gave_way_is_gone_after_a_restart_as_well_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut bounds = Bounds::default();
    (bounds.quotas.mailboxes, bounds.quotas.unused_ms) = (2, 0);
    let unused = |letter: u8| FounderSecret::new([letter; 32]);
    let relay = bounded(folder.path(), bounds);
    let creation = relay.creation_secret();
    let mut client = Client::of(&relay).await;
    client.ask(create(&founder(), creation.clone())).await;
    client.ask(append(b'a', bytes(1))).await;
    for letter in [1, 2] {
        let made = client.ask(create(&unused(letter), creation.clone())).await;
        assert_eq!(made, Answer::Created);
    }
    relay.stop();
    let relay = bounded(folder.path(), bounds);
    assert_eq!(relay.counts().mailboxes, 2);
    let mut client = Client::of(&relay).await;
    let again = client.ask(create(&unused(1), creation)).await;
    assert_eq!(again, Answer::Created);
    let kept = client.ask(append(b'a', bytes(1))).await;
    assert_eq!(
        kept,
        Answer::Appended { index: 0 },
        "what was written stays"
    );
}

/// What is over may be read, and nothing else comes of it: whoever was a member, and whoever holds what was handed
/// over once, is a stranger.
#[tokio::test]
async fn an_old_token_takes_no_place_from_members() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        unproven: Crowd {
            all: 1,
            of_address: 1,
        },
        proof_timeout: Duration::from_millis(500),
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let (at, pin) = (relay.address(), relay.fingerprint());
    let mut member = Client::of(&relay).await;
    let made = create(&founder(), relay.creation_secret());
    assert_eq!(member.ask(made).await, Answer::Created);
    assert_eq!(
        member.ask(append(b'a', bytes(1))).await,
        Answer::Appended { index: 0 }
    );
    assert_eq!(
        member.ask(rotate(b'a', bytes(2), b'b')).await,
        Answer::Appended { index: 1 }
    );
    let mut former = Client::of(&relay).await;
    assert_eq!(former.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
    let found = Answer::Appended { index: 0 };
    assert_eq!(former.ask(append(b'a', bytes(1))).await, found);
    assert!(
        Client::connect(at, pin).await.is_err(),
        "it is counted as a stranger"
    );
    let large = append(b'a', [bytes(3), vec![7; (64 << 10) - 1024]].concat());
    let frame = encode_call(&Call {
        id: 9,
        request: large,
    });
    let _ = former.send_frame(frame).await;
    let ended = former.answer().await;
    assert!(
        ended.is_err(),
        "its time is over, and nothing large was read"
    );
    assert_ne!(ended, Err(NO_ANSWER.into()));
    let mut second = Client::of(&relay).await;
    assert_eq!(second.ask(subscribe(b'b', 2)).await, Answer::Subscribed);
    let mut third = Client::of(&relay).await;
    assert_eq!(third.ask(subscribe(b'b', 2)).await, Answer::Subscribed);
}

#[tokio::test]
async fn a_large_frame_that_comes_too_slowly_ends_its_connection() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds {
        large_frame: Pace {
            first: Duration::from_millis(300),
            bytes_per_second: u64::MAX,
        },
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut member = Client::of(&relay).await;
    let made = create(&founder(), relay.creation_secret());
    assert_eq!(member.ask(made).await, Answer::Created);
    member.send_frame(large_frame(1)).await.unwrap();
    let whole = Ok((9, Answer::Appended { index: 0 }));
    assert_eq!(member.answer().await, whole, "what comes in time is taken");
    let frame = large_frame(2);
    let (begun, _) = frame.split_at(40 << 10);
    member.begin_frame(begun).await;
    let ended = member.answer().await;
    assert!(ended.is_err());
    assert_ne!(ended, Err(NO_ANSWER.into()));
}

#[tokio::test]
async fn whoever_follows_a_mailbox_has_places_for_large_frames_that_others_do_not_take() {
    let folder = tempfile::tempdir().unwrap();
    let one = Crowd {
        all: 1,
        of_address: 1,
    };
    let bounds = Bounds {
        large_frames: one,
        kept_large_frames: one,
        ..Bounds::default()
    };
    let relay = bounded(folder.path(), bounds);
    let mut first = Client::of(&relay).await;
    first.ask(create(&founder(), relay.creation_secret())).await;
    let _ = first.send_frame(large_frame(1)).await;
    let busy = Answer::Refused(Refusal::Busy);
    assert_eq!(first.answer().await, Ok((0, busy)));
    let mut follower = Client::of(&relay).await;
    assert_eq!(follower.ask(subscribe(b'a', 0)).await, Answer::Subscribed);
    follower.push().await;
    follower.send_frame(large_frame(2)).await.unwrap();
    let whole = Ok((9, Answer::Appended { index: 0 }));
    assert_eq!(follower.answer().await, whole);
}
