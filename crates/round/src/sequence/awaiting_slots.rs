//! Phase 3: padded power sums of everybody's tags reserve the slots.

use std::collections::BTreeMap;

use super::Run;
use super::awaiting_joins::Shares;
use super::awaiting_vectors::AwaitingVectors;
use super::record::Record;
use super::stage::Malformed;
use crate::field::Fe;
use crate::hash::Hash;
use crate::message::Message;
use crate::roots::lane_roots;
use crate::roster::MemberIndex;
use crate::terms::Terms;
use crate::transcript;

/// All ciphertexts, and the sums so far.
#[derive(Clone)]
pub(crate) struct AwaitingSlots {
    shares: Shares,
    record: Record,
    hashes: BTreeMap<MemberIndex, Hash>,
    sums: BTreeMap<MemberIndex, Vec<Fe>>,
    totals: Vec<Fe>,
}

impl AwaitingSlots {
    pub(crate) fn new(terms: &Terms, run: &Run, shares: Shares, record: Record) -> Self {
        Self {
            shares,
            record,
            hashes: BTreeMap::new(),
            sums: BTreeMap::new(),
            totals: vec![Fe::ZERO; usize::from(terms.lanes) * run.roster.len()],
        }
    }

    /// All ciphertexts.
    pub(crate) fn record(&self) -> &Record {
        &self.record
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
        let sums = sums.ok_or(Malformed)?;
        for (total, sum) in self.totals.iter_mut().zip(&sums) {
            *total = *total + *sum;
        }
        self.sums.insert(from, sums);
        self.hashes.insert(from, message.hash());
        Ok(())
    }

    pub(crate) fn complete(self, terms: &Terms, run: &mut Run) -> AwaitingVectors {
        run.said = self.hashes.into_values().collect();
        let t3 = transcript::messages("t3", &self.record.t2, &run.said);
        let [_, _, place, _] = &mut run.transcripts;
        *place = Some(t3);
        let tags = all_roots(&t3, &self.totals, run.roster.len());
        let record = Record {
            t3,
            sums: self.sums.into_values().collect(),
            ..self.record
        };
        AwaitingVectors::new(terms, run, self.shares, record, tags)
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
