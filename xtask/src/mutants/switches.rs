//! Many mutants in one build: each changed function begins with copies of itself, one for each change, and an
//! environment variable says which of them runs. So a mutant costs the tests alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::listing::Mutant;

/// Names the mutant that runs, by its number.
pub const VARIABLE: &str = "XTASK_MUTANT";

/// Added to the crate's root.
pub const SWITCH: &str = r#"
#[doc(hidden)]
#[allow(missing_docs, dead_code)]
pub(crate) mod xtask_mutant {
    use std::sync::LazyLock;

    static RUNS: LazyLock<usize> = LazyLock::new(|| {
        let number = std::env::var("XTASK_MUTANT").ok();
        number.and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
    });

    #[inline]
    pub(crate) fn within(from: usize, to: usize) -> bool {
        (from..=to).contains(&*RUNS)
    }
}
"#;

/// A file with its mutants in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Switched {
    pub text: String,
    /// The lines, from 1 on, on which each mutant's copy stands, by the mutant's number.
    pub lines: BTreeMap<usize, Range<usize>>,
}

/// Whether a copy of its function can be chosen while the program runs: not in a constant, nor where each
/// copy would return a type of its own.
pub fn can_be_chosen(mutant: &Mutant, source: &str) -> bool {
    let signature = signature(mutant, source);
    let returned = |signature: &str| {
        let returned = signature.rsplit_once("->");
        returned.is_some_and(|(_, returned)| returned.contains("impl "))
    };
    signature.is_some_and(|signature| !returned(signature))
}

/// Whether its function is a `const fn`. What chooses is none, so the function is not, in the copy; where
/// a constant is made by it, that does not compile.
pub fn is_const(mutant: &Mutant, source: &str) -> bool {
    const_of(mutant, source).is_some()
}

/// Where `const ` stands before its function.
fn const_of(mutant: &Mutant, source: &str) -> Option<Range<usize>> {
    let from = mutant.function.clone()?.start;
    let mut at = from;
    for line in signature(mutant, source)?.split_inclusive('\n') {
        let code = line.trim_start();
        if !code.starts_with("//") && !code.starts_with("#[") {
            let found = line.find("const fn ").map(|within| at + within);
            return found.map(|found| found..found + "const ".len());
        }
        at += line.len();
    }
    None
}

/// The text of its function up to the body.
fn signature<'a>(mutant: &Mutant, source: &'a str) -> Option<&'a str> {
    let function = mutant.function.clone()?;
    source.get(function.start..body(mutant, source)?.start)
}

/// A mutant's number, what it changes, and the body that is copied.
type Copied<'a> = (usize, &'a Mutant, Range<usize>);

/// Puts these mutants, by their numbers, into the text of their file.
pub fn switched(source: &str, mutants: &BTreeMap<usize, &Mutant>) -> Switched {
    let mut by_body: BTreeMap<usize, Vec<Copied>> = BTreeMap::new();
    for (number, mutant) in mutants {
        if let Some(body) = body(mutant, source) {
            let of_body = by_body.entry(body.start).or_default();
            of_body.push((*number, mutant, body));
        }
    }
    let mut switched = Switched::default();
    let mut done = 0;
    for (start, mutants) in by_body {
        let first = mutants.first();
        if let Some(gone) = first.and_then(|(_, mutant, _)| const_of(mutant, source)) {
            let before = source.get(done..gone.start).unwrap_or("");
            switched.text.push_str(before);
            done = gone.end;
        }
        switched
            .text
            .push_str(source.get(done..start).unwrap_or(""));
        done = start;
        let numbers = mutants.iter().map(|(number, ..)| *number);
        let (from, to) = (
            numbers.clone().min().unwrap_or(0),
            numbers.max().unwrap_or(0),
        );
        let _ = writeln!(
            switched.text,
            "if crate::xtask_mutant::within({from}, {to}) {{"
        );
        for (number, mutant, body) in mutants {
            switched.push_copy(source, number, mutant, body);
        }
        switched.text.push_str("}\n");
    }
    switched.text.push_str(source.get(done..).unwrap_or(""));
    switched
}

