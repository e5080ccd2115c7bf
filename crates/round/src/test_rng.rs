//! An rng for tests that repeats. It must never be used for anything else.

use std::convert::Infallible;

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use rand_core::{TryCryptoRng, TryRng};

pub(crate) struct TestRng(ChaCha20);

impl TestRng {
    pub(crate) fn new(seed: u8) -> Self {
        Self(ChaCha20::new(&[seed; 32].into(), &[0; 12].into()))
    }
}

impl TryRng for TestRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.apply_keystream(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.apply_keystream(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill(0);
        self.0.apply_keystream(out);
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}
