//! The relay tells its host numbers and nothing else.

use std::path::Path;

/// Everything through which a program may tell somebody something.
const WAYS_TO_TELL: [&str; 9] = [
    "print!", "println!", "dbg!", "tracing", "log::", "stdout", "stderr", "syslog", "set_hook",
];

/// Mentions that tell nothing: the lints that forbid it, and the relay's own module `log`.
const HARMLESS: [&str; 2] = ["clippy::print_stdout", "use crate::log::"];

#[test]
fn no_source_file_prints_or_logs() {
    let mut files = 0;
    visit(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut |path, text| {
            files += 1;
            let lines = text
                .lines()
                .filter(|line| !HARMLESS.iter().any(|word| line.contains(word)));
            for line in lines {
                let told = WAYS_TO_TELL.iter().find(|word| line.contains(*word));
                assert_eq!(told, None, "{}: {line}", path.display());
            }
        },
    );
    assert!(files > 10, "the sources were found");
}

#[test]
fn what_the_host_is_told_has_only_numbers_in_it() {
    let text = relay::Counts::default().to_string();
    let told = text.split(", ").map(|part| part.split_once(' ').unwrap());
    for (name, value) in told {
        assert!(
            name.chars().all(|letter| letter.is_ascii_lowercase()),
            "{name}"
        );
        assert_eq!(value, "0");
    }
}

fn visit(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, look);
        } else {
            look(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
