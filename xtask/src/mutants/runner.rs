//! Runs shards in the copy: one job, with low priority, in the release profile, and with the artefacts of
//! all dependencies that are there already. After each shard its result is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::kept::{Kept, Shard, ShardId};
use super::listing::{names, of_file};
use super::scope::{PARTS, Part};
use super::{Blobs, tree};
use crate::install;

/// As many mutants as one shard has at most. An interruption costs one shard.
const SHARD_MUTANTS: usize = 16;
/// A mutant's tests may take that many times as long as those of the code, and the smallest limit is this.
const TIME_FACTOR: u32 = 5;
const SMALLEST_LIMIT: Duration = Duration::from_secs(40);

/// Starts each program of tests.
const RUNNER: &str = "--config=target.'cfg(all())'.runner=['env', 'RUSTC_BOOTSTRAP=1']";

/// Address space of each process: a loop that a mutant never leaves may fill a list.
const MEMORY_BYTES: u64 = 8 << 30;

/// What is run of the files that are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Shards without a result for the file as it is.
    New,
    /// What survived, of files that are as they were.
    Survivors,
}

/// Runs all of it; a path is a file or the beginning of one, relative to the workspace.
pub fn run(root: &Path, paths: &[&str], which: Which) -> Result<()> {
    install::mutants()?;
    for part in &PARTS {
        let mut blobs = tree::blobs(root, part)?;
        blobs.retain(|path, _| paths.iter().any(|asked| path.starts_with(asked)));
        if !blobs.is_empty() {
            run_part(root, part, &blobs, which)?;
        }
    }
    Ok(())
}

fn run_part(root: &Path, part: &Part, blobs: &Blobs, which: Which) -> Result<()> {
    let mut kept = Kept::read(root, part.name)?;
    kept.keep_only(|path| part.holds(path));
    let place = Place {
        root,
        tree: tree::refresh(root)?,
        part,
    };
    let tasks = tasks(&place.list(blobs)?, blobs, &kept, which);
    println!("{}: {} shards to run", part.name, tasks.len());
    if tasks.is_empty() {
        return Ok(());
    }
    let mut limits = Limits::default();
    for (id, mutants) in tasks {
        let blob = blobs.get(&id.path).context("a file without a blob")?;
        let mut shard = match kept.shard(&id, blob) {
            Some(earlier) => earlier.clone(),
            None => place.test(&id.path, &mutants, Tests::Quick, &mut limits)?,
        };
        if !part.slow.is_empty() || which == Which::Survivors {
            let missed = std::mem::take(&mut shard.missed);
            shard.add(place.test(&id.path, &missed, Tests::All, &mut limits)?);
        }
        shard.blob.clone_from(blob);
        kept.put(id, shard);
        kept.write(root, part.name)?;
    }
    Ok(())
}

/// Which tests a mutant is shown to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Tests {
    /// Those that notice nearly all of them.
    Quick,
    /// Every test, for what is left.
    All,
}

/// How long the tests of a mutant may take, once it is known.
type Limits = BTreeMap<Tests, Duration>;

/// The shards that have to be run, with the mutants of each.
fn tasks(list: &str, blobs: &Blobs, kept: &Kept, which: Which) -> Vec<(ShardId, Vec<String>)> {
    let mut tasks = Vec::new();
    for (path, blob) in blobs {
        let mutants = of_file(list, path);
        let shards = shards(&mutants);
        for (at, mutants) in shards.iter().enumerate() {
            let id = ShardId {
                path: path.clone(),
                number: at + 1,
                of: shards.len(),
            };
            match (which, kept.shard(&id, blob)) {
                (Which::New, None) => tasks.push((id, mutants.to_vec())),
                (Which::Survivors, Some(shard)) if !shard.missed.is_empty() => {
                    tasks.push((id, shard.missed.clone()));
                }
                (Which::New, Some(_)) | (Which::Survivors, _) => {}
            }
        }
    }
    tasks
}

