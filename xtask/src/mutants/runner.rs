//! Runs shards in the copy: one job, with low priority, in the release profile, and with the artefacts of
//! all dependencies that are there already. After each shard its result is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::kept::{Kept, Shard, ShardId};
use super::listing::{Mutant, mutants, of_file};
use super::programs::Programs;
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

/// One less than in the release profile.
const APART: u8 = 15;

/// Address space of each process: a loop that a mutant never leaves may fill a list.
pub const MEMORY_BYTES: u64 = 8 << 30;

/// What is run of the files that are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Shards without a result for the file as it is, by the quick tests.
    New,
    /// What survived, of files that are as they were, by the quick tests as they are now.
    Survivors,
    /// The same, by all tests.
    SurvivorsSlowly,
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
    let mutants = place.list(blobs)?;
    let tasks = tasks(&mutants, blobs, &kept, which);
    println!("{}: {} shards to run", part.name, tasks.len());
    if tasks.is_empty() {
        return Ok(());
    }
    let mut alone = Vec::new();
    let asked: Vec<Mutant> = tasks
        .iter()
        .flat_map(|(_, mutants)| mutants.clone())
        .collect();
    let programs = Programs::build(part, &place.tree, &asked, || place.cargo_of_tests())?;
    for (id, mutants) in tasks {
        let blob = blobs.get(&id.path).context("a file without a blob")?;
        let mut shard = kept.shard(&id, blob).cloned().unwrap_or_default();
        shard.blob.clone_from(blob);
        shard.missed.clear();
        let mut others = Vec::new();
        for mutant in mutants {
            match programs.test(&mutant.full_name(), which)? {
                Some(outcome) => shard.count(mutant.name, outcome),
                None => others.push(mutant.name),
            }
        }
        if others.is_empty() {
            println!("+ {} {}/{}: {shard}", id.path, id.number, id.of);
            kept.put(id, shard);
            kept.write(root, part.name)?;
        } else {
            alone.push((id, shard, others));
        }
    }
    tree::refresh(root)?;
    let mut limits = Limits::default();
    for (id, mut shard, others) in alone {
        let tests = match which {
            Which::New | Which::Survivors => Tests::Quick,
            Which::SurvivorsSlowly => Tests::All,
        };
        let told = place.test(&id.path, &others, tests, &mut limits)?;
        shard.add(told);
        println!("+ {} {}/{}: {shard}", id.path, id.number, id.of);
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
fn tasks(list: &[Mutant], blobs: &Blobs, kept: &Kept, which: Which) -> Vec<(ShardId, Vec<Mutant>)> {
    let mut tasks = Vec::new();
    for (path, blob) in blobs {
        let of_file = list.iter().filter(|mutant| mutant.path == *path);
        let mutants: Vec<Mutant> = of_file.cloned().collect();
        let shards = shards(&mutants);
        for (at, mutants) in shards.iter().enumerate() {
            let id = ShardId {
                path: path.clone(),
                number: at + 1,
                of: shards.len(),
            };
            let mut mutants = mutants.to_vec();
            match (which, kept.shard(&id, blob)) {
                (Which::New, None) => tasks.push((id, mutants)),
                (Which::Survivors | Which::SurvivorsSlowly, Some(shard))
                    if !shard.missed.is_empty() =>
                {
                    mutants.retain(|mutant| shard.missed.contains(&mutant.name));
                    tasks.push((id, mutants));
                }
                (Which::New, Some(_)) | (Which::Survivors | Which::SurvivorsSlowly, _) => {}
            }
        }
    }
    tasks
}

/// A file without mutants is one empty shard, so that it is known to have been looked at.
fn shards(mutants: &[Mutant]) -> Vec<&[Mutant]> {
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
    /// All mutants of the files.
    fn list(&self, blobs: &Blobs) -> Result<Vec<Mutant>> {
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
        mutants(&list, |path| {
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

    /// What is built one by one is optimised less: that is most of such a mutant's price.
    /// The tests' own program is told that it may use what is not stable: only so does it end early.
    fn speed(&self) -> Vec<String> {
        let packages = BTreeSet::from([self.part.name, self.part.tested_by]);
        let each = packages.into_iter();
        each.map(|package| format!("--config=profile.release.package.{package}.opt-level=1"))
            .chain([RUNNER.to_string()])
            .chain(self.apart())
            .collect()
    }

    /// Cargo names what it builds by the profile, and not by the folder: without a difference, nobody could
    /// tell the copy's artefacts from those of the workspace, and changed code would be taken for its own.
    fn apart(&self) -> Vec<String> {
        let crates = std::fs::read_dir(self.tree.join("crates"));
        let names = crates.into_iter().flatten().flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        names
            .map(|name| format!("--config=profile.release.package.{name}.codegen-units={APART}"))
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

    /// Builds every program of tests, and tells of it a line at a time.
    fn cargo_of_tests(&self) -> Command {
        let mut command = self.cargo();
        command.env_remove("CARGO_INCREMENTAL");
        command.args(["test", "--no-run", "--release", "--message-format=json"]);
        command.args(self.apart());
        command
            .args(["--package", self.part.tested_by])
            .args(self.part.targets);
        command
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

    fn mutant(path: &str, name: &str) -> Mutant {
        Mutant {
            path: path.into(),
            name: name.into(),
            at: 0..0,
            replacement: String::new(),
            function: None,
        }
    }

    fn blobs() -> Blobs {
        let pair = |path: &str| (path.to_string(), "aaaa".to_string());
        ["a.rs", "b.rs", "c.rs"].map(pair).into()
    }

    fn asked(kept: &str, which: Which) -> Vec<String> {
        let kept = Kept::parse(kept).unwrap();
        let list = [
            mutant("a.rs", "7:9: replace < with <= in f"),
            mutant("b.rs", "7:9: replace g with ()"),
        ];
        let tasks = tasks(&list, &blobs(), &kept, which);
        let told = |(id, mutants): (ShardId, Vec<Mutant>)| format!("{} {}", id.path, mutants.len());
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
        let mutants = vec![mutant("a.rs", "7:9: x"); SHARD_MUTANTS + 1];
        let sizes: Vec<usize> = shards(&mutants).iter().map(|shard| shard.len()).collect();
        assert_eq!(sizes, [SHARD_MUTANTS, 1]);
        assert_eq!(shards(&[]).len(), 1);
    }

    #[test]
    fn an_expression_matches_one_name() {
        assert_eq!(exactly("a.rs:7:9: f -> [u8]"), r"^a\.rs:7:9: f \-> \[u8\]$");
    }
}
