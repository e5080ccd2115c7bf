//! What a relay and its clients read of each other, and the text forms that people paste.
//! One value has one encoding: what is read is written again byte by byte.

use tls_codec::{DeserializeBytes as _, Serialize as _};
use wire::{
    Answer, Call, CreationRight, CreationSecret, Entry, EntryKind, Fingerprint, FounderHash,
    FounderSecret, GrantHash, GrantSecret, LogHead, MailboxId, Push, Refusal, RelayAddress, Reply,
    Request, Timestamp, Token, TokenHash,
};

/// What a seal adds to a padded content: version, nonce and tag.
pub const OVERHEAD: usize = 1 + 24 + 16;

/// A frame that a client sends.
pub fn call(bytes: &[u8]) {
    if let Ok(call) = wire::decode_call(bytes) {
        assert_eq!(wire::encode_call(&call), bytes);
    }
}

/// A frame that a relay sends.
pub fn reply(bytes: &[u8]) {
    if let Ok(reply) = wire::decode_reply(bytes) {
        assert_eq!(wire::encode_reply(&reply), bytes);
    }
}

/// An entry, as it stands in frames and on the relay's disk.
pub fn entry(bytes: &[u8]) {
    if let Ok(entry) = Entry::tls_deserialize_exact_bytes(bytes) {
        assert_eq!(entry.tls_serialize_detached().expect("written"), bytes);
        let start = LogHead::start(&MailboxId::new([1; 32]));
        assert_ne!(start.after(&entry), start);
    }
}

/// A padded content, and a content to be padded.
pub fn padding(bytes: &[u8]) {
    if let Ok(content) = wire::unpad(bytes, OVERHEAD) {
        assert_eq!(wire::pad(content, OVERHEAD).as_deref(), Ok(bytes));
    }
    let content = bytes.get(..5000).unwrap_or(bytes);
    let padded = wire::pad(content, OVERHEAD).expect("it fits");
    assert!(wire::is_bucket(padded.len() + OVERHEAD));
    assert_eq!(wire::unpad(&padded, OVERHEAD), Ok(content));
}

/// A relay's address and a creation secret: as text and as bytes.
pub fn address(bytes: &[u8]) {
    if let Ok(address) = RelayAddress::tls_deserialize_exact_bytes(bytes) {
        assert_eq!(address.tls_serialize_detached().expect("written"), bytes);
        assert_text_survives(&address);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(address) = text.parse::<RelayAddress>() {
        assert_text_survives(&address);
    }
    if let Ok(secret) = text.parse::<CreationSecret>() {
        assert!(secret.to_text().parse::<CreationSecret>() == Ok(secret));
    }
}

fn assert_text_survives(address: &RelayAddress) {
    assert_eq!(address.to_string().parse(), Ok(address.clone()));
}

/// One call of each kind.
pub fn calls() -> Vec<Vec<u8>> {
    let (mailbox, token) = (MailboxId::new([1; 32]), Token::new([2; 32]));
    let next = TokenHash::new([3; 32]);
    let bytes = vec![4; 1024];
    let requests = [
        Request::Create {
            mailbox,
            creation: CreationRight::Relay(CreationSecret::new([5; 32])),
            token: next,
            founder: FounderHash::new([6; 32]),
        },
        Request::Create {
            mailbox,
            creation: CreationRight::Grant(GrantSecret::new([5; 32])),
            token: next,
            founder: FounderHash::new([6; 32]),
        },
        Request::Grant {
            creation: CreationSecret::new([5; 32]),
            grant: GrantHash::new([6; 32]),
            mailboxes: 7,
        },
        Request::Append {
            mailbox,
            token: token.clone(),
            bytes: bytes.clone(),
        },
        Request::Rotate {
            mailbox,
            token: token.clone(),
            bytes,
            next,
            founder: Some(FounderSecret::new([8; 32])),
        },
        Request::Reset {
            mailbox,
            founder: FounderSecret::new([8; 32]),
            token: next,
            from: 9,
        },
        Request::Read {
            mailbox,
            token: token.clone(),
            from: 9,
            limit: 10,
        },
        Request::Subscribe {
            mailbox,
            token,
            from: 11,
        },
    ];
    let call = |request| wire::encode_call(&Call { id: 12, request });
    requests.map(call).to_vec()
}

/// One reply of each kind.
pub fn replies() -> Vec<Vec<u8>> {
    let answers = [
        Answer::Created,
        Answer::Granted,
        Answer::Appended { index: 1 },
        Answer::Entries {
            entries: an_entry_of_each_kind(),
            more: true,
        },
        Answer::Subscribed,
        Answer::Refused(Refusal::Exists),
    ];
    let pushes = [Push::CaughtUp { next: 3 }, Push::Rotated];
    let pushed = an_entry_of_each_kind().into_iter().map(Push::Entry);
    let answered = answers.map(|answer| Reply::Answer { id: 2, answer });
    answered
        .into_iter()
        .chain(pushed.chain(pushes).map(Reply::Pushed))
        .map(|reply| wire::encode_reply(&reply))
        .collect()
}

/// One entry of each kind.
pub fn entries() -> Vec<Vec<u8>> {
    let encoded = |entry: &Entry| entry.tls_serialize_detached().expect("written");
    an_entry_of_each_kind().iter().map(encoded).collect()
}

fn an_entry_of_each_kind() -> Vec<Entry> {
    let kinds = [
        EntryKind::Append,
        EntryKind::Rotate {
            next: TokenHash::new([1; 32]),
        },
        EntryKind::Reset {
            token: TokenHash::new([2; 32]),
            from: 2,
        },
    ];
    let entry = |kind| Entry {
        index: 3,
        time: Timestamp::from_ms(4),
        kind,
        bytes: vec![5; 1024],
    };
    kinds.map(entry).to_vec()
}

/// Paddings of a few lengths.
pub fn paddings() -> Vec<Vec<u8>> {
    let padded = |length| wire::pad(&vec![7; length], OVERHEAD).expect("it fits");
    [0, 1, 979, 980, 4051].map(padded).to_vec()
}

/// An address of each kind of host, as text and as bytes, and a secret.
pub fn addresses() -> Vec<Vec<u8>> {
    let address = |host: &str| RelayAddress {
        host: host.into(),
        port: 4433,
        fingerprint: Fingerprint::new([3; 32]),
    };
    let addresses = ["127.0.0.1", "::1", "relay.example.org"].map(address);
    let texts = addresses.iter().map(|a| a.to_string().into_bytes());
    let encoded = addresses
        .iter()
        .map(|a| a.tls_serialize_detached().expect("written"));
    let secret = CreationSecret::new([9; 32]).to_text().as_bytes().to_vec();
    texts.chain(encoded).chain([secret]).collect()
}
