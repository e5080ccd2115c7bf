//! What stands in the log of a run, kept until its N-th GO: blame recomputes all of it from the
//! roots, should somebody say NOGO. Public data alone.

use tls_codec::VLBytes;
use x_wing::EncapsulationKey;

use crate::field::Fe;
use crate::hash::Hash;
use crate::limits::CT_BYTES;
use crate::roster::MemberIndex;

/// Everybody's JOIN, KEM and SLOT, by index; what is not said yet is empty.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) t1: Hash,
    pub(crate) t2: Hash,
    pub(crate) t3: Hash,
    pub(crate) eks: Vec<EncapsulationKey>,
    pub(crate) ciphertexts: Vec<VLBytes>,
    /// By member, then lane, then exponent.
    pub(crate) sums: Vec<Vec<Fe>>,
}

impl Record {
    pub(crate) fn of_joins(t1: Hash, eks: Vec<EncapsulationKey>) -> Self {
        Self {
            t1,
            t2: [0; 32],
            t3: [0; 32],
            eks,
            ciphertexts: Vec::new(),
            sums: Vec::new(),
        }
    }

    /// The key to encapsulate to.
    pub(crate) fn ek(&self, of: MemberIndex) -> Option<&EncapsulationKey> {
        self.eks.get(usize::from(of.0))
    }

    /// The `position`-th ciphertext of a member.
    pub(crate) fn ciphertext(&self, from: MemberIndex, position: usize) -> Option<&[u8]> {
        let all = self.ciphertexts.get(usize::from(from.0))?;
        all.as_slice().chunks(CT_BYTES).nth(position)
    }
}
