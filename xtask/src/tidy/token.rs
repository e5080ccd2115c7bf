//! Rust source cut into tokens, with comments and literals set apart.
//! Enough to judge names and sizes; it never parses, and accepts what does not compile.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Mark,
    /// A string or character, with its quotes.
    Literal,
    Comment,
}

#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    /// The line it begins on, from 1.
    pub line: usize,
    pub text: String,
    /// Whether it belongs to code that only tests compile.
    pub in_test: bool,
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }
}

/// All tokens of a file, in order; comments among them.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        rest: text,
        line: 1,
        tokens: Vec::new(),
    };
    while let Some(first) = lexer.rest.chars().next() {
        lexer.step(first);
    }
    lexer.tokens
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self, first: char) {
        let (kind, length) = next(self.rest, first);
        let (text, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        if let Some(kind) = kind {
            let (line, text) = (self.line, text.to_string());
            self.tokens.push(Token {
                kind,
                line,
                text,
                in_test: false,
            });
        }
        self.line += text.matches('\n').count();
        self.rest = rest;
    }
}

/// The kind (none for white space) and the length in bytes of what `rest` begins with.
fn next(rest: &str, first: char) -> (Option<Kind>, usize) {
    if first.is_whitespace() {
        (None, first.len_utf8())
    } else if rest.starts_with("//") {
        (Some(Kind::Comment), rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        (Some(Kind::Comment), block_comment(rest))
    } else if let Some(length) = string(rest).or_else(|| character(rest)) {
        (Some(Kind::Literal), length)
    } else if first.is_alphabetic() || first == '_' {
        (Some(Kind::Word), word(rest))
    } else if first.is_ascii_digit() {
        (Some(Kind::Number), word(rest))
    } else if rest.starts_with("::") {
        (Some(Kind::Mark), 2)
    } else {
        (Some(Kind::Mark), first.len_utf8())
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len())
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, _) in rest.char_indices() {
        let here = rest.get(at..).unwrap_or("");
        if here.starts_with("/*") {
            depth += 1;
        } else if here.starts_with("*/") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 2;
            }
        }
    }
    rest.len()
}

fn string(rest: &str) -> Option<usize> {
    for prefix in ["br", "cr", "r"] {
        let Some(after) = rest.strip_prefix(prefix) else {
            continue;
        };
        let hashes = after.chars().take_while(|c| *c == '#').count();
        let Some(body) = after.get(hashes..).and_then(|body| body.strip_prefix('"')) else {
            continue;
        };
        let close = format!("\"{}", "#".repeat(hashes));
        let end = body.find(&close).map_or(body.len(), |at| at + close.len());
        return Some(prefix.len() + hashes + 1 + end);
    }
    let prefix = usize::from(rest.starts_with("b\"") || rest.starts_with("c\""));
    let body = rest.get(prefix..)?.strip_prefix('"')?;
    Some(prefix + 1 + up_to(body, '"'))
}

/// A character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let mut chars = body.chars();
    let (first, second) = (chars.next()?, chars.next()?);
    (first == '\\' || second == '\'').then(|| 1 + up_to(body, '\''))
}

/// The bytes of `body` up to and including the first unescaped `quote`.
fn up_to(body: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match (escaped, c) {
            (true, _) => escaped = false,
            (false, '\\') => escaped = true,
            (false, c) if c == quote => return at + c.len_utf8(),
            (false, _) => {}
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let words = tokens(text)
            .into_iter()
            .filter(|token| token.kind == Kind::Word);
        words.map(|token| token.text).collect()
    }

    #[test]
    fn words_in_comments_and_strings_are_not_code() {
        let text = r##"a /* b /* c */ */ "d \" e" r#"f " g"# 'h' '\'' b"i" // j
            k"##;
        assert_eq!(words(text), ["a", "k"]);
    }

    #[test]
    fn a_lifetime_is_not_a_character() {
        assert_eq!(
            words("fn f<'a>(x: &'a str) {}"),
            ["fn", "f", "a", "x", "a", "str"]
        );
    }

    #[test]
    fn lines_are_counted_through_literals_and_comments() {
        let lines: Vec<_> = tokens("\"x\ny\" a\n/*\n*/ b")
            .iter()
            .map(|t| t.line)
            .collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }
}
