//! Development commands: `cargo xtask tidy` and `cargo xtask test`.
//! Nothing here is part of the program that people run.

mod attack;
mod constant_time;
mod install;
mod pictures;
mod test;
mod tidy;
mod vectors;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND
  attack    many seeds of the simulator, and every bug that it must find
  constant-time  that a member's slot shows in no instruction and no address of its node (Valgrind)
  install   what the tests need from the system
  pictures  puts the pictures that the tests made of the pages into the documents
  tidy      the rules of CONTRIBUTING.md that no compiler checks
  test      everything: formatting, lints, tidy, all tests, a whole demo and its checker
  vectors   writes the known answers anew";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (command, rest) = (arguments.next(), arguments.next());
    let outcome = match (command.as_deref(), rest) {
        (Some("attack"), None) => attack::run(&root()),
        (Some("constant-time"), None) => constant_time::check(&root()),
        (Some("install"), None) => install::all(&root()),
        (Some("pictures"), None) => pictures::keep(&root()),
        (Some("tidy"), None) => tidy::run(&root()),
        (Some("test"), None) => test::run(&root()),
        (Some("vectors"), None) => vectors::write(&root()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
