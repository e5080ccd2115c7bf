//! Everything that must hold before a change goes in, in one command.
//! Prints what it runs and stops at the first failure.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::{attack, constant_time, install, tidy, vectors};

/// What the suites have said so far.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

/// What people run, and its tests: built without anything that a product must not have.
const PRODUCT: &str = "--workspace --exclude sim --exclude models --exclude fuzzed";
/// What attacks it: members that cheat, rules that are taken out.
const ATTACK: &str = "-p sim -p models -p fuzzed";
/// The same members and attacks on the real MLS.
const REAL: &str = "-p sim -p fuzzed --no-default-features";

/// Runs all of it in the workspace at `root`.
pub fn run(root: &Path) -> Result<()> {
    let mut tally = Tally::default();
    let outcome = steps(root, &mut tally);
    if let Err(error) = &outcome {
        eprintln!("{error:#}");
        tally.failed = tally.failed.max(1);
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    outcome.map_err(|_| anyhow!("stopped at the first failure"))
}

fn steps(root: &Path, tally: &mut Tally) -> Result<()> {
    install::all(root)?;
    let mut step = |line: &str| run_step(root, line, tally);
    step("cargo fmt --all --check")?;
    step(&format!(
        "cargo clippy --release {PRODUCT} --all-targets -- -D warnings"
    ))?;
    step(&format!(
        "cargo clippy --release {ATTACK} --all-targets -- -D warnings"
    ))?;
    // What only the real MLS compiles.
    step(&format!(
        "cargo clippy --release {REAL} --all-targets -- -D warnings"
    ))?;
    println!("+ cargo xtask tidy");
    tidy::run(root)?;
    step(&format!("cargo test --release {PRODUCT}"))?;
    step(&format!("cargo test --release {ATTACK}"))?;
    // On paper an input and a seed do the same every time; once more with the real MLS.
    step(&format!("cargo test --release {REAL} --test it"))?;
    attack::run(root)?;
    println!("+ cargo xtask constant-time");
    constant_time::check(root)?;
    step("python3 -B tests/test_check_demo.py")?;
    for maker in vectors::MAKERS {
        step(&format!("python3 -B {maker}"))?;
    }
    demo(root, tally)?;
    // Both programs were built by the steps before.
    let programs = "target/release/tracktwo target/release/examples/scripted";
    run_step(
        root,
        &format!("python3 -B tests/kill_relay.py {programs} 50"),
        tally,
    )
}

/// A whole dialogue, judged by a program that shares no code with it.
fn demo(root: &Path, tally: &mut Tally) -> Result<()> {
    let folder = scratch(root)?;
    let (kept, report) = (folder.join("kept"), folder.join("report.json"));
    // The program that the tests have built.
    let line = format!(
        "target/release/tracktwo demo --headless --json --keep {}",
        kept.display()
    );
    println!("+ {line} | python3 tests/check_demo.py {}", kept.display());
    let stdout = File::create(&report).with_context(|| report.display().to_string())?;
    let status = command(root, &line)?.stdout(stdout).status()?;
    if !status.success() {
        bail!("failed: {line}\nits output is left in {}", folder.display());
    }
    let checker = "python3 -B tests/check_demo.py --seats 12";
    let check = format!("{checker} {} {}", kept.display(), report.display());
    run_step(root, &check, tally)?;
    std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())
}

/// An empty folder under `target`.
fn scratch(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target").join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// A line as a command in the workspace at `root`; words have no blanks in them.
pub fn command(root: &Path, line: &str) -> Result<Command> {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().context("an empty command")?);
    command.args(words).current_dir(root);
    Ok(command)
}

/// Runs one command, shows its output as it comes and counts its tests.
fn run_step(root: &Path, line: &str, tally: &mut Tally) -> Result<()> {
    println!("+ {line}");
    let mut child = command(root, line)?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{line} could not be started"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let errors =
        thread::spawn(move || stderr.map_or_else(Tally::default, |pipe| follow(pipe, true)));
    let said = stdout.map_or_else(Tally::default, |pipe| follow(pipe, false));
    let also_said = errors.join().unwrap_or_default();
    tally.passed += said.passed + also_said.passed;
    tally.failed += said.failed + also_said.failed;
    if !child.wait()?.success() {
        bail!("failed: {line}");
    }
    Ok(())
}

/// Repeats a stream and adds up the tests that it reports.
fn follow(pipe: impl Read, is_error: bool) -> Tally {
    let mut tally = Tally::default();
    let mut lines = BufReader::new(pipe).split(b'\n');
    while let Some(Ok(line)) = lines.next() {
        let line = String::from_utf8_lossy(&line);
        if is_error {
            eprintln!("{line}")
        } else {
            println!("{line}")
        }
        let found = tests_in(&line);
        tally.passed += found.passed;
        tally.failed += found.failed;
    }
    tally
}

/// Understands the summaries of `cargo test`, of Python's `unittest`, and of the checker.
fn tests_in(line: &str) -> Tally {
    let number = |words: &[&str], before: &str| {
        let at = words
            .iter()
            .position(|word| word.trim_matches(|c: char| !c.is_alphabetic()) == before);
        let number = at.and_then(|at| words.get(at.checked_sub(1)?));
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    if line.starts_with("test result: ") || line.starts_with("checks: ") {
        return Tally {
            passed: number(&words, "passed"),
            failed: number(&words, "failed"),
        };
    }
    match words.as_slice() {
        ["Ran", _, "test" | "tests", "in", _] => Tally {
            passed: number(&words, "tests").max(number(&words, "test")),
            failed: 0,
        },
        _ => Tally::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_is_counted() {
        let cargo = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured";
        assert_eq!(
            tests_in(cargo),
            Tally {
                passed: 12,
                failed: 1
            }
        );
        assert_eq!(
            tests_in("Ran 31 tests in 0.5s"),
            Tally {
                passed: 31,
                failed: 0
            }
        );
        assert_eq!(
            tests_in("checks: 40 passed, 2 failed"),
            Tally {
                passed: 40,
                failed: 2
            }
        );
        assert_eq!(tests_in("test a ... ok"), Tally::default());
    }

    #[test]
    fn a_step_that_fails_stops_everything() {
        let mut tally = Tally::default();
        assert!(run_step(Path::new("."), "false", &mut tally).is_err());
        assert!(run_step(Path::new("."), "true", &mut tally).is_ok());
        assert!(run_step(Path::new("."), "no-such-program-anywhere", &mut tally).is_err());
    }
}
