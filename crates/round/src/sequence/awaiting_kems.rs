//! Phase 2: everybody encapsulates to half of the others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Run;
use super::awaiting_joins::Shares;
use super::awaiting_slots::AwaitingSlots;
use super::record::Record;
use super::stage::Malformed;
use crate::hash::Hash;
use crate::kem::ciphertext_bytes;
use crate::message::Message;
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds};
use crate::terms::Terms;
use crate::transcript;
use tls_codec::VLBytes;

/// All keys, and the ciphertexts so far.
#[derive(Clone)]
pub(crate) struct AwaitingKems {
    shares: Shares,
    record: Record,
    hashes: BTreeMap<MemberIndex, Hash>,
    ciphertexts: BTreeMap<MemberIndex, VLBytes>,
}

impl AwaitingKems {
    pub(crate) fn new(shares: Shares, record: Record) -> Self {
        Self {
            shares,
            record,
            hashes: BTreeMap::new(),
            ciphertexts: BTreeMap::new(),
        }
    }

    /// The keys to encapsulate to.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.hashes.contains_key(&member)
    }

    pub(crate) fn hear(
        &mut self,
        run: &Run,
        from: MemberIndex,
        message: Cow<'_, Message>,
    ) -> Result<(), Malformed> {
        let hash = message.hash();
        let Message::Kem(kem) = message.into_owned() else {
            return Err(Malformed);
        };
        let fits = kem.ciphertexts.as_slice().len() == ciphertext_bytes(run.roster.len());
        if !fits && holds(Rule::EqualSizes) {
            return Err(Malformed);
        }
        self.hashes.insert(from, hash);
        self.ciphertexts.insert(from, kem.ciphertexts);
        Ok(())
    }

    pub(crate) fn complete(self, terms: &Terms, run: &mut Run) -> AwaitingSlots {
        run.said = self.hashes.into_values().collect();
        let t2 = transcript::messages("t2", &self.record.t1, &run.said);
        let [_, place, _, _] = &mut run.transcripts;
        *place = Some(t2);
        let record = Record {
            t2,
            ciphertexts: self.ciphertexts.into_values().collect(),
            ..self.record
        };
        AwaitingSlots::new(terms, run, self.shares, record)
    }
}
