//! The pages: asked by a client that lies about everything, and read as they are written.

mod asking;
mod ballots;
mod emergencies;
mod house;
mod one_side;
mod promises;
mod reasons;
mod seen;
mod served;
mod table;
mod written;
