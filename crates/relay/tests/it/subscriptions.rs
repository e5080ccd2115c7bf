//! What a subscription brings, and when it ends.

use crate::client::{
    Client, append, bytes, create, founder, mailbox, rotate, start, subscribe, token,
};
use relay::RelayHandle;
use wire::{Answer, EntryKind, Push, Request};

async fn index(client: &mut Client) -> u64 {
    match client.push().await {
        Push::Entry(entry) => entry.index,
        push => panic!("an entry, not {push:?}"),
    }
}

async fn with_entries(relay: &RelayHandle, count: u64) -> Client {
    let mut client = Client::of(relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    for number in 0..count {
        client.ask(append(b'a', bytes(number))).await;
    }
    client
}

#[tokio::test]
async fn it_brings_what_is_there_then_says_so_then_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut writer = with_entries(&relay, 3).await;
    let mut reader = Client::of(&relay).await;
    assert_eq!(reader.ask(subscribe(b'a', 1)).await, Answer::Subscribed);
    assert_eq!((index(&mut reader).await, index(&mut reader).await), (1, 2));
    assert_eq!(reader.push().await, Push::CaughtUp { next: 3 });
    writer.ask(append(b'a', bytes(3))).await;
    assert_eq!(index(&mut reader).await, 3);
}

#[tokio::test]
async fn it_ends_with_the_rotation_and_the_next_token_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut writer = with_entries(&relay, 1).await;
    let mut reader = Client::of(&relay).await;
    reader.ask(subscribe(b'a', 1)).await;
    assert_eq!(reader.push().await, Push::CaughtUp { next: 1 });
    writer.ask(rotate(b'a', bytes(1), b'b')).await;
    writer.ask(append(b'b', bytes(2))).await;
    assert_eq!(index(&mut reader).await, 1);
    assert_eq!(reader.push().await, Push::Rotated);
    assert_eq!(reader.ask(subscribe(b'b', 2)).await, Answer::Subscribed);
    assert_eq!(index(&mut reader).await, 2);
    assert_eq!(reader.push().await, Push::CaughtUp { next: 3 });
}

#[tokio::test]
async fn somebody_offline_follows_over_five_rotations() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut writer = with_entries(&relay, 1).await;
    for step in 0..5_u8 {
        let (old, new) = (b'a' + step, b'a' + step + 1);
        writer
            .ask(rotate(old, bytes(u64::from(step) + 10), new))
            .await;
    }
    let mut reader = Client::of(&relay).await;
    let mut next = 0;
    for letter in b'a'..b'f' {
        assert_eq!(
            reader.ask(subscribe(letter, next)).await,
            Answer::Subscribed
        );
        loop {
            match reader.push().await {
                Push::Entry(entry) => {
                    assert_eq!(entry.index, next);
                    next += 1;
                }
                Push::Rotated => break,
                Push::CaughtUp { .. } => panic!("this token has ended"),
            }
        }
    }
    assert_eq!(next, 6);
    assert_eq!(reader.ask(subscribe(b'f', next)).await, Answer::Subscribed);
    assert_eq!(reader.push().await, Push::CaughtUp { next: 6 });
}

#[tokio::test]
async fn a_reset_ends_the_subscription_of_the_token_it_takes_away() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut writer = with_entries(&relay, 0).await;
    writer.ask(rotate(b'a', bytes(1), b'x')).await;
    let mut hostile = Client::of(&relay).await;
    hostile.ask(subscribe(b'x', 1)).await;
    assert_eq!(hostile.push().await, Push::CaughtUp { next: 1 });
    let (founder, new) = (founder(), token(b'a').hash());
    writer
        .ask(Request::Reset {
            mailbox: mailbox(),
            founder,
            token: new,
            from: 0,
        })
        .await;
    assert_eq!(hostile.push().await, Push::Rotated);
    writer.ask(subscribe(b'a', 1)).await;
    let Push::Entry(entry) = writer.push().await else {
        panic!("the reset")
    };
    assert_eq!(
        entry.kind,
        EntryKind::Reset {
            token: new,
            from: 0
        }
    );
}

#[tokio::test]
async fn a_subscriber_who_falls_far_behind_misses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut writer = with_entries(&relay, 0).await;
    let mut reader = Client::of(&relay).await;
    reader.ask(subscribe(b'a', 0)).await;
    let large = |number: u64| {
        let mut large = vec![0; 64 << 10];
        large[..8].copy_from_slice(&number.to_be_bytes());
        large
    };
    // Far more than the buffers of the network and the feed together hold.
    for number in 0..512 {
        writer.ask(append(b'a', large(number))).await;
    }
    assert_eq!(reader.push().await, Push::CaughtUp { next: 0 });
    for expected in 0..512 {
        assert_eq!(index(&mut reader).await, expected);
    }
}

#[tokio::test]
async fn a_client_that_only_writes_does_not_wait_for_its_own_pushes() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut writer = with_entries(&relay, 0).await;
    writer.ask(subscribe(b'a', 0)).await;
    for number in 0..2_000 {
        writer.send(append(b'a', bytes(number))).await.unwrap();
        if number >= 50 {
            writer.answer().await.unwrap();
        }
    }
    assert_eq!(writer.push().await, Push::CaughtUp { next: 0 });
    for expected in 0..2_000 {
        assert_eq!(index(&mut writer).await, expected);
    }
}
