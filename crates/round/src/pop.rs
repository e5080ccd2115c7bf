//! Schnorr proof of possession of a content share, bound to run, member and keys.

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use rand_core::CryptoRng;
use tls_codec::{TlsDeserialize, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes};
use zeroize::Zeroizing;

use crate::hash::{Hash, expand, extract};

/// A proof: commitment R and response s, both canonical.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
pub struct Pop {
    /// R = rG.
    pub commitment: Hash,
    /// s = r + cx.
    pub response: Hash,
}

/// What a proof is bound to.
#[derive(TlsSerialize, TlsSize)]
pub(crate) struct Claim {
    pub(crate) ctx: Hash,
    pub(crate) id: Hash,
    pub(crate) ek: VLBytes,
    pub(crate) share: Hash,
}

/// Draws a uniform scalar.
pub(crate) fn random_scalar(rng: &mut dyn CryptoRng) -> Zeroizing<Scalar> {
    let mut wide = Zeroizing::new([0; 64]);
    rng.fill_bytes(&mut *wide);
    Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide))
}

impl Claim {
    fn challenge(&self, commitment: Hash) -> Scalar {
        let seed = extract(&[], "pop", &(self, commitment));
        Scalar::from_bytes_mod_order_wide(&expand(&seed, "challenge", &()))
    }

    /// Proves knowledge of `x`, the logarithm of the claimed share.
    pub(crate) fn prove(&self, x: &Scalar, rng: &mut dyn CryptoRng) -> Pop {
        let r = random_scalar(rng);
        let commitment = RistrettoPoint::mul_base(&r).compress().to_bytes();
        let response = Zeroizing::new(*r + self.challenge(commitment) * x);
        Pop {
            commitment,
            response: response.to_bytes(),
        }
    }

    /// The claimed share as a point, where the proof holds and everything is canonical.
    pub(crate) fn verify(&self, pop: &Pop) -> Option<RistrettoPoint> {
        let share = CompressedRistretto(self.share).decompress()?;
        let response = Option::<Scalar>::from(Scalar::from_canonical_bytes(pop.response))?;
        let challenge = self.challenge(pop.commitment);
        // All of this is public, so variable time is fine: R = sG - cX.
        let expected =
            RistrettoPoint::vartime_double_scalar_mul_basepoint(&-challenge, &share, &response);
        let holds = expected.compress().to_bytes() == pop.commitment && !share.is_identity();
        holds.then_some(share)
    }
}
