//! The building blocks of a contributor, for the simulator alone: a member that cheats in one place
//! is honest in all others. No product has this feature.

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use rand_core::CryptoRng;
use tls_codec::VLBytes;
use x_wing::EncapsulationKey;
use zeroize::Zeroizing;

pub use crate::contributor::Secrets;
pub use crate::slot::{OwnSlot, rank as rank_of};

use crate::field::Fe;
use crate::hash::Hash;
use crate::kem::{Root, decapsulate, ek_bytes, position, targets};
use crate::message::Join;
use crate::pads::PairKey;
use crate::pop::Claim;
use crate::roster::MemberIndex;
use crate::seal::{JointKey, Opening, Place};
use crate::sequence::{Record, Sequence, Stage};
use crate::text::Payload;
use crate::{OpenedSlot, slot};

/// The secrets that a member draws for one run.
#[derive(Clone)]
pub struct Drawn {
    /// The blame secret.
    pub root: [u8; 32],
    /// The content secret.
    pub x: [u8; 32],
}

impl Drawn {
    /// Draws both.
    pub fn new(rng: &mut dyn CryptoRng) -> Self {
        let mut root = [0; 32];
        rng.fill_bytes(&mut root);
        let x = crate::pop::random_scalar(rng).to_bytes();
        Self { root, x }
    }

    fn root(&self, id: Hash) -> Root {
        Root::revealed(self.root, id)
    }

    fn root_in(&self, run: &Sequence, me: MemberIndex) -> Option<Root> {
        Some(self.root(*run.run().roster.id(me)?))
    }

    /// X, its share of the key of all.
    #[must_use]
    pub fn share(&self) -> Hash {
        RistrettoPoint::mul_base(&scalar(&self.x))
            .compress()
            .to_bytes()
    }

    /// A JOIN with any key, proved for it.
    pub fn join(&self, at: &Spot, ek: Vec<u8>, rng: &mut dyn CryptoRng) -> Join {
        let claim = Claim {
            ctx: at.ctx,
            id: at.id,
            ek: VLBytes::from(ek),
            share: self.share(),
        };
        let pop = claim.prove(&scalar(&self.x), rng);
        Join {
            ctx: at.ctx,
            ek: claim.ek,
            share: claim.share,
            pop,
            head: at.head,
        }
    }

    /// The encapsulation key of a run.
    #[must_use]
    pub fn ek(&self, at: &Spot) -> Vec<u8> {
        ek_bytes(&self.root(at.id).key_pair(&at.ctx))
    }

    /// The tag of a lane.
    #[must_use]
    pub fn tag(&self, id: Hash, t1: &Hash, lane: u16) -> u64 {
        self.root(id).tag(t1, lane).value()
    }

    /// All ciphertexts in order, and the secrets in them by peer; in phase 2.
    #[must_use]
    pub fn encapsulate(&self, run: &Sequence, leaf: u32) -> Option<(Vec<u8>, Vec<Shared>)> {
        let Stage::Kems(stage) = run.stage() else {
            return None;
        };
        let (me, n) = place(run, leaf)?;
        let t1 = stage.record().t1;
        let root = self.root_in(run, me)?;
        let (mut bytes, mut secrets) = (Vec::new(), Vec::new());
        for target in targets(me, n) {
            match target {
                None => bytes.extend(root.fill(&t1)),
                Some(peer) => {
                    let ek: &EncapsulationKey = stage.record().ek(peer)?;
                    let (ciphertext, secret) = root.encapsulate(&t1, peer, ek);
                    bytes.extend_from_slice(&ciphertext);
                    secrets.push((peer.0, *secret));
                }
            }
        }
        Some((bytes, secrets))
    }

