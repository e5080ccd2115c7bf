//! The models that can be tried to the end, and the histories that appear where a rule is taken out.

mod holds;
mod needed;
