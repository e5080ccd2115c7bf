//! Whether a member's slot shows in what its node does: every instruction and every address of the
//! masked work, under Valgrind, for every slot. Times are another matter: `cargo bench`.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What must look the same for every slot.
const MASKED: [&str; 3] = ["write", "is_intact", "rank"];
/// What must not, or this check sees nothing.
const CONTROLS: [&str; 3] = ["write_in_place", "is_intact_in_place", "rank_until_found"];
/// Slots that are compared: the first, the last, and some between, of fifty.
const SLOTS: [&str; 8] = ["00", "01", "02", "07", "16", "31", "48", "49"];

/// Everything that a run did, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Trace {
    instructions: u64,
    accesses: u64,
    hash: u64,
}

/// Builds the work, traces it, and compares.
pub fn check(root: &Path) -> Result<()> {
    let program = build(root)?;
    for operation in MASKED {
        let traces = traces(&program, operation)?;
        let [trace] = Vec::from_iter(&traces)[..] else {
            bail!("{operation} shows its slot: {traces:?}");
        };
        let Trace {
            instructions,
            accesses,
            ..
        } = trace;
        println!(
            "{operation}: {instructions} instructions and {accesses} accesses, the same for {} slots",
            SLOTS.len()
        );
    }
    for operation in CONTROLS {
        let traces = traces(&program, operation)?;
        if traces.len() != SLOTS.len() {
            bail!("{operation} shows its slot, and this check did not see it: {traces:?}");
        }
        println!("{operation}: differs for every slot, as it must");
    }
    Ok(())
}

fn build(root: &Path) -> Result<PathBuf> {
    let line = "build --release --package round --features parts --bench constant_time";
    let output = Command::new("cargo")
        .args(line.split(' '))
        .arg("--message-format=json")
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!("failed: cargo {line}");
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let program = text.lines().find_map(executable);
    program.context("cargo names no program")
}

/// The program that one line of Cargo's messages names.
fn executable(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let path = message.get("executable")?.as_str()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    (name == "constant_time").then(|| PathBuf::from(path))
}

fn traces(program: &Path, operation: &str) -> Result<BTreeSet<Trace>> {
    let traced = SLOTS.iter().map(|slot| trace(program, &[operation, slot]));
    traced.collect()
}

/// Runs a program, with an environment that is always the same, and hashes all that it does.
fn trace(program: &Path, arguments: &[&str]) -> Result<Trace> {
    let mut child = Command::new("valgrind")
        .args(["--tool=lackey", "--basic-counts=no", "--trace-mem=yes"])
        .arg(program)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stderr(Stdio::piped())
        .spawn()
        .context("valgrind could not be started")?;
    let said = child.stderr.take().context("valgrind says nothing")?;
    let trace = follow(BufReader::new(said))?;
    if !child.wait()?.success() || trace.instructions == 0 {
        bail!(
            "valgrind could not trace {} {arguments:?}",
            program.display()
        );
    }
    Ok(trace)
}

fn follow(mut said: impl BufRead) -> Result<Trace> {
    let mut hasher = DefaultHasher::new();
    let (mut instructions, mut accesses) = (0, 0);
    let mut line = Vec::new();
    while said.read_until(b'\n', &mut line)? > 0 {
        match line.as_slice() {
            [b'I', b' ', ..] => instructions += 1,
            [b' ', b'L' | b'S' | b'M', b' ', ..] => accesses += 1,
            _ => line.clear(),
        }
        hasher.write(&line);
        line.clear();
    }
    Ok(Trace {
        instructions,
        accesses,
        hash: hasher.finish(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_other_address_is_another_trace() {
        let of = |text: &str| follow(text.as_bytes()).unwrap();
        let trace = of("==1== Lackey\nI  04001090,3\n L 1ffe,8\n S 1fff,8\n");
        assert_eq!((trace.instructions, trace.accesses), (1, 2));
        let by_another_process = of("==2== Lackey\nI  04001090,3\n L 1ffe,8\n S 1fff,8\n");
        assert_eq!(trace, by_another_process);
        assert_ne!(trace, of("I  04001090,3\n L 1ffe,8\n S 2000,8\n"));
    }

    #[test]
    fn only_the_bench_is_traced() {
        let line = r#"{"target":{"name":"constant_time"},"executable":"/t/constant_time-1"}"#;
        assert_eq!(executable(line), Some(PathBuf::from("/t/constant_time-1")));
        assert_eq!(
            executable(r#"{"target":{"name":"round"},"executable":null}"#),
            None
        );
        assert_eq!(executable("warning"), None);
    }
}
