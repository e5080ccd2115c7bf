//! Phase 1: everybody announces the keys of this run.

use std::collections::BTreeMap;

use curve25519_dalek::ristretto::RistrettoPoint;
use x_wing::{EncapsulationKey, KeyExport as _};

use super::Run;
use super::awaiting_kems::AwaitingKems;
use super::record::Record;
use super::stage::{Completed, Malformed, Stage};
use crate::hash::Hash;
use crate::kem::read_ek;
use crate::message::Message;
use crate::pop::Claim;
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds};
use crate::transcript;
use crate::verdict::Cause;

/// The key of all, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// X_i by index.
    pub(crate) each: Vec<Hash>,
    /// The same as points.
    pub(crate) points: Vec<RistrettoPoint>,
    /// X = sum of X_i.
    pub(crate) joint: RistrettoPoint,
}

impl Shares {
    pub(crate) fn new(each: Vec<Hash>, points: Vec<RistrettoPoint>) -> Self {
        Self {
            joint: points.iter().sum(),
            each,
            points,
        }
    }
}

#[derive(Clone)]
struct Joined {
    hash: Hash,
    ek: EncapsulationKey,
    share: Hash,
    point: RistrettoPoint,
}

/// The keys that have been announced so far.
#[derive(Clone, Default)]
pub(crate) struct AwaitingJoins {
    joined: BTreeMap<MemberIndex, Joined>,
}

impl AwaitingJoins {
    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.joined.contains_key(&member)
    }

    pub(crate) fn hear(
        &mut self,
        run: &Run,
        from: MemberIndex,
        message: &Message,
    ) -> Result<(), Malformed> {
        let Message::Join(join) = message else {
            return Err(Malformed);
        };
        let ek = read_ek(join.ek.as_slice()).ok_or(Malformed)?;
        let claim = Claim {
            ctx: run.ctx,
            id: *run.roster.id(from).ok_or(Malformed)?,
            ek: join.ek.clone(),
            share: join.share,
        };
        let joined = Joined {
            hash: message.hash(),
            ek,
            share: join.share,
            point: claim.verify(&join.pop).ok_or(Malformed)?,
        };
        self.joined.insert(from, joined);
        Ok(())
    }

    pub(crate) fn complete(self, run: &mut Run) -> Completed {
        let copiers = self.copiers();
        if !copiers.is_empty() {
            return Completed::Ends {
                stage: Stage::Joins(self),
                out: copiers,
            };
        }
        run.said = self.joined.values().map(|joined| joined.hash).collect();
        let t1 = transcript::messages("t1", &run.ctx, &run.said);
        run.transcripts = [Some(t1), None, None, None];
        let shares = Shares::new(
            self.joined.values().map(|joined| joined.share).collect(),
            self.joined.values().map(|joined| joined.point).collect(),
        );
        let eks = self.joined.into_values().map(|joined| joined.ek).collect();
        let record = Record::of_joins(t1, eks);
        Completed::Next(Stage::Kems(AwaitingKems::new(shares, record)))
    }

    /// Members with one share. Each proved to know it, so each is at fault.
    fn copiers(&self) -> BTreeMap<MemberIndex, Cause> {
        let mut owners: BTreeMap<Hash, Vec<MemberIndex>> = BTreeMap::new();
        for (member, joined) in &self.joined {
            owners.entry(joined.share).or_default().push(*member);
        }
        let mut keys: BTreeMap<Vec<u8>, Vec<MemberIndex>> = BTreeMap::new();
        for (member, joined) in &self.joined {
            let ek = joined.ek.to_bytes().to_vec();
            keys.entry(ek).or_default().push(*member);
        }
        let keys = keys.into_values().filter(|_| !holds(Rule::KeysMayBeCopied));
        let shared = owners.into_values().chain(keys);
        shared
            .filter(|members| members.len() > 1)
            .flatten()
            .map(|member| (member, Cause::CopiedShare))
            .collect()
    }
}
