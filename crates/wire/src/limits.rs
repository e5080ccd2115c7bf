//! Every limit of the relay's protocol, each named once; PROTOCOL.md lists the same numbers.

/// The sizes that an entry's bytes may have. Nothing between them ever reaches the relay.
pub const BUCKETS: [usize; 6] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20];

/// The largest entry: the last of [`BUCKETS`].
pub const MAX_ENTRY_BYTES: usize = 1 << 20;

/// What a frame adds around one entry at most. An append of a bucket is a frame of bucket + this.
pub const FRAME_OVERHEAD: usize = 256;

/// Frames grow in steps of this many bytes, so that their sizes tell no more than the buckets do.
pub const FRAME_STEP: usize = 1 << 10;

/// The largest frame that either end sends or accepts: one entry of the largest bucket.
pub const MAX_FRAME_BYTES: usize = MAX_ENTRY_BYTES + FRAME_OVERHEAD;

/// Entries in one answer to a read. The bytes of the frame may end it earlier.
pub const MAX_READ_ENTRIES: u32 = 256;

/// Requests of one connection that are unanswered; the relay reads no further until one is.
pub const MAX_REQUESTS_IN_FLIGHT: usize = 64;

/// Subscriptions of one connection: a new one takes the old one's place.
pub const MAX_SUBSCRIPTIONS: usize = 1;

/// Mailboxes on one relay.
pub const MAX_MAILBOXES: usize = 100_000;

/// Grants on one relay, used up or not.
pub const MAX_GRANTS: usize = 100_000;

/// Mailboxes and grants that the relay's own secret makes at once, and that come back each second.
pub const CREATIONS_AT_ONCE: u64 = 1_024;

/// See [`CREATIONS_AT_ONCE`].
pub const CREATIONS_PER_SECOND: u64 = 1;

/// Requests to make something, of one connection at once, and that come back each second.
pub const CONNECTION_CREATIONS_AT_ONCE: u64 = 64;

/// See [`CONNECTION_CREATIONS_AT_ONCE`].
pub const CONNECTION_CREATIONS_PER_SECOND: u64 = 1;

/// A mailbox without an entry, or a grant by which nothing was made, that nobody has come to for so long gives
/// way where a relay has no place for another one, ms.
pub const UNUSED_MS: u64 = 180 * 86_400_000;

/// That somebody came to it is noted this often at most, ms.
pub const VISIT_MS: u64 = 86_400_000;

/// Mailboxes that one grant is good for at most.
pub const MAX_GRANT_MAILBOXES: u8 = 16;

/// Bytes that all entries of one mailbox take, [`ENTRY_OVERHEAD`] for each of them included.
pub const MAX_MAILBOX_BYTES: u64 = 4 << 30;

/// What an entry is counted for besides its bytes, so that entries without bytes have a price as well.
pub const ENTRY_OVERHEAD: u64 = 256;

/// Bytes of a mailbox that only rotations and resets may use: no number of appends keeps a commit out.
pub const RESERVED_ROTATION_BYTES: u64 = 64 << 20;

/// Bytes of a mailbox that only resets, and rotations by its founder, may use: other members' rotations keep
/// neither a removal nor a move out.
pub const RESERVED_FOUNDER_BYTES: u64 = 64 << 20;

/// Bytes of a mailbox that only resets may use: [`MAX_RESETS`] of them.
pub const RESERVED_RESET_BYTES: u64 = 16 << 20;

/// Rotations of one mailbox.
pub const MAX_ROTATIONS: u64 = 50_000;

/// Those of them that only its founder may make.
pub const RESERVED_FOUNDER_ROTATIONS: u64 = 10_000;

/// Resets of one mailbox: one for each rotation, and more. No number of rotations keeps a reset out.
pub const MAX_RESETS: u64 = 65_536;

/// Connections that one relay holds open.
pub const MAX_CONNECTIONS: usize = 4_096;

/// Connections from one IPv4 address, or one IPv6 network of 64 bits: a conference behind one router fits.
pub const MAX_ADDRESS_CONNECTIONS: usize = 512;

/// Connections that have shown no right yet.
pub const MAX_UNPROVEN: usize = 1_024;

/// Those of one address.
pub const MAX_ADDRESS_UNPROVEN: usize = 256;

/// Bytes that are read of a connection before it has shown a right.
pub const MAX_UNPROVEN_BYTES: u64 = 16 << 10;

/// Time in which a connection must show a right.
pub const PROOF_TIMEOUT_MS: u64 = 30_000;

