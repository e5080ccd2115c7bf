//! Files and functions small enough to be read from top to bottom.

use super::Fault;
use super::source::{Source, Tree};
use super::token::{Kind, Token};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 70;
const HEADER_LINES: usize = 3;

pub fn faults(tree: &Tree) -> Vec<Fault> {
    tree.sources.iter().flat_map(of_file).collect()
}

fn of_file(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    let lines = source.text.lines().count();
    if lines > FILE_LINES {
        let what = format!("{lines} lines; a file has at most {FILE_LINES}");
        faults.push(Fault::new(&source.path, 1, what));
    }
    let header = source
        .text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .count();
    if header > HEADER_LINES {
        let what = format!("{header} lines of header; a module opens with at most {HEADER_LINES}");
        faults.push(Fault::new(&source.path, 1, what));
    }
    let code = source.code();
    for (at, pair) in code.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        if !keyword.is_word("fn") || name.kind != Kind::Word {
            continue;
        }
        let lines = 1 + last_line(code.get(at..).unwrap_or(&[])).saturating_sub(keyword.line);
        if lines > FUNCTION_LINES {
            let what = format!("fn {}: {lines} lines; at most {FUNCTION_LINES}", name.text);
            faults.push(Fault::new(&source.path, keyword.line, what));
        }
    }
    faults
}

/// The line on which the function that `code` begins with ends.
fn last_line(code: &[&Token]) -> usize {
    let (mut brackets, mut braces) = (0_usize, 0_usize);
    for token in code.iter().filter(|token| token.kind == Kind::Mark) {
        match token.text.as_str() {
            "(" | "[" => brackets += 1,
            ")" | "]" => brackets = brackets.saturating_sub(1),
            "{" => braces += 1,
            "}" => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return token.line;
                }
            }
            ";" if brackets == 0 && braces == 0 => return token.line,
            _ => {}
        }
    }
    code.last().map_or(0, |token| token.line)
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(text: &str) -> usize {
        faults(&tree(&[("crates/wire/src/lib.rs", text)])).len()
    }

    #[test]
    fn a_long_file_is_a_fault() {
        assert_eq!(count(&"// x\n".repeat(600)), 0);
        assert_eq!(count(&"// x\n".repeat(601)), 1);
    }

    #[test]
    fn a_long_function_is_a_fault() {
        let function = |lines| {
            format!(
                "fn f(a: [u8; 3]) {{\n{}}}\nfn g() {{}}",
                "//\n".repeat(lines)
            )
        };
        assert_eq!(count(&function(68)), 0);
        assert_eq!(count(&function(69)), 1);
    }

    #[test]
    fn a_method_without_a_body_has_no_length() {
        let text = format!("trait T {{ fn f(&self); {} }}", "//\n".repeat(80));
        assert_eq!(count(&text), 0);
    }

    #[test]
    fn a_long_header_is_a_fault() {
        assert_eq!(count("//! a\n//! b\n//! c\n"), 0);
        assert_eq!(count("//! a\n//! b\n//! c\n//! d\n"), 1);
    }
}
