//! Runs models by name: `models --list`, `models CASE [without RULE] [asking PROPERTY] [up to STEPS]`.

use std::process::ExitCode;

use models::cases::{CASES, NEEDED, Runs, case};
use models::rules::{self, Out};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let after = |word: &str| {
        let at = words.iter().position(|w| w == word)?;
        words.get(at + 1).cloned()
    };
    let Some(case) = words.first().and_then(|name| case(name)) else {
        list();
        return ExitCode::from(u8::from(words.first().is_some_and(|word| word != "--list")));
    };
    let asked: &'static str = after("asking").unwrap_or_default().leak();
    let limit = after("to").and_then(|steps| steps.parse().ok());
    println!("{}: {}", case.name, case.asks);
    let report = match after("without").map(|name| (named(&name), name)) {
        None => {
            let _all = rules::all_hold();
            (case.run)(asked, limit)
        }
        Some((Some(out), _)) => {
            let _out = rules::without(out);
            (case.run)(asked, limit)
        }
        Some((None, name)) => {
            eprintln!("no model knows the rule {name}");
            return ExitCode::FAILURE;
        }
    };
    println!("{report}");
    ExitCode::SUCCESS
}

fn named(name: &str) -> Option<Out> {
    let mut rules = NEEDED.iter().map(|needed| needed.rule);
    rules.find(|rule| rule.to_string() == name)
}

fn list() {
    println!("models CASE [without RULE] [asking PROPERTY] [up to STEPS]\n");
    for case in CASES {
        let runs = match case.runs {
            Runs::WithTheTests => "",
            Runs::ByCommand => " (by command only)",
        };
        println!("{:22} {}{runs}", case.name, case.asks);
    }
    println!();
    for needed in NEEDED {
        let rule = needed.rule.to_string();
        println!(
            "{rule:24} without it {} breaks in {}",
            needed.property, needed.case
        );
    }
}
