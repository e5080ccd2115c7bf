//! What START froze: the frame in which all runs of one sequence take place.

use std::collections::BTreeSet;
use std::fmt;

use tls_codec::{TlsDeserialize, TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::hash::{Hash, hash};
use crate::limits::{
    MAX_LANES, MAX_MEMBERS, MAX_PHASE_MS, MAX_SIGNATURE_KEY, MAX_VECTOR_BYTES, MIN_MEMBERS,
    SLOT_SIZES,
};
use crate::roster::Member;

/// The frame of one sequence of runs. Fixed from START on.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
pub struct Terms {
    /// [`ctx0`]: the room, the Round and the place in the log where it started.
    pub ctx0: Hash,
    /// The side whose sequence this is; `None` where the whole room takes part.
    pub side: Option<u16>,
    /// Independent permutations per run.
    pub lanes: u16,
    /// Bytes of one slot, one of [`SLOT_SIZES`].
    pub slot_bytes: u32,
    /// Length of a phase in milliseconds of log time.
    pub phase_ms: u64,
    /// The opening roster N₀.
    pub opening: Vec<Member>,
    /// Fewest members with whom a run takes place. The room computes it, this crate obeys.
    pub floor: u16,
}

/// Why terms cannot be played. The room refuses such an OPEN or START.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadTerms {
    /// Fewer than the floor or two, or more than [`MAX_MEMBERS`].
    Members,
    /// A leaf twice, or a signature key that is empty or too long.
    Member,
    /// No lane, or more than [`MAX_LANES`].
    Lanes,
    /// Not one of [`SLOT_SIZES`].
    SlotBytes,
    /// Lanes times members times slot bytes above [`MAX_VECTOR_BYTES`].
    VectorBytes,
    /// Zero or above [`MAX_PHASE_MS`].
    Phase,
}

impl fmt::Display for BadTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Members => "too few or too many members",
            Self::Member => "a member is listed twice or has a bad key",
            Self::Lanes => "no lane or too many",
            Self::SlotBytes => "no such slot size",
            Self::VectorBytes => "members times slots is too large",
            Self::Phase => "a phase of this length is not allowed",
        })
    }
}

impl std::error::Error for BadTerms {}

impl Terms {
    /// Whether these terms can be played at all.
    ///
    /// # Errors
    /// The first bound that is broken.
    pub fn check(&self) -> Result<(), BadTerms> {
        let n = self.opening.len();
        if n < MIN_MEMBERS.max(usize::from(self.floor)) || n > MAX_MEMBERS {
            return Err(BadTerms::Members);
        }
        let leaves: BTreeSet<u32> = self.opening.iter().map(|member| member.leaf).collect();
        let key_fits = |m: &Member| (1..=MAX_SIGNATURE_KEY).contains(&m.signature_key.len());
        if leaves.len() != n || !self.opening.iter().all(key_fits) {
            return Err(BadTerms::Member);
        }
        if self.lanes == 0 || self.lanes > MAX_LANES {
            return Err(BadTerms::Lanes);
        }
        if !SLOT_SIZES.contains(&self.slot_bytes) {
            return Err(BadTerms::SlotBytes);
        }
        if self.vector_bytes(n) > MAX_VECTOR_BYTES {
            return Err(BadTerms::VectorBytes);
        }
        if self.phase_ms == 0 || self.phase_ms > MAX_PHASE_MS {
            return Err(BadTerms::Phase);
        }
        Ok(())
    }

    /// Bytes of a slot.
    pub(crate) fn slot(&self) -> usize {
        usize::try_from(self.slot_bytes).unwrap_or(usize::MAX)
    }

    /// Bytes of one member's DC vector in a run of `n`.
    pub(crate) fn vector_bytes(&self, n: usize) -> usize {
        usize::from(self.lanes)
            .saturating_mul(n)
            .saturating_mul(self.slot())
    }

    /// Fewest members of a run, never below what the arithmetic needs.
    pub(crate) fn least(&self) -> usize {
        MIN_MEMBERS.max(usize::from(self.floor))
    }
}

/// Everything that [`ctx0`] binds.
#[derive(Clone, Debug, TlsSerialize, TlsSize)]
pub struct Start {
    /// The MLS group id.
    pub group: Vec<u8>,
    /// The epoch in which START stands.
    pub epoch: u64,
    /// That epoch's authenticator.
    pub authenticator: Vec<u8>,
    /// The Round's id.
    pub round: Vec<u8>,
    /// The hash of OPEN's bytes.
    pub open: Hash,
    /// The log index of START.
    pub index: u64,
    /// The log head after START.
    pub head: Hash,
    /// The MLS cipher suite's number.
    pub suite: u16,
}

/// The context that every run of a Round descends from.
#[must_use]
pub fn ctx0(start: &Start) -> Hash {
    hash("ctx0", start)
}
