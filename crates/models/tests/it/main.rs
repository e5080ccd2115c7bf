//! The models that can be tried to the end, and the histories that appear where a rule is taken out.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod holds;
mod needed;
