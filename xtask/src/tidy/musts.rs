//! Every MUST of PROTOCOL.md has a number, written `**M12**`, and a test that holds it: either its
//! paragraph names one (`test: a_late_join_is_left_out`), or a test's comment says PROTOCOL M12.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::source::{Source, Tree};
use super::token::{Kind, Token};

const PROTOCOL: &str = "PROTOCOL.md";

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let Some(protocol) = tree.document(PROTOCOL) else {
        return vec![Fault::new(PROTOCOL, 1, "is missing")];
    };
    let tests: BTreeSet<String> = tree.sources.iter().flat_map(test_names).collect();
    let cited: BTreeSet<String> = tree.sources.iter().flat_map(cited_numbers).collect();
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    for (line, item) in items(&protocol.text) {
        let numbers = numbers(&item);
        if says_must(&item) && numbers.is_empty() {
            faults.push(Fault::new(
                PROTOCOL,
                line,
                "a MUST without a number (**M1**)",
            ));
        }
        let named = named_tests(&item);
        for name in named.iter().filter(|name| !tests.contains(*name)) {
            faults.push(Fault::new(
                PROTOCOL,
                line,
                format!("no test is called {name}"),
            ));
        }
        for number in numbers {
            if named.is_empty() && !cited.contains(&number) {
                faults.push(Fault::new(
                    PROTOCOL,
                    line,
                    format!("no test holds {number}"),
                ));
            }
            if seen.insert(number.clone(), line).is_some() {
                faults.push(Fault::new(PROTOCOL, line, format!("{number} stands twice")));
            }
        }
    }
    faults
}

/// Paragraphs, list items and table rows, each with its first line; code blocks left out.
fn items(text: &str) -> Vec<(usize, String)> {
    let (mut items, mut in_code): (Vec<(usize, String)>, bool) = (Vec::new(), false);
    let mut is_new = true;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            in_code = !in_code;
            is_new = true;
            continue;
        }
        if in_code || trimmed.is_empty() {
            is_new = true;
            continue;
        }
        let begins = ["- ", "* ", "|", "#", "**M"]
            .iter()
            .any(|mark| trimmed.starts_with(mark))
            || trimmed
                .split_once(". ")
                .is_some_and(|(n, _)| n.parse::<u32>().is_ok());
        match items.last_mut() {
            Some((_, item)) if !(is_new || begins) => *item = format!("{item} {trimmed}"),
            _ => items.push((number + 1, trimmed.to_string())),
        }
        is_new = false;
    }
    items
}

/// The sentence that explains the word itself is none.
fn says_must(item: &str) -> bool {
    let words = item.split(|c: char| !c.is_alphanumeric());
    words.into_iter().any(|word| word == "MUST") && !item.contains("RFC 2119")
}

/// The `**M12**` that an item defines.
fn numbers(item: &str) -> Vec<String> {
    let bold = item.split("**").skip(1).step_by(2);
    bold.map(|text| text.trim_end_matches(['.', ':']))
        .filter(|text| is_number(text))
        .map(String::from)
        .collect()
}

fn is_number(text: &str) -> bool {
    text.strip_prefix('M')
        .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

/// The names after `test:` in code marks; paths of modules before a name are dropped.
fn named_tests(item: &str) -> Vec<String> {
    let quoted = item.split('`').skip(1).step_by(2);
    let after = quoted.filter_map(|code| code.strip_prefix("test:"));
    let names = after.flat_map(|names| names.split([',', ' ']));
    let last = names.filter_map(|name| name.rsplit("::").next());
    last.filter(|name| !name.is_empty())
        .map(String::from)
        .collect()
}

/// Functions under an attribute that ends in `test`, and those of `proptest!`.
fn test_names(source: &Source) -> Vec<String> {
    let code: Vec<&Token> = source
        .code()
        .into_iter()
        .filter(|token| token.in_test)
        .collect();
    let pairs = code.windows(2).filter_map(|pair| match pair {
        [keyword, name] if keyword.is_word("fn") && name.kind == Kind::Word => Some(name),
        _ => None,
    });
    pairs.map(|name| name.text.clone()).collect()
}

/// The numbers in comments of test code that say `PROTOCOL M12`.
fn cited_numbers(source: &Source) -> Vec<String> {
    let comments = source
        .tokens
        .iter()
        .filter(|t| t.in_test && t.kind == Kind::Comment);
    let lists = comments.filter_map(|comment| comment.text.split_once("PROTOCOL "));
    let words = lists.flat_map(|(_, list)| list.split(|c: char| !c.is_alphanumeric()));
    words
        .filter(|word| is_number(word))
        .map(String::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    const TEST: &str = "#[cfg(test)] mod t { #[test]\n// PROTOCOL M2, M3: why\nfn holds() {} }";

    fn found(protocol: &str) -> Vec<String> {
        let tree = tree(&[("crates/x/src/lib.rs", TEST), (PROTOCOL, protocol)]);
        faults(&tree).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn a_must_is_held_by_a_test_that_it_names() {
        assert_eq!(
            found("**M1** A node MUST wait\n(`test: t::holds`)."),
            Vec::<String>::new()
        );
        assert_eq!(
            found("**M1** A node MUST wait (`test: falls`)."),
            ["no test is called falls"]
        );
    }

    #[test]
    fn a_must_is_held_by_a_test_that_cites_it() {
        assert_eq!(
            found("- **M2** MUST a\n- **M3** MUST b"),
            Vec::<String>::new()
        );
        assert_eq!(
            found("- **M2** MUST a\n- **M4** MUST b"),
            ["no test holds M4"]
        );
    }

    #[test]
    fn a_must_without_a_number_is_a_fault() {
        assert_eq!(
            found("- It MUST not.\n- **M2** It MUST."),
            ["a MUST without a number (**M1**)"]
        );
        assert_eq!(
            found("MUST is used as in RFC 2119.\n```\nMUST\n```"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_number_stands_once() {
        assert_eq!(found("**M2** MUST a\n\n**M2** MUST b"), ["M2 stands twice"]);
    }

    #[test]
    fn a_missing_protocol_is_a_fault() {
        assert_eq!(faults(&tree(&[("crates/x/src/lib.rs", TEST)])).len(), 1);
    }
}