    /// The keys shared with each peer, from what was sent and what came; in phase 3.
    #[must_use]
    pub fn pairs(&self, run: &Sequence, leaf: u32, sent: &[Shared]) -> Option<Vec<Pair>> {
        let Stage::Slots(stage) = run.stage() else {
            return None;
        };
        let (me, n) = place(run, leaf)?;
        let record: &Record = stage.record();
        let key = self.root_in(run, me)?.key_pair(&run.ctx_r());
        let pair = |peer: u16, secret: &[u8; 32]| {
            let key = PairKey::new(&record.t2, secret, me, MemberIndex(peer));
            Pair::of(me.0, peer, key.bytes())
        };
        let mut pairs: Vec<Pair> = sent.iter().map(|(peer, s)| pair(*peer, s)).collect();
        for peer in (0..n).map(MemberIndex).filter(|peer| *peer != me) {
            if let Some(position) = position(peer, me, n) {
                let secret = decapsulate(&key, record.ciphertext(peer, position)?)?;
                pairs.push(pair(peer.0, &secret));
            }
        }
        Some(pairs)
    }
}

/// The point that some secret bytes would be the logarithm of.
#[must_use]
pub fn point_of(secret: &[u8; 32]) -> Hash {
    RistrettoPoint::mul_base(&scalar(secret))
        .compress()
        .to_bytes()
}

/// Where a JOIN stands.
pub struct Spot {
    /// The run.
    pub ctx: Hash,
    /// The member's id in it.
    pub id: Hash,
    /// A log head.
    pub head: Hash,
}

/// The secret in one ciphertext, by peer.
pub type Shared = (u16, [u8; 32]);

/// What two members share in one run.
#[derive(Clone)]
pub struct Pair {
    /// The other one's index.
    pub peer: u16,
    me: u16,
    key: [u8; 32],
}

impl Pair {
    /// The own index, the peer's, the key's bytes.
    #[must_use]
    pub fn of(me: u16, peer: u16, key: [u8; 32]) -> Self {
        Self { peer, me, key }
    }

    fn key(&self) -> PairKey {
        PairKey::of_bytes(self.key, self.me < self.peer)
    }

    /// Adds this member's pad to the sums of a lane.
    pub fn pad_sums(&self, lane: u16, sums: &mut [u64]) {
        let mut elements: Vec<Fe> = sums.iter().map(|sum| Fe::reduce(*sum)).collect();
        self.key().pad_sums(lane, &mut elements);
        for (sum, element) in sums.iter_mut().zip(elements) {
            *sum = element.value();
        }
    }

    /// Takes this member's pad away from the sums of a lane.
    pub fn strip_sums(&self, lane: u16, sums: &mut [u64]) {
        let other = Self::of(self.peer, self.me, self.key);
        other.pad_sums(lane, sums);
    }

    /// Adds the pad of a lane to bytes; twice is not at all.
    pub fn pad_vector(&self, t3: &Hash, lane: u16, bytes: &mut [u8]) {
        self.key().pad_vector(t3, lane, bytes);
    }
}

fn scalar(bytes: &[u8; 32]) -> Zeroizing<Scalar> {
    Zeroizing::new(Scalar::from_bytes_mod_order(*bytes))
}

fn place(run: &Sequence, leaf: u32) -> Option<(MemberIndex, u16)> {
    let me = run.run().roster.index_of(leaf)?;
    Some((me, run.run().size()))
}

/// The index of a leaf in the current run.
#[must_use]
pub fn index(run: &Sequence, leaf: u32) -> Option<u16> {
    place(run, leaf).map(|(me, _)| me.0)
}

/// The leaves of the current run by index.
#[must_use]
pub fn roster(run: &Sequence) -> Vec<u32> {
    let members = run.run().roster.members();
    members.map(|member| member.leaf).collect()
}

/// Where a leaf's JOIN of the current run stands.
#[must_use]
pub fn join_place(run: &Sequence, leaf: u32) -> Option<Spot> {
    let (me, _) = place(run, leaf)?;
    Some(Spot {
        ctx: run.ctx_r(),
        id: *run.run().roster.id(me)?,
        head: run.head(),
    })
}

