//! Which mutants there are, by the names that cargo-mutants gives them, and what each of them changes.

use std::ops::Range;

use anyhow::{Context, Result};
use serde_json::Value;

/// Before a function that is built for measurements or attacks alone: no product contains it.
const FEATURE: &str = "#[cfg(feature";

/// One change of the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mutant {
    /// Relative to the workspace.
    pub path: String,
    /// Its place and what it does: `7:9: replace < with <= in f`.
    pub name: String,
    /// The bytes of the file that go.
    pub at: Range<usize>,
    /// What comes in their place.
    pub replacement: String,
    /// The bytes of the function around it, with its attributes. A constant has none.
    pub function: Option<Range<usize>>,
}

impl Mutant {
    /// The path and the name, as cargo-mutants writes it.
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.path, self.name)
    }
}

/// The mutants in a list in JSON, without those in functions that only a feature builds, and one that two
/// rules make once. `source` gives the text of a file.
pub fn mutants(json: &str, source: impl Fn(&str) -> Result<String>) -> Result<Vec<Mutant>> {
    let list: Value = serde_json::from_str(json).context("a list of mutants")?;
    let mut mutants: Vec<Mutant> = Vec::new();
    for value in list.as_array().context("a list of mutants")? {
        let path = value.get("file").and_then(Value::as_str);
        let source = source(path.context("a mutant without a file")?)?;
        let mutant = read(value, &source).with_context(|| format!("a mutant: {value}"))?;
        let is_new = |mutant: &Mutant| mutants.iter().all(|other| !is_same(other, mutant));
        if !is_featured(&mutant, &source) && is_new(&mutant) {
            mutants.push(mutant);
        }
    }
    Ok(mutants)
}

fn is_same(one: &Mutant, other: &Mutant) -> bool {
    one.path == other.path && one.name == other.name
}

fn read(value: &Value, source: &str) -> Option<Mutant> {
    let text = |field: &str| value.get(field)?.as_str().map(str::to_string);
    let path = text("file")?;
    let name = text("name")?;
    let name = name.strip_prefix(&path)?.strip_prefix(':')?.to_string();
    let function = match value.get("function") {
        None | Some(Value::Null) => None,
        Some(function) => Some(bytes(function.get("span")?, source)?),
    };
    Some(Mutant {
        path,
        name,
        at: bytes(value.get("span")?, source)?,
        replacement: text("replacement")?,
        function,
    })
}

/// Lines and columns count from 1, and columns are characters.
fn bytes(span: &Value, source: &str) -> Option<Range<usize>> {
    let place = |end: &str| {
        let number = |field: &str| {
            let number = span.get(end)?.get(field)?.as_u64()?;
            usize::try_from(number).ok()?.checked_sub(1)
        };
        let line = source.split_inclusive('\n').nth(number("line")?)?;
        let before: usize = source
            .split_inclusive('\n')
            .take(number("line")?)
            .map(str::len)
            .sum();
        let within = line.char_indices().map(|(at, _)| at).chain([line.len()]);
        Some(before + within.into_iter().nth(number("column")?)?)
    };
    Some(place("start")?..place("end")?)
}

/// Whether a feature stands before the mutant's function.
fn is_featured(mutant: &Mutant, source: &str) -> bool {
    let function = mutant.function.as_ref();
    let before = function.and_then(|function| source.get(function.start..mutant.at.start));
    let mut lines = before.into_iter().flat_map(str::lines);
    lines.any(|line| line.trim_start().starts_with(FEATURE))
}

/// The names of one file's mutants in an answer of cargo-mutants.
pub fn of_file(names: &str, path: &str) -> Vec<String> {
    let of_file = names.lines().filter_map(|name| {
        let rest = name.strip_prefix(path)?;
        rest.strip_prefix(':').map(str::to_string)
    });
    of_file.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
impl A {
    /// Shown.
    #[cfg(feature = \"parts\")]
    fn shown(&self) -> u16 {
        7
    }
    fn f() -> u16 {
        7
    }
}
const C: u16 = 1 + 1;
";

    #[test]
    fn what_only_a_feature_builds_is_left_out() {
        let span = |from: (u64, u64), to: (u64, u64)| {
            let place = |(line, column)| serde_json::json!({ "line": line, "column": column });
            serde_json::json!({ "start": place(from), "end": place(to) })
        };
        let mutant = |name: &str, span: Value, function: Value| serde_json::json!({ "file": "a.rs", "name": name, "span": span, "function": function, "replacement": "0" });
        let (shown, f) = (span((2, 5), (6, 6)), span((7, 5), (9, 6)));
        let list = serde_json::json!([
            mutant(
                "a.rs:5:9: shown",
                span((5, 9), (5, 10)),
                serde_json::json!({ "span": shown })
            ),
            mutant(
                "a.rs:8:9: f",
                span((8, 9), (8, 10)),
                serde_json::json!({ "span": f })
            ),
            mutant(
                "a.rs:8:9: f",
                span((8, 9), (8, 10)),
                serde_json::json!({ "span": f })
            ),
            mutant("a.rs:11:18: C", span((11, 18), (11, 19)), Value::Null),
        ]);
        let mutants = mutants(&list.to_string(), |_| Ok(SOURCE.to_string())).unwrap();
        let told: Vec<(&str, &str)> = mutants
            .iter()
            .map(|mutant| (mutant.name.as_str(), &SOURCE[mutant.at.clone()]))
            .collect();
        assert_eq!(told, [("8:9: f", "7"), ("11:18: C", "+")]);
        let f = mutants[0].function.clone().unwrap();
        assert_eq!(&SOURCE[f], "fn f() -> u16 {\n        7\n    }");
        assert_eq!(of_file("a.rs:8:9: f\nb.rs:1:1: g\n", "a.rs"), ["8:9: f"]);
    }
}
