//! Mutants: the code changed in one place, which some test must notice. Run by hand, a shard at a time;
//! what came out is kept beside this crate, so that a later run goes on where this one ended.

mod explained;
mod kept;
mod listing;
mod programs;
mod runner;
mod scope;
mod switches;
mod tree;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};

use explained::Explained;
use kept::Kept;
use scope::PARTS;

/// Runs nothing: compares what is kept with the sources and with the list of explanations.
pub fn compare(root: &Path) -> Result<()> {
    let explained = Explained::read(root)?;
    let mut faults = Vec::new();
    for part in &PARTS {
        let kept = Kept::read(root, part.name)?;
        let blobs = tree::blobs(root, part)?;
        faults.extend(faults_of(&kept, &blobs, &explained));
        println!("{}: {}", part.name, told(&kept, &blobs));
    }
    let strangers = explained.outside(|path| PARTS.iter().any(|part| part.holds(path)));
    faults.extend(
        strangers
            .iter()
            .map(|line| format!("explained, and never run: {line}")),
    );
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}\nmutants: {} faults", faults.join("\n"), faults.len())
}

/// Runs the shards of the files below `paths` that were not run since the file last changed.
pub fn run(root: &Path, paths: &[&str]) -> Result<()> {
    runner::run(root, paths, runner::Which::New)?;
    compare(root)
}

/// Runs once more what no test noticed, of files that have not changed since.
pub fn again(root: &Path, paths: &[&str]) -> Result<()> {
    runner::run(root, paths, runner::Which::Survivors)?;
    compare(root)
}

/// The same with all tests, those that take long among them.
pub fn slowly(root: &Path, paths: &[&str]) -> Result<()> {
    runner::run(root, paths, runner::Which::SurvivorsSlowly)?;
    compare(root)
}

/// The blob of each file by its path, as Git names it.
type Blobs = BTreeMap<String, String>;

fn faults_of(kept: &Kept, blobs: &Blobs, explained: &Explained) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, blob) in blobs {
        let survivors = kept.survivors(path);
        faults.extend(
            explained
                .missing(path, &survivors)
                .iter()
                .map(|line| format!("survives, unexplained: {line}")),
        );
        // Before every shard has run, a mutant that is not told may still survive.
        if kept.is_complete(path, blob) {
            faults.extend(
                explained
                    .stale(path, &survivors)
                    .iter()
                    .map(|line| format!("stale, a test notices it now: {line}")),
            );
        }
    }
    faults
}

/// The figures of one part in a line.
fn told(kept: &Kept, blobs: &Blobs) -> String {
    let complete = blobs
        .iter()
        .filter(|(path, blob)| kept.is_complete(path, blob))
        .count();
    let (caught, timeouts, missed, unviable) = kept.totals();
    format!(
        "{complete} of {} files run as they are; {caught} mutants caught, {timeouts} ran into the time limit, \
         {missed} survived, {unviable} did not compile",
        blobs.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULTS: &str = "\
crates/wire/src/a.rs 1/1 of aaaa: 3 caught, 0 unviable
crates/wire/src/a.rs 1/1 missed 7:9: replace < with <= in f
crates/wire/src/a.rs 1/1 missed 9:9: replace < with <= in f
crates/wire/src/b.rs 1/2 of bbbb: 3 caught, 1 unviable
";

    fn faults(blob_of_a: &str, explained: &str) -> Vec<String> {
        let kept = Kept::parse(RESULTS).unwrap();
        let blobs = [
            ("crates/wire/src/a.rs".to_string(), blob_of_a.to_string()),
            ("crates/wire/src/b.rs".to_string(), "bbbb".to_string()),
        ];
        let explained = Explained::parse(explained).unwrap();
        faults_of(&kept, &blobs.into(), &explained)
    }

    #[test]
    fn each_survivor_needs_an_explanation_of_its_own() {
        let one = "crates/wire/src/a.rs: replace < with <= in f\n    both are equal\n";
        assert_eq!(faults("aaaa", "").len(), 2);
        assert_eq!(faults("aaaa", one).len(), 1);
        assert_eq!(faults("aaaa", &one.repeat(2)), Vec::<String>::new());
    }

    #[test]
    fn an_explanation_is_stale_only_when_its_whole_file_has_run_as_it_is() {
        let of = |file: &str| {
            format!("crates/wire/src/{file}.rs: replace < with <= in f\n    both are equal\n")
        };
        let three = of("a").repeat(3);
        let stale = "stale, a test notices it now: crates/wire/src/a.rs: replace < with <= in f";
        assert_eq!(faults("aaaa", &three), [stale]);
        assert_eq!(faults("changed", &three), Vec::<String>::new());
        let of_b = of("a").repeat(2) + &of("b");
        assert_eq!(faults("aaaa", &of_b), Vec::<String>::new());
    }
}
