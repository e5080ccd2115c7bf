//! The list of survivors that no test can tell from the code as it is, each with the reason.
//! An entry is a line that names file and change, and an indented line that says why.

use std::path::Path;

use anyhow::{Context, Result, bail};

const LIST: &str = "xtask/mutants/explained.txt";

/// One survivor.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    path: String,
    mutation: String,
}

/// All of them; as many equal entries as there are equal survivors.
pub struct Explained {
    entries: Vec<Entry>,
}

impl Explained {
    pub fn read(root: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(root.join(LIST)).context(LIST)?;
        Self::parse(&text).context(LIST)
    }

    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut entries = Vec::new();
        while let Some(line) = lines.next() {
            let why = lines.next().filter(|line| line.starts_with("    "));
            let Some((path, mutation)) = line.split_once(": ").filter(|_| why.is_some()) else {
                bail!("no survivor with its reason: {line}");
            };
            entries.push(Entry {
                path: path.to_string(),
                mutation: mutation.to_string(),
            });
        }
        Ok(Self { entries })
    }

    /// Survivors of a file that have no entry.
    pub fn missing(&self, path: &str, survivors: &[String]) -> Vec<String> {
        let explained: Vec<String> = self.of(path);
        named(path, beyond(survivors, &explained))
    }

    /// Entries of a file that are no survivors any more.
    pub fn stale(&self, path: &str, survivors: &[String]) -> Vec<String> {
        named(path, beyond(&self.of(path), survivors))
    }

    /// Entries of files that are not mutated.
    pub fn outside(&self, holds: impl Fn(&str) -> bool) -> Vec<String> {
        let strangers = self.entries.iter().filter(|entry| !holds(&entry.path));
        strangers
            .map(|Entry { path, mutation }| format!("{path}: {mutation}"))
            .collect()
    }

    fn of(&self, path: &str) -> Vec<String> {
        let entries = self.entries.iter().filter(|entry| entry.path == path);
        entries.map(|entry| entry.mutation.clone()).collect()
    }
}

/// What `all` has more often than `known`.
fn beyond(all: &[String], known: &[String]) -> Vec<String> {
    let mut left = known.to_vec();
    let mut more = Vec::new();
    for one in all {
        match left.iter().position(|other| other == one) {
            Some(at) => drop(left.swap_remove(at)),
            None => more.push(one.clone()),
        }
    }
    more
}

fn named(path: &str, mutations: Vec<String>) -> Vec<String> {
    mutations
        .iter()
        .map(|mutation| format!("{path}: {mutation}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_without_a_reason_is_no_entry() {
        let good = "# Equal ones.\n\na.rs: replace < with <= in f\n    they are never equal\n";
        let list = Explained::parse(good).unwrap();
        assert_eq!(list.of("a.rs"), ["replace < with <= in f"]);
        assert_eq!(
            list.outside(|path| path == "b.rs"),
            ["a.rs: replace < with <= in f"]
        );
        for bad in [
            "a.rs: x in f\n",
            "a.rs: x in f\na.rs: y in f\n",
            "a.rs\n    why\n",
        ] {
            assert!(Explained::parse(bad).is_err(), "{bad}");
        }
    }
}
