//! Every limit of a room by name. PROTOCOL.md lists the same numbers.

/// Seats of all kinds in one room at one time.
pub const SEATS_MAX: usize = 200;
/// Seats in the roster of one Round.
pub const ROSTER_MAX: usize = 100;
/// No Round runs with fewer, whatever anybody wishes.
pub const FLOOR_MIN: usize = 5;
/// A run keeps at least this share of the opening roster, in per cent.
pub const FLOOR_PERCENT: usize = 80;
/// Lanes times seats times slot bytes of one run.
pub const RUN_BYTES_MAX: usize = 512 * 1024;
/// Fewest sides of a dialogue.
pub const SIDES_MIN: usize = 2;
/// Most sides of a dialogue.
pub const SIDES_MAX: usize = 5;
/// Characters in a seat's name.
pub const NAME_CHARS_MAX: usize = 60;
/// Characters in a side's name.
pub const SIDE_NAME_CHARS_MAX: usize = 60;
/// Characters in a room's title.
pub const TITLE_CHARS_MAX: usize = 120;
/// Characters in a Round's question.
pub const QUESTION_CHARS_MAX: usize = 500;
/// Statements of one ballot round, one lane each.
pub const LANES_MAX: usize = 60;
/// Bytes of UTF-8 in a statement that is voted on: what fits into the largest slot.
pub const STATEMENT_BYTES_MAX: usize = 4096 - 48 - 3;
/// Names of statements whose rosters a room remembers; no others are voted on. A statement has one to six.
pub const STATEMENT_NAMES_MAX: usize = 3000;
/// Different rosters that a room remembers to have voted; more do not vote.
pub const BALLOT_ROSTERS_MAX: usize = 200;
/// Bytes of UTF-8 in one message.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a signature key.
pub const SIGNATURE_KEY_BYTES_MAX: usize = 64;
/// Bytes of a key package published for a caucus.
pub const KEY_PACKAGE_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a welcome into a caucus.
pub const WELCOME_BYTES_MAX: usize = 900 * 1024;
/// Bytes of one posted event with its text.
pub const POSTED_BYTES_MAX: usize = WELCOME_BYTES_MAX + 1024;
/// Bytes of a relay's address as text: a name of 253, a port, and a fingerprint.
pub const RELAY_BYTES_MAX: usize = 320;
/// Approved requests that wait for a seat; the oldest gives way.
pub const APPROVALS_MAX: usize = 100;
/// Message names remembered to void a repetition.
pub const RECENT_MESSAGES_MAX: usize = 256;
/// Ended Rounds kept in the state, newest last.
pub const ENDED_ROUNDS_MAX: usize = 32;
/// Departed seats kept in the state, newest last.
pub const DEPARTED_MAX: usize = 500;
/// Shortest writing window in milliseconds.
pub const WINDOW_MIN_MS: u64 = 1;
/// Longest writing window in milliseconds: 30 days.
pub const WINDOW_MAX_MS: u64 = 30 * DAY_MS;
/// Shortest phase of a run in milliseconds.
pub const PHASE_MIN_MS: u64 = 3_000;
/// Longest phase of a run in milliseconds: 24 hours.
pub const PHASE_MAX_MS: u64 = DAY_MS;
/// How long a crowd counts for the own minimum, in milliseconds: 30 days.
pub const CROWD_MEMORY_MS: u64 = 30 * DAY_MS;
/// So many of the last crowds of a kind count for the own minimum, however old they are.
pub const CROWD_MEMORY_ROUNDS: u8 = 8;
/// So long after a founding nobody waits for turns that were not taken, in milliseconds: 6 hours.
pub const TURNS_END_MS: u64 = 6 * 60 * 60 * 1000;
/// How long what a log's clock ends lasts at least after a log that was shut goes on, in milliseconds; what is
/// shorter lasts its length.
pub const REOPENED_MS: u64 = 120_000;
/// Bytes of an encoded state.
pub const SNAPSHOT_BYTES_MAX: usize = 900 * 1024;

/// Bytes of a ballot's slot.
pub const BALLOT_SLOT_BYTES: usize = 64;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

// The largest runs fit by construction, and no check at START is needed: one lane of the largest slot,
// or all lanes of ballots.
const _: () = assert!(ROSTER_MAX * 4096 <= RUN_BYTES_MAX);
const _: () = assert!(LANES_MAX * ROSTER_MAX * BALLOT_SLOT_BYTES <= RUN_BYTES_MAX);
