//! Which mutants there are, by the names that cargo-mutants gives them.

use anyhow::{Context, Result};
use serde_json::Value;

/// Before a function that is built for measurements or attacks alone: no product contains it.
const FEATURE: &str = "#[cfg(feature";

/// The names in a list in JSON, a line each, without functions that only a feature builds. `source` gives
/// the text of a file.
pub fn names(json: &str, source: impl Fn(&str) -> Result<String>) -> Result<String> {
    let list: Value = serde_json::from_str(json).context("a list of mutants")?;
    let mut names = String::new();
    for mutant in list.as_array().context("a list of mutants")? {
        let text = |field: &str| mutant.get(field).and_then(Value::as_str);
        let (path, name) = (text("file"), text("name"));
        let (path, name) = path.zip(name).context("a mutant without a name")?;
        if !is_featured(mutant, &source(path)?) {
            names.push_str(name);
            names.push('\n');
        }
    }
    Ok(names)
}

/// Whether a feature stands before the mutant's function. A constant has no function.
fn is_featured(mutant: &Value, source: &str) -> bool {
    let line = |of: Option<&Value>| {
        let line = of?.get("span")?.get("start")?.get("line")?.as_u64()?;
        usize::try_from(line).ok()
    };
    let (Some(from), Some(to)) = (line(mutant.get("function")), line(Some(mutant))) else {
        return false;
    };
    let before = source.lines().take(to).skip(from.saturating_sub(1));
    before
        .into_iter()
        .any(|line| line.trim_start().starts_with(FEATURE))
}

/// The mutants of one file, in the order of its code; one that two rules make is there once.
pub fn of_file(names: &str, path: &str) -> Vec<String> {
    let mut mutants: Vec<String> = Vec::new();
    for name in names.lines() {
        let mutant = name
            .strip_prefix(path)
            .and_then(|rest| rest.strip_prefix(':'));
        if let Some(mutant) = mutant.filter(|mutant| !mutants.iter().any(|other| other == mutant)) {
            mutants.push(mutant.to_string());
        }
    }
    mutants
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
        let span = |line: u64| serde_json::json!({ "start": { "line": line, "column": 5 } });
        let mutant = |name: &str, line: u64, function: Value| serde_json::json!({ "file": "a.rs", "name": name, "span": span(line), "function": function });
        let list = serde_json::json!([
            mutant("a.rs:5:9: shown", 5, serde_json::json!({ "span": span(2) })),
            mutant("a.rs:8:9: f", 8, serde_json::json!({ "span": span(7) })),
            mutant("a.rs:11:18: C", 11, Value::Null),
        ]);
        let names = names(&list.to_string(), |_| Ok(SOURCE.to_string())).unwrap();
        assert_eq!(names, "a.rs:8:9: f\na.rs:11:18: C\n");
        assert_eq!(of_file(&names.repeat(2), "a.rs"), ["8:9: f", "11:18: C"]);
        assert_eq!(of_file(&names, "b.rs"), Vec::<String>::new());
    }
}
