//! Tests wait for what they test, never for a while; and none is switched off.

use super::Fault;
use super::source::{Source, Tree};

pub fn faults(tree: &Tree) -> Vec<Fault> {
    tree.sources.iter().flat_map(of_file).collect()
}

fn of_file(source: &Source) -> Vec<Fault> {
    let code = source.code();
    let mut faults = Vec::new();
    for (at, token) in code.iter().enumerate() {
        let rest: Vec<&str> = code
            .iter()
            .skip(at)
            .take(3)
            .map(|t| t.text.as_str())
            .collect();
        if rest == ["#", "[", "ignore"] {
            faults.push(Fault::new(
                &source.path,
                token.line,
                "a test is switched off",
            ));
        }
        if token.in_test && (token.is_word("sleep") || token.is_word("sleep_ms")) {
            faults.push(Fault::new(&source.path, token.line, "a test sleeps"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        faults(&tree(&[(path, text)])).len()
    }

    #[test]
    fn a_test_that_is_switched_off_is_a_fault() {
        assert_eq!(
            count("crates/x/src/lib.rs", "#[test] #[ignore] fn f() {}"),
            1
        );
        assert_eq!(
            count(
                "crates/x/src/lib.rs",
                "#[test] #[ignore = \"slow\"] fn f() {}"
            ),
            1
        );
    }

    #[test]
    fn a_test_that_sleeps_is_a_fault() {
        let sleeps = "fn f() { std::thread::sleep(d); tokio::time::sleep(d).await; }";
        assert_eq!(count("crates/x/tests/it/main.rs", sleeps), 2);
        assert_eq!(
            count(
                "crates/x/src/lib.rs",
                &format!("#[cfg(test)] mod t {{ {sleeps} }}")
            ),
            2
        );
        assert_eq!(count("crates/x/src/lib.rs", sleeps), 0);
    }
}
