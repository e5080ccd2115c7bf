//! The pages of the node, on loopback only. They decide nothing: view in, HTML out.
//! Must never fetch, name or obey anything from outside this machine.

mod assets;
mod diff;
mod discussion;
mod gate;
mod guard;
mod hours;
mod layout;
mod marks;
mod round_clock;
mod seating;
mod server;
mod statements;
mod table_events;
mod table_show;
pub mod view;
mod words;

pub use hours::Hours;
pub use server::{Pages, PagesConfig, Site};
pub use words::Words;

#[cfg(test)]
mod tests;
