//! The program as people use it: its own process, its own pages, a real browser.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic; the lints know test functions only, not what they call"
)]

mod command_line;
mod dialogue;
mod looks;
mod program;
mod walk;
