//! What passes through an invitation's mailbox: anybody who holds the invitation can write there,
//! and a newcomer reads what anybody answers.

use std::sync::LazyLock;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use participant::{Input, Invitation};
use sha2::Sha256;

use crate::dialogue::{ASKED, Vault, assert_vault_is_whole, entry, node};
use crate::script::Script;
use crate::wire_bytes::OVERHEAD;

const NONCE: [u8; 24] = [5; 24];

/// What the request and the answer say under their seals.
static SAID: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let envelope = the_invitation().envelope();
    [0, 1].map(|at: usize| {
        let opened = envelope.open(&ASKED.log[at].bytes);
        opened
            .expect("sealed for whoever holds the invitation")
            .to_vec()
    })
});

/// A pasted text, and the same as it lies in a vault.
pub fn invitation(bytes: &[u8]) {
    if let Ok(invitation) = Invitation::from_bytes(bytes) {
        // A relay's address has more than one text; what is read is written in one form.
        let written = invitation.to_bytes();
        let again = Invitation::from_bytes(&written).ok().map(|i| i.to_bytes());
        assert_eq!(again, Some(written));
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
    if let Ok(content) = envelope.open(bytes) {
        let genuine = ASKED.log.iter().any(|entry| entry.bytes == bytes);
        assert!(genuine || content.len() < bytes.len());
    }
    // Under the right seal: whatever is inside, it comes off or is refused.
    let opened = |entry: &[u8]| envelope.open(entry).ok().map(|content| content.to_vec());
    let content = wire::unpad(bytes, OVERHEAD).ok().map(<[u8]>::to_vec);
    assert_eq!(opened(&sealed_padded(bytes)), content);
    assert_eq!(opened(&sealed(bytes)), Some(bytes.to_vec()));
}

/// Anybody with the invitation asks the convenor for anything.
pub fn lobby_request(bytes: &[u8]) {
    hear(&ASKED.convenor, &SAID[0], bytes);
}

/// Anybody with the invitation answers the newcomer anything.
pub fn lobby_answer(bytes: &[u8]) {
    hear(&ASKED.newcomer, &SAID[1], bytes);
}

/// A node reads entries of the invitation's mailbox: each a genuine content, changed, or any other.
fn hear(vault: &Vault, genuine: &[u8], bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let mailbox = the_invitation().mailbox;
    let mut seat = node(vault);
    for index in 0..1 + u64::from(script.byte() % 3) {
        let content = if script.one_in(4) {
            script.bytes(600).to_vec()
        } else {
            let mut content = genuine.to_vec();
            script.spoil_often(&mut content);
            content
        };
        let entry = entry(index, ASKED.now, sealed(&content));
        seat.input(Input::Log { mailbox, entry }, ASKED.now);
    }
    seat.input(Input::CaughtUp { mailbox }, ASKED.now);
    let _ = seat.core().view();
    assert_vault_is_whole(&seat);
}

fn the_invitation() -> Invitation {
    Invitation::parse(&ASKED.invitation).expect("as it was given")
}

/// PROTOCOL, "Invitations": sealed as anybody can who holds the text.
fn sealed(content: &[u8]) -> Vec<u8> {
    let padded = wire::pad(content, OVERHEAD);
    sealed_padded(&padded.expect("inputs are far below the largest bucket"))
}

fn sealed_padded(padded: &[u8]) -> Vec<u8> {
    let invitation = the_invitation();
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(
        Some(invitation.mailbox.as_bytes()),
        invitation.secret.as_slice(),
    )
    .expand(b"tracktwo/invitation/v1/envelope", &mut key)
    .expect("32 bytes are within what HKDF gives");
    let payload = Payload {
        msg: padded,
        aad: invitation.mailbox.as_bytes(),
    };
    let cipher = XChaCha20Poly1305::new(&key.into());
    let tail = cipher.encrypt(&XNonce::from(NONCE), payload);
    [[1].as_slice(), &NONCE, &tail.expect("short")].concat()
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

/// As it was said; and with a byte changed.
pub fn scripts() -> Vec<Vec<u8>> {
    vec![
        vec![0],
        vec![2, 0, 0, 0, 1, 0, 0, 40, 3],
        vec![0, 0, 4, 0, 1, 7, 9, 4, 1, 2, 0, 9, 9],
    ]
}
