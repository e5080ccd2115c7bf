//! The run that is counted through is the run of the code: fed with the pads of real keys, it says
//! byte for byte what real members say. And a revealed root shows what the counted run shows.

use super::real_run::{Course, RealRun, texts};
use super::run::{Pads, padded_sums, padded_vector};
use crate::field::{Fe, M61};
use crate::hash::Hash;
use crate::kem::{ek_bytes, position, read_ek};
use crate::pads::PairKey;
use crate::pop::random_scalar;
use crate::roster::MemberIndex;
use crate::seal::{JointKey, OpenedSlot, Place, seal};
use crate::slot::{OwnSlot, rank};
use crate::text::Payload;

/// The pads of one pair in one lane, from a real key.
pub(super) struct Derived<'a> {
    pub(super) key: &'a PairKey,
    pub(super) t3: Hash,
    pub(super) lane: u16,
}

impl Pads<M61> for Derived<'_> {
    fn pad_sums(&self, sums: &mut [Fe]) {
        self.key.pad_sums(self.lane, sums);
    }
    fn pad_vector(&self, vector: &mut [u8]) {
        self.key.pad_vector(&self.t3, self.lane, vector);
    }
}

/// The pair keys of one member, from everybody's roots.
fn pair_keys(run: &RealRun, me: MemberIndex) -> Vec<PairKey> {
    let peers = (0..run.n()).map(MemberIndex).filter(|peer| *peer != me);
    let key = |peer: MemberIndex| {
        let me_first = position(me, peer, run.n()).is_some();
        let (from, to) = if me_first { (me, peer) } else { (peer, me) };
        let root = |of: MemberIndex| &run.roots[usize::from(of.0)];
        let ek = read_ek(&ek_bytes(&root(to).key_pair(&run.ctx))).unwrap();
        let (_, secret) = root(from).encapsulate(&run.t1, to, &ek);
        PairKey::new(&run.t2, &secret, me, peer)
    };
    peers.map(key).collect()
}

/// What a member sealed in each lane, and where.
fn own_slots(run: &RealRun, index: usize) -> Vec<(u16, Vec<u8>)> {
    let mut dice = run.dice_at_sealing(index);
    let joint = JointKey::new(run.joint);
    let payloads = run.payloads(run.leaves[index]);
    let seal_one = |(payload, lane): (&Payload, u16)| {
        let tags = run.tags(lane);
        let slot = rank(&tags, tags[index]).unwrap();
        let place = Place {
            t3: run.t3,
            lane,
            slot,
            tag: tags[index].value(),
        };
        let e = random_scalar(&mut dice);
        let sealed = seal(payload.plain(), &joint, &place, &e);
        (slot, sealed.to_vec())
    };
    payloads.iter().zip(0u16..).map(seal_one).collect()
}

#[test]
fn the_run_that_is_counted_through_says_byte_for_byte_what_members_say() {
    for (n, lanes) in [(2, 1), (3, 1), (4, 2), (5, 3)] {
        let run = RealRun::play(n, lanes, 5, Course::Released);
        let n = usize::from(run.n());
        for index in 0..n {
            let keys = pair_keys(&run, MemberIndex(index as u16));
            let (mut sums, mut vector) = (Vec::new(), Vec::new());
            for ((slot, sealed), lane) in own_slots(&run, index).into_iter().zip(0u16..) {
                let t3 = run.t3;
                let pads = || keys.iter().map(|key| Derived { key, t3, lane });
                let tag = run.tags(lane)[index];
                sums.extend(padded_sums(tag, n, pads()).into_iter().map(Fe::value));
                let own = OwnSlot::new(slot, sealed.into());
                vector.extend(padded_vector(&own, n * run.terms.slot(), pads()));
            }
            assert_eq!(sums, run.sums[index], "N = {n}, SLOT of {index}");
            assert_eq!(vector, run.vectors[index], "N = {n}, DC of {index}");
        }
    }
}

#[test]
fn a_payload_of_a_whole_run_opens_at_the_rank_of_its_tag() {
    for seed in 0..8 {
        let run = RealRun::play(4, 2, seed, Course::Released);
        let opened = run.opened.as_ref().unwrap();
        for lane in 0..2 {
            let tags = run.tags(lane);
            for (index, leaf) in run.leaves.iter().enumerate() {
                let slot = usize::from(rank(&tags, tags[index]).unwrap());
                let opened = &opened.payloads[usize::from(lane)][slot];
                let OpenedSlot::Text { text, .. } = opened else {
                    panic!("{opened:?}")
                };
                assert_eq!(*text, texts(*leaf, 2)[usize::from(lane)]);
            }
        }
    }
}

/// With every root revealed the pads are gone: what is left of a vector is the sealed payload at the
/// rank of a known tag. No text is in it, and nobody has released what opens it.
#[test]
fn revealed_roots_leave_of_a_vector_the_sealed_payload_in_its_slot() {
    let run = RealRun::play(5, 2, 9, Course::Accused);
    assert!(run.opened.is_none());
    let slot_bytes = run.terms.slot();
    let lane_bytes = usize::from(run.n()) * slot_bytes;
    for index in 0..run.leaves.len() {
        let keys = pair_keys(&run, MemberIndex(index as u16));
        let own = own_slots(&run, index);
        let mut vector = run.vectors[index].clone();
        for ((bare, (slot, sealed)), lane) in vector.chunks_mut(lane_bytes).zip(own).zip(0u16..) {
            keys.iter()
                .for_each(|key| key.pad_vector(&run.t3, lane, bare));
            let mut expected = vec![0; lane_bytes];
            let at = usize::from(slot) * slot_bytes;
            expected[at..at + slot_bytes].copy_from_slice(&sealed);
            assert_eq!(bare, expected);
            let text = texts(run.leaves[index], 2).swap_remove(usize::from(lane));
            assert!(
                !bare
                    .windows(text.len())
                    .any(|bytes| bytes == text.as_bytes())
            );
        }
    }
}
