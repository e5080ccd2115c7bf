//! The workspace's own files, read once; rules look at nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};

use super::token::{Kind, Token, tokens};

/// A Rust file.
pub struct Source {
    /// Relative to the workspace, with `/`.
    pub path: String,
    pub text: String,
    /// Comments among them.
    pub tokens: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let mut tokens = tokens(text);
        mark_tests(&mut tokens, is_test_path(path));
        Source {
            path: path.to_string(),
            text: text.to_string(),
            tokens,
        }
    }

    /// The tokens without comments.
    pub fn code(&self) -> Vec<&Token> {
        self.tokens
            .iter()
            .filter(|token| token.kind != Kind::Comment)
            .collect()
    }

    /// The crate's folder: `crates/wire` of `crates/wire/src/lib.rs`.
    pub fn package(&self) -> &str {
        let end = ["/src/", "/tests/", "/benches/", "/examples/"]
            .iter()
            .filter_map(|part| self.path.find(part))
            .min();
        end.and_then(|end| self.path.get(..end)).unwrap_or("")
    }
}

/// Any other text file: a document, a manifest, a script.
pub struct Document {
    pub path: String,
    pub text: String,
}

/// All that the rules look at.
pub struct Tree {
    pub sources: Vec<Source>,
    pub documents: Vec<Document>,
}

const KINDS: [&str; 8] = ["md", "toml", "py", "sh", "ftl", "css", "yml", "run"];

impl Tree {
    /// Reads the workspace at `root`.
    pub fn read(root: &Path) -> Result<Tree> {
        let mut files = BTreeMap::new();
        collect(root, root, &mut files)?;
        Ok(Tree::of(files))
    }

    /// A tree of files by path.
    pub fn of(files: BTreeMap<String, String>) -> Tree {
        let (mut sources, mut documents) = (Vec::new(), Vec::new());
        for (path, text) in files {
            if path.ends_with(".rs") {
                sources.push(Source::new(&path, &text));
            } else {
                documents.push(Document { path, text });
            }
        }
        let mut tree = Tree { sources, documents };
        tree.mark_test_modules();
        tree
    }

    pub fn document(&self, path: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.path == path)
    }

    /// `#[cfg(test)] mod x;` makes the whole of x.rs test code.
    fn mark_test_modules(&mut self) {
        let mut test_paths = BTreeSet::new();
        for source in &self.sources {
            for module in modules(source).iter().filter(|module| module.in_test) {
                test_paths.extend(module.paths.iter().cloned());
            }
        }
        for source in &mut self.sources {
            let below = |path: &String| {
                let folder = format!("{}/", path.trim_end_matches(".rs"));
                source.path.starts_with(&folder)
            };
            if test_paths.contains(&source.path) || test_paths.iter().any(below) {
                source
                    .tokens
                    .iter_mut()
                    .for_each(|token| token.in_test = true);
            }
        }
    }
}

/// A `mod name;`, and where its file may be.
pub struct Module {
    pub paths: Vec<String>,
    pub in_test: bool,
}

/// The modules that a file declares without a body.
pub fn modules(source: &Source) -> Vec<Module> {
    let code = source.code();
    let folder = module_folder(&source.path);
    let mut found = Vec::new();
    for (at, window) in code.windows(3).enumerate() {
        let [keyword, name, end] = window else {
            continue;
        };
        if !keyword.is_word("mod") || name.kind != Kind::Word || !end.is_mark(";") {
            continue;
        }
        let paths = match path_attribute(&code, at) {
            Some(path) => vec![format!("{}/{path}", parent(&source.path))],
            None => {
                vec![
                    format!("{folder}/{}.rs", name.text),
                    format!("{folder}/{}/mod.rs", name.text),
                ]
            }
        };
        found.push(Module {
            paths,
            in_test: keyword.in_test,
        });
    }
    found
}

