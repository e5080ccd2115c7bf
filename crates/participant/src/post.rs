//! The plaintext of one application message: what its author had seen, and what it says.

use room::{Digest, RoundId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::LogHead;

const VERSION: u8 = 1;

/// One application message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The author's view of the log when it wrote.
    pub seen: Seen,
    /// What it says.
    pub body: Body,
}

/// A claim about the log: compared by every reader with its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Entries folded so far.
    pub next: u64,
    /// Head after them.
    pub head: LogHead,
    /// State after them.
    pub digest: Digest,
}

/// What a post says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// `room::Posted`, encoded.
    Event(Vec<u8>),
    /// A Round's message, encoded.
    Round {
        /// Which Round.
        round: RoundId,
        /// `round::Message`, encoded.
        message: Vec<u8>,
    },
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Encoded {
    version: u8,
    next: u64,
    head: [u8; 32],
    digest: [u8; 32],
    kind: u8,
    round: [u8; 16],
    body: VLBytes,
}

const EVENT: u8 = 1;
const ROUND: u8 = 2;

impl Body {
    fn parts(&self) -> (u8, [u8; 16], &[u8]) {
        match self {
            Body::Event(bytes) => (EVENT, [0; 16], bytes),
            Body::Round { round, message } => (ROUND, round.0, message),
        }
    }

    /// For the vault's outbox.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, round, body) = self.parts();
        [[kind].as_slice(), &round, body].concat()
    }

    /// Reads what [`Body::to_bytes`] wrote.
    pub fn parse(bytes: &[u8]) -> Option<Body> {
        let (kind, rest) = bytes.split_first()?;
        let (round, body) = rest.split_first_chunk::<16>()?;
        Body::assemble(*kind, *round, body.to_vec())
    }

    fn assemble(kind: u8, round: [u8; 16], body: Vec<u8>) -> Option<Body> {
        match kind {
            EVENT if round == [0; 16] => Some(Body::Event(body)),
            ROUND => Some(Body::Round {
                round: RoundId(round),
                message: body,
            }),
            _ => None,
        }
    }
}

impl Post {
    /// Where MOVED leads; none for everything else.
    pub fn moves_to(&self) -> Option<room::MailboxName> {
        let Body::Event(bytes) = &self.body else {
            return None;
        };
        let posted = room::Posted::decode(bytes).ok()?;
        let room::Event::Moved(place) = posted.event() else {
            return None;
        };
        Some(place.mailbox)
    }

    /// Canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, round, body) = self.body.parts();
        let encoded = Encoded {
            version: VERSION,
            next: self.seen.next,
            head: *self.seen.head.as_bytes(),
            digest: self.seen.digest.0,
            kind,
            round,
            body: body.to_vec().into(),
        };
        encoded
            .tls_serialize_detached()
            .expect("far below 2^30 bytes")
    }

    /// Reads one post, whole; `None` for what the room's version does not know, or nobody.
    pub fn parse(bytes: &[u8]) -> Option<Post> {
        let encoded = Encoded::tls_deserialize_exact_bytes(bytes).ok()?;
        if encoded.version != VERSION {
            return None;
        }
        let seen = Seen {
            next: encoded.next,
            head: LogHead::new(encoded.head),
            digest: Digest(encoded.digest),
        };
        let body = Body::assemble(encoded.kind, encoded.round, encoded.body.into())?;
        Some(Post { seen, body })
    }
}
