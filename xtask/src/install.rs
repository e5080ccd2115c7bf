//! What the tests need from the system: installed where that may be done, else the command to type.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A program, and the Debian package it comes in.
struct Need {
    program: &'static str,
    package: &'static str,
}

const NEEDS: [Need; 6] = [
    Need {
        program: "chromium",
        package: "chromium",
    },
    Need {
        program: "chromedriver",
        package: "chromium-driver",
    },
    Need {
        program: "python3",
        package: "python3",
    },
    Need {
        program: "strace",
        package: "strace",
    },
    Need {
        program: "valgrind",
        package: "valgrind",
    },
    Need {
        program: "npm",
        package: "npm",
    },
];

/// Where the checks of accessibility lie, at the version and with the digest of their lock file.
const AXE: &str = "tests/axe";

/// What makes the mutants, and the version whose names of mutants are kept.
const CARGO_MUTANTS: &str = "cargo-mutants";
const CARGO_MUTANTS_VERSION: &str = "27.1.0";

/// Makes sure that every program the tests call is there.
pub fn all(root: &Path) -> Result<()> {
    let missing = missing_packages(&|program| on_path(program));
    if !missing.is_empty() {
        install(&missing)?;
    }
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let known = Command::new("cargo")
            .args([subcommand, "--version"])
            .output();
        if !known.is_ok_and(|output| output.status.success()) {
            bail!("cargo {subcommand} is missing; type: rustup component add {component}");
        }
    }
    axe(&root.join(AXE))
}

/// Makes sure that the mutants have the names under which they are kept. No test needs it, so `all` leaves it out.
pub fn mutants() -> Result<()> {
    let known = Command::new("cargo")
        .args(["mutants", "--version"])
        .output();
    let wanted = format!("{CARGO_MUTANTS} {CARGO_MUTANTS_VERSION}");
    if known.is_ok_and(|output| output.stdout.trim_ascii() == wanted.as_bytes()) {
        return Ok(());
    }
    let by_hand = format!("install --locked {CARGO_MUTANTS} --version ={CARGO_MUTANTS_VERSION}");
    println!("+ cargo {by_hand}");
    let status = Command::new("cargo")
        .args(by_hand.split(' '))
        .status()
        .context("cargo could not be started")?;
    if !status.success() {
        bail!("could not install {wanted}; type: cargo {by_hand}");
    }
    Ok(())
}

fn axe(folder: &Path) -> Result<()> {
    if folder.join("node_modules/axe-core/axe.min.js").exists() {
        return Ok(());
    }
    println!("+ npm ci --ignore-scripts (in {AXE})");
    let status = Command::new("npm")
        .args(["ci", "--silent", "--ignore-scripts"])
        .current_dir(folder)
        .status()
        .context("npm could not be started")?;
    if !status.success() {
        bail!("the checks of accessibility could not be fetched; type: cd {AXE} && npm ci");
    }
    Ok(())
}

fn missing_packages(present: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    NEEDS
        .iter()
        .filter(|need| !present(need.program))
        .map(|need| need.package)
        .collect()
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!(
        "apt-get update && apt-get install -y {}",
        packages.join(" ")
    );
    if !(is_root() && on_path("apt-get")) {
        bail!(
            "missing: {}; type: sudo sh -c '{by_hand}'",
            packages.join(", ")
        );
    }
    println!("+ {by_hand}");
    let status = Command::new("sh")
        .args(["-c", &by_hand])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .context("apt-get could not be started")?;
    if !status.success() {
        bail!("could not install {}; type: {by_hand}", packages.join(", "));
    }
    Ok(())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    Path::new("/etc/debian_version").exists()
        && id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_asked_for() {
        assert_eq!(missing_packages(&|_| true), Vec::<&str>::new());
        assert_eq!(
            missing_packages(&|program| program != "chromedriver"),
            ["chromium-driver"]
        );
    }

    #[test]
    fn a_program_that_nobody_has_is_not_on_the_path() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program-anywhere"));
    }
}