/// Bytes that are kept of a frame that has not come in whole, for every connection.
pub const MAX_BEGUN_BYTES: u64 = 32 << 10;

/// Connections that are in the middle of a larger frame.
pub const MAX_LARGE_FRAMES: usize = 256;

/// Those of one address.
pub const MAX_ADDRESS_LARGE_FRAMES: usize = 128;

/// Places among [`MAX_LARGE_FRAMES`] for those alone who follow a mailbox by its current token.
pub const KEPT_LARGE_FRAMES: usize = 64;

/// Places among [`MAX_ADDRESS_LARGE_FRAMES`] for those alone.
pub const KEPT_ADDRESS_LARGE_FRAMES: usize = 32;

/// Time for a large frame, whatever its size.
pub const LARGE_FRAME_MS: u64 = 1_000;

/// For each of so many bytes of it that have come in, a second more.
pub const LARGE_FRAME_BYTES_PER_SECOND: u64 = 32 << 10;

/// Bytes of entries that one connection may write at once, and that come back each second.
pub const CONNECTION_BYTES_AT_ONCE: u64 = 64 << 20;

/// See [`CONNECTION_BYTES_AT_ONCE`].
pub const CONNECTION_BYTES_PER_SECOND: u64 = 2 << 20;

/// Entries that one connection may write at once, and that come back each second.
pub const CONNECTION_ENTRIES_AT_ONCE: u64 = 4_096;

/// See [`CONNECTION_ENTRIES_AT_ONCE`].
pub const CONNECTION_ENTRIES_PER_SECOND: u64 = 128;

/// Bytes that a connection saves up at most, for mailboxes that grow faster than they may.
pub const SAVED_BYTES_AT_MOST: u64 = 2 << 20;

/// Of them so many a second, from its beginning on.
pub const SAVED_BYTES_PER_SECOND: u64 = 16 << 10;

/// Entries that it saves up at most.
pub const SAVED_ENTRIES_AT_MOST: u64 = 64;

/// See [`SAVED_BYTES_PER_SECOND`].
pub const SAVED_ENTRIES_PER_SECOND: u64 = 1;

/// Bytes that may be appended to one mailbox at once, and that come back each second.
pub const MAILBOX_BYTES_AT_ONCE: u64 = 256 << 20;

/// See [`MAILBOX_BYTES_AT_ONCE`].
pub const MAILBOX_BYTES_PER_SECOND: u64 = 4 << 20;

/// Entries that may be appended to one mailbox at once, and that come back each second.
pub const MAILBOX_ENTRIES_AT_ONCE: u64 = 8_192;

/// See [`MAILBOX_ENTRIES_AT_ONCE`].
pub const MAILBOX_ENTRIES_PER_SECOND: u64 = 512;

/// Time for the TLS and WebSocket handshakes together.
pub const HANDSHAKE_TIMEOUT_MS: u64 = 10_000;

/// A connection that was silent for this long is closed.
pub const IDLE_TIMEOUT_MS: u64 = 120_000;

/// After a reset that took a rotation back, time in which only the founder rotates.
pub const GUARD_MS: u64 = 300_000;

/// A client sends a ping after this long without anything of its own to send.
pub const PING_INTERVAL_MS: u64 = 30_000;

/// A peer that does not take a frame for this long is disconnected.
pub const WRITE_TIMEOUT_MS: u64 = 30_000;

/// Frames of one connection that could not be read before the relay closes it.
pub const MAX_BAD_FRAMES: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_fit_each_other() {
        assert_eq!(BUCKETS.last(), Some(&MAX_ENTRY_BYTES));
        assert!(BUCKETS.iter().all(|bucket| bucket % FRAME_STEP == 0));
        assert!(BUCKETS.is_sorted());
        const { assert!(MAX_FRAME_BYTES < 16 << 20, "the frame limit of tungstenite") };
        const { assert!(MAX_RESETS > MAX_ROTATIONS) };
        const { assert!(RESERVED_RESET_BYTES >= MAX_RESETS * ENTRY_OVERHEAD) };
        const { assert!(RESERVED_FOUNDER_ROTATIONS < MAX_ROTATIONS) };
        const { assert!(RESERVED_FOUNDER_BYTES > MAX_ENTRY_BYTES as u64 + ENTRY_OVERHEAD) };
        const { assert!(RESERVED_ROTATION_BYTES > MAX_ENTRY_BYTES as u64 + ENTRY_OVERHEAD) };
        const { assert!(2 * PING_INTERVAL_MS < IDLE_TIMEOUT_MS) };
    }
}
