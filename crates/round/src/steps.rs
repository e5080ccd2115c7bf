//! Steps of a run by themselves, to be timed by benches. Behind a feature that no product enables:
//! whoever holds these in their hands could use a pad twice.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use crate::field::Fe;
use crate::hash::Hash;
use crate::pads::PairKey;
use crate::roster::MemberIndex;
use crate::seal::{JointKey, OpenedSlot, Opening, Place, seal};
use crate::slot::OwnSlot;
use crate::text::Payload;

/// The key of one pair.
pub struct Pair(PairKey);

impl Pair {
    /// From what was encapsulated.
    #[must_use]
    pub fn new(t2: &Hash, secret: &[u8; 32]) -> Self {
        Self(PairKey::new(t2, secret, MemberIndex(0), MemberIndex(1)))
    }

    /// The pad of a lane's power sums.
    pub fn pad_sums(&self, lane: u16, sums: &mut [Fe]) {
        self.0.pad_sums(lane, sums);
    }

    /// The pad of a lane's slots.
    pub fn pad_vector(&self, t3: &Hash, lane: u16, bytes: &mut [u8]) {
        self.0.pad_vector(t3, lane, bytes);
    }
}

/// One lane in which everybody has sealed a payload.
pub struct SealedLane {
    x: Scalar,
    joint: JointKey,
    tags: Vec<Vec<Fe>>,
    combined: Vec<u8>,
    slot_bytes: usize,
}

impl SealedLane {
    /// A lane of `n` blanks under a joint key whose secret is `x`.
    #[must_use]
    pub fn new(n: u16, slot_bytes: u32, x: u64) -> Self {
        let x = Scalar::from(x);
        let mut lane = Self {
            x,
            joint: JointKey::new(RistrettoPoint::mul_base(&x)),
            tags: vec![(1..=u64::from(n)).map(Fe::reduce).collect()],
            combined: Vec::new(),
            slot_bytes: usize::try_from(slot_bytes).unwrap_or(0),
        };
        for slot in 0..n {
            lane.combined.extend_from_slice(&lane.seal(slot));
        }
        lane
    }

    /// Seals a blank for a slot.
    #[must_use]
    pub fn seal(&self, slot: u16) -> Zeroizing<Vec<u8>> {
        let place = Place {
            t3: [0; 32],
            lane: 0,
            slot,
            tag: u64::from(slot) + 1,
        };
        let payload = Payload::blank(u32::try_from(self.slot_bytes).unwrap_or(0));
        let e = Scalar::from(u64::from(slot) + 7);
        seal(payload.plain(), &self.joint, &place, &e)
    }

    /// Writes a payload into its slot, over all slots under a mask.
    pub fn write(&self, slot: u16, sealed: &[u8], lane: &mut [u8]) {
        OwnSlot::new(slot, Zeroizing::new(sealed.to_vec())).write(lane);
    }

    /// Opens all slots.
    #[must_use]
    pub fn open(&self) -> Vec<Vec<OpenedSlot>> {
        let opening = Opening {
            t3: [0; 32],
            joint: self.joint.bytes(),
            tags: &self.tags,
            combined: &self.combined,
            slot_bytes: self.slot_bytes,
        };
        opening.open(&self.x)
    }
}
