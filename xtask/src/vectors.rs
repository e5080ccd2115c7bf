//! Writes the known answers anew. They are made by programs that share no code with the project;
//! `cargo xtask test` has the same programs compare.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Who makes the files of which folder, and compares them where nothing else is asked.
pub const MAKERS: [&str; 4] = [
    "vectors/invitation/check.py",
    "vectors/room/check.py",
    "vectors/round/check.py",
    "vectors/wire/check.py",
];

/// Replaces every file under `vectors`.
pub fn write(root: &Path) -> Result<()> {
    for maker in MAKERS {
        println!("+ python3 -B {maker} --write");
        let mut command = Command::new("python3");
        command.args(["-B", maker, "--write"]).current_dir(root);
        let status = command
            .status()
            .with_context(|| format!("python3 {maker} could not be started"))?;
        if !status.success() {
            bail!("{maker} failed");
        }
    }
    Ok(())
}
