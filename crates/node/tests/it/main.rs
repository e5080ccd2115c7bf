//! Nodes with real vaults, on real links to a real relay.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic; the lints know test functions only, not what they call"
)]

mod ballot_states;
mod dialogue;
mod emergency_states;
mod kills;
mod kills_at_a_full_table;
mod kills_in_a_round;
mod large_table;
mod living;
mod process;
mod restored;
mod round_states;
mod round_table;
mod table_in_a_browser;
mod unsent;
