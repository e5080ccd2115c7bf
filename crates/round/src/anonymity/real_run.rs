//! A whole run of the real code, of which every drawn byte is known.

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::contributor::{Contributor, Said};
use crate::field::Fe;
use crate::hash::Hash;
use crate::kem::Root;
use crate::message::{Message, Nogo, Phase};
use crate::pop::random_scalar;
use crate::roster::Member;
use crate::sequence::{Entry, Sequence, Time};
use crate::terms::Terms;
use crate::test_rng::TestRng;
use crate::text::Payload;
use crate::verdict::{Opened, Verdict};

/// Whether a run is released, or somebody says NOGO in place of GO and all roots are revealed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    Released,
    Accused,
}

/// The texts of a member, one for each lane. They fit into the smallest slot.
pub(super) fn texts(leaf: u32, lanes: u16) -> Vec<String> {
    (0..lanes).map(|lane| format!("{leaf} in {lane}")).collect()
}

/// One run to its end. All lists are by index.
pub(super) struct RealRun {
    pub(super) ctx: Hash,
    pub(super) terms: Terms,
    pub(super) leaves: Vec<u32>,
    /// As drawn; as revealed, where the run is accused.
    pub(super) roots: Vec<Root>,
    ids: Vec<Hash>,
    pub(super) t1: Hash,
    pub(super) t2: Hash,
    pub(super) t3: Hash,
    pub(super) joint: RistrettoPoint,
    /// SLOT and DC.
    pub(super) sums: Vec<Vec<u64>>,
    pub(super) vectors: Vec<Vec<u8>>,
    /// Where the run is released.
    pub(super) opened: Option<Opened>,
    seed: u8,
}

fn terms(n: u32, lanes: u16) -> Terms {
    let member = |leaf: u32| Member {
        leaf,
        signature_key: vec![leaf as u8; 32],
    };
    Terms {
        ctx0: [0xA9; 32],
        side: None,
        lanes,
        slot_bytes: 64,
        phase_ms: 3000,
        opening: (1..=n).map(member).collect(),
        floor: 2,
    }
}

fn dice(seed: u8, leaf: u32) -> TestRng {
    TestRng::new(seed * 16 + leaf as u8)
}

impl RealRun {
    /// Plays a run of fewer than 16 members.
    pub(super) fn play(n: u32, lanes: u16, seed: u8, course: Course) -> Self {
        let at = Time {
            time_ms: 0,
            head: [1; 32],
        };
        let mut fold = Sequence::begin(terms(n, lanes), at).unwrap();
        let mut run = Self::begin(&fold, seed);
        let mut log: Vec<(u32, Message)> = Vec::new();
        let mut members = Vec::new();
        for leaf in &run.leaves {
            let mut rng = dice(seed, *leaf);
            let (member, join) = Contributor::join(&fold, *leaf, &mut rng).unwrap();
            members.push((*leaf, member, rng));
            log.push((*leaf, join));
        }
        let mut read = 0;
        while let Some((from, message)) = log.get(read).cloned() {
            read += 1;
            run.note(from, &message);
            let entry = Entry {
                from: Some(from),
                time_ms: 0,
                head: [2; 32],
            };
            let verdict = fold.apply(entry, message);
            if let Verdict::Opened(opened) = verdict {
                run.opened = Some(opened);
            } else if matches!(verdict, Verdict::RunEnded(_)) {
                // The next run is none of this one's business.
                break;
            }
            for (leaf, member, rng) in &mut members {
                let said = member.next(&fold, &mut || run.payloads(*leaf), rng);
                log.extend(said.map(|said| (*leaf, course.turn(&fold, *leaf, said))));
            }
        }
        run
    }

    fn begin(fold: &Sequence, seed: u8) -> Self {
        let roster = &fold.run().roster;
        let leaves: Vec<u32> = roster.members().map(|member| member.leaf).collect();
        let id = |leaf: &u32| *roster.id(roster.index_of(*leaf).unwrap()).unwrap();
        let root = |leaf: &u32| Root::new(first_draws(&mut dice(seed, *leaf)), id(leaf));
        let ids = leaves.iter().map(id).collect();
        Self {
            ctx: fold.ctx_r(),
            terms: fold.terms().clone(),
            roots: leaves.iter().map(root).collect(),
            ids,
            t1: [0; 32],
            t2: [0; 32],
            t3: [0; 32],
            joint: RistrettoPoint::default(),
            sums: vec![Vec::new(); leaves.len()],
            vectors: vec![Vec::new(); leaves.len()],
            opened: None,
            seed,
            leaves,
        }
    }

    fn note(&mut self, from: u32, message: &Message) {
        let index = self.leaves.iter().position(|leaf| *leaf == from).unwrap();
        if let Message::Join(join) = message {
            self.joint += CompressedRistretto(join.share).decompress().unwrap();
        } else if let Message::Kem(kem) = message {
            self.t1 = kem.t1;
        } else if let Message::Slot(slot) = message {
            self.t2 = slot.t2;
            self.sums[index].clone_from(&slot.sums);
        } else if let Message::Dc(dc) = message {
            self.t3 = dc.t3;
            self.vectors[index] = dc.vector.as_slice().to_vec();
        } else if let Message::Reveal(reveal) = message {
            self.roots[index] = Root::revealed(reveal.root, self.ids[index]);
        }
    }

    pub(super) fn n(&self) -> u16 {
        self.leaves.len() as u16
    }

    /// The tags of a lane, by index.
    pub(super) fn tags(&self, lane: u16) -> Vec<Fe> {
        let tag = |root: &Root| root.tag(&self.t1, lane);
        self.roots.iter().map(tag).collect()
    }

    pub(super) fn payloads(&self, leaf: u32) -> Vec<Payload> {
        let payload = |text: &String| Payload::text(text, self.terms.slot_bytes).unwrap();
        texts(leaf, self.terms.lanes).iter().map(payload).collect()
    }

    /// The dice of a member as they lie when it seals.
    pub(super) fn dice_at_sealing(&self, index: usize) -> TestRng {
        let mut dice = dice(self.seed, self.leaves[index]);
        drop(first_draws(&mut dice));
        dice
    }
}

/// The root; then the content share and the nonce of its proof.
fn first_draws(rng: &mut dyn CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut root = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *root);
    drop((random_scalar(rng), random_scalar(rng)));
    root
}

impl Course {
    /// What a member says; the one with leaf 1 accuses falsely, where the run is accused.
    fn turn(self, fold: &Sequence, leaf: u32, said: Said) -> Message {
        match said {
            Said::Message(Message::Go(go)) if self == Self::Accused && leaf == 1 => {
                Message::Nogo(Nogo {
                    ctx: go.ctx,
                    phase: Phase::Vectors,
                    evidence: fold.evidence().unwrap(),
                })
            }
            Said::Message(message) | Said::Reveal(message) => message,
            Said::Release(share) => share.message(),
        }
    }
}
