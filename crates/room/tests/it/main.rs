//! The fold seen from outside: what a room does with each event.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ballots;
mod blocs;
mod crowds;
mod eligibility;
mod encoding;
mod joining;
mod places;
mod properties;
mod queries;
mod reopened;
mod rounds;
mod scene;
mod talk;
mod vectors;
mod versions;
mod void;
mod words;
