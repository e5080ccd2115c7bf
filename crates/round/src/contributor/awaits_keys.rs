//! JOIN is sent; everybody's keys are awaited. Then: KEM.

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use rand_core::CryptoRng;
use tls_codec::VLBytes;
use x_wing::DecapsulationKey;
use zeroize::Zeroizing;

use super::awaits_ciphertexts::AwaitsCiphertexts;
use super::{Said, Seat, State, is_mine};
use crate::hash::Hash;
use crate::kem::{Root, ek_bytes, targets};
use crate::message::{Join, Kem, Message};
use crate::pop::{Claim, random_scalar};
use crate::rules::{Rule, holds};
use crate::sequence::{Sequence, Stage};

pub(super) struct AwaitsKeys {
    root: Root,
    key: DecapsulationKey,
    x: Zeroizing<Scalar>,
    sent: Hash,
}

impl AwaitsKeys {
    /// Draws root and x independently of each other, and announces their public sides.
    pub(super) fn begin(
        seat: &Seat,
        id: Hash,
        head: Hash,
        rng: &mut dyn CryptoRng,
    ) -> (Self, Message) {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        let root = Root::new(bytes, id);
        let key = root.key_pair(&seat.ctx);
        let x = random_scalar(rng);
        let claim = Claim {
            ctx: seat.ctx,
            id,
            ek: VLBytes::from(ek_bytes(&key)),
            share: RistrettoPoint::mul_base(&x).compress().to_bytes(),
        };
        let pop = claim.prove(&x, rng);
        let message = Message::Join(Join {
            ctx: seat.ctx,
            ek: claim.ek,
            share: claim.share,
            pop,
            head,
        });
        let sent = message.hash();
        let state = Self { root, key, x, sent };
        (state, message)
    }

    #[cfg(feature = "parts")]
    pub(super) fn drawn(&self) -> (&Root, &Scalar) {
        (&self.root, &self.x)
    }

    pub(super) fn on_keys(self, seat: &Seat, sequence: &Sequence) -> (State, Option<Said>) {
        let Stage::Kems(stage) = sequence.stage() else {
            return (State::Keys(self), None);
        };
        let spent = (State::Spent, None);
        let [Some(t1), ..] = sequence.run().transcripts else {
            return spent;
        };
        if !is_mine(sequence, seat, &self.sent) {
            return spent;
        }
        let mut ciphertexts = Vec::new();
        let mut secrets = Vec::new();
        for target in targets(seat.me, seat.n) {
            match target {
                None if holds(Rule::EqualSizes) => ciphertexts.extend(self.root.fill(&t1)),
                None => {}
                Some(peer) => {
                    let Some(ek) = stage.record().ek(peer) else {
                        return spent;
                    };
                    let (ciphertext, secret) = self.root.encapsulate(&t1, peer, ek);
                    ciphertexts.extend_from_slice(&ciphertext);
                    secrets.push((peer, secret));
                }
            }
        }
        let message = Message::Kem(Kem {
            ctx: seat.ctx,
            t1,
            ciphertexts: ciphertexts.into(),
        });
        let state = AwaitsCiphertexts {
            root: self.root,
            key: self.key,
            x: self.x,
            secrets,
            sent: message.hash(),
        };
        (State::Ciphertexts(state), Some(Said::Message(message)))
    }
}
