//! Phase 5: everybody says whether its own slots are intact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use tls_codec::VLBytes;

use super::awaiting_joins::Shares;
use super::awaiting_releases::AwaitingReleases;
use super::awaiting_reveals::{AwaitingReveals, Charge};
use super::record::Record;
use super::stage::Malformed;
use crate::field::Fe;
use crate::hash::Hash;
use crate::message::{Message, Phase};
use crate::roster::MemberIndex;
use crate::transcript;

/// All vectors, and the GOs so far.
#[derive(Clone)]
pub(crate) struct AwaitingVerdicts {
    shares: Shares,
    record: Record,
    tags: Vec<Vec<Fe>>,
    vectors: BTreeMap<MemberIndex, VLBytes>,
    combined: Vec<u8>,
    agreed: BTreeSet<MemberIndex>,
    /// Of the NOGO that anybody may say, over and over: hashed once.
    evidence: OnceLock<Hash>,
}

impl AwaitingVerdicts {
    pub(crate) fn new(
        shares: Shares,
        record: Record,
        tags: Vec<Vec<Fe>>,
        vectors: BTreeMap<MemberIndex, VLBytes>,
        combined: Vec<u8>,
    ) -> Self {
        Self {
            shares,
            record,
            tags,
            vectors,
            combined,
            agreed: BTreeSet::new(),
            evidence: OnceLock::new(),
        }
    }

    /// The sum of all vectors: by lane, slot, byte.
    pub(crate) fn combined(&self) -> &[u8] {
        &self.combined
    }

    /// What a NOGO must show. Computed only when somebody says NOGO: hashing every vector costs
    /// more than the pads.
    pub(crate) fn evidence(&self) -> Hash {
        *self.evidence.get_or_init(|| {
            let vectors = self.vectors.values().map(VLBytes::as_slice);
            transcript::vectors(&self.record.t3, vectors)
        })
    }

    /// A NOGO counts: about phase 3, or about phase 4 and so about the vectors too.
    pub(crate) fn accuse(self, charge: Charge) -> AwaitingReveals {
        let vectors = match charge.phase {
            Phase::Vectors => self.vectors.into_values().collect(),
            Phase::Joins
            | Phase::Kems
            | Phase::Slots
            | Phase::Verdicts
            | Phase::Releases
            | Phase::Reveals => Vec::new(),
        };
        AwaitingReveals::new(charge, self.record, self.tags, vectors)
    }

    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.agreed.contains(&member)
    }

    pub(crate) fn hear(&mut self, from: MemberIndex, message: &Message) -> Result<(), Malformed> {
        let Message::Go(_) = message else {
            return Err(Malformed);
        };
        self.agreed.insert(from);
        Ok(())
    }

    pub(crate) fn complete(self) -> AwaitingReleases {
        AwaitingReleases::new(self.shares, self.record.t3, self.tags, self.combined)
    }
}
