//! The crate seen from outside: tallies in, report out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod attacker;
mod consultation;
mod exports;
mod forms;
mod linear;
mod next;
mod notes;
mod pages;
mod rooms;
mod verdicts;
mod words;
mod worlds;
