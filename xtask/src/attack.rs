//! Plays the adversarial simulator: many seeds of Rounds and of rooms under attack, in which nothing may fail,
//! and every bug that was put in on purpose, each of which must be found.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::test::command;

/// Played every time. Ten thousand play every case in every phase more than twenty times.
const SEEDS: &str = "1..2500";
/// Rooms under attack: every attack alone and with every other, once.
const HOUSES: &str = "1..170";
/// Played of each bug that was put in.
const CANARY_SEEDS: &str = "1..2";

/// Builds the simulator and plays it.
pub fn run(root: &Path) -> Result<()> {
    let build = "cargo build --release -p sim";
    println!("+ {build}");
    if !command(root, build)?.status()?.success() {
        bail!("failed: {build}");
    }
    for seeds in [
        format!("target/release/sim --seeds {SEEDS}"),
        format!("target/release/sim --house --seeds {HOUSES}"),
    ] {
        println!("+ {seeds}");
        if !command(root, &seeds)?.status()?.success() {
            bail!("failed: {seeds}");
        }
    }
    canaries(root)
}

fn canaries(root: &Path) -> Result<()> {
    let list = command(root, "target/release/sim --list")?.output()?;
    let list = String::from_utf8(list.stdout).context("names of cases")?;
    let canaries: Vec<&str> = list
        .lines()
        .filter(|name| name.starts_with("canary-"))
        .collect();
    if canaries.is_empty() {
        bail!("the simulator has no canary");
    }
    for name in canaries {
        let line = format!("target/release/sim --seeds {CANARY_SEEDS} --case {name}");
        let output = command(root, &line)?.stdout(Stdio::piped()).output()?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        match (output.status.code(), caught_by(&told)) {
            (Some(1), Some(oracle)) => println!("+ {line}: caught by {oracle}"),
            (code, _) => bail!("{line} must be caught; it ended with {code:?}:\n{told}"),
        }
    }
    Ok(())
}

/// The oracle that the first failure names: `seed S case C phase P: ORACLE: what`, or `ORACLE: what`.
fn caught_by(told: &str) -> Option<&str> {
    let first = told.lines().find(|line| !line.starts_with('{'))?;
    let named = match first.strip_prefix("seed ") {
        Some(play) => play.split(": ").nth(1)?,
        None => first.split(": ").next()?,
    };
    let is_name = named.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    (is_name && !named.is_empty()).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oracle_is_read_from_either_form() {
        let play = "seed 3 case canary-one-e phase 1: point-repeats: seat 4 sealed twice\n{}";
        assert_eq!(caught_by(play), Some("point-repeats"));
        let all = "slots-in-order: 30 of 30 in the slot of their index\n{}";
        assert_eq!(caught_by(all), Some("slots-in-order"));
        assert_eq!(caught_by("{\"cases\":8}"), None);
        assert_eq!(caught_by("thread 'main' panicked at x: y"), None);
    }
}
