//! Development commands: `cargo xtask tidy` and `cargo xtask test`.
//! Nothing here is part of the program that people run.

mod attack;
mod constant_time;
mod install;
mod mutants;
mod pictures;
mod test;
mod tidy;
mod vectors;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND
  attack    many seeds of the simulator, and every bug that it must find
  constant-time  that a member's slot shows in no instruction and no address of its node (Valgrind)
  mutants   compares what is kept of the mutants with the sources; `mutants run PATH...` runs what is new
            below these paths, `mutants again PATH...` what survived, `mutants slowly PATH...` by all tests
  install   what the tests need from the system
  pictures  puts the pictures that the tests made of the pages into the documents
  tidy      the rules of CONTRIBUTING.md that no compiler checks
  test      everything: formatting, lints, tidy, all tests, a whole demo and its checker
  vectors   writes the known answers anew";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (command, rest) = (arguments.next(), arguments.collect::<Vec<_>>());
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let outcome = match (command.as_deref(), rest.as_slice()) {
        (Some("attack"), []) => attack::run(&root()),
        (Some("constant-time"), []) => constant_time::check(&root()),
        (Some("install"), []) => install::all(&root()),
        (Some("mutants"), []) => mutants::compare(&root()),
        (Some("mutants"), ["run", paths @ ..]) => mutants::run(&root(), paths),
        (Some("mutants"), ["again", paths @ ..]) => mutants::again(&root(), paths),
        (Some("mutants"), ["slowly", paths @ ..]) => mutants::slowly(&root(), paths),
        (Some("pictures"), []) => pictures::keep(&root()),
        (Some("tidy"), []) => tidy::run(&root()),
        (Some("test"), []) => test::run(&root()),
        (Some("vectors"), []) => vectors::write(&root()),
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
