//! No `_ =>` over our own enums: a new event must break every place that has to decide. Clippy sees a match
//! over one enum; this sees also matches over several at once.

use std::collections::BTreeSet;

use super::Fault;
use super::source::{Source, Tree};
use super::token::{Kind, Token};

/// Where the rule holds: in what decides about events. Code for tests alone may shorten.
const FOLDERS: [&str; 7] = [
    "crates/wire/src/",
    "crates/relay/src/",
    "crates/round/src/",
    "crates/room/src/",
    "crates/participant/src/",
    "crates/node/src/",
    "crates/sim/src/",
];

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let here = |source: &&Source| FOLDERS.iter().any(|folder| source.path.starts_with(folder));
    let ours: Vec<&Source> = tree.sources.iter().filter(here).collect();
    let enums: BTreeSet<&str> = ours.iter().flat_map(|source| declared(source)).collect();
    let of_file = |source: &&Source| of_file(source, &enums);
    ours.iter().flat_map(of_file).collect()
}

/// The names of the enums that a file declares.
fn declared(source: &Source) -> Vec<&str> {
    let pairs = source.tokens.windows(2).filter_map(|pair| match pair {
        [keyword, name] if keyword.is_word("enum") && !keyword.in_test => Some(name.text.as_str()),
        _ => None,
    });
    pairs.collect()
}

fn of_file(source: &Source, enums: &BTreeSet<&str>) -> Vec<Fault> {
    let code = source.code();
    let mut found = Vec::new();
    for (at, token) in code.iter().enumerate() {
        if !token.is_word("match") || token.in_test {
            continue;
        }
        let patterns = patterns(code.get(at..).unwrap_or(&[]));
        let named = patterns.iter().any(|pattern| names(pattern, enums));
        let mut wild = patterns.iter().filter(|pattern| is_wild(pattern));
        if let (true, Some([first, ..])) = (named, wild.next().map(Vec::as_slice)) {
            let what = "`_ =>` over an enum of ours: name the others (CONTRIBUTING.md, rule 9)";
            found.push(Fault::new(&source.path, first.line, what));
        }
    }
    found
}

fn names(pattern: &[&Token], enums: &BTreeSet<&str>) -> bool {
    let pairs = pattern.windows(2);
    pairs.into_iter().any(|pair| match pair {
        [name, colons] => colons.is_mark("::") && enums.contains(name.text.as_str()),
        _ => false,
    })
}

/// `_`, and a tuple of nothing else.
fn is_wild(pattern: &[&Token]) -> bool {
    let mut any = false;
    let all = pattern.iter().all(|token| {
        any |= token.is_word("_");
        token.is_word("_") || ["(", ")", ","].iter().any(|mark| token.is_mark(mark))
    });
    any && all
}

/// The patterns of the match that `code` begins with. A guarded one has its `if`: it swallows nothing.
fn patterns<'a>(code: &[&'a Token]) -> Vec<Vec<&'a Token>> {
    let mut depth = 0_usize;
    let mut rest = code.iter().enumerate().skip(1);
    let opens = rest.find(|(_, token)| {
        let opens = depth == 0 && token.is_mark("{");
        depth = deeper(depth, token);
        opens
    });
    let Some((at, _)) = opens else {
        return Vec::new();
    };
    let mut rest = code.get(at + 1..).unwrap_or(&[]);
    let mut found = Vec::new();
    while let Some((pattern, after)) = pattern(rest) {
        found.push(pattern);
        rest = after;
    }
    found
}

/// One pattern, and what follows its arm; none at the end of the match.
fn pattern<'a, 'b>(code: &'b [&'a Token]) -> Option<(Vec<&'a Token>, &'b [&'a Token])> {
    let mut depth = 0_usize;
    let mut pattern = Vec::new();
    for (at, token) in code.iter().enumerate() {
        if depth == 0 && token.is_mark("}") {
            return None;
        }
        let arrow = token.is_mark("=") && code.get(at + 1).is_some_and(|next| next.is_mark(">"));
        if depth == 0 && arrow {
            return Some((pattern, after_arm(code.get(at + 2..)?)));
        }
        depth = deeper(depth, token);
        pattern.push(*token);
    }
    None
}

/// What follows an arm's body: a block, or an expression up to its comma or the end of the match.
fn after_arm<'a, 'b>(code: &'b [&'a Token]) -> &'b [&'a Token] {
    let block = code.first().is_some_and(|first| first.is_mark("{"));
    let mut depth = 0_usize;
    for (at, token) in code.iter().enumerate() {
        if depth == 0 && token.is_mark("}") {
            return code.get(at..).unwrap_or(&[]);
        }
        if depth == 0 && token.is_mark(",") {
            return code.get(at + 1..).unwrap_or(&[]);
        }
        let before = depth;
        depth = deeper(depth, token);
        if block && before == 1 && depth == 0 {
            let after = code.get(at + 1..).unwrap_or(&[]);
            let comma = after.first().is_some_and(|next| next.is_mark(","));
            return after.get(usize::from(comma)..).unwrap_or(&[]);
        }
    }
    &[]
}

fn deeper(depth: usize, token: &Token) -> usize {
    if token.kind != Kind::Mark {
        return depth;
    }
    match token.text.as_str() {
        "(" | "[" | "{" => depth + 1,
        ")" | "]" | "}" => depth.saturating_sub(1),
        _ => depth,
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn faults_of(body: &str) -> usize {
        let declared = "pub enum Event { Said, Left } pub enum Effect { None, Some(u8) }";
        let tree = tree(&[
            ("crates/room/src/event.rs", declared),
            ("crates/participant/src/x.rs", body),
        ]);
        faults(&tree).len()
    }

    #[test]
    fn a_wildcard_over_our_enums_is_a_fault_also_over_two_at_once() {
        assert_eq!(
            faults_of("fn f() { match e { Event::Said => {} _ => {} } }"),
            1
        );
        let two = "fn f() { match (a, b) { (Effect::Some(_), Event::Said) => g(), (_, _) => {} } }";
        assert_eq!(faults_of(two), 1);
        let guarded = "fn f() { match e { Event::Said if x => 1, _ => { 2 } } }";
        assert_eq!(faults_of(guarded), 1);
        let inner = "fn f() { match n { 1 => match e { Event::Said => 1, _ => 2 }, _ => 3 } }";
        assert_eq!(faults_of(inner), 1);
    }

    #[test]
    fn numbers_foreign_enums_and_tests_may_have_one() {
        assert_eq!(
            faults_of("fn f() { match n { 1 => Event::Said, _ => Event::Left } }"),
            0
        );
        assert_eq!(
            faults_of("fn f() { match o { Ordering::Less => 1, _ => 2 } }"),
            0
        );
        let guarded = "fn f() { match e { _ if x => 1, Event::Said => 2, Event::Left => 3 } }";
        assert_eq!(faults_of(guarded), 0);
        let named = "fn f() { match e { Event::Said => {} Event::Left => {} } }";
        assert_eq!(faults_of(named), 0);
        let test = "#[cfg(test)] mod t { fn f() { match e { Event::Said => 1, _ => 2 } } }";
        assert_eq!(faults_of(test), 0);
    }
}
