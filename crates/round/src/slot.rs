//! A member's own slot. Which one it is is the secret of the whole protocol: every access goes over
//! all slots, under a mask, in constant time.

use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _, ConstantTimeGreater as _};
use zeroize::Zeroizing;

use crate::field::Residue;

/// A sealed payload and its slot in one lane.
pub struct OwnSlot {
    slot: Zeroizing<u16>,
    sealed: Zeroizing<Vec<u8>>,
}

impl OwnSlot {
    /// `sealed` has the length of a slot.
    pub fn new(slot: u16, sealed: Zeroizing<Vec<u8>>) -> Self {
        Self {
            slot: Zeroizing::new(slot),
            sealed,
        }
    }

    #[cfg(feature = "parts")]
    pub(crate) fn shown(&self) -> (u16, Vec<u8>) {
        (*self.slot, self.sealed.to_vec())
    }

    /// Adds the payload to its slot of a lane, touching every slot alike.
    pub fn write(&self, lane: &mut [u8]) {
        for (bytes, at) in lane.chunks_mut(self.sealed.len()).zip(0u16..) {
            let mask = self.mask(at);
            for (byte, sealed) in bytes.iter_mut().zip(self.sealed.iter()) {
                *byte ^= sealed & mask;
            }
        }
    }

    /// Whether the slot of a combined lane holds exactly what was sealed.
    pub fn is_intact(&self, lane: &[u8]) -> Choice {
        let mut differs = 0u8;
        for (bytes, at) in lane.chunks(self.sealed.len()).zip(0u16..) {
            let mask = self.mask(at);
            for (byte, sealed) in bytes.iter().zip(self.sealed.iter()) {
                differs |= (byte ^ sealed) & mask;
            }
        }
        differs.ct_eq(&0)
    }

    fn mask(&self, at: u16) -> u8 {
        u8::conditional_select(&0, &0xFF, at.ct_eq(&self.slot))
    }
}

/// The rank of `tag` among a lane's ascending tags; `None` where it is not among them, which is no
/// secret: it becomes a public NOGO.
pub fn rank<const P: u64>(lane: &[Residue<P>], tag: Residue<P>) -> Option<u16> {
    let mut rank = 0u16;
    let mut present = Choice::from(0);
    for other in lane {
        rank += u16::from(tag.value().ct_gt(&other.value()).unwrap_u8());
        present |= tag.value().ct_eq(&other.value());
    }
    bool::from(present).then_some(rank)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::field::Fe;

    #[test]
    fn a_payload_lands_in_its_slot_alone() {
        for slot in 0..5u16 {
            let own = OwnSlot::new(slot, Zeroizing::new(vec![0xA5; 8]));
            let mut lane = vec![0; 40];
            own.write(&mut lane);
            for (at, bytes) in lane.chunks(8).enumerate() {
                let expected = if at == usize::from(slot) {
                    [0xA5; 8]
                } else {
                    [0; 8]
                };
                assert_eq!(bytes, expected);
            }
            assert!(bool::from(own.is_intact(&lane)));
            for at in 0..40 {
                lane[at] ^= 1;
                let inside = at / 8 == usize::from(slot);
                assert_eq!(bool::from(own.is_intact(&lane)), !inside);
                lane[at] ^= 1;
            }
        }
    }

    #[test]
    fn the_rank_counts_smaller_tags() {
        let lane: Vec<Fe> = [3, 5, 8].map(Fe::reduce).to_vec();
        assert_eq!(rank(&lane, Fe::reduce(3)), Some(0));
        assert_eq!(rank(&lane, Fe::reduce(8)), Some(2));
        assert_eq!(rank(&lane, Fe::reduce(4)), None);
    }
}
