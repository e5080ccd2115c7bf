//! The contexts and transcripts that every secret of a run is bound to.

use tls_codec::VLByteSlice;

use crate::hash::{Hash, hash};
use crate::roster::{Member, roster_hash};
use crate::terms::Terms;

/// ctx_r: the sequence, the run's number, its members, and the entry that settled the run before.
pub(crate) fn run_context(terms: &Terms, run: u32, members: &[Member], settled: &Hash) -> Hash {
    let frame = (terms.ctx0, terms.side, run);
    hash("run", &(frame, roster_hash(members), *settled))
}

/// T1, T2, T3: what was known before, and the hash of every message of the phase by index.
pub(crate) fn messages(label: &str, before: &Hash, messages: &[Hash]) -> Hash {
    hash(label, &(*before, messages.to_vec()))
}

/// T4: what everybody combined. One pass over the vector; the single vectors are not hashed.
pub(crate) fn combined(t3: &Hash, combined: &[u8]) -> Hash {
    hash("t4", &(*t3, hash("combined", &VLByteSlice(combined))))
}

/// The evidence of a NOGO about phase 4: every single vector, by index.
pub(crate) fn vectors<'a>(t3: &Hash, vectors: impl Iterator<Item = &'a [u8]>) -> Hash {
    let each: Vec<Hash> = vectors.map(|v| hash("vector", &VLByteSlice(v))).collect();
    hash("evidence", &(*t3, each))
}
