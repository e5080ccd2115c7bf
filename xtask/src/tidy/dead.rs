//! Files that no `mod` reaches: they look alive and are never compiled.

use std::collections::BTreeSet;

use super::Fault;
use super::source::{Source, Tree, modules};

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let mut reached = BTreeSet::new();
    let mut to_read: Vec<&Source> = tree.sources.iter().filter(|s| is_target(&s.path)).collect();
    while let Some(source) = to_read.pop() {
        if reached.insert(source.path.as_str()) {
            let paths: Vec<String> = modules(source).into_iter().flat_map(|m| m.paths).collect();
            to_read.extend(
                tree.sources
                    .iter()
                    .filter(|other| paths.contains(&other.path)),
            );
        }
    }
    let dead = tree
        .sources
        .iter()
        .filter(|source| !reached.contains(source.path.as_str()));
    dead.map(|source| Fault::new(&source.path, 1, "no `mod` reaches this file"))
        .collect()
}

/// What Cargo compiles by itself.
fn is_target(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').rev().collect();
    match parts.as_slice() {
        ["build.rs", _, ..] | ["lib.rs" | "main.rs", "src", ..] => true,
        ["main.rs", _, "tests" | "benches" | "examples", ..] | ["main.rs", _, "bin", "src", ..] => {
            true
        }
        [_, "tests" | "benches" | "examples", parent, ..] => *parent != "src",
        [_, "bin", "src", ..] | [_, "fuzz_targets", ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    #[test]
    fn a_file_that_no_module_declares_is_a_fault() {
        let mut files = vec![
            ("crates/x/src/lib.rs", "mod a; // mod dead;"),
            (
                "crates/x/src/a.rs",
                "pub mod b; #[path = \"odd_place.rs\"] mod c;",
            ),
            ("crates/x/src/a/b.rs", ""),
            ("crates/x/src/odd_place.rs", ""),
            ("crates/x/tests/it/main.rs", "mod crash;"),
            ("crates/x/tests/it/crash.rs", ""),
        ];
        assert_eq!(faults(&tree(&files)), []);
        files.push(("crates/x/src/dead.rs", ""));
        let found = faults(&tree(&files));
        assert_eq!(
            found,
            [Fault::new(
                "crates/x/src/dead.rs",
                1,
                "no `mod` reaches this file"
            )]
        );
    }
}
