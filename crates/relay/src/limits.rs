//! Limits of this relay alone, beside those of the protocol in `wire::limits`.

/// Requests that wait for the log at once; further ones are answered `Busy`.
pub const MAX_WAITING_REQUESTS: usize = 4_096;

/// Bytes of the entries that wait for the log at once; further ones are answered `Busy`.
pub const MAX_WAITING_BYTES: usize = 64 << 20;

/// Requests that are committed together.
pub const MAX_BATCH_REQUESTS: usize = 1_024;

/// Bytes of entries that are committed together; the last entry may exceed it.
pub const MAX_BATCH_BYTES: usize = 8 << 20;

/// Entries that a slow subscriber may lag behind before it is served from the store.
pub const MAX_FEED_ENTRIES: usize = 64;

/// Space that is left free on the disk, so that the store can always tidy up.
pub const RESERVED_DISK_BYTES: u64 = 256 << 20;
