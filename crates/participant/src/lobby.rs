//! What passes through an invitation's own mailbox: one request, one answer, both sealed.

use room::State;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{LogHead, MailboxId, Timestamp};

use crate::cursor::Cursor;
use crate::notice::Declined;

/// A newcomer's request or the convenor's answer.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum LobbyMessage {
    /// By the newcomer.
    #[tls_codec(discriminant = 1)]
    Request(Request),
    /// By the convenor, once the commit that seats the newcomer stands in the log.
    #[tls_codec(discriminant = 2)]
    Welcome(Welcome),
    /// By the convenor.
    #[tls_codec(discriminant = 3)]
    Declined(Refusal),
}

/// A newcomer's request.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Request {
    /// UTF-8.
    pub name: VLBytes,
    /// Whose hash names the request.
    pub key_package: VLBytes,
}

/// All that a newcomer needs to read on.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Welcome {
    /// Whom it is for: the hash of the request's key package.
    pub request: [u8; 32],
    /// RFC 9420, section 12.4.3.1.
    pub welcome: VLBytes,
    /// A [`Snapshot`], sealed under a key of the new epoch.
    pub snapshot: VLBytes,
}

/// A request turned down.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Refusal {
    /// Which request.
    pub request: [u8; 32],
    /// See [`declined_for`].
    pub why: u8,
}

/// The room's state after the entry that seated the newcomer.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Snapshot {
    /// Format version.
    pub version: u8,
    /// The address of the relay at which the room is.
    pub relay: VLBytes,
    /// The mailbox in which its log is.
    pub mailbox: [u8; 32],
    /// The chain's head before the first entry there.
    pub start: [u8; 32],
    /// The first entry that is not folded in.
    pub next: u64,
    /// The chain's head before it.
    pub head: [u8; 32],
    /// The relay's time of the last entry, ms.
    pub time_ms: u64,
    /// The log's clock there, ms.
    pub clock_ms: u64,
    /// `room::State`.
    pub state: VLBytes,
    /// `round::Sequence`, of a Round that is past its N-th GO.
    pub sequence: Option<VLBytes>,
}

impl Snapshot {
    /// Of a room at a place of its log.
    pub(crate) fn at(
        (relay, mailbox): (String, MailboxId),
        place: &Cursor,
        state: &State,
        sequence: Option<Vec<u8>>,
    ) -> Snapshot {
        Snapshot {
            version: SNAPSHOT_VERSION,
            relay: relay.into_bytes().into(),
            mailbox: *mailbox.as_bytes(),
            start: *place.start.as_bytes(),
            next: place.next,
            head: *place.head.as_bytes(),
            time_ms: place.time.ms(),
            clock_ms: place.clock.ms(),
            state: state.encode().into(),
            sequence: sequence.map(VLBytes::from),
        }
    }

    /// The place that it describes.
    pub(crate) fn place(&self) -> Cursor {
        Cursor {
            start: LogHead::new(self.start),
            next: self.next,
            head: LogHead::new(self.head),
            time: Timestamp::from_ms(self.time_ms),
            clock: Timestamp::from_ms(self.clock_ms),
            // The commit that seats somebody is an entry by which it runs.
            stands: false,
        }
    }
}

/// The only version of [`Snapshot`] so far.
pub const SNAPSHOT_VERSION: u8 = 1;

impl LobbyMessage {
    /// Canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.tls_serialize_detached().expect("far below 2^30 bytes")
    }

    /// Reads one message, whole; `None` if it is damaged or of an unknown kind.
    pub fn parse(bytes: &[u8]) -> Option<LobbyMessage> {
        LobbyMessage::tls_deserialize_exact_bytes(bytes).ok()
    }

    /// Turns a request down.
    pub fn declined(request: [u8; 32], why: Declined) -> LobbyMessage {
        let why = match why {
            Declined::Used => 1,
            Declined::Expired => 2,
            // Nobody sends the second: who asks finds it out.
            Declined::Damaged | Declined::UpdateProgram => 3,
        };
        LobbyMessage::Declined(Refusal { request, why })
    }
}

/// The reason as sent.
pub fn declined_for(code: u8) -> Declined {
    match code {
        1 => Declined::Used,
        2 => Declined::Expired,
        _ => Declined::Damaged,
    }
}
