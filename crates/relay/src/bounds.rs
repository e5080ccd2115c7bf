//! What a relay takes from one connection, one address and all together. Tests use smaller ones.

use crate::core::{Quotas, Rate};
use std::time::Duration;
use wire::limits::{
    KEPT_ADDRESS_LARGE_FRAMES, KEPT_LARGE_FRAMES, LARGE_FRAME_BYTES_PER_SECOND, LARGE_FRAME_MS,
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
    /// Of what one connection saves up for mailboxes that grow too fast.
    pub savings: Rate,
    /// Of what one connection asks to have made.
    pub creation_rate: Rate,
    /// Connections, of all and of one address.
    pub connections: Crowd,
    /// Those of them that have shown no right yet.
    pub unproven: Crowd,
    /// Those that are in the middle of a large frame.
    pub large_frames: Crowd,
    /// Places among them that only those take who follow a mailbox by its current token.
    pub kept_large_frames: Crowd,
    /// The time for a large frame: so much in any case, and for so many bytes a second more.
    pub large_frame: Pace,
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

/// How long something may take that comes in pieces.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// At least.
    pub first: Duration,
    /// For each of so many bytes that have come in, a second more.
    pub bytes_per_second: u64,
}

impl Crowd {
    /// What is left where some places are kept for others.
    pub(crate) fn without(&self, kept: &Self) -> Self {
        Self {
            all: self.all.saturating_sub(kept.all),
            of_address: self.of_address.saturating_sub(kept.of_address),
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            quotas: Quotas::default(),
            connection_rate: Rate::CONNECTION,
            savings: Rate::SAVINGS,
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
            kept_large_frames: Crowd {
                all: KEPT_LARGE_FRAMES,
                of_address: KEPT_ADDRESS_LARGE_FRAMES,
            },
            large_frame: Pace {
                first: Duration::from_millis(LARGE_FRAME_MS),
                bytes_per_second: LARGE_FRAME_BYTES_PER_SECOND,
            },
            unproven_bytes: MAX_UNPROVEN_BYTES,
            proof_timeout: Duration::from_millis(PROOF_TIMEOUT_MS),
        }
    }
}
