//! Words that people chose, bounded and in one normal form. The constructor is
//! the check; decoding refuses what the constructor would have changed.

use crate::limits;
use std::fmt;
use tls_codec::{DeserializeBytes, Error, TlsSerialize, TlsSize};

/// Why words were refused, in the user's own terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedText {
    /// Nothing is left when the blanks are cut.
    Empty,
    /// Longer than allowed.
    TooLong,
    /// A control character, one that hides or reorders its neighbours, one that Unicode has not assigned, or
    /// in a statement a stroke that can be taken for a letter.
    Forbidden(char),
}

impl fmt::Display for RefusedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("nothing was written"),
            Self::TooLong => f.write_str("too long"),
            Self::Forbidden(c) => write!(f, "the character U+{:04X} is not allowed", u32::from(*c)),
        }
    }
}

impl std::error::Error for RefusedText {}

macro_rules! line_of_text {
    ($(#[$doc:meta])* $name:ident, $chars_max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, TlsSerialize, TlsSize)]
        pub struct $name(String);

        impl $name {
            /// Normalises (NFC, blanks at both ends cut) and checks.
            pub fn parse(words: &str) -> Result<Self, RefusedText> {
                let normal = normalise(words)?;
                check_line(&normal, $chars_max)?;
                Ok(Self(normal))
            }

            /// The words.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        decode_only_normal!($name);
    };
}

macro_rules! decode_only_normal {
    ($name:ident) => {
        impl DeserializeBytes for $name {
            fn tls_deserialize_bytes(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
                let (words, rest) = String::tls_deserialize_bytes(bytes)?;
                match Self::parse(&words) {
                    Ok(parsed) if parsed.0 == words => Ok((parsed, rest)),
                    Ok(_) | Err(_) => Err(Error::DecodingError("words not in normal form".into())),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

line_of_text! {
    /// The name of a seat, one line.
    Name, limits::NAME_CHARS_MAX
}
line_of_text! {
    /// The name of a side, one line.
    SideName, limits::SIDE_NAME_CHARS_MAX
}
line_of_text! {
    /// The title of a room, one line.
    Title, limits::TITLE_CHARS_MAX
}
line_of_text! {
    /// The question of a Round, one line.
    Question, limits::QUESTION_CHARS_MAX
}

/// The text of one named message, of any number of lines.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsSize)]
pub struct MessageText(String);

impl MessageText {
    /// Normalises (NFC, blanks at both ends cut) and checks.
    pub fn parse(words: &str) -> Result<Self, RefusedText> {
        let normal = normalise(words)?;
        if normal.is_empty() {
            return Err(RefusedText::Empty);
        }
        if normal.len() > limits::TEXT_BYTES_MAX {
            return Err(RefusedText::TooLong);
        }
        match normal
            .chars()
            .find(|c| letters::is_control(*c) && !matches!(c, '\n' | '\t'))
        {
            Some(c) => Err(RefusedText::Forbidden(c)),
            None => Ok(Self(normal)),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

decode_only_normal!(MessageText);

/// A statement that is voted on, of any number of lines, as a Round showed it.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsSize)]
pub struct StatementText(String);

impl StatementText {
    /// Checks as a message's, normalises as a Round does and cuts blanks at both ends. In any other form
    /// words that look the same could be put to the vote as other ones, and the tallies be subtracted. A
    /// stroke is refused: some in a text can be read as letters and others be overlooked.
    pub fn parse(words: &str) -> Result<Self, RefusedText> {
        let MessageText(words) = MessageText::parse(words)?;
        let normal = letters::trimmed(&letters::normalise(&words)).to_owned();
        if normal.is_empty() {
            return Err(RefusedText::Empty);
        }
        if normal.len() > limits::STATEMENT_BYTES_MAX {
            return Err(RefusedText::TooLong);
        }
        match normal.chars().find(|c| letters::is_stroke(*c)) {
            Some(c) => Err(RefusedText::Forbidden(c)),
            None => Ok(Self(normal)),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

decode_only_normal!(StatementText);

/// What is not assigned is looked for first: to another version of Unicode it may be one character with
/// its neighbour.
fn normalise(words: &str) -> Result<String, RefusedText> {
    match words.chars().find(|c| !letters::is_assigned(*c)) {
        Some(c) => Err(RefusedText::Forbidden(c)),
        None => Ok(letters::nfc(letters::trimmed(words))),
    }
}

fn check_line(words: &str, chars_max: usize) -> Result<(), RefusedText> {
    if words.is_empty() {
        return Err(RefusedText::Empty);
    }
    if words.chars().count() > chars_max {
        return Err(RefusedText::TooLong);
    }
    match words
        .chars()
        .find(|c| letters::is_control(*c) || hides_or_reorders(*c))
    {
        Some(c) => Err(RefusedText::Forbidden(c)),
        None => Ok(()),
    }
}

/// Two names that look alike must not differ in something nobody can see.
/// U+200C and U+200D stay allowed: Persian and Indic names are spelt with them.
fn hides_or_reorders(c: char) -> bool {
    letters::is_invisible(c) && !matches!(c, '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use tls_codec::Serialize as _;

    /// In a later version of Unicode it may compose with its neighbour, and then readers differ.
    #[test]
    fn what_unicode_has_not_assigned_is_refused_in_a_room() {
        for c in ['\u{0378}', '\u{0897}', '\u{105C9}', '\u{1ACF}', '\u{2EBF0}'] {
            let words = format!("a{c}\u{301}");
            let refused = RefusedText::Forbidden(c);
            assert_eq!(Name::parse(&words).err(), Some(refused));
            assert_eq!(MessageText::parse(&words).err(), Some(refused));
            assert_eq!(StatementText::parse(&words).err(), Some(refused));
        }
        let kept = Name::parse(" a\u{301} ");
        assert_eq!(kept.as_ref().map(Name::as_str), Ok("\u{e1}"));
    }

    #[test]
    fn a_statement_has_no_stroke_that_can_be_read_as_a_letter() {
        for (words, stroke) in [
            ("No to|| here.", '|'),
            ("One bridge \u{2223}", '\u{2223}'),
            ("One \u{1C0} bridge", '\u{1C0}'),
            ("One bridge.\u{B9}", '\u{B9}'),
        ] {
            let refused = Err(RefusedText::Forbidden(stroke));
            assert_eq!(StatementText::parse(words), refused);
            assert!(MessageText::parse(words).is_ok() && Name::parse(words).is_ok());
        }
        assert!(StatementText::parse("10 % of all, or 5 \u{20AC}/t: yes!").is_ok());
    }

    /// Two of them would be two statements to the room and one to its people.
    #[test]
    fn a_statement_has_nothing_unseen_in_it_and_comes_in_one_form_alone() {
        let plain = StatementText::parse("No toll on the bridge.").expect("a statement");
        for c in [
            '\u{3164}',
            '\u{115F}',
            '\u{1160}',
            '\u{FFA0}',
            '\u{200B}',
            '\u{2800}',
            '\u{E0041}',
        ] {
            let words = format!("No toll on {c}the bridge.");
            assert_eq!(StatementText::parse(&words).as_ref(), Ok(&plain), "{c:?}");
            let bytes = words.tls_serialize_detached().expect("bytes");
            assert!(
                StatementText::tls_deserialize_bytes(&bytes).is_err(),
                "{c:?}"
            );
            let name = Name::parse(&format!("Ann{c}"));
            assert_eq!(name, Err(RefusedText::Forbidden(c)));
        }
    }
}