/// A file without mutants is one empty shard, so that it is known to have been looked at.
fn shards(mutants: &[String]) -> Vec<&[String]> {
    if mutants.is_empty() {
        return vec![mutants];
    }
    mutants.chunks(SHARD_MUTANTS).collect()
}

/// Where one part is run.
struct Place<'a> {
    root: &'a Path,
    tree: PathBuf,
    part: &'a Part,
}

impl Place<'_> {
    /// All mutants of the files, a line each.
    fn list(&self, blobs: &Blobs) -> Result<String> {
        let mut command = self.cargo();
        command.args([
            "mutants",
            "--no-config",
            "--list",
            "--json",
            "--package",
            self.part.name,
        ]);
        for path in blobs.keys() {
            command.args(["--file", path]);
        }
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("cargo mutants --list failed");
        }
        let list = String::from_utf8(output.stdout).context("names of mutants")?;
        names(&list, |path| {
            let file = self.tree.join(path);
            std::fs::read_to_string(&file).with_context(|| file.display().to_string())
        })
    }

    /// Sees that the tests pass without any change, and how long a mutant's may take.
    fn baseline(&self, tests: Tests) -> Result<Duration> {
        let mut took = Duration::ZERO;
        // The first time builds.
        for first in [&["--no-run"][..], &[]] {
            let begun = Instant::now();
            let mut command = self.cargo();
            command.args([
                "test",
                "--quiet",
                "--release",
                "--package",
                self.part.tested_by,
            ]);
            command
                .args(self.speed())
                .args(first)
                .args(self.arguments(tests))
                .stdout(Stdio::null());
            if !command.status()?.success() {
                bail!(
                    "the tests of {} fail without any change",
                    self.part.tested_by
                );
            }
            took = begun.elapsed();
        }
        println!(
            "{}: {tests:?} tests take {} ms",
            self.part.name,
            took.as_millis()
        );
        Ok((took * TIME_FACTOR).max(SMALLEST_LIMIT))
    }

    /// Changes the code in each of these ways, one after the other.
    fn test(
        &self,
        path: &str,
        mutants: &[String],
        tests: Tests,
        limits: &mut Limits,
    ) -> Result<Shard> {
        if mutants.is_empty() {
            return Ok(Shard::default());
        }
        let limit = match limits.get(&tests) {
            Some(limit) => *limit,
            None => self.baseline(tests)?,
        };
        limits.insert(tests, limit);
        println!("+ {} mutants of {path}", mutants.len());
        let out = self.root.join("target/mutants");
        let mut command = self.cargo();
        command.args(["mutants", "--no-config", "--in-place", "--baseline", "skip"]);
        command.args(["--profile", "release", "--package", self.part.name]);
        command.args(["--test-package", self.part.tested_by, "--file", path]);
        command
            .args(["--timeout", &limit.as_secs().to_string(), "--output"])
            .arg(&out);
        for argument in self.speed() {
            command.arg(format!("--cargo-arg={argument}"));
        }
        for mutant in mutants {
            command.args(["--re", &exactly(&format!("{path}:{mutant}"))]);
        }
        let status = command.arg("--").args(self.arguments(tests)).status()?;
        // 2: some survived. 3: some ran into the limit.
        if !matches!(status.code(), Some(0 | 2 | 3)) {
            bail!("cargo mutants failed on {path}: {status}");
        }
        outcome(&out.join("mutants.out"), path, mutants)
    }

    /// The release profile, but that the code itself is optimised less: that is most of a mutant's price.
    /// The tests' own program is told that it may use what is not stable: only so does it end early.
    fn speed(&self) -> Vec<String> {
        let packages = BTreeSet::from([self.part.name, self.part.tested_by]);
        let each = packages.into_iter();
        each.map(|package| format!("--config=profile.release.package.{package}.opt-level=1"))
            .chain([RUNNER.to_string()])
            .collect()
    }

    /// The targets, and that the first test that fails is enough.
    fn arguments(&self, tests: Tests) -> Vec<&str> {
        let Part { targets, slow, .. } = self.part;
        let mut arguments = targets.to_vec();
        arguments.extend(["--", "-Zunstable-options", "--fail-fast"]);
        match tests {
            Tests::Quick => arguments.extend(slow.iter().flat_map(|name| ["--skip", name])),
            Tests::All => (),
        }
        arguments
    }

    fn cargo(&self) -> Command {
        let mut command = Command::new("prlimit");
        command.arg(format!("--as={MEMORY_BYTES}"));
        command.args(["nice", "-n", "15", "cargo"]);
        command.current_dir(&self.tree);
        command.env("CARGO_TARGET_DIR", self.root.join("target"));
        // The profile stays; only what a mutant touches is compiled anew.
        command.env("CARGO_INCREMENTAL", "1");
        // One mutant's failure must not change how the next one is tested.
        command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
        command
    }
}

