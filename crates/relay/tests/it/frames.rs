//! Frames that nobody can read: refused, counted, survived.

use crate::client::{Client, append, bytes, create, founder, start};
use wire::limits::{MAX_BAD_FRAMES, MAX_FRAME_BYTES};
use wire::{Answer, Call, Refusal, encode_call};

fn call(request: wire::Request) -> Vec<u8> {
    encode_call(&Call { id: 5, request })
}

#[tokio::test]
async fn damaged_frames_and_unknown_versions_are_refused_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client
        .ask(create(&founder(), relay.creation_secret()))
        .await;

    let mut version = call(append(b'a', bytes(1)));
    version[0] = 9;
    client.send_frame(version).await.unwrap();
    let unknown = Answer::Refused(Refusal::UnknownVersion);
    assert_eq!(client.answer().await, Ok((0, unknown)));

    let mut damaged = call(append(b'a', bytes(1)));
    damaged[9] = 99;
    client.send_frame(damaged).await.unwrap();
    let malformed = Answer::Refused(Refusal::Malformed);
    assert_eq!(client.answer().await, Ok((0, malformed)));

    assert_eq!(
        client.ask(append(b'a', bytes(1))).await,
        Answer::Appended { index: 0 }
    );
    assert_eq!(relay.counts().damaged, 2);
}

#[tokio::test]
async fn an_oversized_frame_ends_its_connection_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut other = Client::of(&relay).await;
    other.ask(create(&founder(), relay.creation_secret())).await;
    let mut client = Client::of(&relay).await;
    let _ = client.send_frame(vec![1; MAX_FRAME_BYTES + 1]).await;
    assert!(client.answer().await.is_err());
    assert_eq!(
        other.ask(append(b'a', bytes(1))).await,
        Answer::Appended { index: 0 }
    );
    assert_eq!(relay.counts().damaged, 1);
}

#[tokio::test]
async fn a_ping_is_answered_though_nothing_else_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    client.ping().await;
    client.ping().await;
}

#[tokio::test]
async fn too_many_bad_frames_end_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let mut client = Client::of(&relay).await;
    for _ in 0..MAX_BAD_FRAMES {
        let _ = client.send_frame(b"nonsense".to_vec()).await;
    }
    while client.answer().await.is_ok() {}
    assert!(relay.counts().damaged >= u64::from(MAX_BAD_FRAMES));
}

#[tokio::test]
async fn noise_on_the_port_harms_nobody() {
    use tokio::io::AsyncWriteExt as _;
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    for _ in 0..20 {
        let mut tcp = tokio::net::TcpStream::connect(relay.address())
            .await
            .unwrap();
        tcp.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    }
    let mut client = Client::of(&relay).await;
    let answer = client
        .ask(create(&founder(), relay.creation_secret()))
        .await;
    assert_eq!(answer, Answer::Created);
}

#[tokio::test]
async fn every_flipped_byte_is_answered_and_nothing_panics() {
    let folder = tempfile::tempdir().unwrap();
    let relay = start(folder.path());
    let good = call(append(b'a', bytes(1)));
    for place in 0..128 {
        let mut client = Client::of(&relay).await;
        let mut frame = good.clone();
        frame[place] ^= 0x55;
        client.send_frame(frame).await.unwrap();
        let (_, answer) = client.answer().await.unwrap();
        assert!(
            matches!(answer, Answer::Refused(_)),
            "byte {place}: {answer:?}"
        );
    }
    assert_eq!(relay.counts().entries, 0);
}
