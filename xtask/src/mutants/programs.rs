//! The programs that the tests are, built once with all mutants of a run in them, and started once for each.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::listing::Mutant;
use super::runner::Which;
use super::scope::Part;
use super::switches::{SWITCH, Switched, VARIABLE, can_be_chosen, is_const, switched};

/// A mutant may use that many times as much of the processor as the code needs, and never less than the least.
const CPU_FACTOR: u64 = 5;
const CPU_LEAST_S: u64 = 8;
const CPU_MOST_S: u64 = 900;
/// Where the two times of ended children stand in `/proc/self/stat` behind the name, and their unit.
const CHILDREN_FIELD: usize = 13;
const TICKS_PER_S: u64 = 100;
/// Whoever waits forever uses nothing.
const WALL_LIMIT_S: &str = "7200";
/// More rounds of taking out what does not compile would tell of a fault in this file.
const BUILDS_MAX: usize = 12;

/// The compiler's name for a call in a constant of what is no `const fn`.
const NOT_CONST: &str = "E0015";

const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
const TIMED_OUT: i32 = 124;
/// What a program that was ended by a signal returns through another.
const SIGNALS_FROM: i32 = 128;

/// What the tests said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A test failed.
    Caught,
    /// The tests did not end.
    Timeout,
    /// No test noticed.
    Missed,
    /// There is nothing to notice.
    Unviable,
}

/// The programs, and what became of each mutant when they were built.
pub struct Programs<'a> {
    part: &'a Part,
    programs: Vec<Program>,
    /// By its full name, the number of each mutant that is in the programs.
    numbers: BTreeMap<String, usize>,
    unviable: BTreeSet<String>,
    quick_s: OnceCell<u64>,
    slow_s: OnceCell<u64>,
}

struct Program {
    /// The tests beside the code are the fastest, and are run first.
    is_beside: bool,
    path: PathBuf,
    folder: PathBuf,
}

/// Which tests are run: all but the slow ones, or those.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tests {
    Quick,
    Slow,
}

impl<'a> Programs<'a> {
    /// Changes the files of the copy and builds until only mutants are in it that compile. `cargo` starts
    /// Cargo there.
    pub fn build(
        part: &'a Part,
        tree: &Path,
        mutants: &[Mutant],
        cargo: impl Fn() -> Command,
    ) -> Result<Self> {
        let mut sources = BTreeMap::new();
        for mutant in mutants {
            let file = tree.join(&mutant.path);
            let text = std::fs::read_to_string(&file).with_context(|| mutant.path.clone())?;
            sources.insert(mutant.path.clone(), text);
        }
        let root = format!("crates/{}/src/lib.rs", part.name);
        let text = std::fs::read_to_string(tree.join(&root)).with_context(|| root.clone())?;
        sources.entry(root.clone()).or_insert(text);
        let mut left: BTreeMap<usize, &Mutant> = mutants
            .iter()
            .enumerate()
            .filter(|(_, mutant)| {
                let source = sources.get(&mutant.path);
                source.is_some_and(|source| can_be_chosen(mutant, source))
            })
            .collect();
        let mut unviable = BTreeSet::new();
        for _ in 0..BUILDS_MAX {
            let switched = write(tree, &sources, &root, &left)?;
            match built(tree, &switched, cargo())? {
                Built::Programs(programs) => {
                    let numbers = left
                        .iter()
                        .map(|(number, mutant)| (mutant.full_name(), *number));
                    return Ok(Self {
                        part,
                        programs,
                        numbers: numbers.collect(),
                        unviable,
                        quick_s: OnceCell::new(),
                        slow_s: OnceCell::new(),
                    });
                }
                Built::NoConstant => left.retain(|_, mutant| {
                    let source = sources.get(&mutant.path);
                    source.is_some_and(|source| !is_const(mutant, source))
                }),
                Built::Refused(numbers) => {
                    println!("{}: {} mutants do not compile", part.name, numbers.len());
                    let gone = numbers.iter().filter_map(|number| left.remove(number));
                    unviable.extend(gone.map(Mutant::full_name));
                }
            }
        }
        bail!("after {BUILDS_MAX} builds, some mutants still do not compile")
    }

    /// What the tests say about a mutant; `None` if it has to be built by itself. The slow ones
    /// are run where they are asked for.
    pub fn test(&self, full_name: &str, which: Which) -> Result<Option<Outcome>> {
        if self.unviable.contains(full_name) {
            return Ok(Some(Outcome::Unviable));
        }
        let Some(number) = self.numbers.get(full_name) else {
            return Ok(None);
        };
        let mut outcome = self.run(Some(*number), Tests::Quick, self.limit_s(Tests::Quick)?)?;
        let has_more = which == Which::SurvivorsSlowly && !self.part.slow.is_empty();
        if outcome == Outcome::Missed && has_more {
            outcome = self.run(Some(*number), Tests::Slow, self.limit_s(Tests::Slow)?)?;
        }
        Ok(Some(outcome))
    }

