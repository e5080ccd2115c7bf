//! Prints the known answers for a run of three: `vectors/round/three_members.json`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

#[path = "../tests/it/scenario.rs"]
mod scenario;

fn main() {
    println!(
        "{}",
        serde_json::to_string_pretty(&scenario::play()).unwrap()
    );
}
