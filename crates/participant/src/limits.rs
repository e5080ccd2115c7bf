//! Every limit of this crate; PROTOCOL.md lists the same numbers, and a test compares them.

/// Seats in one room.
pub const MAX_SEATS: u32 = 100;

/// Places of a log whose head and digest are kept to compare what others claim.
pub const HEADS_KEPT: usize = 4096;

/// Messages of a Round are sent this much later at most, uniformly drawn, ms.
pub const JITTER_MS: u64 = 50;

/// A node sends CLOSE only after it has been connected for this long, or for the phase's length
/// if that is shorter, ms.
pub const CLOSE_CONNECTED_MS: u64 = 60_000;

/// After the first attempt at something that did not succeed, ms; twice as long after each further one.
pub const RETRY_MS: u64 = 1_000;

/// The longest time between two attempts at the same thing, ms.
pub const RETRY_MAX_MS: u64 = 60_000;

/// Members close a phase one after another, ms apart, so that one CLOSE is enough as a rule.
pub const STAGGER_MS: u64 = 40;

/// Texts that were written for Rounds, did not appear, and are kept for their author; the oldest
/// gives way.
pub const RETURNED_TEXTS: usize = 64;

/// Entries of a caucus that may wait for the plenary's log.
pub const HELD_ENTRIES: usize = 1024;

/// Their bytes together: what goes beyond is read again from the relay. At least one entry fits.
pub const HELD_BYTES: usize = 8 << 20;

/// The caucus member of the next higher leaf waits this much longer before it does a duty, ms.
pub const DUTY_STAGGER_MS: u64 = 2_000;

/// Commits of one seat that may stand in one epoch without beginning the next: others open no later ones.
pub const COMMITS_IN_AN_EPOCH: u32 = 1000;

/// What a newcomer is handed: the library's Welcome and the room's state together, bytes.
pub const LETTER_BYTES: usize = 880 * 1024;

/// Seats that one commit adds.
pub const ADDS_IN_A_COMMIT: usize = 16;

/// A caucus' founder that could not follow a commit waits this long to be added again before it takes
/// it that nobody could follow, ms.
pub const LEFT_BEHIND_MS: u64 = 60_000;

/// A seat that came back to its caucus is not let in again sooner, ms: each time costs all of them.
pub const COME_BACK_MS: u64 = 600_000;

/// A program that was started waits this long for those of its rooms that the relay does not give, ms.
pub const READ_ALL_MS: u64 = 10_000;

/// What should have left this long before the program was started does not leave by itself, ms.
pub const STALE_MS: u64 = 60_000;

/// A token refused for so long means that this seat does not follow any more, ms.
pub const REFUSED_MS: u64 = 600_000;

/// How far an author's next number may run ahead of the last one that stands in the log.
pub const NUMBERS_AHEAD: u32 = 1000;
