//! Every crate takes the workspace's lints, and every pure core the same list of banned names.
//! Clippy reads the nearest `clippy.toml` only, so each pure core has its own copy.

use super::source::{Document, Tree};
use super::{Fault, PURE};

/// What the list of a pure core must ban.
const BANNED: [&str; 9] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "std::thread::spawn",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "char::is_whitespace",
    "char::is_control",
    "char::is_alphabetic",
    "str::trim",
];

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let manifests = tree.documents.iter().filter(|document| {
        document.path.ends_with("/Cargo.toml") && !document.path.starts_with("fuzz/")
    });
    let mut faults: Vec<Fault> = manifests.filter_map(without_lints).collect();
    let first = tree
        .document("crates/wire/clippy.toml")
        .map_or("", |bans| &bans.text);
    for name in PURE {
        let path = format!("crates/{name}/clippy.toml");
        let bans = tree.document(&path).map_or("", |bans| &bans.text);
        faults.extend(
            BANNED
                .iter()
                .filter(|banned| !bans.contains(*banned))
                .map(|banned| Fault::new(&path, 1, format!("{banned} is not banned here"))),
        );
        if bans != first {
            faults.push(Fault::new(&path, 1, "differs from crates/wire/clippy.toml"));
        }
    }
    faults
}

fn without_lints(manifest: &Document) -> Option<Fault> {
    let mut lines = manifest
        .text
        .lines()
        .skip_while(|line| line.trim() != "[lints]");
    let inherits = lines
        .nth(1)
        .is_some_and(|line| line.replace(' ', "") == "workspace=true");
    (!inherits).then(|| Fault::new(&manifest.path, 1, "takes no lints from the workspace"))
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    /// All pure cores as they should be, but for `room`.
    fn count(room_bans: &str, lints: &str) -> usize {
        let bans = BANNED.join("\n");
        let paths: Vec<(&str, String)> = PURE
            .iter()
            .map(|name| (*name, format!("crates/{name}/clippy.toml")))
            .collect();
        let mut files: Vec<(&str, &str)> = paths
            .iter()
            .map(|(name, path)| match *name {
                "room" => (path.as_str(), room_bans),
                _ => (path.as_str(), bans.as_str()),
            })
            .collect();
        files.push(("crates/room/Cargo.toml", lints));
        faults(&tree(&files)).len()
    }

    #[test]
    fn a_core_without_its_bans_is_a_fault() {
        let lints = "[lints]\nworkspace = true\n";
        assert_eq!(count(&BANNED.join("\n"), lints), 0);
        assert_eq!(count("", lints), BANNED.len() + 1);
        assert_eq!(count(&format!("{}\n", BANNED.join("\n")), lints), 1);
    }

    #[test]
    fn a_crate_without_the_lints_is_a_fault() {
        assert_eq!(count(&BANNED.join("\n"), "[dependencies]\n"), 1);
        assert_eq!(count(&BANNED.join("\n"), "[lints]\nworkspace = false\n"), 1);
    }
}
