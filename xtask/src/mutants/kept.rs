//! What came out of each shard: one file of sorted lines for each crate, without dates, so that two people
//! who run different files change different lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::programs::Outcome;

/// Some of a file's mutants, always the same ones while the file stays the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ShardId {
    /// Relative to the workspace.
    pub path: String,
    /// From 1 on.
    pub number: usize,
    /// How many shards the file has.
    pub of: usize,
}

/// What the tests said about the mutants of one shard.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shard {
    /// The file's blob, as Git names it.
    pub blob: String,
    /// A test failed.
    pub caught: usize,
    /// It does not compile, so there is nothing to notice.
    pub unviable: usize,
    /// No test noticed. Each with its place: `7:9: replace < with <= in f`.
    pub missed: Vec<String>,
    /// The tests did not end: noticed as well.
    pub timeouts: Vec<String>,
}

impl Shard {
    /// Takes up what the tests said about one mutant.
    pub fn count(&mut self, mutant: String, outcome: Outcome) {
        match outcome {
            Outcome::Caught => self.caught += 1,
            Outcome::Unviable => self.unviable += 1,
            Outcome::Missed => self.missed.push(mutant),
            Outcome::Timeout => self.timeouts.push(mutant),
        }
        self.missed.sort();
        self.timeouts.sort();
    }

    /// Takes up what other tests said about what these did not notice.
    pub fn add(&mut self, other: Self) {
        let Self {
            blob: _,
            caught,
            unviable,
            missed,
            timeouts,
        } = other;
        self.caught += caught;
        self.unviable += unviable;
        self.missed.extend(missed);
        self.timeouts.extend(timeouts);
        self.missed.sort();
        self.timeouts.sort();
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (missed, timeouts) = (self.missed.len(), self.timeouts.len());
        write!(
            f,
            "{} caught, {timeouts} ran into the limit, {missed} survived",
            self.caught
        )
    }
}

/// All shards of one crate.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    shards: BTreeMap<ShardId, Shard>,
}

impl Kept {
    /// Reads what is kept of a crate; nothing, if nothing was run yet.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let path = place(root, name);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    /// Writes it back.
    pub fn write(&self, root: &Path, name: &str) -> Result<()> {
        let path = place(root, name);
        std::fs::write(&path, self.to_text()).with_context(|| path.display().to_string())
    }

    pub fn parse(text: &str) -> Result<Self> {
        let mut kept = Self::default();
        for line in text.lines() {
            kept.take_line(line)
                .with_context(|| format!("not a result: {line}"))?;
        }
        Ok(kept)
    }

    fn take_line(&mut self, line: &str) -> Option<()> {
        let (path, rest) = line.split_once(' ')?;
        let (shard, rest) = rest.split_once(' ')?;
        let (number, of) = shard.split_once('/')?;
        let id = ShardId {
            path: path.to_string(),
            number: number.parse().ok()?,
            of: of.parse().ok()?,
        };
        let (kind, rest) = rest.split_once(' ')?;
        if kind == "of" {
            let (blob, figures) = rest.split_once(": ")?;
            let (caught, unviable) = figures.split_once(" caught, ")?;
            let shard = Shard {
                blob: blob.to_string(),
                caught: caught.parse().ok()?,
                unviable: unviable.strip_suffix(" unviable")?.parse().ok()?,
                ..Shard::default()
            };
            return self.shards.insert(id, shard).is_none().then_some(());
        }
        let shard = self.shards.get_mut(&id)?;
        match kind {
            "missed" => shard.missed.push(rest.to_string()),
            "timeout" => shard.timeouts.push(rest.to_string()),
            _ => return None,
        }
        Some(())
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        for (id, shard) in &self.shards {
            let ShardId { path, number, of } = id;
            let Shard {
                blob,
                caught,
                unviable,
                missed,
                timeouts,
            } = shard;
            let _ = writeln!(
                text,
                "{path} {number}/{of} of {blob}: {caught} caught, {unviable} unviable"
            );
            for (kind, mutants) in [("missed", missed), ("timeout", timeouts)] {
                for mutant in mutants {
                    let _ = writeln!(text, "{path} {number}/{of} {kind} {mutant}");
                }
            }
        }
        text
    }

