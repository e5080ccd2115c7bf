//! Phase 3: padded power sums of everybody's tags reserve the slots.

use std::collections::BTreeMap;

use tls_codec::VLBytes;

use super::Run;
use super::awaiting_joins::Shares;
use super::awaiting_vectors::AwaitingVectors;
use super::stage::Malformed;
use crate::field::Fe;
use crate::hash::Hash;
use crate::limits::CT_BYTES;
use crate::message::Message;
use crate::roots::lane_roots;
use crate::roster::MemberIndex;
use crate::terms::Terms;
use crate::transcript;

/// All ciphertexts, and the sums so far.
pub(crate) struct AwaitingSlots {
    shares: Shares,
    ciphertexts: BTreeMap<MemberIndex, VLBytes>,
    hashes: BTreeMap<MemberIndex, Hash>,
    totals: Vec<Fe>,
}

impl AwaitingSlots {
    pub(crate) fn new(
        terms: &Terms,
        run: &Run,
        shares: Shares,
        ciphertexts: BTreeMap<MemberIndex, VLBytes>,
    ) -> Self {
        Self {
            shares,
            ciphertexts,
            hashes: BTreeMap::new(),
            totals: vec![Fe::ZERO; usize::from(terms.lanes) * run.roster.len()],
        }
    }

    /// The `position`-th ciphertext of a member.
    pub(crate) fn ciphertext(&self, from: MemberIndex, position: usize) -> Option<&[u8]> {
        let all = self.ciphertexts.get(&from)?;
        all.as_slice().chunks(CT_BYTES).nth(position)
    }

    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.hashes.contains_key(&member)
    }

    pub(crate) fn hear(
        &mut self,
        terms: &Terms,
        run: &Run,
        from: MemberIndex,
        message: &Message,
    ) -> Result<(), Malformed> {
        let Message::Slot(slot) = message else {
            return Err(Malformed);
        };
        if slot.sums.len() != usize::from(terms.lanes) * run.roster.len() {
            return Err(Malformed);
        }
        let sums: Option<Vec<Fe>> = slot.sums.iter().map(|sum| Fe::new(*sum)).collect();
        for (total, sum) in self.totals.iter_mut().zip(sums.ok_or(Malformed)?) {
            *total = *total + sum;
        }
        self.hashes.insert(from, message.hash());
        Ok(())
    }

    pub(crate) fn complete(self, terms: &Terms, run: &mut Run) -> AwaitingVectors {
        run.said = self.hashes.into_values().collect();
        let [_, t2, t3, _] = &mut run.transcripts;
        *t3 = t2.map(|t2| transcript::messages("t3", &t2, &run.said));
        let tags = t3.and_then(|t3| all_roots(&t3, &self.totals, run.roster.len()));
        AwaitingVectors::new(terms, run, self.shares, tags)
    }
}

/// The tags of every lane, or `None` where one lane is bad.
fn all_roots(t3: &Hash, totals: &[Fe], n: usize) -> Option<Vec<Vec<Fe>>> {
    totals
        .chunks(n)
        .zip(0u16..)
        .map(|(sums, lane)| lane_roots(t3, lane, sums))
        .collect()
}
