//! A real Chromium, on pages that the tests serve themselves.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic; the lints know test functions only, not what they call"
)]

mod appearance;
mod auditing;
mod fit;
mod forms;
mod pressing;
mod site;
mod waiting;
mod without_scripts;
