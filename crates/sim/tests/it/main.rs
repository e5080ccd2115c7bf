//! Whole dialogues in a seeded world.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may fail loudly"
)]

mod ballots;
mod crashes;
mod dialogue;
mod hostile;
mod silencing;
mod stage;
