//! The program as people use it: its own process, its own pages, a real browser.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic; the lints know test functions only, not what they call"
)]

mod bad_input;
mod command_line;
mod connections;
mod dialogue;
mod ground;
mod keyboard;
mod looks;
mod other_relay;
mod program;
mod replay;
mod small_side;
mod walk;
mod without_scripts;
