//! The one form of a text: what looks alike is alike, and nothing in it is unseen. Whatever is not in this
//! form can carry a mark, or pass for other words than it shows.

use crate::{is_assigned, nfc};

/// Whether a text is in the form that [`normalise`] gives. Only looks, where normalising builds the text
/// three times: for a long text that takes longer than all the cryptography of its slot.
#[must_use]
pub fn is_normal(text: &str) -> bool {
    let stays = |byte: u8| (byte == b'\n') | (b' '..=b'~').contains(&byte) & (byte != b'`');
    // No early end: many bytes are looked at in one step.
    let is_plain = text.bytes().fold(true, |all, byte| all & stays(byte));
    let each_stays = is_plain || text.chars().all(|c| unify(c) == Some(c)) && nfc(text) == text;
    each_stays && !text.ends_with([' ', '\n']) && !text.contains(" \n")
}

/// NFC; one kind of quote, dash, space and line end; nothing invisible, nothing trailing, and nothing that
/// the pinned version of Unicode does not assign: first of all, because another version may compose it.
#[must_use]
pub fn normalise(text: &str) -> String {
    let assigned: String = text.chars().filter(|c| is_assigned(*c)).collect();
    let unified = nfc(&assigned.replace("\r\n", "\n"));
    let unified = nfc(&unified.chars().filter_map(unify).collect::<String>());
    let lines: Vec<&str> = unified
        .split('\n')
        .map(|l| l.trim_end_matches(' '))
        .collect();
    lines.join("\n").trim_end_matches('\n').to_owned()
}

/// The one character that stands for this one; `None` where nothing is left of it.
fn unify(c: char) -> Option<char> {
    let one = match c {
        '\u{2018}'..='\u{201B}'
        | '\u{2032}'
        | '\u{2039}'
        | '\u{203A}'
        | '\u{02B9}'
        | '\u{02BB}'..='\u{02BD}'
        | '\u{00B4}'
        | '\u{0060}'
        | '\u{FF07}' => '\'',
        '\u{201C}'..='\u{201F}'
        | '\u{2033}'
        | '\u{00AB}'
        | '\u{00BB}'
        | '\u{301D}'..='\u{301F}'
        | '\u{FF02}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\t'
        | '\u{00A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => ' ',
        '\n' | '\r' | '\u{000B}' | '\u{000C}' | '\u{0085}' | '\u{2028}' | '\u{2029}' => '\n',
        other if is_invisible(other) || !is_assigned(other) => return None,
        other => other,
    };
    Some(one)
}

/// White space (the property White_Space of the pinned version). Written out, because the compiler's own list
/// follows its version of Unicode.
#[must_use]
pub fn is_blank(c: char) -> bool {
    matches!(c,
        '\u{0009}'..='\u{000D}' | '\u{0020}' | '\u{0085}' | '\u{00A0}' | '\u{1680}'
        | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// Without blanks at either end.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A control character: General_Category Cc, which Unicode never changes.
#[must_use]
pub fn is_control(c: char) -> bool {
    matches!(c, '\u{0000}'..='\u{001F}' | '\u{007F}'..='\u{009F}')
}

/// Characters that carry bits without being seen: controls, joiners, marks of direction, variation
/// selectors, tags, private use and what Unicode will never assign.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    is_control(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}'
            | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The compiler's lists have been these for many versions of Unicode. Should they ever change, they do not
    /// change here.
    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "what stands here is held against it"
    )]
    fn blanks_and_controls_are_those_of_the_pinned_version() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_blank(c), c.is_whitespace(), "{c:?}");
            assert_eq!(is_control(c), c.is_control(), "{c:?}");
        }
        assert_eq!(trimmed("\u{3000} a b\t\u{200B}\n"), "a b\t\u{200B}");
    }
}
