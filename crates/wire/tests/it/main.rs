//! Frames as a second implementer sees them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod edges;
mod vectors;

use proptest::prelude::*;
use wire::limits::{BUCKETS, FRAME_OVERHEAD, MAX_FRAME_BYTES};
use wire::{
    Answer, Call, CreationRight, CreationSecret, Entry, EntryKind, FounderSecret, GrantSecret,
    InvalidFrame, MailboxId, Push, Refusal, Reply, Request, Timestamp, Token, TokenHash,
    decode_call, decode_reply, encode_call, encode_reply,
};

const MAILBOX: MailboxId = MailboxId::new([1; 32]);

fn append(bytes: Vec<u8>) -> Call {
    let token = Token::new([2; 32]);
    Call {
        id: 7,
        request: Request::Append {
            mailbox: MAILBOX,
            token,
            bytes,
        },
    }
}

/// With the founder's secret, which makes its frame the longest.
fn rotate(bytes: Vec<u8>) -> Call {
    let (token, next) = (Token::new([2; 32]), TokenHash::new([3; 32]));
    Call {
        id: 7,
        request: Request::Rotate {
            mailbox: MAILBOX,
            token,
            bytes,
            next,
            founder: Some(FounderSecret::new([5; 32])),
        },
    }
}

fn entry(bytes: Vec<u8>) -> Entry {
    let kind = EntryKind::Rotate {
        next: TokenHash::new([3; 32]),
    };
    Entry {
        index: u64::MAX,
        time: Timestamp::from_ms(u64::MAX),
        kind,
        bytes,
    }
}

fn requests() -> Vec<Request> {
    let (mailbox, token, hash) = (MAILBOX, Token::new([2; 32]), TokenHash::new([3; 32]));
    let founder = FounderSecret::new([5; 32]);
    let creation = CreationRight::Relay(CreationSecret::new([6; 32]));
    let by_grant = CreationRight::Grant(GrantSecret::new([6; 32]));
    vec![
        Request::Create {
            mailbox,
            creation,
            token: hash,
            founder: founder.hash(),
        },
        Request::Create {
            mailbox,
            creation: by_grant,
            token: hash,
            founder: founder.hash(),
        },
        Request::Grant {
            creation: CreationSecret::new([6; 32]),
            grant: GrantSecret::new([8; 32]).hash(),
            mailboxes: 4,
        },
        append(vec![9; 1024]).request,
        rotate(vec![9; 1024]).request,
        Request::Reset {
            mailbox,
            founder,
            token: hash,
            from: 3,
        },
        Request::Read {
            mailbox,
            token: token.clone(),
            from: 3,
            limit: 4,
        },
        Request::Subscribe {
            mailbox,
            token,
            from: 3,
        },
    ]
}

fn replies() -> Vec<Reply> {
    let answers = [
        Answer::Created,
        Answer::Granted,
        Answer::Appended { index: 5 },
        Answer::Entries {
            entries: vec![entry(vec![1; 1024]), entry(vec![])],
            more: true,
        },
        Answer::Subscribed,
        Answer::Refused(Refusal::DiskFull),
    ];
    let pushes = [
        Push::Entry(entry(vec![1; 1024])),
        Push::CaughtUp { next: 9 },
        Push::Rotated,
    ];
    let answers = answers
        .into_iter()
        .map(|answer| Reply::Answer { id: 7, answer });
    answers
        .chain(pushes.into_iter().map(Reply::Pushed))
        .collect()
}

#[test]
fn every_request_and_reply_survives_its_frame() {
    for request in requests() {
        let call = Call { id: 7, request };
        assert_eq!(decode_call(&encode_call(&call)), Ok(call));
    }
    for reply in replies() {
        assert_eq!(decode_reply(&encode_reply(&reply)), Ok(reply));
    }
}

#[test]
fn a_frame_of_one_entry_is_its_bucket_and_a_constant() {
    for bucket in BUCKETS {
        let entries = vec![entry(vec![0; bucket])];
        let sizes = [
            encode_call(&append(vec![0; bucket])).len(),
            encode_call(&rotate(vec![0; bucket])).len(),
            encode_reply(&Reply::Pushed(Push::Entry(entry(vec![0; bucket])))).len(),
            encode_reply(&Reply::Answer {
                id: 1,
                answer: Answer::Entries {
                    entries,
                    more: true,
                },
            })
            .len(),
        ];
        assert_eq!(sizes, [bucket + FRAME_OVERHEAD; 4]);
    }
}

#[test]
fn every_frame_without_an_entry_has_the_same_size() {
    let bare = requests()
        .into_iter()
        .filter(|request| !matches!(request, Request::Append { .. } | Request::Rotate { .. }));
    for request in bare {
        assert_eq!(encode_call(&Call { id: 1, request }).len(), FRAME_OVERHEAD);
    }
}

#[test]
fn an_unknown_version_is_told_from_damage() {
    let mut frame = encode_call(&append(vec![0; 1024]));
    frame[0] = 2;
    assert_eq!(decode_call(&frame), Err(InvalidFrame::UnknownVersion));
    assert_eq!(decode_call(&[]), Err(InvalidFrame::Malformed));
    assert_eq!(
        decode_call(&vec![1; MAX_FRAME_BYTES + 1]),
        Err(InvalidFrame::Oversized)
    );
}

#[test]
fn trailing_bytes_and_dirty_padding_are_refused() {
    let frame = encode_call(&append(vec![0; 1024]));
    let mut longer = frame.clone();
    longer.resize(frame.len() + 1024, 0);
    assert_eq!(decode_call(&longer), Err(InvalidFrame::Malformed));
    let mut dirty = frame.clone();
    dirty[frame.len() - 1] = 1;
    assert_eq!(decode_call(&dirty), Err(InvalidFrame::Malformed));
    let mut inner = frame.clone();
    inner[4] += 1;
    assert_eq!(decode_call(&inner), Err(InvalidFrame::Malformed));
    assert_eq!(
        decode_call(&frame[..frame.len() - 1]),
        Err(InvalidFrame::Malformed)
    );
}

#[test]
fn unknown_requests_kinds_and_flags_are_refused() {
    let mut unknown = encode_call(&append(vec![0; 1024]));
    unknown[9] = 99;
    assert_eq!(decode_call(&unknown), Err(InvalidFrame::Malformed));
    let answer = Answer::Entries {
        entries: vec![],
        more: true,
    };
    let mut flag = encode_reply(&Reply::Answer { id: 1, answer });
    let last = flag.iter().rposition(|byte| *byte == 1).unwrap();
    flag[last] = 2;
    assert_eq!(decode_reply(&flag), Err(InvalidFrame::Malformed));
}

proptest! {
    #[test]
    fn no_frame_makes_the_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        let mut framed = bytes.clone();
        framed.insert(0, 1);
        let _ = (decode_call(&bytes), decode_reply(&bytes));
        let _ = (decode_call(&framed), decode_reply(&framed));
    }

    #[test]
    fn a_flipped_byte_never_panics_and_what_decodes_encodes_the_same(
        which in 0_usize..8, place in 0_usize..1280, with in 1_u8..=255
    ) {
        let mut frame = encode_call(&Call { id: 7, request: requests().swap_remove(which) });
        let place = place % frame.len();
        frame[place] ^= with;
        if let Ok(call) = decode_call(&frame) {
            prop_assert_eq!(encode_call(&call), frame);
        }
    }
}
