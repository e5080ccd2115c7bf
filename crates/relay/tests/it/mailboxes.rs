//! Rights and order, as a client sees them.

use crate::client::{
    Client, append, bytes, create, founder, mailbox, rotate, start, subscribe, token,
};
use wire::{
    Answer, CreationRight, Fingerprint, FounderSecret, GrantSecret, MailboxId, Refusal, Request,
};

const fn refused(refusal: Refusal) -> Answer {
    Answer::Refused(refusal)
}

const fn at(index: u64) -> Answer {
    Answer::Appended { index }
}

#[tokio::test]
async fn another_key_than_the_pinned_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let wrong = Fingerprint::new([0; 32]);
    assert!(Client::connect(relay.address(), wrong).await.is_err());
    assert!(
        Client::connect(relay.address(), relay.fingerprint())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn only_the_hybrid_key_exchange_is_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut classical = rustls::crypto::aws_lc_rs::default_provider();
    classical.kx_groups = vec![rustls::crypto::aws_lc_rs::kx_group::X25519];
    let (at, pin) = (relay.address(), relay.fingerprint());
    assert!(Client::connect_as(at, pin, classical).await.is_err());
}

#[tokio::test]
async fn key_secret_and_entries_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    assert_eq!(
        client
            .ask(create(&founder(), relay.creation_secret()))
            .await,
        Answer::Created
    );
    assert_eq!(client.ask(append(b'a', bytes(1))).await, at(0));
    let (pin, secret, counts) = (relay.fingerprint(), relay.creation_secret(), relay.counts());
    assert_eq!(
        (counts.mailboxes, counts.entries, counts.bytes),
        (1, 1, 1024)
    );
    relay.stop();
    let relay = start(folder.path());
    assert_eq!(
        (relay.fingerprint(), relay.creation_secret()),
        (pin, secret)
    );
    let mut client = Client::of(&relay).await;
    let entries = client.read_all(mailbox(), &token(b'a')).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].bytes, bytes(1));
    assert_eq!(client.ask(append(b'a', bytes(1))).await, at(0));
    assert_eq!(client.ask(append(b'a', bytes(2))).await, at(1));
}

#[tokio::test]
async fn a_grant_and_what_was_made_by_it_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    let secret = GrantSecret::new([5; 32]);
    let grant = Request::Grant {
        creation: relay.creation_secret(),
        grant: secret.hash(),
        mailboxes: 1,
    };
    let by_grant = |founder: u8| {
        let founder = FounderSecret::new([founder; 32]).hash();
        Request::Create {
            mailbox: MailboxId::of(&founder),
            creation: CreationRight::Grant(secret.clone()),
            token: token(b'a').hash(),
            founder,
        }
    };
    assert_eq!(client.ask(grant).await, Answer::Granted);
    relay.stop();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    assert_eq!(client.ask(by_grant(1)).await, Answer::Created);
    relay.stop();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    assert_eq!(client.ask(by_grant(1)).await, Answer::Created);
    assert_eq!(client.ask(by_grant(2)).await, refused(Refusal::Quota));
}

#[tokio::test]
async fn a_second_relay_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = relay::RelayConfig {
        listen,
        data: folder.path().to_owned(),
    };
    assert!(matches!(
        relay::start(config),
        Err(relay::StartError::Store(_))
    ));
    drop(relay);
}

#[tokio::test]
async fn a_removed_member_reads_and_writes_nothing_later() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    client.ask(append(b'a', bytes(1))).await;
    assert_eq!(client.ask(rotate(b'a', bytes(2), b'b')).await, at(1));
    assert_eq!(client.ask(append(b'b', bytes(3))).await, at(2));

    let mut removed = Client::of(&relay).await;
    assert_eq!(
        removed.ask(append(b'a', bytes(4))).await,
        refused(Refusal::Unauthorised)
    );
    let entries = removed.read_all(mailbox(), &token(b'a')).await;
    assert_eq!(
        entries.iter().map(|entry| entry.index).collect::<Vec<_>>(),
        [0, 1]
    );
    let later = Request::Read {
        mailbox: mailbox(),
        token: token(b'a'),
        from: 2,
        limit: 9,
    };
    assert_eq!(removed.ask(later).await, refused(Refusal::Unauthorised));
    assert_eq!(
        removed.ask(subscribe(b'a', 2)).await,
        refused(Refusal::Unauthorised)
    );
}

#[tokio::test]
async fn one_of_many_rotations_by_one_token_wins() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    for number in 0..16 {
        client
            .send(rotate(b'a', bytes(number), b'b'))
            .await
            .unwrap();
    }
    let mut won = 0;
    for _ in 0..16 {
        match client.answer().await.unwrap().1 {
            Answer::Appended { index: 0 } => won += 1,
            answer => assert_eq!(answer, refused(Refusal::Unauthorised)),
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn the_founder_resets_after_a_hostile_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    client.ask(rotate(b'a', bytes(1), b'x')).await;
    assert_eq!(
        client.ask(append(b'a', bytes(2))).await,
        refused(Refusal::Unauthorised)
    );
    let (founder, token_a) = (founder(), token(b'a').hash());
    let reset = Request::Reset {
        mailbox: mailbox(),
        founder,
        token: token_a,
        from: 0,
    };
    assert_eq!(client.ask(reset).await, at(1));
    assert_eq!(client.ask(append(b'a', bytes(2))).await, at(2));
    assert_eq!(
        client.ask(append(b'x', bytes(3))).await,
        refused(Refusal::Unauthorised)
    );
}

#[tokio::test]
async fn a_reset_after_many_rotations_leaves_no_gap_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    for (letter, next) in [(b'a', b'x'), (b'x', b'y'), (b'y', b'z')] {
        client.ask(append(letter, bytes(u64::from(letter)))).await;
        client
            .ask(rotate(letter, bytes(u64::from(next)), next))
            .await;
    }
    let reset = Request::Reset {
        mailbox: mailbox(),
        founder: founder(),
        token: token(b'a').hash(),
        from: 0,
    };
    assert_eq!(client.ask(reset).await, at(6));
    relay.stop();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    let entries = client.read_all(mailbox(), &token(b'a')).await;
    let indices: Vec<u64> = entries.iter().map(|entry| entry.index).collect();
    assert_eq!(indices, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(
        client.ask(append(b'z', bytes(9))).await,
        refused(Refusal::Unauthorised)
    );
    assert_eq!(client.ask(append(b'a', bytes(9))).await, at(7));
}

#[tokio::test]
async fn long_logs_are_read_in_portions_without_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    for number in 0..600 {
        client.send(append(b'a', bytes(number))).await.unwrap();
        if number >= 32 {
            client.answer().await.unwrap();
        }
    }
    for _ in 0..32 {
        client.answer().await.unwrap();
    }
    assert_eq!(client.ask(append(b'a', vec![1; 1 << 20])).await, at(600));
    assert_eq!(client.ask(append(b'a', vec![2; 1 << 20])).await, at(601));
    let entries = client.read_all(mailbox(), &token(b'a')).await;
    assert_eq!(entries.len(), 602);
    assert!(
        entries
            .iter()
            .zip(0..)
            .all(|(entry, index)| entry.index == index)
    );
}

#[tokio::test]
async fn mailboxes_do_not_touch_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    let founder_of_other = FounderSecret::new([2; 32]);
    let other = MailboxId::of(&founder_of_other.hash());
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    client
        .ask(create(&founder_of_other, relay.creation_secret()))
        .await;
    assert_eq!(client.ask(append(b'a', bytes(1))).await, at(0));
    assert_eq!(client.read_all(other, &token(b'a')).await, []);
}
