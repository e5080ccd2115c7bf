//! Every constant of a `limits.rs` stands in PROTOCOL.md, on a line with its name and its value.
//! What this small arithmetic cannot work out must stand there as it is written in the code.

use std::collections::BTreeMap;

use super::Fault;
use super::source::{Source, Tree};
use super::token::{Kind, Token};

const PROTOCOL: &str = "PROTOCOL.md";

/// Constants may name one another this deep.
const DEPTH: usize = 8;

/// A unit, and what one of it may be worth in code.
const UNITS: [(&str, &[u128]); 9] = [
    ("KiB", &[1 << 10]),
    ("MiB", &[1 << 20]),
    ("GiB", &[1 << 30]),
    ("s", &[1000]),
    ("seconds", &[1000]),
    ("minutes", &[60, 60_000]),
    ("h", &[3600, 3_600_000]),
    ("hours", &[3600, 3_600_000]),
    ("days", &[86_400, 86_400_000]),
];

type Constants = BTreeMap<String, (String, usize, Vec<Token>)>;

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let protocol = tree
        .document(PROTOCOL)
        .map_or("", |document| &document.text);
    let mut constants = Constants::new();
    let files = tree.sources.iter().filter(|source| is_limits(&source.path));
    files.for_each(|source| read(source, &mut constants));
    let mut faults = Vec::new();
    for (name, (path, line, value)) in &constants {
        let quoted = format!("`{name}`");
        let lines: Vec<&str> = protocol
            .lines()
            .filter(|line| line.contains(&quoted))
            .collect();
        let wanted = elements(value);
        if !lines
            .iter()
            .any(|line| wanted.iter().all(|one| states(line, one, &constants)))
        {
            let what = format!("{PROTOCOL} has no line with {quoted} = {}", written(value));
            faults.push(Fault::new(path, *line, what));
        }
    }
    faults
}

fn is_limits(path: &str) -> bool {
    path.starts_with("crates/") && path.ends_with("/limits.rs")
}

/// Collects `const NAME: T = value;` of one file, tests left out.
fn read(source: &Source, constants: &mut Constants) {
    let code: Vec<&Token> = source
        .code()
        .into_iter()
        .filter(|token| !token.in_test)
        .collect();
    for (at, token) in code.iter().enumerate() {
        let Some(name) = code.get(at + 1).filter(|name| name.kind == Kind::Word) else {
            continue;
        };
        if !token.is_word("const") || name.is_word("fn") || name.is_word("_") {
            continue;
        }
        let after = code
            .iter()
            .skip(at)
            .skip_while(|token| !token.is_mark("="))
            .skip(1);
        let (mut depth, mut value) = (0_usize, Vec::new());
        for token in after {
            match token.text.as_str() {
                "[" | "(" | "{" => depth += 1,
                "]" | ")" | "}" => depth = depth.saturating_sub(1),
                ";" if depth == 0 => break,
                _ => {}
            }
            value.push((*token).clone());
        }
        constants.insert(name.text.clone(), (source.path.clone(), name.line, value));
    }
}

/// The elements of a list, or the one value.
fn elements(value: &[Token]) -> Vec<Vec<Token>> {
    let inner = match value {
        [open, inner @ .., close] if open.is_mark("[") && close.is_mark("]") => inner,
        _ => return vec![value.to_vec()],
    };
    let parts = inner
        .split(|token| token.is_mark(","))
        .filter(|part| !part.is_empty());
    parts.map(<[Token]>::to_vec).collect()
}

/// Whether a line of the document has this value.
fn states(line: &str, value: &[Token], constants: &Constants) -> bool {
    match evaluate(value, constants, DEPTH) {
        Some(number) => numbers(line).contains(&number),
        None => line.contains(&written(value)),
    }
}

fn written(value: &[Token]) -> String {
    value.iter().map(|token| token.text.as_str()).collect()
}

/// The numbers in a line, each also multiplied by the unit behind it.
fn numbers(line: &str) -> Vec<u128> {
    let plain = line.replace('`', " ");
    let words: Vec<&str> = plain
        .split(|c: char| c.is_whitespace() || "()|;".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let digits = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .replace([',', '_'], "");
        let Ok(number) = digits.parse::<u128>() else {
            continue;
        };
        found.push(number);
        let unit = words
            .get(at + 1)
            .map(|unit| unit.trim_matches(|c: char| !c.is_alphabetic()));
        let worth = UNITS
            .iter()
            .find(|(name, _)| unit == Some(*name))
            .map_or(&[][..], |(_, w)| w);
        found.extend(worth.iter().map(|one| number.saturating_mul(*one)));
    }
    found
}

