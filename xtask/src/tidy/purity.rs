//! The pure cores name no clock, socket, file, environment, thread, ambient chance or unordered map.
//! Time and randomness come in as arguments; tests are free.

use super::mls::MLS_FOLDER;
use super::source::{Source, Tree};
use super::token::{Kind, Token};
use super::{Fault, PURE, WITH_THREADS_INSIDE};

const WORDS: [&str; 12] = [
    "SystemTime",
    "Instant",
    "HashMap",
    "HashSet",
    "OsRng",
    "SysRng",
    "ThreadRng",
    "thread_rng",
    "getrandom",
    "tokio",
    "rayon",
    "RandomState",
];

/// Modules of `std` that reach outside.
const STD: [&str; 6] = ["net", "fs", "env", "thread", "process", "os"];

/// Functions of `rand` that draw from the system.
const RAND: [&str; 3] = ["rng", "random", "rngs"];

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let is_pure = |source: &&Source| {
        PURE.iter()
            .any(|name| source.package().strip_prefix("crates/") == Some(*name))
    };
    tree.sources
        .iter()
        .filter(is_pure)
        .flat_map(of_file)
        .collect()
}

fn of_file(source: &Source) -> Vec<Fault> {
    let code: Vec<&Token> = source
        .code()
        .into_iter()
        .filter(|token| !token.in_test)
        .collect();
    let mut faults = Vec::new();
    for (at, token) in code
        .iter()
        .enumerate()
        .filter(|(_, token)| token.kind == Kind::Word)
    {
        let rest = code.get(at..).unwrap_or(&[]);
        let path = match token.text.as_str() {
            "std" => named_below(rest, &STD),
            "rand" => named_below(rest, &RAND),
            // The MLS library's store is an unordered map; its file puts it in order.
            "HashMap" if source.path.starts_with(MLS_FOLDER) => None,
            "rayon" if source.package().ends_with(WITH_THREADS_INSIDE) => None,
            word => WORDS.contains(&word).then(|| word.to_string()),
        };
        if let Some(path) = path {
            faults.push(Fault::new(
                &source.path,
                token.line,
                format!("a pure core names {path}"),
            ));
        }
    }
    faults
}

/// `std::x`, or `std::{.., x, ..}`, for a banned x. `rest` begins with the crate's name.
fn named_below(rest: &[&Token], banned: &[&str]) -> Option<String> {
    let [root, colons, next, ..] = rest else {
        return None;
    };
    if !colons.is_mark("::") {
        return None;
    }
    let found = if next.is_mark("{") {
        first_names(rest.get(2..).unwrap_or(&[]))
            .into_iter()
            .find(|name| banned.contains(name))
    } else {
        banned.iter().find(|name| next.is_word(name)).copied()
    };
    found.map(|name| format!("{}::{name}", root.text))
}

/// The first names of the paths in the braces that `list` begins with.
fn first_names<'a>(list: &[&'a Token]) -> Vec<&'a str> {
    let (mut depth, mut names) = (0_usize, Vec::new());
    let mut is_first = false;
    for token in list {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            name if is_first && depth == 1 => names.push(name),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        is_first = token.text == "{" || token.text == ",";
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(text: &str) -> usize {
        faults(&tree(&[("crates/room/src/state.rs", text)])).len()
    }

    #[test]
    fn each_way_to_reach_outside_is_a_fault() {
        for text in [
            "use std::time::SystemTime;",
            "let t = std::time::Instant::now();",
            "use std::collections::HashMap;",
            "use std::collections::HashSet;",
            "std::net::TcpStream::connect(a)",
            "std::fs::read(p)",
            "std::env::var(n)",
            "std::thread::spawn(f)",
            "use std::{fmt, fs};",
            "use std::{fmt, thread::spawn};",
            "rand::rng()",
            "rand_core::OsRng",
            "getrandom::fill(&mut b)",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }

    #[test]
    fn what_stays_inside_is_none() {
        assert_eq!(
            count("use std::{fmt, collections::BTreeMap}; use rand_core::CryptoRng;"),
            0
        );
        assert_eq!(count("use std::{fmt::{self, env}, ops};"), 0);
        assert_eq!(
            count("#[cfg(test)] mod tests { fn f() { std::fs::read(p); } }"),
            0
        );
    }

    #[test]
    fn the_shell_may_have_a_clock() {
        let text = "use std::time::SystemTime;";
        assert_eq!(faults(&tree(&[("crates/node/src/clock.rs", text)])), []);
    }

    #[test]
    fn only_the_mls_file_meets_an_unordered_map() {
        let inside = format!("{MLS_FOLDER}group.rs");
        assert_eq!(
            faults(&tree(&[(&inside, "use std::collections::HashMap;")])),
            []
        );
        assert_eq!(faults(&tree(&[(&inside, "use std::fs;")])).len(), 1);
    }
}
