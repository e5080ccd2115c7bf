//! Who disturbed a run. From the revealed roots every byte of JOIN, KEM, SLOT and DC is recomputed, but
//! for what was sealed; whatever differs is its sender's fault. Public data alone, so in variable time.

use std::collections::BTreeMap;

use tls_codec::VLBytes;
use zeroize::Zeroizing;

use crate::field::Fe;
use crate::hash::Hash;
use crate::kem::{Root, ek_bytes, ek_bytes_of, targets};
use crate::limits::CT_BYTES;
use crate::pads::{PairKey, powers};
use crate::roster::MemberIndex;
use crate::rules::{Rule, holds};
use crate::sequence::Record;
use crate::slot::rank;
use crate::verdict::{Cause, Fault};

/// All that blame looks at.
pub(crate) struct Evidence<'a> {
    pub(crate) ctx: Hash,
    pub(crate) n: u16,
    pub(crate) lanes: u16,
    pub(crate) slot_bytes: usize,
    pub(crate) record: &'a Record,
    /// By lane, ascending; empty where a lane was bad.
    pub(crate) tags: &'a [Vec<Fe>],
    /// By index; empty where only phase 3 is in question.
    pub(crate) vectors: &'a [VLBytes],
    /// By index.
    pub(crate) roots: &'a [Root],
    pub(crate) accuser: MemberIndex,
}

/// Who is left out, and why. Never empty: a run that nobody can read costs somebody its place.
type Out = BTreeMap<MemberIndex, Cause>;
/// What a encapsulated to b.
type Secrets = BTreeMap<(MemberIndex, MemberIndex), Zeroizing<[u8; 32]>>;

/// Names who is left out, in the order of PROTOCOL: the first kind of fault that names anybody is the only
/// one. Whoever has one tag with somebody else is left out too, but is no disruptor: it may be chance.
pub(crate) fn judge(evidence: &Evidence) -> Out {
    let faults = named(
        evidence.members().filter(|m| !evidence.has_own_key(*m)),
        Fault::Key,
    );
    if !faults.is_empty() {
        return faults;
    }
    let mut secrets = Secrets::new();
    let mut faults = Out::new();
    for member in evidence.members() {
        if !evidence.encapsulated(member, &mut secrets) {
            faults.insert(member, Cause::Disruptor(Fault::Ciphertext));
        }
    }
    if !faults.is_empty() {
        return faults;
    }
    let tags: Vec<Vec<Fe>> = evidence.members().map(|m| evidence.tags_of(m)).collect();
    let keys: Vec<Vec<PairKey>> = evidence
        .members()
        .map(|member| evidence.pair_keys(member, &secrets))
        .collect();
    let faults = evidence.wrong(&tags, &keys, Fault::Sums, Evidence::sums_are_powers);
    if !faults.is_empty() {
        return faults;
    }
    let colliding = evidence.colliding(&tags);
    if !colliding.is_empty() {
        return match holds(Rule::OneTagCosts) {
            true => colliding,
            false => Out::new(),
        };
    }
    if !evidence.vectors.is_empty() {
        let faults = evidence.wrong(&tags, &keys, Fault::Vector, Evidence::is_zero_elsewhere);
        if !faults.is_empty() {
            return faults;
        }
    }
    named([evidence.accuser].into_iter(), Fault::FalseNogo)
}

fn named(members: impl Iterator<Item = MemberIndex>, fault: Fault) -> Out {
    members
        .map(|member| (member, Cause::Disruptor(fault)))
        .collect()
}

