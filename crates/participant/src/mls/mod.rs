//! One MLS group (RFC 9420), as a room needs it: the only folder that names the MLS library, one
//! file for each question.

mod commit;
mod group;
mod key_package;
mod keys;
mod open;
#[cfg(feature = "liar")]
pub mod rogue;
mod storage;

pub use commit::{Membership, ReceivedCommit};
pub use group::Group;
pub use key_package::{CheckedKeyPackage, Waiting, request_hash};
pub use keys::SeatKey;
pub use open::{Kind, Opened};

use openmls::prelude::Ciphersuite;

use crate::limits::NUMBERS_AHEAD;

/// The post-quantum hybrid suite of every room.
const SUITE: Ciphersuite = Ciphersuite::MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519;
/// Its number in the registry of RFC 9420, section 17.1.
pub const SUITE_NUMBER: u16 = SUITE as u16;
/// How far the library lets an author's messages stand out of their order, and run ahead. The log's
/// own rule is stricter (PROTOCOL, Authors and numbers), so that the library never decides.
const RATCHET: (u32, u32) = (8, NUMBERS_AHEAD);

/// Why the MLS library refused; never shown to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MlsError(String);

impl MlsError {
    fn of(step: &'static str, error: impl std::fmt::Display) -> MlsError {
        MlsError(format!("{step}: {error}"))
    }

    /// More bytes than the largest bucket holds.
    pub(crate) fn too_large() -> MlsError {
        MlsError("message: larger than the largest bucket".into())
    }

    /// Two parts of the core disagree about what they checked.
    pub(crate) fn inconsistent() -> MlsError {
        MlsError("commit: judged valid, and then refused by the fold".into())
    }
}

impl std::fmt::Display for MlsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One member as the tree holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Leaf index.
    pub leaf: u32,
    /// Signature key.
    pub signature_key: Vec<u8>,
}