/// Integer arithmetic with `<<`, `+`, `-`, `*`, `/`, parentheses, casts and other limits.
fn evaluate(value: &[Token], constants: &Constants, depth: usize) -> Option<u128> {
    let value = without_cast(value);
    for marks in [&["<"][..], &["+", "-"], &["*", "/"]] {
        let Some(at) = last_at_top(value, marks) else {
            continue;
        };
        let left = evaluate(value.get(..at)?.strip_suffix_mark("<"), constants, depth)?;
        let right = evaluate(value.get(at + 1..)?, constants, depth)?;
        return match value.get(at)?.text.as_str() {
            "<" => left.checked_shl(u32::try_from(right).ok()?),
            "+" => left.checked_add(right),
            "-" => left.checked_sub(right),
            "*" => left.checked_mul(right),
            _ => left.checked_div(right),
        };
    }
    match value {
        [open, inner @ .., close] if open.is_mark("(") && close.is_mark(")") => {
            evaluate(inner, constants, depth)
        }
        [number] if number.kind == Kind::Number => integer(&number.text),
        [.., name] if name.kind == Kind::Word && depth > 0 => {
            evaluate(&constants.get(&name.text)?.2, constants, depth - 1)
        }
        _ => None,
    }
}

fn integer(text: &str) -> Option<u128> {
    let plain = text.replace('_', "");
    match plain.strip_prefix("0x") {
        Some(hex) => u128::from_str_radix(hex, 16).ok(),
        None => plain.split(['u', 'i']).next()?.parse().ok(),
    }
}

fn without_cast(value: &[Token]) -> &[Token] {
    match value {
        [inner @ .., cast, kind] if cast.is_word("as") && kind.kind == Kind::Word => inner,
        _ => value,
    }
}

/// The last of `marks` outside parentheses: these operators bind from the left.
fn last_at_top(value: &[Token], marks: &[&str]) -> Option<usize> {
    let (mut depth, mut found) = (0_usize, None);
    for (at, token) in value.iter().enumerate() {
        match token.text.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            mark if depth == 0 && token.kind == Kind::Mark && marks.contains(&mark) => {
                found = Some(at);
            }
            _ => {}
        }
    }
    found
}

/// `<<` comes as two marks: the first stays at the end of the left side.
trait StripMark {
    fn strip_suffix_mark(&self, mark: &str) -> &[Token];
}

impl StripMark for [Token] {
    fn strip_suffix_mark(&self, mark: &str) -> &[Token] {
        match self {
            [inner @ .., last] if last.is_mark(mark) => inner,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(limits: &str, protocol: &str) -> usize {
        faults(&tree(&[
            ("crates/wire/src/limits.rs", limits),
            (PROTOCOL, protocol),
        ]))
        .len()
    }

    #[test]
    fn a_limit_that_the_protocol_does_not_name_is_a_fault() {
        assert_eq!(
            count("pub const SEATS: usize = 100;", "| `SEATS` | 100 |"),
            0
        );
        assert_eq!(
            count("pub const SEATS: usize = 100;", "at most 100 seats"),
            1
        );
    }

    #[test]
    fn a_limit_with_another_value_is_a_fault() {
        assert_eq!(
            count("pub const SEATS: usize = 101;", "| `SEATS` | 100 |"),
            1
        );
        assert_eq!(
            count(
                "const FRAME: usize = 3 * (KIB + 1);\nconst KIB: usize = 1 << 10;",
                "`FRAME` 3,076\n`KIB` is 1024"
            ),
            1
        );
        assert_eq!(
            count(
                "const FRAME: usize = 3 * (KIB + 1);\nconst KIB: usize = 1 << 10;",
                "`FRAME` 3,075\n`KIB` is 1 KiB"
            ),
            0
        );
    }

    #[test]
    fn every_element_of_a_list_is_wanted() {
        let buckets = "pub const BUCKETS: [usize; 2] = [1 << 10, 4 * 1024];";
        assert_eq!(count(buckets, "`BUCKETS`: 1 KiB, 4 KiB"), 0);
        assert_eq!(count(buckets, "`BUCKETS`: 1 KiB, 8 KiB"), 1);
    }

    #[test]
    fn what_is_no_number_stands_as_written() {
        let label = "pub const LABEL: &str = \"a/v1\";";
        assert_eq!(count(label, "`LABEL` is `\"a/v1\"`"), 0);
        assert_eq!(count(label, "`LABEL` is `\"a/v2\"`"), 1);
    }

    #[test]
    fn times_may_be_told_in_larger_units() {
        assert_eq!(
            count("const PHASE_MS: u64 = 24 * 3_600_000;", "`PHASE_MS` (24 h)"),
            0
        );
        assert_eq!(
            count("const PHASE_MS: u64 = 3000 as u64;", "`PHASE_MS` (4 s)"),
            1
        );
    }

    #[test]
    fn arithmetic_binds_from_the_left() {
        let value = crate::tidy::token::tokens("10 - 3 - 2");
        assert_eq!(evaluate(&value, &Constants::new(), DEPTH), Some(5));
    }
}
