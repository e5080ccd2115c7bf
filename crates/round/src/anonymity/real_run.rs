//! A whole run of the real code, of which every drawn byte is known.

use std::convert::Infallible;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use rand_core::{CryptoRng, TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::contributor::{Contributor, Said};
use crate::field::{Fe, M61};
use crate::hash::Hash;
use crate::kem::Root;
use crate::message::Message;
use crate::pop::random_scalar;
use crate::roster::Member;
use crate::sequence::{Entry, Sequence, Time};
use crate::terms::Terms;
use crate::text::Payload;
use crate::verdict::{Opened, Verdict};

/// SplitMix64: repeats, and is good for nothing else.
#[derive(Clone)]
pub(super) struct Dice(pub(super) u64);

impl TryRng for Dice {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(z ^ (z >> 31))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Dice {}

/// What one member drew, in the order of PROTOCOL, and the dice as they lie before it seals.
pub(super) struct Draws {
    pub(super) root: Root,
    pub(super) before_sealing: Dice,
}

impl Draws {
    fn again(dice: &Dice) -> Self {
        let mut dice = dice.clone();
        let rng: &mut dyn CryptoRng = &mut dice;
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        // The content share, and the nonce of its proof.
        drop((random_scalar(rng), random_scalar(rng)));
        Self {
            root: Root::new(bytes),
            before_sealing: dice,
        }
    }
}

/// The tag of a lane as PROTOCOL derives it.
pub(super) fn tag(root: &Root, t1: &Hash, lane: u16) -> Fe {
    let bytes = root.expand::<64>("tag", &(*t1, lane));
    let words = bytes
        .chunks_exact(8)
        .map(|word| u64::from_be_bytes(word.try_into().unwrap()) & M61);
    words
        .filter_map(Fe::new)
        .find(|word| *word != Fe::ZERO)
        .unwrap_or(Fe::ONE)
}

/// The texts of a member, one for each lane. They fit into the smallest slot.
pub(super) fn texts(leaf: u32, lanes: u16) -> Vec<String> {
    (0..lanes).map(|lane| format!("{leaf} in {lane}")).collect()
}

/// A run in which everybody took part. All lists are by index.
pub(super) struct RealRun {
    pub(super) ctx: Hash,
    pub(super) terms: Terms,
    pub(super) leaves: Vec<u32>,
    pub(super) draws: Vec<Draws>,
    pub(super) t1: Hash,
    pub(super) t2: Hash,
    pub(super) t3: Hash,
    pub(super) joint: RistrettoPoint,
    /// SLOT and DC.
    pub(super) sums: Vec<Vec<u64>>,
    pub(super) vectors: Vec<Vec<u8>>,
    pub(super) opened: Opened,
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

impl RealRun {
    pub(super) fn play(n: u32, lanes: u16, seed: u64) -> Self {
        let terms = terms(n, lanes);
        let at = Time {
            time_ms: 0,
            head: [1; 32],
        };
        let mut fold = Sequence::begin(terms.clone(), at).unwrap();
        let leaves: Vec<u32> = fold
            .run()
            .roster
            .members()
            .map(|member| member.leaf)
            .collect();
        let mut dice: Vec<Dice> = leaves
            .iter()
            .map(|leaf| Dice(seed << 8 | u64::from(*leaf)))
            .collect();
        let draws = dice.iter().map(Draws::again).collect();
        let mut log: Vec<(u32, Message)> = Vec::new();
        let mut members = Vec::new();
        for (leaf, dice) in leaves.iter().zip(&mut dice) {
            let (member, join) = Contributor::join(&fold, *leaf, dice).unwrap();
            members.push(member);
            log.push((*leaf, join));
        }
        let ctx = fold.ctx_r();
        let mut opened = None;
        let mut read = 0;
        while let Some((from, message)) = log.get(read) {
            read += 1;
            let entry = Entry {
                from: Some(*from),
                time_ms: 0,
                head: [2; 32],
            };
            if let Verdict::Opened(all) = fold.apply(entry, message) {
                opened = Some(all);
            }
            for ((member, leaf), dice) in members.iter_mut().zip(&leaves).zip(&mut dice) {
                let written = texts(*leaf, lanes);
                let payload = |text: &String| Payload::text(text, 64).unwrap();
                let mut payloads = || written.iter().map(payload).collect();
                match member.next(&fold, &mut payloads, dice) {
                    Some(Said::Message(message)) => log.push((*leaf, message)),
                    Some(Said::Release(share)) => log.push((*leaf, share.message())),
                    None => {}
                }
            }
        }
        Self::read(
            terms,
            ctx,
            leaves,
            draws,
            &log,
            opened.expect("everybody releases"),
        )
    }

    fn read(
        terms: Terms,
        ctx: Hash,
        leaves: Vec<u32>,
        draws: Vec<Draws>,
        log: &[(u32, Message)],
        opened: Opened,
    ) -> Self {
        let n = leaves.len();
        let mut run = Self {
            ctx,
            terms,
            draws,
            t1: [0; 32],
            t2: [0; 32],
            t3: [0; 32],
            joint: RistrettoPoint::default(),
            sums: vec![Vec::new(); n],
            vectors: vec![Vec::new(); n],
            opened,
            leaves,
        };
        for (from, message) in log {
            let index = run.leaves.iter().position(|leaf| leaf == from).unwrap();
            if let Message::Join(join) = message {
                run.joint += CompressedRistretto(join.share).decompress().unwrap();
            } else if let Message::Kem(kem) = message {
                run.t1 = kem.t1;
            } else if let Message::Slot(slot) = message {
                run.t2 = slot.t2;
                run.sums[index].clone_from(&slot.sums);
            } else if let Message::Dc(dc) = message {
                run.t3 = dc.t3;
                run.vectors[index] = dc.vector.as_slice().to_vec();
            }
        }
        run
    }

    pub(super) fn n(&self) -> u16 {
        self.leaves.len() as u16
    }

    /// The tags of a lane, by index.
    pub(super) fn tags(&self, lane: u16) -> Vec<Fe> {
        self.draws
            .iter()
            .map(|draws| tag(&draws.root, &self.t1, lane))
            .collect()
    }
}
