//! The run that is counted through is the run of the code: fed with the pads of real keys, it says
//! byte for byte what real members say. This is also all that a revealed root shows.

use super::real_run::{RealRun, texts};
use super::run::{Pads, padded_sums, padded_vector};
use crate::field::{Fe, M61};
use crate::hash::Hash;
use crate::kem::{ek_bytes, position, read_ek};
use crate::pads::PairKey;
use crate::roster::MemberIndex;
use crate::seal::{OpenedSlot, Place, seal};
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
        let root = |of: MemberIndex| &run.draws[usize::from(of.0)].root;
        let ek = read_ek(&ek_bytes(&root(to).key_pair(&run.ctx))).unwrap();
        let (_, secret) = root(from).encapsulate(&run.t1, to, &ek);
        PairKey::new(&run.t2, &secret, me, peer)
    };
    peers.map(key).collect()
}

/// SLOT and DC of one member as the counted run would say them.
fn said(run: &RealRun, me: MemberIndex, keys: &[PairKey]) -> (Vec<u64>, Vec<u8>) {
    let (index, n) = (usize::from(me.0), usize::from(run.n()));
    let mut dice = run.draws[index].before_sealing.clone();
    let (mut sums, mut vector) = (Vec::new(), Vec::new());
    for (text, lane) in texts(run.leaves[index], run.terms.lanes).iter().zip(0u16..) {
        let (t3, tags) = (run.t3, run.tags(lane));
        let pads = || keys.iter().map(|key| Derived { key, t3, lane });
        let tag = tags[index];
        sums.extend(padded_sums(tag, n, pads()).into_iter().map(Fe::value));
        let slot = rank(&tags, tag).unwrap();
        let place = Place {
            t3,
            lane,
            slot,
            tag: tag.value(),
        };
        let payload = Payload::text(text, run.terms.slot_bytes).unwrap();
        let own = OwnSlot::new(slot, seal(payload.plain(), &run.joint, &place, &mut dice));
        vector.extend(padded_vector(&own, n * run.terms.slot(), pads()));
    }
    (sums, vector)
}

#[test]
fn the_run_that_is_counted_through_says_byte_for_byte_what_members_say() {
    for (n, lanes) in [(2, 1), (3, 1), (4, 2), (5, 3)] {
        let run = RealRun::play(n, lanes, 5);
        for index in 0..run.leaves.len() {
            let me = MemberIndex(index as u16);
            let (sums, vector) = said(&run, me, &pair_keys(&run, me));
            assert_eq!(sums, run.sums[index], "N = {n}, SLOT of {me:?}");
            assert_eq!(vector, run.vectors[index], "N = {n}, DC of {me:?}");
        }
    }
}

#[test]
fn a_payload_of_a_whole_run_opens_at_the_rank_of_its_tag() {
    for seed in 0..8 {
        let run = RealRun::play(4, 2, seed);
        for lane in 0..2 {
            let tags = run.tags(lane);
            for (index, leaf) in run.leaves.iter().enumerate() {
                let slot = usize::from(rank(&tags, tags[index]).unwrap());
                let opened = &run.opened.payloads[usize::from(lane)][slot];
                let OpenedSlot::Text { text, .. } = opened else {
                    panic!("{opened:?}")
                };
                assert_eq!(*text, texts(*leaf, 2)[usize::from(lane)]);
            }
        }
    }
}
