//! Explicit-state models of the Round under attack: every history of a small world is tried, with the
//! project's own state types where a state is small enough. A rule taken out must give a counterexample.
#![expect(
    clippy::indexing_slicing,
    reason = "a model names members by number and may fail loudly"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::type_complexity,
    reason = "a model plays a few kinds of messages and ends, and says so where it meets another"
)]

pub mod cases;
pub mod clocks;
pub mod colluders;
pub mod explored;
pub mod forks;
pub mod gate;
pub mod honest_relay;
pub mod knowledge;
pub mod locks;
pub mod logs;
pub mod readers;
pub mod restores;
pub mod rooms;
pub mod rules;

pub use explored::{Found, Report, explore};