    /// What is kept of a shard, if the file has not changed since.
    pub fn shard(&self, id: &ShardId, blob: &str) -> Option<&Shard> {
        self.shards.get(id).filter(|shard| shard.blob == blob)
    }

    /// Takes up a result; what is kept of the file as it was earlier goes.
    pub fn put(&mut self, id: ShardId, shard: Shard) {
        self.shards
            .retain(|other, old| other.path != id.path || old.blob == shard.blob);
        self.shards.insert(id, shard);
    }

    /// Forgets files that are not mutated any more.
    pub fn keep_only(&mut self, holds: impl Fn(&str) -> bool) {
        self.shards.retain(|id, _| holds(&id.path));
    }

    /// Whether every shard of a file has run since it last changed. A file without mutants has one empty shard.
    pub fn is_complete(&self, path: &str, blob: &str) -> bool {
        let mut shards = self.shards.iter().filter(|(id, _)| id.path == path);
        let Some(of) = shards.clone().next().map(|(id, _)| id.of) else {
            return false;
        };
        shards.clone().count() == of && shards.all(|(_, shard)| shard.blob == blob)
    }

    /// The mutants of a file that no test noticed when it was last run, without their places.
    pub fn survivors(&self, path: &str) -> Vec<String> {
        let shards = self.shards.iter().filter(|(id, _)| id.path == path);
        let missed = shards.flat_map(|(_, shard)| &shard.missed);
        missed.map(|mutant| without_place(mutant)).collect()
    }

    /// Caught, run into the time limit, missed, unviable.
    pub fn totals(&self) -> (usize, usize, usize, usize) {
        let sum = |of: fn(&Shard) -> usize| self.shards.values().map(of).sum();
        (
            sum(|shard| shard.caught),
            sum(|shard| shard.timeouts.len()),
            sum(|shard| shard.missed.len()),
            sum(|shard| shard.unviable),
        )
    }
}

/// A change moves with its function: `7:9: replace < with <= in f` is `replace < with <= in f` everywhere.
fn without_place(mutant: &str) -> String {
    let (_, mutation) = mutant.split_once(": ").unwrap_or(("", mutant));
    mutation.to_string()
}

fn place(root: &Path, name: &str) -> PathBuf {
    root.join("xtask/mutants").join(format!("{name}.txt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
a.rs 1/2 of aaaa: 3 caught, 0 unviable
a.rs 1/2 missed 7:9: replace < with <= in f
a.rs 1/2 timeout 9:9: replace += with *= in g
a.rs 2/2 of aaaa: 1 caught, 4 unviable
";

    fn id(number: usize) -> ShardId {
        ShardId {
            path: "a.rs".into(),
            number,
            of: 2,
        }
    }

    #[test]
    fn what_is_kept_is_read_back_as_it_was() {
        let kept = Kept::parse(TEXT).unwrap();
        assert_eq!(kept.to_text(), TEXT);
        assert_eq!(kept.totals(), (4, 1, 1, 4));
        assert_eq!(kept.survivors("a.rs"), ["replace < with <= in f"]);
        for damaged in ["a.rs", "a.rs 1/2 missed x", "a.rs 1/2 of aaaa: some caught"] {
            assert!(Kept::parse(damaged).is_err(), "{damaged}");
        }
        assert!(Kept::parse(&TEXT.repeat(2)).is_err());
    }

    #[test]
    fn a_changed_file_is_run_anew_as_a_whole() {
        let mut kept = Kept::parse(TEXT).unwrap();
        assert!(kept.is_complete("a.rs", "aaaa") && !kept.is_complete("a.rs", "bbbb"));
        assert!(kept.shard(&id(1), "aaaa").is_some() && kept.shard(&id(1), "bbbb").is_none());
        let shard = Shard {
            blob: "bbbb".into(),
            ..Shard::default()
        };
        kept.put(id(2), shard);
        assert_eq!(kept.to_text(), "a.rs 2/2 of bbbb: 0 caught, 0 unviable\n");
        assert!(!kept.is_complete("a.rs", "bbbb"));
    }
}
