//! An invitation: all that a newcomer needs to ask for one seat, as text to paste or a file.

use data_encoding::BASE32_NOPAD;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{CreationSecret, MailboxId, RelayAddress, Timestamp, Token};
use zeroize::{Zeroize, Zeroizing};

use crate::envelope::Envelope;

const PREFIX: &str = "TRACKTWO";
const VERSION: u8 = 1;
const CHECKSUM_BYTES: usize = 4;

/// Why a text is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidInvitation {
    /// Damaged on the way, cut off, or something else altogether.
    Damaged,
    /// Made by a newer program.
    UnknownVersion,
}

/// What the convenor hands over by hand. Whoever holds it can ask for the seat, once.
pub struct Invitation {
    /// Where the mailboxes live, with the relay's key.
    pub relay: RelayAddress,
    /// Lets a side's first seat create the caucus's mailbox.
    pub creation: CreationSecret,
    /// Where to ask: a mailbox for this invitation alone.
    pub mailbox: MailboxId,
    /// Seals the request and its answer.
    pub secret: Zeroizing<[u8; 32]>,
    /// For which side.
    pub side: u16,
    /// Log time after which a request is turned down.
    pub expires: Timestamp,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Encoded {
    relay: VLBytes,
    creation: [u8; 32],
    mailbox: [u8; 32],
    secret: [u8; 32],
    side: u16,
    expires_ms: u64,
}

impl Invitation {
    /// The token of the invitation's own mailbox.
    pub fn token(&self) -> Token {
        Token::new(*self.derive("tracktwo/invitation/v1/token"))
    }

    /// Seals the request and its answer.
    pub fn envelope(&self) -> Envelope {
        Envelope::new(self.derive("tracktwo/invitation/v1/envelope"), self.mailbox)
    }

    fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(self.mailbox.as_bytes()), self.secret.as_slice())
            .expand(label.as_bytes(), out.as_mut_slice())
            .expect("32 bytes are within what HKDF gives");
        out
    }

    /// Upper-case base32 in groups of eight, with a checksum: survives line breaks and case.
    pub fn to_text(&self) -> String {
        let mut bytes = self.to_bytes();
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        let letters = BASE32_NOPAD.encode(&bytes);
        bytes.zeroize();
        let groups: Vec<&str> = (0..letters.len())
            .step_by(8)
            .filter_map(|at| letters.get(at..letters.len().min(at + 8)))
            .collect();
        format!("{PREFIX}-{}", groups.join("-"))
    }

    /// Reads a pasted text: white space, hyphens and case do not matter.
    pub fn parse(text: &str) -> Result<Invitation, InvalidInvitation> {
        let letters: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let letters = letters
            .strip_prefix(PREFIX)
            .ok_or(InvalidInvitation::Damaged)?;
        let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| InvalidInvitation::Damaged)?;
        let (content, sum) = bytes
            .split_last_chunk::<CHECKSUM_BYTES>()
            .ok_or(InvalidInvitation::Damaged)?;
        if *sum != checksum(content) {
            return Err(InvalidInvitation::Damaged);
        }
        Invitation::from_bytes(content)
    }

    /// For the vault, and inside the text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let encoded = Encoded {
            relay: self.relay.to_string().into_bytes().into(),
            creation: *self.creation.expose(),
            mailbox: *self.mailbox.as_bytes(),
            secret: *self.secret,
            side: self.side,
            expires_ms: self.expires.ms(),
        };
        let body = encoded
            .tls_serialize_detached()
            .expect("a few hundred bytes");
        [[VERSION].as_slice(), &body].concat()
    }

    /// Reads what [`Invitation::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Invitation, InvalidInvitation> {
        let (version, body) = bytes.split_first().ok_or(InvalidInvitation::Damaged)?;
        if *version != VERSION {
            return Err(InvalidInvitation::UnknownVersion);
        }
        let encoded = Encoded::tls_deserialize_exact_bytes(body);
        let encoded = encoded.map_err(|_| InvalidInvitation::Damaged)?;
        let relay = std::str::from_utf8(encoded.relay.as_slice()).ok();
        Ok(Invitation {
            relay: relay
                .and_then(|r| r.parse().ok())
                .ok_or(InvalidInvitation::Damaged)?,
            creation: CreationSecret::new(encoded.creation),
            mailbox: MailboxId::new(encoded.mailbox),
            secret: Zeroizing::new(encoded.secret),
            side: encoded.side,
            expires: Timestamp::from_ms(encoded.expires_ms),
        })
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest = Sha256::new_with_prefix(b"tracktwo/invitation/v1/checksum").chain_update(bytes);
    let digest: [u8; 32] = digest.finalize().into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}
