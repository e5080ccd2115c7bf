//! Phase 4: sealed payloads under pads. Vectors are combined as they come.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tls_codec::VLBytes;

use super::Run;
use super::awaiting_joins::Shares;
use super::awaiting_reveals::{AwaitingReveals, Charge};
use super::awaiting_verdicts::AwaitingVerdicts;
use super::record::Record;
use super::stage::{Malformed, Stage};
use crate::field::Fe;
use crate::message::Message;
use crate::roster::MemberIndex;
use crate::terms::Terms;
use crate::transcript;

/// All tags, and the vectors so far.
#[derive(Clone)]
pub(crate) struct AwaitingVectors {
    shares: Shares,
    record: Record,
    tags: Option<Vec<Vec<Fe>>>,
    vectors: BTreeMap<MemberIndex, VLBytes>,
    combined: Vec<u8>,
}

impl AwaitingVectors {
    pub(crate) fn new(
        terms: &Terms,
        run: &Run,
        shares: Shares,
        record: Record,
        tags: Option<Vec<Vec<Fe>>>,
    ) -> Self {
        Self {
            shares,
            record,
            tags,
            vectors: BTreeMap::new(),
            combined: vec![0; terms.vector_bytes(run.roster.len())],
        }
    }

    /// The tags by lane, ascending; `None` where a lane is bad and an honest member says NOGO.
    pub(crate) fn tags(&self) -> Option<&[Vec<Fe>]> {
        self.tags.as_deref()
    }

    /// The key of all.
    pub(crate) fn shares(&self) -> &Shares {
        &self.shares
    }

    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.vectors.contains_key(&member)
    }

    pub(crate) fn hear(
        &mut self,
        terms: &Terms,
        run: &Run,
        from: MemberIndex,
        message: Cow<'_, Message>,
    ) -> Result<(), Malformed> {
        let Message::Dc(dc) = message.into_owned() else {
            return Err(Malformed);
        };
        let vector = dc.vector.as_slice();
        // In a bad lane there is no slot to write to.
        if self.tags.is_none() || vector.len() != terms.vector_bytes(run.roster.len()) {
            return Err(Malformed);
        }
        for (sum, byte) in self.combined.iter_mut().zip(vector) {
            *sum ^= byte;
        }
        self.vectors.insert(from, dc.vector);
        Ok(())
    }

    /// A NOGO about phase 3 counts: no vector is in question.
    pub(crate) fn accuse(self, charge: Charge) -> AwaitingReveals {
        AwaitingReveals::new(charge, self.record, Vec::new(), Vec::new())
    }

    pub(crate) fn complete(self, run: &mut Run) -> Stage {
        run.said = Vec::new();
        let [_, _, t3, t4] = &mut run.transcripts;
        *t4 = t3.map(|t3| transcript::combined(&t3, &self.combined));
        // Nobody's vector counts in a bad lane, so this phase cannot be complete without tags.
        let tags = self.tags.unwrap_or_default();
        Stage::Verdicts(AwaitingVerdicts::new(
            self.shares,
            self.record,
            tags,
            self.vectors,
            self.combined,
        ))
    }
}
