//! Whether a member's slot shows in what its node does: every instruction and every address of the
//! masked work, under Valgrind, for every slot. Times are another matter: `cargo bench`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What must look the same for every slot.
const MASKED: [&str; 3] = ["write", "is_intact", "rank"];
/// What must not, or this check sees nothing.
const CONTROLS: [&str; 3] = ["write_in_place", "is_intact_in_place", "rank_until_found"];
/// Slots of the lane that the bench works on: every one is compared.
const SLOTS: usize = 50;

/// Every instruction and every access of one operation, in order, a line each.
type Trace = Vec<String>;

/// Builds the work, traces it, and compares.
pub fn check(root: &Path) -> Result<()> {
    let program = build(root)?;
    for operation in MASKED {
        let traces = traces(&program, operation)?;
        let one = traces.first().context("no trace")?;
        if let Some(other) = traces.iter().find(|other| *other != one) {
            bail!(
                "{operation} shows its slot: {}",
                first_difference(one, other)
            );
        }
        let instructions = one.iter().filter(|line| line.starts_with('I')).count();
        let accesses = one.len() - instructions;
        println!(
            "{operation}: {instructions} instructions, {accesses} accesses, the same ones for {SLOTS} slots"
        );
    }
    for operation in CONTROLS {
        let traces: BTreeSet<Trace> = traces(&program, operation)?.into_iter().collect();
        if traces.len() != SLOTS {
            bail!("{operation} shows its slot, and this check did not see it");
        }
        println!("{operation}: others for every slot, as it must be");
    }
    Ok(())
}

fn first_difference(one: &Trace, other: &Trace) -> String {
    let differing = one.iter().zip(other).enumerate();
    match differing.into_iter().find(|(_, (a, b))| a != b) {
        Some((at, (a, b))) => format!("line {at} is {a:?} or {b:?}"),
        None => format!("{} or {} lines", one.len(), other.len()),
    }
}

fn build(root: &Path) -> Result<PathBuf> {
    let line = "build --release --workspace --features round/parts --bench constant_time";
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

/// Runs one operation for each slot, and keeps what it does between the two addresses that it names.
fn traces(program: &Path, operation: &str) -> Result<Vec<Trace>> {
    // A file: through a pipe each line would wake this process up.
    let log = program.with_extension("trace");
    let output = Command::new("valgrind")
        .args(["--tool=lackey", "--basic-counts=no", "--trace-mem=yes"])
        .arg(format!("--log-file={}", log.display()))
        .arg(program)
        .arg(operation)
        .output()
        .context("valgrind could not be started")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let text = std::fs::read_to_string(&log).with_context(|| log.display().to_string())?;
    std::fs::remove_file(&log).with_context(|| log.display().to_string())?;
    let (begin, end) = said
        .trim()
        .split_once(' ')
        .with_context(|| format!("{operation} names no addresses"))?;
    let traces = between(&text, begin, end);
    if !output.status.success() || traces.len() != SLOTS {
        bail!("valgrind traced {operation} {} times", traces.len());
    }
    Ok(traces)
}

/// The lines from each instruction at `begin` up to the next one at `end`.
fn between(log: &str, begin: &str, end: &str) -> Vec<Trace> {
    let (mut traces, mut inside) = (Vec::new(), None::<Trace>);
    for line in log.lines().filter(|line| !line.starts_with('=')) {
        let at = address(line);
        if at.is_some_and(|at| at.eq_ignore_ascii_case(end)) {
            traces.extend(inside.take());
        } else if at.is_some_and(|at| at.eq_ignore_ascii_case(begin)) {
            inside.get_or_insert_default();
        }
        if let Some(trace) = &mut inside {
            trace.push(line.to_owned());
        }
    }
    traces
}

/// Where the instruction lies that a line of the trace is about.
fn address(line: &str) -> Option<&str> {
    let (address, _) = line.strip_prefix("I ")?.split_once(',')?;
    Some(address.trim_start_matches([' ', '0']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "==1== Lackey\nI  04001090,3\n L 1ffe,8\n\
        I  04001100,3\n S 1fff,8\nI  04001200,1\n L 1ffe,8\nI  04001100,3\nI  04001200,1\n";

    #[test]
    fn a_trace_begins_and_ends_where_the_program_says() {
        let traces = between(LOG, "4001100", "4001200");
        assert_eq!(traces.len(), 2);
        assert_eq!(traces[0], ["I  04001100,3", " S 1fff,8"]);
        assert_eq!(traces[1], ["I  04001100,3"]);
        assert_eq!(between(LOG, "4001100", "4001300"), Vec::<Trace>::new());
        assert_eq!(between(LOG, "4001300", "4001200"), Vec::<Trace>::new());
    }

    #[test]
    fn the_first_difference_is_named() {
        let of = |text: &str| text.split(' ').map(str::to_owned).collect::<Trace>();
        assert_eq!(
            first_difference(&of("a b c"), &of("a x c")),
            "line 1 is \"b\" or \"x\""
        );
        assert_eq!(first_difference(&of("a"), &of("a b")), "1 or 2 lines");
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
