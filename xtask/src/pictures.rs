//! The pictures in the documents: made by the end-to-end tests, never by hand.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Pages that the documents show, and under which width.
const SHOWN: [&str; 12] = [
    "home-1280",
    "seats-1280",
    "words-1280",
    "table-1280",
    "table-360-dark",
    "caucus-1280",
    "round-write-1280",
    "round-collect-1280",
    "round-result-1280",
    "limits-360",
    "ballot-360",
    "common-ground-1280",
];

/// Copies them from where the tests leave them.
pub fn keep(root: &Path) -> Result<()> {
    let (made, kept) = (root.join("target/pictures"), root.join("docs/pictures"));
    fs::create_dir_all(&kept)?;
    for name in SHOWN {
        let file = format!("{name}.png");
        fs::copy(made.join(&file), kept.join(&file)).with_context(|| {
            format!("{file} was not made; first type: cargo test --release -p tracktwo walk")
        })?;
        println!("docs/pictures/{file}");
    }
    Ok(())
}