    /// Sees once that the tests pass while no mutant is chosen, and how long one may take.
    fn limit_s(&self, tests: Tests) -> Result<u64> {
        let known = match tests {
            Tests::Quick => &self.quick_s,
            Tests::Slow => &self.slow_s,
        };
        if let Some(limit_s) = known.get() {
            return Ok(*limit_s);
        }
        let before_s = children_cpu_s()?;
        let Part {
            name, tested_by, ..
        } = self.part;
        if self.run(None, tests, CPU_MOST_S)? != Outcome::Missed {
            bail!("the tests of {tested_by} fail without any change");
        }
        let took_s = children_cpu_s()?.saturating_sub(before_s);
        println!("{name}: {tests:?} tests take {took_s} s");
        let limit_s = (took_s * CPU_FACTOR).clamp(CPU_LEAST_S, CPU_MOST_S);
        Ok(*known.get_or_init(|| limit_s))
    }

    fn run(&self, number: Option<usize>, tests: Tests, limit_s: u64) -> Result<Outcome> {
        for Program { path, folder, .. } in &self.programs {
            let mut command = Command::new("timeout");
            command.args([WALL_LIMIT_S, "prlimit"]);
            command.arg(format!("--as={}", super::runner::MEMORY_BYTES));
            command.arg(format!("--cpu={limit_s}"));
            command.args(["nice", "-n", "15"]).arg(path);
            command.args(["-Zunstable-options", "--fail-fast", "--quiet"]);
            for name in self.part.slow {
                match tests {
                    Tests::Quick => command.args(["--skip", name]),
                    Tests::Slow => command.arg(name),
                };
            }
            command
                .current_dir(folder)
                .env("CARGO_MANIFEST_DIR", folder);
            // Only with this does a program of tests end with the first that fails.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
            command.env_remove(VARIABLE);
            if let Some(number) = number {
                command.env(VARIABLE, number.to_string());
            }
            command.stdin(Stdio::null());
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let outcome = outcome(command.status().context("timeout could not be started")?);
            if outcome != Outcome::Missed {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Missed)
    }
}

/// How much of the processor all programs used that were started here and have ended, rounded up.
fn children_cpu_s() -> Result<u64> {
    let told = std::fs::read_to_string("/proc/self/stat").context("/proc/self/stat")?;
    // The second field is a name in brackets, and may hold blanks.
    let (_, fields) = told.rsplit_once(')').context("/proc/self/stat")?;
    let ticks = fields.split_whitespace().skip(CHILDREN_FIELD).take(2);
    let ticks: Result<Vec<u64>, _> = ticks.map(str::parse::<u64>).collect();
    Ok(ticks?.iter().sum::<u64>().div_ceil(TICKS_PER_S))
}

/// How a program of tests ended.
fn outcome(status: ExitStatus) -> Outcome {
    let signal = status.code().map(|code| code - SIGNALS_FROM);
    match status.signal().or(signal) {
        _ if status.success() => Outcome::Missed,
        Some(SIGKILL | SIGXCPU) => Outcome::Timeout,
        _ if status.code() == Some(TIMED_OUT) => Outcome::Timeout,
        _ => Outcome::Caught,
    }
}

/// Writes the changed files into the copy.
fn write(
    tree: &Path,
    sources: &BTreeMap<String, String>,
    root: &str,
    mutants: &BTreeMap<usize, &Mutant>,
) -> Result<BTreeMap<String, Switched>> {
    let mut files = BTreeMap::new();
    for (path, source) in sources {
        let of_file = mutants.iter().filter(|(_, mutant)| mutant.path == *path);
        let of_file = of_file.map(|(number, mutant)| (*number, *mutant)).collect();
        let mut switched = switched(source, &of_file);
        if path == root {
            switched.text.push_str(SWITCH);
        }
        std::fs::write(tree.join(path), &switched.text).with_context(|| path.clone())?;
        files.insert(path.clone(), switched);
    }
    Ok(files)
}

enum Built {
    Programs(Vec<Program>),
    /// The numbers of mutants that do not compile.
    Refused(BTreeSet<usize>),
    /// A constant is made by a function that is no `const fn` any more.
    NoConstant,
}

fn built(tree: &Path, files: &BTreeMap<String, Switched>, mut cargo: Command) -> Result<Built> {
    let output = cargo.stderr(Stdio::null()).output()?;
    let told = String::from_utf8(output.stdout).context("what Cargo told")?;
    let messages: Vec<Value> = told
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if output.status.success() {
        let mut programs: Vec<Program> = messages.iter().filter_map(program).collect();
        programs.sort_by_key(|program| !program.is_beside);
        if programs.is_empty() {
            bail!("no program of tests was built in {}", tree.display());
        }
        return Ok(Built::Programs(programs));
    }
    let mut refused = BTreeSet::new();
    let mut others = String::new();
    for message in &messages {
        let Some(error) = message.get("message").filter(|it| is_error(it)) else {
            continue;
        };
        if error
            .get("code")
            .and_then(|it| it.get("code"))
            .and_then(Value::as_str)
            == Some(NOT_CONST)
        {
            return Ok(Built::NoConstant);
        }
        match places(error).find_map(|place| mutant_at(files, &place)) {
            Some(number) => drop(refused.insert(number)),
            None => others.push_str(error.get("rendered").and_then(Value::as_str).unwrap_or("")),
        }
    }
    match refused.is_empty() {
        true => bail!("the changed code does not compile\n{others}"),
        false => Ok(Built::Refused(refused)),
    }
}

/// A program of tests that Cargo built.
fn program(message: &Value) -> Option<Program> {
    let path = message.get("executable")?.as_str()?;
    let is_test = message.get("profile")?.get("test")?.as_bool()?;
    let manifest = Path::new(message.get("manifest_path")?.as_str()?);
    let kinds = message.get("target")?.get("kind")?.as_array()?;
    is_test.then_some(Program {
        is_beside: kinds.iter().any(|kind| kind.as_str() == Some("lib")),
        path: path.into(),
        folder: manifest.parent()?.to_path_buf(),
    })
}

fn is_error(message: &Value) -> bool {
    message.get("level").and_then(Value::as_str) == Some("error")
}

/// A file and a line.
type Place = (String, usize);

/// Where an error is, and where the macros stand that it came out of.
fn places(error: &Value) -> impl Iterator<Item = Place> {
    let mut places = Vec::new();
    let spans = error.get("spans").and_then(Value::as_array);
    let mut spans: Vec<&Value> = spans.into_iter().flatten().collect();
    // What is primary is looked at first.
    spans.sort_by_key(|span| span.get("is_primary").and_then(Value::as_bool) != Some(true));
    for span in spans {
        let mut span = Some(span);
        while let Some(one) = span {
            let file = one.get("file_name").and_then(Value::as_str);
            let line = one.get("line_start").and_then(Value::as_u64);
            let line = line.and_then(|line| usize::try_from(line).ok());
            places.extend(file.map(str::to_string).zip(line));
            span = one.get("expansion").and_then(|it| it.get("span"));
        }
    }
    places.into_iter()
}

fn mutant_at(files: &BTreeMap<String, Switched>, (file, line): &Place) -> Option<usize> {
    let mut lines = files.get(file)?.lines.iter();
    lines
        .find(|(_, lines)| lines.contains(line))
        .map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_from_a_failure() {
        let ended = |raw: i32| outcome(ExitStatus::from_raw(raw));
        assert_eq!(ended(0), Outcome::Missed);
        assert_eq!(ended(101 << 8), Outcome::Caught);
        let aborted = 6;
        assert_eq!(ended(aborted), Outcome::Caught);
        for limit in [SIGKILL, SIGXCPU] {
            assert_eq!(ended(limit), Outcome::Timeout);
            assert_eq!(ended((SIGNALS_FROM + limit) << 8), Outcome::Timeout);
        }
        assert_eq!(ended(TIMED_OUT << 8), Outcome::Timeout);
    }

    #[test]
    fn an_error_leads_to_the_mutant_whose_copy_it_is_in() {
        let error = serde_json::json!({ "level": "error", "spans": [
            { "file_name": "a.rs", "line_start": 2, "is_primary": false },
            { "file_name": "/std", "line_start": 9, "is_primary": true,
              "expansion": { "span": { "file_name": "a.rs", "line_start": 5 } } },
        ]});
        let file = Switched {
            text: String::new(),
            lines: [(7, 1..4), (8, 4..6)].into(),
        };
        let files = [("a.rs".to_string(), file)].into();
        let mutant = places(&error).find_map(|place| mutant_at(&files, &place));
        assert!(is_error(&error));
        assert_eq!(mutant, Some(8));
    }
}
