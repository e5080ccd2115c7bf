//! An event as it is sent, with its text beside it. What the room's version does
//! not know is void, for programs that know it and for those that do not alike.

use crate::commitment::Text;
use crate::event::{Event, Said};
use crate::hash::{VERSION, encoded};
use crate::ids::MessageId;
use crate::limits;
use std::fmt;
use tls_codec::{DeserializeBytes, TlsDeserializeBytes, TlsSerialize, TlsSize};

/// Why bytes are not an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventError {
    /// No room of this version has it.
    UnknownVersion(u8),
    /// No room of this version has it.
    UnknownKind(u16),
    /// No program sends this.
    Damaged,
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion(version) => {
                write!(f, "this room knows no version {version}")
            }
            Self::UnknownKind(kind) => write!(f, "this room knows no event kind {kind}"),
            Self::Damaged => f.write_str("damaged event"),
        }
    }
}

impl std::error::Error for EventError {}

/// An event that a seat sends. A message always comes with the text that opens
/// its commitment, and nothing else comes with a text.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Posted {
    version: u8,
    event: Event,
    text: Option<Text>,
}

/// Bit 15 of the kind marks what is derived and never sent.
const DERIVED: u16 = 0x8000;
const SENT_KINDS: [u16; 19] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21,
];

impl Posted {
    /// A message.
    pub fn message(id: MessageId, reply_to: Option<MessageId>, text: Text) -> Self {
        let said = Said {
            id,
            commitment: text.commitment(),
            reply_to,
        };
        Self {
            version: VERSION,
            event: Event::Said(said),
            text: Some(text),
        }
    }

    /// Any other event; `None` for a message and for what is derived.
    pub fn event_alone(event: Event) -> Option<Self> {
        let posted = Self {
            version: VERSION,
            event,
            text: None,
        };
        posted.is_whole().then_some(posted)
    }

    /// What the fold needs.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// What lies beside the state.
    pub fn text(&self) -> Option<&Text> {
        self.text.as_ref()
    }

    /// The bytes to send.
    pub fn encode(&self) -> Vec<u8> {
        encoded(self)
    }

    /// Reads what [`Posted::encode`] wrote, and nothing else.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        check_kind(bytes)?;
        if bytes.len() > limits::POSTED_BYTES_MAX {
            return Err(EventError::Damaged);
        }
        let posted = Self::tls_deserialize_exact_bytes(bytes).map_err(|_| EventError::Damaged)?;
        if posted.is_whole() {
            Ok(posted)
        } else {
            Err(EventError::Damaged)
        }
    }

    fn is_whole(&self) -> bool {
        match (&self.event, &self.text) {
            (Event::Said(said), Some(text)) => text.commitment() == said.commitment,
            (Event::Said(_), None) => false,
            (event, text) => !event.is_derived() && text.is_none(),
        }
    }
}

fn check_kind(bytes: &[u8]) -> Result<(), EventError> {
    let [version, high, low, ..] = *bytes else {
        return Err(EventError::Damaged);
    };
    if version != VERSION {
        return Err(EventError::UnknownVersion(version));
    }
    let kind = u16::from_be_bytes([high, low]);
    if kind & DERIVED != 0 {
        return Err(EventError::Damaged);
    }
    if SENT_KINDS.contains(&kind) {
        Ok(())
    } else {
        Err(EventError::UnknownKind(kind))
    }
}

impl Event {
    /// Whether it follows from other entries, so that nobody may send it.
    pub fn is_derived(&self) -> bool {
        match self {
            Self::Said(_)
            | Self::Approved(_)
            | Self::Vouched(_)
            | Self::WordsConfirmed(_)
            | Self::CaucusKey(_)
            | Self::CaucusWelcome(_)
            | Self::Speaks(_)
            | Self::Upgraded(_)
            | Self::PlaceAnnounced(_)
            | Self::Moved(_)
            | Self::CaucusFounded(_)
            | Self::NotYet(_)
            | Self::Arrived(_)
            | Self::RoundOpened(_)
            | Self::WindowEnds(_)
            | Self::Ready(_)
            | Self::Started(_)
            | Self::BlocVoted(_)
            | Self::BlocAnswered(_) => false,
            Self::SeatsChanged(_)
            | Self::RunEnded(_)
            | Self::RunReleased(_)
            | Self::RoundClosed(_)
            | Self::RoundFailed(_)
            | Self::LogShut
            | Self::LogReopened => true,
        }
    }
}
