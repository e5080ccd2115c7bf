//! What a relay takes from one connection, one address and all together. Tests use smaller ones.

use crate::core::{Quotas, Rate};
use std::time::Duration;
use wire::limits::{
    MAX_ADDRESS_CONNECTIONS, MAX_ADDRESS_LARGE_FRAMES, MAX_ADDRESS_UNPROVEN, MAX_CONNECTIONS,
    MAX_LARGE_FRAMES, MAX_UNPROVEN, MAX_UNPROVEN_BYTES, PROOF_TIMEOUT_MS,
};

/// Everything that ends somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Of mailboxes.
    pub quotas: Quotas,
    /// Of what one connection writes.
    pub connection_rate: Rate,
    /// Of what one connection asks to have made.
    pub creation_rate: Rate,
    /// Connections, of all and of one address.
    pub connections: Crowd,
    /// Those of them that have shown no right yet.
    pub unproven: Crowd,
    /// Those that are in the middle of a large frame.
    pub large_frames: Crowd,
    /// What is read of a connection before it has shown a right.
    pub unproven_bytes: u64,
    /// The time for that.
    pub proof_timeout: Duration,
}

/// How many there may be.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Together.
    pub all: usize,
    /// From one address.
    pub of_address: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            quotas: Quotas::default(),
            connection_rate: Rate::CONNECTION,
            creation_rate: Rate::CONNECTION_CREATIONS,
            connections: Crowd {
                all: MAX_CONNECTIONS,
                of_address: MAX_ADDRESS_CONNECTIONS,
            },
            unproven: Crowd {
                all: MAX_UNPROVEN,
                of_address: MAX_ADDRESS_UNPROVEN,
            },
            large_frames: Crowd {
                all: MAX_LARGE_FRAMES,
                of_address: MAX_ADDRESS_LARGE_FRAMES,
            },
            unproven_bytes: MAX_UNPROVEN_BYTES,
            proof_timeout: Duration::from_millis(PROOF_TIMEOUT_MS),
        }
    }
}
