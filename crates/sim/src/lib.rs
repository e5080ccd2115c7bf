//! A seeded world for tests: seats, one relay core, a network that the test commands; and an arena in
//! which members cheat and the relay lies. Time is a number; nothing here is part of the program.
#![expect(
    clippy::indexing_slicing,
    reason = "a test names a seat by number and may fail loudly"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::type_complexity,
    reason = "a case plays a few cheats and phases, and means all others alike"
)]

pub mod arena;
pub mod canaries;
pub mod cases;
mod host;
pub mod house;
pub mod knowledge;
pub mod liars;
pub mod mood;
pub mod oracle;
pub mod play;
pub mod record;
pub mod report;
pub mod script;
mod seat;
pub mod stage;
pub mod template;
mod world;

pub use host::Host;
pub use seat::{Heard, Seat};
pub use world::World;
