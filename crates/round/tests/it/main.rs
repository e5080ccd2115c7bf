//! The Round from outside: whole runs, absence, disturbance, storage, vectors.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod absence;
mod blame;
mod changed_bytes;
mod collection;
mod disturbance;
mod known_answers;
mod order_of_checks;
mod refusals;
mod releases;
mod sampled_runs;
mod shared;
mod slots_by_chance;
mod solver;
mod storage;
mod swap;
mod table;
mod whole_runs;
