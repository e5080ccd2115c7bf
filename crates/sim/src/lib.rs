//! A seeded world for tests: seats, one relay core, a network that the test commands.
//! Time is a number that only the test moves; nothing here is part of the program.
#![expect(
    clippy::indexing_slicing,
    reason = "a test names a seat by number and may fail loudly"
)]

mod host;
mod seat;
pub mod stage;
mod world;

pub use host::Host;
pub use seat::{Heard, Seat};
pub use world::World;
