//! Phase 6: shares of the key of all come in; with the last one all slots open at once.

use std::collections::{BTreeMap, BTreeSet};

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;

use super::Run;
use super::awaiting_joins::Shares;
use crate::field::Fe;
use crate::hash::Hash;
use crate::message::Release;
use crate::roster::MemberIndex;
use crate::seal::{OpenedSlot, Opening};
use crate::terms::Terms;
use crate::verdict::Void;

/// What is sealed, and the shares so far.
#[derive(Clone)]
pub(crate) struct AwaitingReleases {
    pub(super) shares: Shares,
    pub(super) t3: Hash,
    pub(super) tags: Vec<Vec<Fe>>,
    pub(super) combined: Vec<u8>,
    pub(super) released: BTreeMap<MemberIndex, Scalar>,
}

impl AwaitingReleases {
    pub(crate) fn new(shares: Shares, t3: Hash, tags: Vec<Vec<Fe>>, combined: Vec<u8>) -> Self {
        Self {
            shares,
            t3,
            tags,
            combined,
            released: BTreeMap::new(),
        }
    }

    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.released.contains_key(&member)
    }

    /// Whose share is missing.
    pub(crate) fn awaited(&self, run: &Run) -> BTreeSet<MemberIndex> {
        run.roster
            .indices()
            .filter(|member| !self.has_heard(*member))
            .collect()
    }

    /// Takes a share, whoever posted it: it is right or it is not.
    pub(crate) fn hear(&mut self, release: &Release) -> Result<(), Void> {
        let expected = self.shares.points.get(usize::from(release.member.0));
        let expected = expected.ok_or(Void::WrongShare)?;
        if self.has_heard(release.member) {
            return Err(Void::Spoken);
        }
        let share = Option::<Scalar>::from(Scalar::from_canonical_bytes(release.share))
            .filter(|x| RistrettoPoint::mul_base(x) == *expected)
            .ok_or(Void::WrongShare)?;
        self.released.insert(release.member, share);
        Ok(())
    }

    /// Opens all slots with the sum of the shares.
    pub(crate) fn open(&self, terms: &Terms) -> Vec<Vec<OpenedSlot>> {
        let opening = Opening {
            t3: self.t3,
            joint: self.shares.joint.compress().to_bytes(),
            tags: &self.tags,
            combined: &self.combined,
            slot_bytes: terms.slot(),
        };
        opening.open(&self.released.values().sum())
    }
}
