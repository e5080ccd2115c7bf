//! The relay over its real transport, and over a disk that fails.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic; the lints know test functions only, not what they call"
)]

mod client;
mod connections;
mod damage;
mod disk;
mod frames;
mod kill;
mod mailboxes;
mod subscriptions;
mod telling;
