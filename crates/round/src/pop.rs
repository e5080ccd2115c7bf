//! Schnorr proof of possession of a content share, bound to run, member and keys.

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use rand_core::CryptoRng;
use tls_codec::{TlsDeserialize, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice, VLBytes};
use zeroize::Zeroizing;

use crate::hash::{Hash, expand, extract};
use crate::rules::{Rule, holds};

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

    /// The nonce hangs on all that is proved and on fresh bytes: a generator that repeats itself shows
    /// x only where it repeats the whole claim, and then the proof is the same.
    fn nonce(&self, x: &Scalar, fresh: &[u8; 64]) -> Zeroizing<Scalar> {
        if !holds(Rule::NoncesOfOneProof) {
            return Zeroizing::new(Scalar::from_bytes_mod_order_wide(fresh));
        }
        let secret = Zeroizing::new(x.to_bytes());
        let seed = extract(
            &[],
            "nonce",
            &(VLByteSlice(&*secret), VLByteSlice(fresh), self),
        );
        let wide = expand(&seed, "nonce scalar", &());
        Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide))
    }

    /// Proves knowledge of `x`, the logarithm of the claimed share.
    pub(crate) fn prove(&self, x: &Scalar, rng: &mut dyn CryptoRng) -> Pop {
        let mut fresh = Zeroizing::new([0; 64]);
        rng.fill_bytes(&mut *fresh);
        let r = self.nonce(x, &fresh);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_rng::TestRng;

    /// Two proofs with one R and two challenges would show x to everybody.
    #[test]
    fn a_generator_that_repeats_itself_shows_no_x() {
        let x = Scalar::from(5u64);
        let claim = |ek: u8, id: u8| Claim {
            ctx: [1; 32],
            id: [id; 32],
            ek: vec![ek; 3].into(),
            share: RistrettoPoint::mul_base(&x).compress().to_bytes(),
        };
        let proof = |ek, id, seed| claim(ek, id).prove(&x, &mut TestRng::new(seed));
        let first = proof(1, 1, 7);
        assert_eq!(first, proof(1, 1, 7));
        for other in [proof(2, 1, 7), proof(1, 2, 7), proof(1, 1, 8)] {
            assert_ne!(other.commitment, first.commitment);
        }
        let other = Scalar::from(6u64);
        let with_other_x = claim(1, 1).prove(&other, &mut TestRng::new(7));
        assert_ne!(with_other_x.commitment, first.commitment);
        assert!(claim(1, 1).verify(&first).is_some());
    }
}
