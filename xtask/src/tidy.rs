//! The rules that no compiler checks. Each is a function from the tree to its faults, and is
//! seen to fail on a spoilt sample by its own test.

mod clippy_bans;
mod dead;
mod features;
mod fields;
mod graph;
mod limits;
mod mentions;
mod mls;
mod musts;
mod names;
mod purity;
mod sizes;
mod source;
mod token;
mod waiting;
mod wildcards;

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use source::Tree;

/// The crates that find neither time nor randomness nor files for themselves.
const PURE: [&str; 6] = ["letters", "wire", "round", "room", "participant", "ground"];

/// Pure as well, and with threads inside: equal input gives equal output for every number of them.
const WITH_THREADS_INSIDE: &str = "ground";

/// One place where a rule does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    path: String,
    line: usize,
    what: String,
}

impl Fault {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Fault {
            path: path.to_string(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Checks the workspace at `root`; the error lists every fault.
pub fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut faults = faults_of_text(&tree);
    faults.extend(graph::faults(&metadata(root)?));
    faults.extend(features::faults(&built_of(root)?));
    faults.sort();
    if faults.is_empty() {
        println!(
            "tidy: {} files, no fault",
            tree.sources.len() + tree.documents.len()
        );
        return Ok(());
    }
    let list: Vec<String> = faults.iter().map(Fault::to_string).collect();
    bail!("{}\ntidy: {} faults", list.join("\n"), list.len())
}

fn faults_of_text(tree: &Tree) -> Vec<Fault> {
    let rules = [
        sizes::faults,
        names::faults,
        mls::faults,
        purity::faults,
        clippy_bans::faults,
        limits::faults,
        musts::faults,
        fields::faults,
        waiting::faults,
        wildcards::faults,
        dead::faults,
        mentions::faults,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}

/// What Cargo says of the workspace's own crates.
fn metadata(root: &Path) -> Result<serde_json::Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .context("cargo metadata could not be started")?;
    if !output.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")
}

/// The crates that the program alone is built of, with their features.
fn built_of(root: &Path) -> Result<String> {
    let line = "tree -p tracktwo -e normal,build --prefix none --offline -f";
    let output = Command::new("cargo")
        .args(line.split(' '))
        .arg("{p} {f}")
        .current_dir(root)
        .output()
        .context("cargo tree could not be started")?;
    if !output.status.success() {
        bail!("cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("cargo tree gave no text")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_is_tidy() {
        if let Err(faults) = super::run(&crate::root()) {
            panic!("{faults:#}");
        }
    }
}
