//! Every limit of the node, in one place.
//! Must never hold a limit of another crate.

/// Slots in a keys file: the seat itself and one for every area (a room, as a rule).
pub const KEY_SLOTS: u16 = 256;

/// Longest passphrase that is read, in bytes.
pub const PASSPHRASE_BYTES: usize = 4096;

/// Most Argon2id memory that a keys file may ask for, in KiB: a damaged header must not eat the machine.
pub const ARGON2_MEMORY_KIB: u32 = 1024 * 1024;

/// Most Argon2id passes that a keys file may ask for.
pub const ARGON2_PASSES: u32 = 64;

/// Most Argon2id lanes that a keys file may ask for.
pub const ARGON2_LANES: u32 = 16;

/// Largest key of a row, in bytes.
pub const ROW_KEY_BYTES: usize = 4096;

/// Largest value of a row, in bytes.
pub const ROW_VALUE_BYTES: usize = 64 * 1024 * 1024;

/// Live streams that one node serves at the same time (one for each open tab).
pub const LIVE_STREAMS: usize = 4;

/// Launch URLs that are valid at the same time; a further one makes the oldest void.
pub const LAUNCH_TOKENS: usize = 8;

/// Browser sessions that are valid at the same time; a further one ends the oldest.
pub const SESSIONS: usize = 16;

/// Messages that the Table shows, the newest ones.
pub const MESSAGES_SHOWN: usize = 500;

/// Longest form that the pages take, in bytes.
pub const FORM_BYTES: usize = 256 * 1024;

/// How long a message can be taken back, in milliseconds.
pub const UNDO_MS: u64 = 10_000;

/// From this distance on between the relay's clock and this machine's a page tells of it, in milliseconds.
pub const CLOCK_TOLD_MS: u64 = 120_000;

/// Letters that a new passphrase has at least.
pub const PASSPHRASE_LETTERS: usize = 8;

/// Forms whose answer is remembered, so that the second press of a button does nothing new.
pub const ANSWERED_FORMS: usize = 64;

/// Longest page that answers a form, in bytes.
pub const PAGE_BYTES: usize = 16 * 1024 * 1024;
