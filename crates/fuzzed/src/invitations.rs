//! What passes through an invitation's mailbox: anybody who holds the invitation can write there,
//! and a newcomer reads what anybody answers.

use std::sync::LazyLock;

use participant::{Input, Invitation, Place};

use crate::dialogue::{ASKED, Vault, assert_vault_is_whole, entry, node};
use crate::script::{Script, TestRng};

/// What an envelope adds to its padded content.
const OVERHEAD: usize = 1 + 24 + 16;

/// What the request and the answer say under their seals.
static SAID: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let envelope = the_invitation().envelope();
    [0, 1].map(|at: usize| {
        let opened = envelope.open(&ASKED.log[at].bytes);
        let content = opened.expect("sealed for whoever holds the invitation");
        content.to_vec()
    })
});

/// What the answer hands over under a seal of the group: the room's state.
static SNAPSHOT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let convenor = node(&ASKED.convenor[1]);
    let seals = convenor.core().seals(Place::Plenary);
    let [_, seal] = seals.expect("the convenor is in the room");
    let opened = seal.open_inner(sealed_snapshot(&SAID[1]).1);
    let snapshot = opened.expect("sealed in the epoch of the newcomer");
    snapshot.to_vec()
});

/// A pasted text, and the same as it lies in a vault.
pub fn invitation(bytes: &[u8]) {
    if let Ok(invitation) = Invitation::from_bytes(bytes) {
        // A relay's address has more than one text; what is read is written in one form.
        let written = invitation.to_bytes();
        let again = Invitation::from_bytes(&written).ok();
        assert_eq!(again.map(|again| again.to_bytes()), Some(written));
        assert_text_survives(&invitation);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(invitation) = Invitation::parse(&text) {
        assert_text_survives(&invitation);
    }
}

fn assert_text_survives(invitation: &Invitation) {
    let again = Invitation::parse(&invitation.to_text()).ok();
    let again = again.map(|again| again.to_bytes());
    assert_eq!(again, Some(invitation.to_bytes()));
}

/// An entry of an invitation's mailbox as its holder opens it.
pub fn envelope(bytes: &[u8]) {
    let envelope = the_invitation().envelope();
    if envelope.open(bytes).is_ok() {
        let genuine = ASKED.log.iter().any(|entry| entry.bytes == bytes);
        assert!(genuine, "opened what nobody sealed");
    }
    // Under the right seal: whatever is inside, it comes off or is refused.
    let sealed = envelope.seal_inner(bytes, &mut TestRng(1));
    assert_eq!(sealed.len(), bytes.len() + OVERHEAD);
    if let Ok(content) = envelope.open(&sealed) {
        assert_eq!(wire::unpad(bytes, OVERHEAD), Ok(content.as_slice()));
    }
    let entry = envelope.seal(bytes, &mut TestRng(2));
    let entry = entry.expect("inputs are far below the largest bucket");
    assert!(wire::is_bucket(entry.len()));
    let content = envelope.open(&entry).expect("it was sealed here");
    assert_eq!(content.as_slice(), bytes);
}

/// Anybody with the invitation asks the convenor for anything.
pub fn lobby_request(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let contents = (0..1 + script.byte() % 3).map(|_| changed(&SAID[0], &mut script));
    hear(&ASKED.convenor[0], contents.collect());
}

/// Anybody with the invitation answers the newcomer anything, or the convenor a bad state.
pub fn lobby_answer(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let contents = (0..1 + script.byte() % 3).map(|_| {
        if script.one_in(2) {
            with_snapshot(&changed(&SNAPSHOT, &mut script))
        } else {
            changed(&SAID[1], &mut script)
        }
    });
    hear(&ASKED.newcomer, contents.collect());
}

/// A genuine content, changed, or any other.
fn changed(genuine: &[u8], script: &mut Script) -> Vec<u8> {
    if script.one_in(4) {
        return script.bytes(600).to_vec();
    }
    let mut content = genuine.to_vec();
    script.spoil_often(&mut content);
    content
}

/// The genuine answer up to its snapshot, and the snapshot under its seal: it stands last.
fn sealed_snapshot(answer: &[u8]) -> (&[u8], &[u8]) {
    // Kind, request, then two lengths with what they count.
    let (welcome, rest) = vector(&answer[1 + 32..]);
    let (snapshot, rest) = vector(rest);
    assert!(rest.is_empty() && !welcome.is_empty());
    let before = answer.len() - crate::script::with_length(snapshot).len();
    (&answer[..before], snapshot)
}

/// A vector with its length in front, and what follows it.
fn vector(bytes: &[u8]) -> (&[u8], &[u8]) {
    let size = 1 << (bytes[0] >> 6);
    let length = bytes[..size]
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    let length = length & ((1 << (8 * size - 2)) - 1);
    bytes[size..].split_at(length)
}

/// The genuine answer with another snapshot, sealed as the convenor can seal it.
fn with_snapshot(snapshot: &[u8]) -> Vec<u8> {
    let convenor = node(&ASKED.convenor[1]);
    let seals = convenor.core().seals(Place::Plenary);
    let [_, seal] = seals.expect("the convenor is in the room");
    let sealed = seal.seal_inner(snapshot, &mut TestRng(3));
    let (before, _) = sealed_snapshot(&SAID[1]);
    [before, &crate::script::with_length(&sealed)].concat()
}

/// A node reads entries of the invitation's mailbox with these contents.
fn hear(vault: &Vault, contents: Vec<Vec<u8>>) {
    let invitation = the_invitation();
    let (mailbox, envelope) = (invitation.mailbox, invitation.envelope());
    let mut seat = node(vault);
    for (content, index) in contents.iter().zip(0..) {
        let sealed = envelope.seal(content, &mut TestRng(index));
        let sealed = sealed.expect("inputs are far below the largest bucket");
        let entry = entry(index, ASKED.now, sealed);
        seat.input(Input::Log { mailbox, entry }, ASKED.now);
    }
    seat.input(Input::CaughtUp { mailbox }, ASKED.now);
    let _ = seat.core().view();
    assert_vault_is_whole(&seat);
}

fn the_invitation() -> Invitation {
    let invitation = Invitation::parse(&ASKED.invitation).ok();
    invitation.expect("as it was given")
}

/// A genuine invitation, as text and as bytes.
pub fn invitations() -> Vec<Vec<u8>> {
    let text = ASKED.invitation.clone().into_bytes();
    vec![text, the_invitation().to_bytes()]
}

/// Genuine entries, and paddings.
pub fn envelopes() -> Vec<Vec<u8>> {
    let entries = ASKED.log.iter().map(|entry| entry.bytes.clone());
    entries.chain(crate::wire_bytes::paddings()).collect()
}

/// As it was said; and with something changed.
pub fn scripts() -> Vec<Vec<u8>> {
    vec![
        vec![0],
        vec![0, 1],
        vec![2, 0, 0, 1, 0, 0, 40, 3],
        vec![0, 1, 0, 2, 4, 1, 7, 9, 4, 1, 2, 0, 9, 9],
    ]
}