/// `#[path = "x"]` up to a few tokens before `mod` at `at`.
fn path_attribute(code: &[&Token], at: usize) -> Option<String> {
    let before = code.get(at.saturating_sub(6)..at)?;
    let here = before.iter().position(|token| token.is_word("path"))?;
    let literal = before
        .get(here + 2)
        .filter(|token| token.kind == Kind::Literal)?;
    Some(literal.text.trim_matches('"').to_string())
}

/// The folder in which a file's modules lie.
fn module_folder(path: &str) -> String {
    let folder = parent(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_target = ["/tests", "/benches", "/examples", "/bin"]
        .iter()
        .any(|t| folder.ends_with(t));
    if matches!(name, "lib.rs" | "main.rs" | "mod.rs" | "build.rs") || is_target {
        folder.to_string()
    } else {
        path.trim_end_matches(".rs").to_string()
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_test_path(path: &str) -> bool {
    path.contains("/tests/") || path.contains("/benches/") || path.ends_with("/tests.rs")
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_string();
        let hidden = name.starts_with('.') && name != ".ci" && name != ".cargo";
        if hidden || name == "target" || name == "__pycache__" || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let kind = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_string();
        if kind == "rs" || KINDS.contains(&kind.as_str()) || path.ends_with(".ci/run") {
            let text =
                std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            files.insert(relative.to_string_lossy().replace('\\', "/"), text);
        }
    }
    Ok(())
}

/// Marks what stands under `#[cfg(test)]`, or everything in a test's own file.
fn mark_tests(tokens: &mut [Token], whole: bool) {
    let mut at = 0;
    while at < tokens.len() {
        let rest = tokens.get(at..).unwrap_or(&[]);
        let length = if whole {
            rest.len()
        } else {
            test_item(rest).unwrap_or(0)
        };
        for token in tokens.iter_mut().skip(at).take(length) {
            token.in_test = true;
        }
        at += length.max(1);
    }
}

/// The length of an item under `#[cfg(test)]` or `#[test]` that `tokens` begin with.
fn test_item(tokens: &[Token]) -> Option<usize> {
    let attribute: Vec<&str> = tokens.iter().take(7).map(|t| t.text.as_str()).collect();
    let is_test = attribute.starts_with(&["#", "[", "cfg", "(", "test", ")"])
        || attribute.starts_with(&["#", "[", "test", "]"]);
    is_test.then(|| item_length(tokens))
}

/// The tokens up to the end of the first item: its `;` or its closing brace.
fn item_length(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.kind == Kind::Mark)
    {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A tree of a few files, for the tests of the rules.
    pub fn tree(files: &[(&str, &str)]) -> Tree {
        let owned = |(path, text): &(&str, &str)| (path.to_string(), text.to_string());
        Tree::of(files.iter().map(owned).collect())
    }

    fn test_words(source: &Source) -> Vec<&str> {
        let code = source.code().into_iter();
        code.filter(|t| t.in_test && t.kind == Kind::Word)
            .map(|t| t.text.as_str())
            .collect()
    }

    #[test]
    fn only_the_test_module_is_test_code() {
        let text = "fn a() {} #[cfg(test)] mod t { fn b() {} } fn c() {}";
        let source = Source::new("crates/x/src/lib.rs", text);
        assert_eq!(test_words(&source), ["cfg", "test", "mod", "t", "fn", "b"]);
    }

    #[test]
    fn a_file_declared_for_tests_is_test_code() {
        let tree = tree(&[
            ("crates/x/src/lib.rs", "#[cfg(test)] mod checks; mod real;"),
            ("crates/x/src/checks.rs", "fn a() {}"),
            ("crates/x/src/real.rs", "fn b() {}"),
        ]);
        let words: Vec<_> = tree.sources.iter().map(|s| test_words(s).len()).collect();
        assert_eq!(words, [2, 4, 0]);
    }

    #[test]
    fn the_package_of_a_file_is_its_crates_folder() {
        assert_eq!(
            Source::new("crates/x/tests/it/main.rs", "").package(),
            "crates/x"
        );
        assert_eq!(
            Source::new("xtask/src/tidy/token.rs", "").package(),
            "xtask"
        );
    }
}
