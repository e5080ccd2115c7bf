//! Names that say nothing: of files, folders, modules and types; and functions called `get_`.

use super::Fault;
use super::source::{Source, Tree};
use super::token::Kind;

const BANNED: [&str; 11] = [
    "common", "util", "utils", "helper", "helpers", "manager", "managers", "service", "services",
    "data", "info",
];

const DECLARES: [&str; 6] = ["mod", "struct", "enum", "trait", "type", "union"];

pub fn faults(tree: &Tree) -> Vec<Fault> {
    tree.sources
        .iter()
        .flat_map(|source| [of_path(source), of_code(source)].concat())
        .collect()
}

fn of_path(source: &Source) -> Vec<Fault> {
    let parts = source.path.trim_end_matches(".rs").split('/');
    let banned = parts.filter_map(banned_word);
    banned
        .map(|word| Fault::new(&source.path, 1, format!("a path says nothing by `{word}`")))
        .collect()
}

fn of_code(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for pair in source.code().windows(2) {
        let [keyword, name] = pair else { continue };
        if keyword.kind != Kind::Word || name.kind != Kind::Word {
            continue;
        }
        let declares = DECLARES.contains(&keyword.text.as_str());
        if let Some(word) = banned_word(&name.text).filter(|_| declares) {
            let what = format!("`{}` says nothing by `{word}`", name.text);
            faults.push(Fault::new(&source.path, name.line, what));
        }
        if keyword.is_word("fn") && name.text.starts_with("get_") {
            let what = format!("fn {}: name it after what it gives", name.text);
            faults.push(Fault::new(&source.path, name.line, what));
        }
    }
    faults
}

/// The first banned word in a name in either case.
fn banned_word(name: &str) -> Option<&'static str> {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    let words: Vec<&str> = snake.split(['_', '-', '.']).collect();
    BANNED.iter().find(|banned| words.contains(banned)).copied()
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        faults(&tree(&[(path, text)])).len()
    }

    #[test]
    fn a_file_or_folder_with_a_banned_name_is_a_fault() {
        assert_eq!(count("crates/x/src/helpers.rs", ""), 1);
        assert_eq!(count("crates/x/src/common/mod.rs", ""), 1);
        assert_eq!(count("crates/x/src/database.rs", ""), 0);
    }

    #[test]
    fn a_type_or_module_with_a_banned_word_is_a_fault() {
        assert_eq!(
            count("crates/x/src/lib.rs", "struct SeatInfo; mod seat_data {}"),
            2
        );
        assert_eq!(
            count("crates/x/src/lib.rs", "struct Informed; let data = 1;"),
            0
        );
    }

    #[test]
    fn a_function_called_get_is_a_fault() {
        assert_eq!(count("crates/x/src/lib.rs", "fn get_name() {}"), 1);
        assert_eq!(count("crates/x/src/lib.rs", "fn gets_away() {}"), 0);
    }
}
