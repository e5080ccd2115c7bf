//! Phase 5: everybody says whether its own slots are intact.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::VLBytes;

use super::Run;
use super::awaiting_joins::Shares;
use super::awaiting_releases::AwaitingReleases;
use super::stage::Malformed;
use crate::field::Fe;
use crate::hash::Hash;
use crate::message::Message;
use crate::roster::MemberIndex;
use crate::transcript;

/// All vectors, and the GOs so far.
pub(crate) struct AwaitingVerdicts {
    shares: Shares,
    tags: Vec<Vec<Fe>>,
    vectors: BTreeMap<MemberIndex, VLBytes>,
    combined: Vec<u8>,
    agreed: BTreeSet<MemberIndex>,
}

impl AwaitingVerdicts {
    pub(crate) fn new(
        shares: Shares,
        tags: Vec<Vec<Fe>>,
        vectors: BTreeMap<MemberIndex, VLBytes>,
        combined: Vec<u8>,
    ) -> Self {
        Self {
            shares,
            tags,
            vectors,
            combined,
            agreed: BTreeSet::new(),
        }
    }

    /// The sum of all vectors: by lane, slot, byte.
    pub(crate) fn combined(&self) -> &[u8] {
        &self.combined
    }

    /// What a NOGO must show. Computed only when somebody says NOGO: hashing every vector costs
    /// more than the pads.
    pub(crate) fn evidence(&self, run: &Run) -> Option<Hash> {
        let [_, _, t3, _] = run.transcripts;
        let vectors = self.vectors.values().map(VLBytes::as_slice);
        t3.map(|t3| transcript::vectors(&t3, vectors))
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

    pub(crate) fn complete(self, run: &Run) -> AwaitingReleases {
        let [_, _, t3, _] = run.transcripts;
        AwaitingReleases::new(
            self.shares,
            t3.unwrap_or_default(),
            self.tags,
            self.combined,
        )
    }
}
