//! Phase 2: everybody encapsulates to half of the others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tls_codec::VLBytes;
use x_wing::EncapsulationKey;

use super::Run;
use super::awaiting_joins::Shares;
use super::awaiting_slots::AwaitingSlots;
use super::stage::Malformed;
use crate::hash::Hash;
use crate::kem::ciphertext_bytes;
use crate::message::Message;
use crate::roster::MemberIndex;
use crate::terms::Terms;
use crate::transcript;

/// All keys, and the ciphertexts so far.
pub(crate) struct AwaitingKems {
    shares: Shares,
    eks: BTreeMap<MemberIndex, EncapsulationKey>,
    hashes: BTreeMap<MemberIndex, Hash>,
    ciphertexts: BTreeMap<MemberIndex, VLBytes>,
}

impl AwaitingKems {
    pub(crate) fn new(shares: Shares, eks: BTreeMap<MemberIndex, EncapsulationKey>) -> Self {
        Self {
            shares,
            eks,
            hashes: BTreeMap::new(),
            ciphertexts: BTreeMap::new(),
        }
    }

    /// The key to encapsulate to.
    pub(crate) fn ek(&self, of: MemberIndex) -> Option<&EncapsulationKey> {
        self.eks.get(&of)
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
        if kem.ciphertexts.as_slice().len() != ciphertext_bytes(run.roster.len()) {
            return Err(Malformed);
        }
        self.hashes.insert(from, hash);
        self.ciphertexts.insert(from, kem.ciphertexts);
        Ok(())
    }

    pub(crate) fn complete(self, terms: &Terms, run: &mut Run) -> AwaitingSlots {
        run.said = self.hashes.into_values().collect();
        let [t1, t2, _, _] = &mut run.transcripts;
        *t2 = t1.map(|t1| transcript::messages("t2", &t1, &run.said));
        AwaitingSlots::new(terms, run, self.shares, self.ciphertexts)
    }
}
