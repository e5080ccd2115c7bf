//! The Round from outside: whole runs, absence, disturbance, storage, vectors.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod absence;
mod disturbance;
mod storage;
mod table;
mod whole_runs;
