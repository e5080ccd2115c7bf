//! Every fuzzed function on a few thousand inputs that a seed fixes: good ones, changed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod found;
mod smoke;