/// T1 to T4, as far as they are known.
#[must_use]
pub fn transcripts(run: &Sequence) -> [Option<Hash>; 4] {
    run.run().transcripts
}

/// The tags by lane, ascending, in phase 4; `None` where a lane is bad.
#[must_use]
pub fn tags(run: &Sequence) -> Option<Vec<Vec<u64>>> {
    let Stage::Vectors(stage) = run.stage() else {
        return None;
    };
    let values = |lane: &Vec<Fe>| lane.iter().map(|tag| tag.value()).collect();
    Some(stage.tags()?.iter().map(values).collect())
}

/// The powers 1 to `n` of a tag.
#[must_use]
pub fn powers(tag: u64, n: usize) -> Vec<u64> {
    let n = u16::try_from(n).unwrap_or(u16::MAX);
    let powers = crate::pads::powers(Fe::reduce(tag), n);
    powers.into_iter().map(Fe::value).collect()
}

/// The rank of a tag among a lane's ascending tags.
#[must_use]
pub fn rank(lane: &[u64], tag: u64) -> Option<u16> {
    let lane: Vec<Fe> = lane.iter().map(|tag| Fe::reduce(*tag)).collect();
    slot::rank(&lane, Fe::reduce(tag))
}

/// What a payload becomes in its slot; in phase 4, with any `e`.
#[must_use]
pub fn seal(run: &Sequence, lane: u16, slot: u16, tag: u64, text: &str, e: &[u8; 32]) -> Vec<u8> {
    let (Stage::Vectors(stage), [_, _, Some(t3), _]) = (run.stage(), transcripts(run)) else {
        return Vec::new();
    };
    let bytes = run.terms().slot_bytes;
    let payload = Payload::text(text, bytes).unwrap_or_else(|_| Payload::blank(bytes));
    let place = Place {
        t3,
        lane,
        slot,
        tag,
    };
    let joint = JointKey::new(stage.shares().joint);
    crate::seal::seal(payload.plain(), &joint, &place, &scalar(e)).to_vec()
}

/// The sum of all vectors, in phase 5.
#[must_use]
pub fn combined(run: &Sequence) -> Option<&[u8]> {
    match run.stage() {
        Stage::Verdicts(stage) => Some(stage.combined()),
        Stage::Joins(_)
        | Stage::Kems(_)
        | Stage::Slots(_)
        | Stage::Vectors(_)
        | Stage::Releases(_)
        | Stage::Reveals(_)
        | Stage::Over => None,
    }
}

/// What a REVEAL has to answer, in phase 7.
#[must_use]
pub fn charge(run: &Sequence) -> Option<Hash> {
    match run.stage() {
        Stage::Reveals(stage) => Some(stage.evidence()),
        Stage::Joins(_)
        | Stage::Kems(_)
        | Stage::Slots(_)
        | Stage::Vectors(_)
        | Stage::Verdicts(_)
        | Stage::Releases(_)
        | Stage::Over => None,
    }
}

/// Opens one sealed slot, at a lane, slot and tag, with all shares, as the end of a run would.
#[must_use]
pub fn open(sealed: &[u8], t3: &Hash, at: (u16, u16, u64), shares: &[[u8; 32]]) -> OpenedSlot {
    let (lane, slot, tag) = at;
    let x: Scalar = shares.iter().map(|x| *scalar(x)).sum();
    let opening = Opening {
        t3: *t3,
        joint: RistrettoPoint::mul_base(&x).compress().to_bytes(),
        tags: &[],
        combined: &[],
        slot_bytes: sealed.len(),
    };
    let place = Place {
        t3: *t3,
        lane,
        slot,
        tag,
    };
    let point = sealed.first_chunk::<32>();
    let point = point.and_then(|bytes| CompressedRistretto(*bytes).decompress());
    point
        .map(|point| (x * point).compress().to_bytes())
        .and_then(|secret| opening.open_one(sealed, secret, &place))
        .unwrap_or(OpenedSlot::Void)
}