impl Evidence<'_> {
    fn members(&self) -> impl Iterator<Item = MemberIndex> + use<> {
        (0..self.n).map(MemberIndex)
    }

    fn root(&self, of: MemberIndex) -> Option<&Root> {
        self.roots.get(usize::from(of.0))
    }

    fn has_own_key(&self, member: MemberIndex) -> bool {
        let derived = self
            .root(member)
            .map(|root| ek_bytes(&root.key_pair(&self.ctx)));
        let announced = self.record.ek(member).map(ek_bytes_of);
        derived.is_some() && derived == announced
    }

    /// Whether a member's KEM follows from its root; keeps what it encapsulated.
    fn encapsulated(&self, member: MemberIndex, secrets: &mut Secrets) -> bool {
        let Some(root) = self.root(member) else {
            return false;
        };
        let t1 = &self.record.t1;
        targets(member, self.n)
            .into_iter()
            .enumerate()
            .all(|(position, target)| {
                let said = self.record.ciphertext(member, position);
                let Some(peer) = target else {
                    return said == Some(root.fill(t1).as_slice());
                };
                let Some(ek) = self.record.ek(peer) else {
                    return false;
                };
                let (ciphertext, secret) = root.encapsulate(t1, peer, ek);
                secrets.insert((member, peer), secret);
                said.is_some_and(|said| said.len() == CT_BYTES && *said == *ciphertext)
            })
    }

    fn tags_of(&self, member: MemberIndex) -> Vec<Fe> {
        let tag = |lane| {
            self.root(member)
                .map(|root| root.tag(&self.record.t1, lane))
        };
        (0..self.lanes).filter_map(tag).collect()
    }

    fn pair_keys(&self, member: MemberIndex, secrets: &Secrets) -> Vec<PairKey> {
        let peers = self.members().filter(|peer| *peer != member);
        let key = |peer| {
            let secret = secrets
                .get(&(member, peer))
                .or_else(|| secrets.get(&(peer, member)))?;
            Some(PairKey::new(&self.record.t2, secret, member, peer))
        };
        peers.filter_map(key).collect()
    }

    fn wrong(
        &self,
        tags: &[Vec<Fe>],
        keys: &[Vec<PairKey>],
        fault: Fault,
        is_right: impl Fn(&Self, MemberIndex, &[Fe], &[PairKey]) -> bool,
    ) -> Out {
        let each = self.members().zip(tags.iter().zip(keys));
        let wrong = each.filter(|(member, (tags, keys))| !is_right(self, *member, tags, keys));
        named(wrong.map(|(member, _)| member), fault)
    }

    fn sums_are_powers(&self, member: MemberIndex, tags: &[Fe], keys: &[PairKey]) -> bool {
        let Some(said) = self.record.sums.get(usize::from(member.0)) else {
            return false;
        };
        let lanes = said
            .chunks(usize::from(self.n).max(1))
            .zip(tags)
            .zip(0u16..);
        lanes.into_iter().all(|((said, tag), lane)| {
            let mut expected = powers(*tag, self.n);
            for key in keys {
                key.pad_sums(lane, &mut expected);
            }
            expected == said
        })
    }

    /// All who have one tag with somebody else in some lane. The last JOIN decides all tags, so colluders
    /// can look for one that makes two of theirs equal; nobody can aim at the tag of a secret root.
    fn colliding(&self, tags: &[Vec<Fe>]) -> Out {
        let mut out = Out::new();
        for lane in 0..usize::from(self.lanes) {
            let mut owners: BTreeMap<Option<&Fe>, Vec<MemberIndex>> = BTreeMap::new();
            for (member, tags) in self.members().zip(tags) {
                owners.entry(tags.get(lane)).or_default().push(member);
            }
            let shared = owners.into_values().filter(|members| members.len() > 1);
            out.extend(shared.flatten().map(|member| (member, Cause::SharedTag)));
        }
        out
    }

    /// Whether a member's vector holds nothing but pads outside its own slots. What is inside them is
    /// sealed, and nobody's business.
    fn is_zero_elsewhere(&self, member: MemberIndex, tags: &[Fe], keys: &[PairKey]) -> bool {
        let Some(vector) = self.vectors.get(usize::from(member.0)) else {
            return false;
        };
        let lane_bytes = usize::from(self.n).saturating_mul(self.slot_bytes).max(1);
        let lanes = vector.as_slice().chunks(lane_bytes);
        lanes
            .zip(self.tags)
            .zip(tags)
            .zip(0u16..)
            .all(|(((said, all), tag), lane)| {
                let mut bytes = said.to_vec();
                for key in keys {
                    key.pad_vector(&self.record.t3, lane, &mut bytes);
                }
                let own = rank(all, *tag).map(usize::from);
                let slots = bytes.chunks(self.slot_bytes.max(1)).enumerate();
                own.is_some()
                    && slots
                        .filter(|(slot, _)| Some(*slot) != own)
                        .all(|(_, slot)| slot.iter().all(|byte| *byte == 0))
            })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::contributor::{Contributor, Said};
    use crate::message::{Message, Nogo, Phase};
    use crate::roster::Member;
    use crate::sequence::{Entry, Sequence, Stage, Time};
    use crate::terms::Terms;
    use crate::test_rng::TestRng;

    /// An honest run of four in which the last leaf accused falsely and everybody has revealed.
    fn revealed(lanes: u16) -> Sequence {
        let member = |leaf| Member {
            leaf,
            signature_key: vec![1; 32],
        };
        let terms = Terms {
            ctx0: [1; 32],
            side: None,
            lanes,
            slot_bytes: 64,
            phase_ms: 1000,
            opening: (0..4).map(member).collect(),
            floor: 2,
        };
        let at = Time {
            time_ms: 1,
            head: [2; 32],
        };
        let mut fold = Sequence::begin(terms, at).unwrap();
        let mut rng = TestRng::new(7);
        let mut outbox = Vec::new();
        let mut members = Vec::new();
        for leaf in 0..4 {
            let (member, join) = Contributor::join(&fold, leaf, &mut rng).unwrap();
            members.push(member);
            outbox.push((leaf, join));
        }
        while !outbox.is_empty() {
            let (from, message) = outbox.remove(0);
            let message = match (message, fold.evidence()) {
                (Message::Go(go), Some(evidence)) if from == 3 => Message::Nogo(Nogo {
                    ctx: go.ctx,
                    phase: Phase::Vectors,
                    evidence,
                }),
                (message, _) => message,
            };
            // The last REVEAL would settle everything: this test does so by itself.
            let last = matches!(message, Message::Reveal(_)) && fold.awaited().len() == 1;
            let entry = Entry {
                from: Some(from),
                time_ms: 2,
                head: [3; 32],
            };
            if let (true, Message::Reveal(reveal)) = (last, &message) {
                let member = fold.run().roster.index_of(from).unwrap();
                fold.reveal_without_settling(member, reveal);
                return fold;
            }
            let _ = fold.apply(entry, &message);
            for (leaf, member) in (0u32..).zip(&mut members) {
                match member.next(&fold, &mut Vec::new, &mut rng) {
                    Some(Said::Message(said) | Said::Reveal(said)) => outbox.push((leaf, said)),
                    Some(Said::Release(_)) => panic!("nobody releases"),
                    None => {}
                }
            }
        }
        panic!("nobody accused")
    }

    fn with<T>(fold: &Sequence, look: impl FnOnce(Evidence) -> T) -> T {
        let Stage::Reveals(stage) = fold.stage() else {
            panic!()
        };
        let roots = stage.roots(fold.run());
        look(stage.case(fold.terms(), fold.run(), &roots))
    }

    fn faults_of(fold: &Sequence, spoil: impl FnOnce(&mut Record, &mut Vec<VLBytes>)) -> Out {
        with(fold, |case| {
            let (mut record, mut vectors) = (case.record.clone(), case.vectors.to_vec());
            spoil(&mut record, &mut vectors);
            judge(&Evidence {
                record: &record,
                vectors: &vectors,
                ..case
            })
        })
    }

    fn all<const N: usize>(faults: [(MemberIndex, Fault); N]) -> Out {
        faults.map(|(m, fault)| (m, Cause::Disruptor(fault))).into()
    }

    fn changed(bytes: &VLBytes, at: usize) -> VLBytes {
        let mut bytes = bytes.as_slice().to_vec();
        bytes[at] ^= 0x10;
        bytes.into()
    }

    #[test]
    fn an_honest_run_names_the_accuser_alone() {
        let fold = revealed(2);
        let accuser = fold.run().roster.index_of(3).unwrap();
        let faults = faults_of(&fold, |_, _| ());
        assert_eq!(faults, all([(accuser, Fault::FalseNogo)]));
    }

    #[test]
    fn every_changed_byte_names_who_said_it_and_the_first_kind_of_fault_is_the_last() {
        let fold = revealed(2);
        let [a, b, c] = [0, 1, 2].map(MemberIndex);
        for at in [0, 1087, 1088, 1119, 1120, 2239] {
            let faults = faults_of(&fold, |record, vectors| {
                record.ciphertexts[0] = changed(&record.ciphertexts[0], at);
                // Later kinds are not looked at.
                record.sums[1][0] = record.sums[1][0] + Fe::ONE;
                vectors[2] = changed(&vectors[2], 0);
            });
            assert_eq!(faults, all([(a, Fault::Ciphertext)]), "byte {at}");
        }
        for k in 0..8 {
            let faults = faults_of(&fold, |record, vectors| {
                record.sums[1][k] = record.sums[1][k] + Fe::ONE;
                vectors[2] = changed(&vectors[2], 0);
            });
            assert_eq!(faults, all([(b, Fault::Sums)]), "sum {k}");
        }
        let faults = faults_of(&fold, |record, _| record.eks.swap(1, 2));
        assert_eq!(faults, all([(b, Fault::Key), (c, Fault::Key)]));
    }

    /// A key can be copied without being known. It follows from one root at the most.
    #[test]
    fn a_copied_key_is_its_copiers_fault_alone() {
        let fold = revealed(2);
        let faults = faults_of(&fold, |record, _| record.eks[2] = record.eks[1].clone());
        assert_eq!(faults, all([(MemberIndex(2), Fault::Key)]));
    }

    #[test]
    fn a_vector_is_looked_at_outside_the_own_slot_alone() {
        let fold = revealed(2);
        let member = MemberIndex(2);
        let own: Vec<usize> = with(&fold, |case| {
            let tags = case.tags_of(member);
            let lanes = case.tags.iter().zip(&tags);
            lanes
                .map(|(all, tag)| usize::from(rank(all, *tag).unwrap()))
                .collect()
        });
        for at in (0..2 * 4 * 64).step_by(16) {
            let inside = at / 64 % 4 == own[at / 256];
            let faults = faults_of(&fold, |_, vectors| vectors[2] = changed(&vectors[2], at));
            let named = faults.get(&member) == Some(&Cause::Disruptor(Fault::Vector));
            assert_eq!(named, !inside, "byte {at}");
        }
    }

    /// Whoever has the tag of somebody else is left out, and is no disruptor.
    #[test]
    fn all_whose_derived_tags_collide_are_left_out_as_absent() {
        let fold = revealed(2);
        with(&fold, |case| {
            let [one, two, zero] = [Fe::ONE, Fe::ONE + Fe::ONE, Fe::ZERO];
            let five = two + two + one;
            let tags = [
                vec![one, two],
                vec![two, two],
                vec![five, one],
                vec![one, zero],
            ];
            let out: Vec<MemberIndex> = case.colliding(&tags).into_keys().collect();
            assert_eq!(out, [0, 1, 3].map(MemberIndex));
            assert!(
                case.colliding(&tags)
                    .values()
                    .all(|why| *why == Cause::SharedTag)
            );
            let drawn: Vec<Vec<Fe>> = case.members().map(|m| case.tags_of(m)).collect();
            assert!(case.colliding(&drawn).is_empty());
        });
    }
}