/// The expression that matches this text and no other.
fn exactly(text: &str) -> String {
    let mut expression = String::from("^");
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            expression.push('\\');
        }
        expression.push(c);
    }
    expression + "$"
}

/// Reads what became of the mutants of one file; each must have become something.
fn outcome(folder: &Path, path: &str, mutants: &[String]) -> Result<Shard> {
    let read = |name: &str| -> Result<Vec<String>> {
        let file = folder.join(format!("{name}.txt"));
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        Ok(of_file(&text, path))
    };
    let (caught, missed) = (read("caught")?, read("missed")?);
    let (timeouts, unviable) = (read("timeout")?, read("unviable")?);
    let all = [&caught, &missed, &timeouts, &unviable]
        .into_iter()
        .flatten();
    let run: BTreeSet<&String> = all.collect();
    if let Some(mutant) = mutants.iter().find(|mutant| !run.contains(mutant)) {
        bail!("{path}:{mutant} was not run");
    }
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    Ok(Shard {
        blob: String::new(),
        caught: caught.len(),
        unviable: unviable.len(),
        missed: sorted(missed),
        timeouts: sorted(timeouts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
a.rs:7:9: replace < with <= in f
a.rs:7:9: replace < with <= in f
b.rs:7:9: replace g with ()
";

    fn blobs() -> Blobs {
        let pair = |path: &str| (path.to_string(), "aaaa".to_string());
        ["a.rs", "b.rs", "c.rs"].map(pair).into()
    }

    fn asked(kept: &str, which: Which) -> Vec<String> {
        let kept = Kept::parse(kept).unwrap();
        let tasks = tasks(LIST, &blobs(), &kept, which);
        let told = |(id, mutants): (ShardId, Vec<String>)| format!("{} {}", id.path, mutants.len());
        tasks.into_iter().map(told).collect()
    }

    #[test]
    fn nothing_is_run_twice_while_its_file_is_the_same() {
        assert_eq!(asked("", Which::New), ["a.rs 1", "b.rs 1", "c.rs 0"]);
        let kept =
            "a.rs 1/1 of aaaa: 1 caught, 0 unviable\nb.rs 1/1 of old: 1 caught, 0 unviable\n";
        assert_eq!(asked(kept, Which::New), ["b.rs 1", "c.rs 0"]);
    }

    #[test]
    fn only_survivors_are_run_again() {
        let kept = "a.rs 1/1 of aaaa: 0 caught, 0 unviable\n\
            a.rs 1/1 missed 7:9: replace < with <= in f\n\
            b.rs 1/1 of aaaa: 1 caught, 0 unviable\n";
        assert_eq!(asked(kept, Which::Survivors), ["a.rs 1"]);
    }

    #[test]
    fn a_file_has_shards_of_a_limited_size() {
        let mutants: Vec<String> = (0..SHARD_MUTANTS + 1).map(|at| at.to_string()).collect();
        let sizes: Vec<usize> = shards(&mutants).iter().map(|shard| shard.len()).collect();
        assert_eq!(sizes, [SHARD_MUTANTS, 1]);
        assert_eq!(shards(&[]).len(), 1);
    }

    #[test]
    fn an_expression_matches_one_name() {
        assert_eq!(exactly("a.rs:7:9: f -> [u8]"), r"^a\.rs:7:9: f \-> \[u8\]$");
    }
}
