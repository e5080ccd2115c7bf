//! The project speaks of itself only: no path of some machine, no folder outside the repository.
//! Tests may read public samples from the folder beside it.

use super::Fault;
use super::source::Tree;

const OUTSIDE: &str = concat!("..", "/shared");
const SAMPLES: &str = concat!("..", "/shared/data");

/// Where people's machines keep their files.
const MACHINES: [&str; 5] = [
    concat!("/", "work/"),
    concat!("/", "root/"),
    concat!("/", "home/"),
    concat!("/", "Users/"),
    concat!("C:", "\\Users"),
];

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let sources = tree
        .sources
        .iter()
        .map(|source| (&source.path, &source.text));
    let documents = tree
        .documents
        .iter()
        .map(|document| (&document.path, &document.text));
    sources
        .chain(documents)
        .flat_map(|(path, text)| of_text(path, text))
        .collect()
}

fn of_text(path: &str, text: &str) -> Vec<Fault> {
    let is_test = path.contains("/tests/") || path.starts_with("tests/");
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let samples = if is_test {
            line.matches(SAMPLES).count()
        } else {
            0
        };
        if line.matches(OUTSIDE).count() > samples {
            faults.push(Fault::new(
                path,
                number + 1,
                "names a folder outside the repository",
            ));
        }
        if MACHINES.iter().any(|machine| begins_a_path(line, machine)) {
            faults.push(Fault::new(path, number + 1, "names a path of some machine"));
        }
    }
    faults
}

/// Whether `line` has `machine` at the beginning of a path, not inside one or in a URL.
fn begins_a_path(line: &str, machine: &str) -> bool {
    line.match_indices(machine).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | '/'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        faults(&tree(&[(path, text)])).len()
    }

    #[test]
    fn a_document_that_names_a_folder_outside_is_a_fault() {
        assert_eq!(count("README.md", &format!("see {OUTSIDE}/notes.md")), 1);
        assert_eq!(
            count("crates/x/src/lib.rs", &format!("// {SAMPLES}/x.csv")),
            1
        );
    }

    #[test]
    fn a_test_may_read_samples_and_nothing_else() {
        assert_eq!(
            count(
                "crates/x/tests/it/main.rs",
                &format!("read(\"{SAMPLES}/x.csv\")")
            ),
            0
        );
        assert_eq!(
            count(
                "crates/x/tests/it/main.rs",
                &format!("read(\"{OUTSIDE}/x.csv\")")
            ),
            1
        );
    }

    #[test]
    fn a_path_of_a_machine_is_a_fault() {
        for machine in MACHINES {
            assert_eq!(
                count("docs/a.md", &format!("open {machine}x")),
                1,
                "{machine}"
            );
        }
        assert_eq!(
            count("docs/a.md", &format!("https://a.example{}x", MACHINES[0])),
            0
        );
    }
}
