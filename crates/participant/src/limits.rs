//! Every limit of this crate; PROTOCOL.md lists the same numbers, and a test compares them.

/// Seats in one room.
pub const MAX_SEATS: u32 = 200;

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

/// The relay's clock has jumped where its distance to this machine's has moved by more than this, ms.
pub const CLOCK_JUMP_MS: u64 = 600_000;

/// It is taken to be steady again after so long without another jump, ms.
pub const CLOCK_STEADY_MS: u64 = 600_000;

/// A relay time from which on the time before it counts instead, ms since 1970.
pub const RELAY_TIME_END_MS: u64 = 281_474_976_710_656;

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

/// Relays of one dialogue, in the order in which they are tried.
pub const RELAYS_OF_A_DIALOGUE: usize = 4;

/// Mailboxes that somebody who is invited may make: a caucus, and places to which a room can move.
pub const MAILBOXES_OF_A_SEAT: u8 = 8;

/// Seats that are remembered as those whose entries brought an alarm about, for each alarm anew; later ones are not named.
pub const DOUBTED_SEATS: usize = 400;

/// Requests that are turned down in the mailbox of one invitation; later ones are not answered.
pub const DECLINED_REQUESTS: u32 = 16;

/// So long after an invitation's end, by the relay's time, what it handed over ends where nobody came, ms.
pub const EXPIRED_MS: u64 = 60_000;

/// Seats that one commit adds.
pub const ADDS_IN_A_COMMIT: usize = 16;

/// A caucus' founder that could not follow a commit waits this long to be added again before it takes
/// it that nobody could follow, ms.
pub const LEFT_BEHIND_MS: u64 = 60_000;

/// A seat that came back to its caucus is not let in again sooner, ms: each time costs all of them.
pub const COME_BACK_MS: u64 = 600_000;

/// A seat that has lost its caucus founds another one after this long, ms: longer than a seat that came
/// back has to wait to be let in again.
pub const FOUND_ANEW_MS: u64 = 900_000;

/// What waits to be said in a caucus that was founded anew waits this long at most for colleagues who are
/// to be added, ms: they are not handed what was said before.
pub const GATHER_MS: u64 = 30_000;

/// A Welcome's group is taken for the caucus once the log was live by its token for so long, ms, all in all.
pub const WELCOME_PROVEN_MS: u64 = 60_000;

/// The next colleague's Welcome is tried where the relay refused that token for so long, ms, all in all.
pub const WELCOME_TRIED_MS: u64 = 60_000;

/// Welcomes of several colleagues that wait for their turn.
pub const WELCOMES_KEPT: usize = 8;

/// A seat that was never added to its side's caucus founds another one after this long, ms.
pub const FOUND_FIRST_MS: u64 = 3_600_000;

/// A plenary from whose relay nothing comes for this long is looked for at the places that its convenors
/// announced, ms.
pub const DARK_MS: u64 = 600_000;

/// MOVEDs of its convenor that are opened in one place while a node looks there.
pub const LOOKED_MOVES: usize = 64;

/// Bytes in the plenary's mailbox from which on its convenor's program moves it: half of what a relay takes.
pub const MOVE_AT_BYTES: u64 = 2 << 30;

/// Rotations in the plenary's mailbox from which on its convenor's program moves it: a move is a rotation, and of
/// the last ones none but its own are taken.
pub const MOVE_AT_ROTATIONS: u64 = 49_000;

/// A person's wish to move the plenary waits so long at most for the end of a Round, ms: whoever keeps a Round open
/// keeps nobody in a mailbox.
pub const MOVE_WAITS_MS: u64 = 600_000;

/// A place that was made this long ago and to which the room has not gone gives way to another one, ms: whoever has a
/// mailbox's token for so long fills little of it.
pub const PLACE_WAITS_MS: u64 = 30_000;

/// A place is made so long before the end of what keeps the room from going there, ms.
pub const PLACE_AHEAD_MS: u64 = 2_000;

/// A program that was started waits this long for those of its rooms that the relay does not give, ms.
pub const READ_ALL_MS: u64 = 10_000;

/// What should have left this long before the program was started does not leave by itself, ms.
pub const STALE_MS: u64 = 60_000;

/// A token refused for so long means that this seat does not follow any more, ms.
pub const REFUSED_MS: u64 = 600_000;

/// How far an author's next number may run ahead of the last one that stands in the log.
pub const NUMBERS_AHEAD: u32 = 1000;