impl Switched {
    fn push_copy(&mut self, source: &str, number: usize, mutant: &Mutant, body: Range<usize>) {
        let before = source.get(body.start..mutant.at.start).unwrap_or("");
        let after = source.get(mutant.at.end..body.end).unwrap_or("");
        let Mutant { replacement, .. } = mutant;
        let from = self.text.lines().count() + 1;
        let _ = writeln!(
            self.text,
            "if crate::xtask_mutant::within({number}, {number}) {{ return {{ {before} {replacement} {after} }}; }}"
        );
        let to = self.text.lines().count() + 1;
        self.lines.insert(number, from..to);
    }
}

/// The bytes within the braces of the mutant's function.
fn body(mutant: &Mutant, source: &str) -> Option<Range<usize>> {
    let function = mutant.function.clone()?;
    let text = source.get(function.clone())?;
    let mut depth = 0_i32;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        if !code.starts_with("//") && !code.starts_with("#[") {
            for (within, c) in line.char_indices() {
                match c {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth -= 1,
                    '{' if depth == 0 => {
                        return Some(function.start + at + within + 1..function.end - 1);
                    }
                    _ => (),
                }
            }
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
/// { not yet
#[allow(x)]
pub fn f(a: [u8; 2]) -> bool {
    a == b
}
const fn c() -> u8 {
    1 + 1
}
fn i() -> impl Iterator<Item = u8> {
    once(1)
}
";

    fn mutant(old: &str, replacement: &str, function: &str) -> Mutant {
        let begin = SOURCE.find(function).unwrap();
        let end = begin + SOURCE[begin..].find("\n}").unwrap() + 2;
        let at = begin + SOURCE[begin..].rfind(old).unwrap();
        let at = SOURCE[begin..end].find(old).map_or(at, |at| begin + at);
        Mutant {
            path: "a.rs".into(),
            name: "1:1: x".into(),
            at: at..at + old.len(),
            replacement: replacement.into(),
            function: Some(begin..end),
        }
    }

    #[test]
    fn a_copy_for_each_change_stands_before_the_code_as_it_is() {
        let (first, second) = (mutant("==", "!=", "///"), mutant("a == b", "true", "///"));
        let switched = switched(SOURCE, &[(3, &first), (4, &second)].into());
        let begin = "/// { not yet\n#[allow(x)]\npub fn f(a: [u8; 2]) -> bool {\
            if crate::xtask_mutant::within(3, 4) {\n\
            if crate::xtask_mutant::within(3, 3) { return { ";
        assert!(switched.text.starts_with(begin), "{}", switched.text);
        assert!(switched.text.contains("a  !=  b"));
        assert!(
            switched
                .text
                .ends_with(&SOURCE[SOURCE.find("\n    a ==").unwrap()..])
        );
        let line = |number: usize| {
            let lines = switched.lines.get(&number).unwrap().clone();
            let lines = switched
                .text
                .lines()
                .skip(lines.start - 1)
                .take(lines.len());
            lines.collect::<Vec<_>>().join("\n")
        };
        assert!(line(3).contains("within(3, 3)") && line(3).ends_with("}; }"));
        assert!(line(4).contains("within(4, 4)") && line(4).contains("true"));
    }

    #[test]
    fn constants_and_types_of_their_own_are_not_chosen_while_a_program_runs() {
        let plain = mutant("==", "!=", "///");
        assert!(can_be_chosen(&plain, SOURCE) && !is_const(&plain, SOURCE));
        let constant = mutant("+", "-", "const fn");
        assert!(can_be_chosen(&constant, SOURCE) && is_const(&constant, SOURCE));
        let switched = switched(SOURCE, &[(3, &constant)].into());
        assert!(
            switched.text.contains("}\nfn c() -> u8 {if "),
            "{}",
            switched.text
        );
        assert!(!can_be_chosen(
            &mutant("once(1)", "empty()", "fn i()"),
            SOURCE
        ));
        let outside = Mutant {
            function: None,
            ..mutant("==", "!=", "///")
        };
        assert!(!can_be_chosen(&outside, SOURCE));
    }
}
