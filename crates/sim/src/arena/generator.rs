//! What a node draws from: chance, or a generator that repeats itself.

use std::convert::Infallible;

use chacha20::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _, TryCryptoRng, TryRng};

/// Bytes of a draw from which a scalar is made.
const WIDE: usize = 64;

/// A generator.
pub struct Generator {
    inner: ChaCha20Rng,
    stuck: Option<[u8; WIDE]>,
}

impl Generator {
    /// From a seed.
    pub fn new(seed: u64) -> Generator {
        Generator {
            inner: ChaCha20Rng::seed_from_u64(seed),
            stuck: None,
        }
    }

    /// From now on all draws of 64 bytes are one: secrets of scalars, and what is fresh in a proof.
    pub fn repeat(&mut self) {
        let mut bytes = [0; WIDE];
        self.inner.fill_bytes(&mut bytes);
        self.stuck = Some(bytes);
    }
}

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.inner.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.inner.next_u64())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        match &self.stuck {
            Some(stuck) if out.len() == WIDE => out.copy_from_slice(stuck),
            Some(_) | None => self.inner.fill_bytes(out),
        }
        Ok(())
    }
}

impl TryCryptoRng for Generator {}
