//! An invitation: all that a newcomer needs to ask for one seat, as text to paste or a file.

use data_encoding::BASE32_NOPAD;
use hkdf::Hkdf;
use room::Role;
use sha2::{Digest, Sha256};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{GrantSecret, MailboxId, RelayAddress, Timestamp, Token};
use zeroize::{Zeroize, Zeroizing};

use crate::envelope::Envelope;
use crate::relays::Relays;

const PREFIX: &str = "TRACKTWO";
const VERSION: u8 = 2;
/// Such invitations had the relay's own secret in them, and said no role.
const OLDER: u8 = 1;
const CHECKSUM_BYTES: usize = 4;

/// Why a text is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidInvitation {
    /// Damaged on the way, cut off, or something else altogether.
    Damaged,
    /// Made by an older program: nobody takes it any more.
    OlderVersion,
    /// Made by a newer program.
    UnknownVersion,
}

/// What the convenor hands over by hand. Whoever holds it can ask for the seat, once.
pub struct Invitation {
    /// Where the mailboxes live, with the relays' keys.
    pub relays: Relays,
    /// Lets the seat make a few mailboxes there: that of its caucus, as a side's first seat.
    pub grant: GrantSecret,
    /// Where to ask: a mailbox for this invitation alone.
    pub mailbox: MailboxId,
    /// Seals the request and its answer.
    pub secret: Zeroizing<[u8; 32]>,
    /// For which seat: one of a side, or an interpreter's beside it.
    pub role: Role,
    /// Log time after which a request is turned down.
    pub expires: Timestamp,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Encoded {
    relays: Vec<VLBytes>,
    grant: [u8; 32],
    mailbox: [u8; 32],
    secret: [u8; 32],
    role: Role,
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
            .filter(|c| !letters::is_blank(*c) && *c != '-')
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
            relays: self.relays.all().map(bytes_of).collect(),
            grant: *self.grant.expose(),
            mailbox: *self.mailbox.as_bytes(),
            secret: *self.secret,
            role: self.role,
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
        match *version {
            VERSION => {}
            OLDER => return Err(InvalidInvitation::OlderVersion),
            _ => return Err(InvalidInvitation::UnknownVersion),
        }
        let encoded = Encoded::tls_deserialize_exact_bytes(body).ok();
        let read = encoded.and_then(|encoded| {
            let relays: Option<Vec<RelayAddress>> = encoded.relays.iter().map(address).collect();
            Some(Invitation {
                relays: Relays::parse(relays?)?,
                grant: GrantSecret::new(encoded.grant),
                mailbox: MailboxId::new(encoded.mailbox),
                secret: Zeroizing::new(encoded.secret),
                // Nobody is invited to convene.
                role: Some(encoded.role).filter(|role| role.sits_with().is_some())?,
                expires: Timestamp::from_ms(encoded.expires_ms),
            })
        });
        read.ok_or(InvalidInvitation::Damaged)
    }
}

fn bytes_of(relay: &RelayAddress) -> VLBytes {
    relay.to_string().into_bytes().into()
}

fn address(bytes: &VLBytes) -> Option<RelayAddress> {
    std::str::from_utf8(bytes.as_slice()).ok()?.parse().ok()
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest = Sha256::new_with_prefix(b"tracktwo/invitation/v1/checksum").chain_update(bytes);
    let digest: [u8; 32] = digest.finalize().into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use room::SideId;

    use super::*;

    /// Every file of `vectors/invitation`, made by other code, reads as it says.
    #[test]
    fn every_known_invitation_reads_as_it_says() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/invitation");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "txt") {
                continue;
            }
            let content = std::fs::read_to_string(&path).unwrap();
            let field = |name: &str| {
                let mut lines = content.lines();
                let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                line.unwrap_or_default().to_owned()
            };
            let read = Invitation::parse(&field("text"));
            let found = match &read {
                Ok(invitation) => {
                    assert_eq!(invitation.to_text(), field("text"), "{}", path.display());
                    let relays: Vec<String> = invitation
                        .relays
                        .all()
                        .map(RelayAddress::to_string)
                        .collect();
                    assert_eq!(relays.join(" "), field("relays"));
                    assert_eq!(hex(invitation.token().expose()), field("token"));
                    role_of(invitation.role)
                }
                Err(InvalidInvitation::Damaged) => "damaged".to_owned(),
                Err(InvalidInvitation::OlderVersion) => "older".to_owned(),
                Err(InvalidInvitation::UnknownVersion) => "newer".to_owned(),
            };
            assert_eq!(found, field("expect"), "{}", path.display());
            seen += 1;
        }
        assert!(seen >= 12, "{seen} files");
    }

    fn role_of(role: Role) -> String {
        match role {
            Role::Convenor => "convenor".to_owned(),
            Role::Side(SideId(side)) => format!("side {side}"),
            Role::Interpreter(SideId(side)) => format!("interpreter {side}"),
        }
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
