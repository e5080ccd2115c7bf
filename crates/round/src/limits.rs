//! Every bound of the Round, in one place. PROTOCOL.md repeats them and a test compares.

/// Most members of one run. Larger rooms are split into cells.
pub const MAX_MEMBERS: usize = 100;
/// Fewest members of one run that this crate will compute. The room demands more.
pub const MIN_MEMBERS: usize = 2;
/// Most lanes of one Round.
pub const MAX_LANES: u16 = 60;
/// Most bytes of one member's DC vector: lanes times members times slot bytes.
pub const MAX_VECTOR_BYTES: usize = 512 * 1024;
/// The slot sizes that exist: one ballot, or a statement of 1, 2 or 4 KiB.
pub const SLOT_SIZES: [u32; 4] = [64, 1024, 2048, 4096];
/// What the seal adds to a payload: the point U and the authentication tag.
pub const SEAL_OVERHEAD: usize = 48;
/// What the plain form adds to a text: a version byte and a u16 length.
pub const PLAIN_OVERHEAD: usize = 3;
/// Bytes of an X-Wing encapsulation key.
pub const EK_BYTES: usize = 1216;
/// Bytes of an X-Wing ciphertext.
pub const CT_BYTES: usize = 1120;
/// Most shifts tried while a polynomial is split into its roots.
pub const SPLIT_TRIES: u32 = 256;
/// Longest signature key of a member, in bytes.
pub const MAX_SIGNATURE_KEY: usize = 256;
/// How long a phase lasts at least after a log that was shut goes on, in milliseconds; a shorter one lasts its length.
pub const REOPENED_MS: u64 = 120_000;
/// Longest phase, in milliseconds: one day.
pub const MAX_PHASE_MS: u64 = 24 * 60 * 60 * 1000;
