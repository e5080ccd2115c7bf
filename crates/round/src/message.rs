//! What members say in a run, in its one canonical form. Sizes depend on the terms and the number
//! of members alone, never on who speaks or what is submitted.

use std::borrow::Cow;
use std::fmt;

use tls_codec::{
    DeserializeBytes as _, Serialize as _, Size as _, TlsDeserialize, TlsDeserializeBytes,
    TlsSerialize, TlsSize, VLBytes,
};

use crate::hash::{Hash, Opaque, hash};
use crate::pop::Pop;
use crate::roster::MemberIndex;

/// The version byte in front of every message.
const VERSION: u8 = 1;

/// The phases of a run; the number is the row in PROTOCOL's table.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    TlsSerialize,
    TlsDeserialize,
    TlsDeserializeBytes,
    TlsSize,
)]
#[repr(u8)]
pub enum Phase {
    /// Keys are announced.
    Joins = 1,
    /// Pairwise secrets are encapsulated.
    Kems = 2,
    /// Tags reserve slots.
    Slots = 3,
    /// Sealed payloads travel under pads.
    Vectors = 4,
    /// Everybody says whether its own slots are intact.
    Verdicts = 5,
    /// Shares of the key of all are released.
    Releases = 6,
    /// After a counting NOGO: blame secrets are revealed, and everything is recomputed.
    Reveals = 7,
}

macro_rules! message_struct {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq,
            TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
        )]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    };
}

message_struct!(
    /// Phase 1: the keys of one run.
    Join {
        /// The run.
        ctx: Hash,
        /// An X-Wing encapsulation key.
        ek: VLBytes,
        /// X, a ristretto255 point: this member's share of the key of all.
        share: Hash,
        /// Proof that the sender knows X's logarithm.
        pop: Pop,
        /// The newest log head that the sender knew; readers compare it with their log.
        head: Hash,
    }
);
message_struct!(
    /// Phase 2: ciphertexts in the order of the schedule.
    Kem {
        /// The run.
        ctx: Hash,
        /// The transcript of phase 1.
        t1: Hash,
        /// floor(N/2) X-Wing ciphertexts.
        ciphertexts: VLBytes,
    }
);
message_struct!(
    /// Phase 3: padded power sums, by lane, then exponent.
    Slot {
        /// The run.
        ctx: Hash,
        /// The transcript of phase 2.
        t2: Hash,
        /// N field elements per lane.
        sums: Vec<u64>,
    }
);
message_struct!(
    /// Phase 4: the padded vector, by lane, slot, byte.
    Dc {
        /// The run.
        ctx: Hash,
        /// The transcript of phase 3.
        t3: Hash,
        /// N slots per lane.
        vector: VLBytes,
    }
);
message_struct!(
    /// Phase 5: the sender's own slots hold exactly what it sealed.
    Go {
        /// The run.
        ctx: Hash,
        /// The transcript of phase 4.
        t4: Hash,
    }
);
message_struct!(
    /// Phase 4 or 5: something is wrong.
    Nogo {
        /// The run.
        ctx: Hash,
        /// The phase whose result is wrong: Slots or Vectors.
        phase: Phase,
        /// What the sender saw of that phase.
        evidence: Hash,
    }
);
message_struct!(
    /// Phase 6: a share of the key of all. It proves itself, so anybody may post it.
    Release {
        /// The run.
        ctx: Hash,
        /// Whose share this is.
        member: MemberIndex,
        /// The scalar x.
        share: Hash,
    }
);
message_struct!(
    /// Phase 7: the blame secret of a run that can never be read any more.
    Reveal {
        /// The run.
        ctx: Hash,
        /// The evidence of the NOGO that counted in the sender's log.
        evidence: Hash,
        /// The blame root.
        root: [u8; 32],
    }
);
message_struct!(
    /// A phase is over by time; the silent are absent.
    Close {
        /// The run.
        ctx: Hash,
        /// The phase that is over.
        phase: Phase,
    }
);
message_struct!(
    /// The sender cannot go on in this run, for instance after a restart.
    Leave {
        /// The run.
        ctx: Hash,
    }
);
message_struct!(
    /// A release is missing for too long; nobody waits any longer.
    GiveUp {
        /// The run.
        ctx: Hash,
    }
);

/// One message of a run.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
#[repr(u8)]
pub enum Message {
    /// Phase 1.
    #[tls_codec(discriminant = 1)]
    Join(Join),
    /// Phase 2.
    #[tls_codec(discriminant = 2)]
    Kem(Kem),
    /// Phase 3.
    #[tls_codec(discriminant = 3)]
    Slot(Slot),
    /// Phase 4.
    #[tls_codec(discriminant = 4)]
    Dc(Dc),
    /// Phase 5.
    #[tls_codec(discriminant = 5)]
    Go(Go),
    /// Phase 4 or 5.
    #[tls_codec(discriminant = 6)]
    Nogo(Nogo),
    /// Phase 6.
    #[tls_codec(discriminant = 7)]
    Release(Release),
    /// Phases 1 to 5.
    #[tls_codec(discriminant = 8)]
    Close(Close),
    /// Phases 1 to 5.
    #[tls_codec(discriminant = 9)]
    Leave(Leave),
    /// Phase 6.
    #[tls_codec(discriminant = 10)]
    GiveUp(GiveUp),
    /// Phase 7.
    #[tls_codec(discriminant = 11)]
    Reveal(Reveal),
}

/// Bytes that are no message: wrong version, cut short, or with a tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBytes;

impl fmt::Display for InvalidBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid encoding")
    }
}

impl std::error::Error for InvalidBytes {}

impl<'a> From<&'a Message> for Cow<'a, Message> {
    fn from(message: &'a Message) -> Self {
        Cow::Borrowed(message)
    }
}

impl From<Message> for Cow<'_, Message> {
    fn from(message: Message) -> Self {
        Cow::Owned(message)
    }
}

impl Message {
    /// The canonical bytes, version first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + self.tls_serialized_len());
        out.push(VERSION);
        self.tls_serialize(&mut out)
            .expect("messages are far shorter than 2^30 bytes");
        out
    }

    /// Reads exactly one message.
    ///
    /// # Errors
    /// Another version, an unknown kind, a short input or trailing bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, InvalidBytes> {
        let (version, rest) = u8::tls_deserialize_bytes(bytes).map_err(|_| InvalidBytes)?;
        if version != VERSION {
            return Err(InvalidBytes);
        }
        Self::tls_deserialize_exact_bytes(rest).map_err(|_| InvalidBytes)
    }

    /// The run that the sender speaks in.
    #[must_use]
    pub fn ctx(&self) -> &Hash {
        match self {
            Self::Join(m) => &m.ctx,
            Self::Kem(m) => &m.ctx,
            Self::Slot(m) => &m.ctx,
            Self::Dc(m) => &m.ctx,
            Self::Go(m) => &m.ctx,
            Self::Nogo(m) => &m.ctx,
            Self::Release(m) => &m.ctx,
            Self::Close(m) => &m.ctx,
            Self::Leave(m) => &m.ctx,
            Self::GiveUp(m) => &m.ctx,
            Self::Reveal(m) => &m.ctx,
        }
    }

    /// The hash by which a message enters the transcript of its phase.
    pub(crate) fn hash(&self) -> Hash {
        hash("message", &Opaque(&(VERSION, self)))
    }
}
