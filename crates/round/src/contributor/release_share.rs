//! The content share after the N-th GO: the only secret of a run that may be stored.

use curve25519_dalek::scalar::Scalar;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use zeroize::{Zeroize as _, Zeroizing};

use crate::hash::Hash;
use crate::message::{InvalidBytes, Message, Release};
use crate::roster::MemberIndex;

const VERSION: u8 = 1;

/// One member's content share of a run in which everybody said GO. Wiped when dropped.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct ReleaseShare {
    version: u8,
    ctx: Hash,
    member: MemberIndex,
    share: [u8; 32],
}

impl ReleaseShare {
    pub(super) fn new(ctx: Hash, member: MemberIndex, x: &Scalar) -> Self {
        Self {
            version: VERSION,
            ctx,
            member,
            share: x.to_bytes(),
        }
    }

    /// The run whose texts this share opens.
    #[must_use]
    pub fn ctx_r(&self) -> Hash {
        self.ctx
    }

    /// The RELEASE itself. Identical on every call, so that it may be sent again after a restart.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::Release(Release {
            ctx: self.ctx,
            member: self.member,
            share: self.share,
        })
    }

    /// The bytes that are stored, in the transaction that decides to release.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let bytes = self.tls_serialize_detached();
        Zeroizing::new(bytes.expect("a share has 67 bytes"))
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// Another version, a short input or trailing bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, InvalidBytes> {
        let share = Self::tls_deserialize_exact_bytes(bytes).map_err(|_| InvalidBytes)?;
        if share.version == VERSION {
            Ok(share)
        } else {
            Err(InvalidBytes)
        }
    }
}

impl Drop for ReleaseShare {
    fn drop(&mut self) {
        self.share.zeroize();
    }
}
