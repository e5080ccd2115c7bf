//! Chance that repeats: a member draws the same secrets whenever it is played again.

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sha2::{Digest as _, Sha256};

/// A hash that stands for a place in a log.
pub(crate) fn named(what: &str, bytes: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(what)
        .chain_update(bytes)
        .finalize()
        .into()
}

/// What one member draws in one run.
pub(crate) fn seeded(ctx: &[u8; 32], leaf: u32, instance: u8, part: u8) -> ChaCha20Rng {
    let seed = [ctx.as_slice(), &leaf.to_be_bytes(), &[instance, part]].concat();
    ChaCha20Rng::from_seed(named("chance", &seed))
}
