//! The seal: a payload encrypted to the sum of all members' shares, so that nobody reads any
//! before everybody has released.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Tag};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use tls_codec::{TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::field::Fe;
use crate::hash::{Hash, expand, extract};
use crate::rules::{Rule, holds};
use crate::text;

const POINT_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// One slot of a released run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenedSlot {
    /// Sealed wrongly or not normalised. Its author is at fault; nobody knows who that is.
    Void,
    /// Somebody said nothing.
    Blank,
    /// A text, and the salt for the public commitment to it.
    Text {
        /// Normalised.
        text: String,
        /// Derived from the slot's key: every member has it, nobody else can.
        salt: [u8; 32],
    },
}

/// Where a sealed payload stands; bound by its key.
#[derive(Clone, Copy, Debug, TlsSerialize, TlsSize)]
pub(crate) struct Place {
    pub(crate) t3: Hash,
    pub(crate) lane: u16,
    pub(crate) slot: u16,
    pub(crate) tag: u64,
}

/// K = HKDF(eX, U, X; T3, lane, slot, tag).
fn key(secret: Hash, point: Hash, joint: Hash, place: &Place) -> Zeroizing<[u8; 32]> {
    let secret = Zeroizing::new(secret);
    let prk = extract(&[], "seal", &(*secret, point, joint));
    expand(&prk, "seal key", place)
}

/// The key of all, and its bytes: encoding it takes a tenth of a sealing.
pub(crate) struct JointKey {
    point: RistrettoPoint,
    bytes: Hash,
}

impl JointKey {
    pub(crate) fn new(point: RistrettoPoint) -> Self {
        let bytes = point.compress().to_bytes();
        Self { point, bytes }
    }

    #[cfg(feature = "steps")]
    pub(crate) fn bytes(&self) -> Hash {
        self.bytes
    }
}

/// Seals one payload: U, ciphertext, authentication tag. `e` must be drawn for this call alone.
pub(crate) fn seal(
    plain: &[u8],
    joint: &JointKey,
    place: &Place,
    e: &Scalar,
) -> Zeroizing<Vec<u8>> {
    let point = RistrettoPoint::mul_base(e).compress().to_bytes();
    let secret = Zeroizing::new(e * joint.point).compress().to_bytes();
    let key = key(secret, point, joint.bytes, place);
    let mut out = Zeroizing::new(Vec::with_capacity(POINT_BYTES + plain.len() + TAG_BYTES));
    out.extend_from_slice(&point);
    out.extend_from_slice(plain);
    let (_, body) = out.split_at_mut(POINT_BYTES);
    let tag = ChaCha20Poly1305::new((&*key).into())
        .encrypt_inout_detached(&[0; 12].into(), &[], body.into())
        .expect("a slot is far shorter than ChaCha20's limit");
    out.extend_from_slice(&tag);
    out
}

/// Everything that opens a run's slots, once all shares are known.
pub(crate) struct Opening<'a> {
    pub(crate) t3: Hash,
    pub(crate) joint: Hash,
    pub(crate) tags: &'a [Vec<Fe>],
    pub(crate) combined: &'a [u8],
    pub(crate) slot_bytes: usize,
}

impl Opening<'_> {
    /// Opens every slot with `x`, the sum of all shares.
    pub(crate) fn open(&self, x: &Scalar) -> Vec<Vec<OpenedSlot>> {
        let sealed: Vec<&[u8]> = self.combined.chunks(self.slot_bytes).collect();
        let secrets = shared_secrets(&sealed, x);
        let places = self.tags.iter().zip(0u16..).flat_map(|(tags, lane)| {
            tags.iter()
                .zip(0u16..)
                .map(move |(tag, slot)| (lane, slot, *tag))
        });
        let mut lanes: Vec<Vec<OpenedSlot>> = self.tags.iter().map(|_| Vec::new()).collect();
        for (((lane, slot, tag), sealed), secret) in places.zip(&sealed).zip(secrets) {
            let place = Place {
                t3: self.t3,
                lane,
                slot,
                tag: tag.value(),
            };
            let opened = secret
                .and_then(|secret| self.open_one(sealed, secret, &place))
                .unwrap_or(OpenedSlot::Void);
            if let Some(lane) = lanes.get_mut(usize::from(lane)) {
                lane.push(opened);
            }
        }
        lanes
    }

    pub(crate) fn open_one(
        &self,
        sealed: &[u8],
        secret: Hash,
        place: &Place,
    ) -> Option<OpenedSlot> {
        let (point, body) = sealed.split_first_chunk::<POINT_BYTES>()?;
        let (body, tag) = body.split_last_chunk::<TAG_BYTES>()?;
        let key = key(secret, *point, self.joint, place);
        let mut plain = Zeroizing::new(body.to_vec());
        ChaCha20Poly1305::new((&*key).into())
            .decrypt_inout_detached(
                &[0; 12].into(),
                &[],
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        let text = text::read(&plain)?;
        if text.is_empty() {
            return Some(OpenedSlot::Blank);
        }
        Some(OpenedSlot::Text {
            text,
            salt: *expand(&key, "salt", &()),
        })
    }
}

/// xU for every slot whose U is canonical and not the identity. What stands in another slot is no matter:
/// else one member could void everybody's, by copying what it sees.
fn shared_secrets(sealed: &[&[u8]], x: &Scalar) -> Vec<Option<Hash>> {
    // Compressing in a batch is seven times as fast, and comes with a doubling: so halve x first.
    let half = x.div_by_2();
    // Everybody has shown its part of x, so variable time is fine: x/2 U + 0 G.
    let product = |point: &RistrettoPoint| {
        RistrettoPoint::vartime_double_scalar_mul_basepoint(&half, point, &Scalar::ZERO)
    };
    let products: Vec<Option<RistrettoPoint>> = sealed
        .iter()
        .map(|slot| {
            let bytes = *slot.first_chunk()?;
            if !holds(Rule::SlotsOpenAlone) && is_elsewhere(bytes, sealed) {
                return None;
            }
            let point = CompressedRistretto(bytes).decompress()?;
            (!point.is_identity()).then(|| product(&point))
        })
        .collect();
    let mut compressed =
        RistrettoPoint::double_and_compress_batch(products.iter().flatten()).into_iter();
    products
        .iter()
        .map(|product| {
            product
                .and_then(|_| compressed.next())
                .map(|c| c.to_bytes())
        })
        .collect()
}

/// What the rule forbids to look at: the same U in another slot.
fn is_elsewhere(point: [u8; POINT_BYTES], sealed: &[&[u8]]) -> bool {
    let same = sealed.iter().filter(|slot| slot.starts_with(&point));
    same.count() > 1
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
