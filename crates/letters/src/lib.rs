//! What a letter is, for all builds alike: the tables of one version of Unicode, pinned in PROTOCOL.md. Those
//! of the compiler and of crates change with their releases, and then two nodes would fold one log differently.

#[cfg(feature = "canary")]
pub mod later;
mod looks;
mod normal;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

pub use looks::{is_stroke, looks_of};
pub use normal::{is_blank, is_control, is_invisible, is_normal, normalise, trimmed};

/// Made from the Unicode Character Database by `vectors/unicode/make.py`.
const SOURCE: &str = include_str!("../../../vectors/unicode/tables.txt");

/// The version of Unicode.
pub const VERSION: (u8, u8, u8) = (15, 0, 0);

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::read(SOURCE));

/// Ranges and pairs, ascending, as the file has them.
#[derive(Default)]
struct Tables {
    assigned: Vec<(u32, u32)>,
    alphabetic: Vec<(u32, u32)>,
    numbers: Vec<(u32, u32)>,
    lower: Vec<(u32, u32)>,
    upper: Vec<(u32, u32)>,
    marks: Vec<u32>,
    /// The letters and digits that a character is taken for, where they are not itself.
    looks: BTreeMap<u32, String>,
}

impl Tables {
    /// Lines of other kinds are for other languages, which have no normal form at hand.
    fn read(source: &str) -> Self {
        let mut tables = Self::default();
        for line in source.lines() {
            let Some((kind, fields)) = line.split_once(' ') else {
                continue;
            };
            let into = match kind {
                "assigned" => &mut tables.assigned,
                "alphabetic" => &mut tables.alphabetic,
                "number" => &mut tables.numbers,
                "lower" => &mut tables.lower,
                "upper" => &mut tables.upper,
                "combining" => {
                    tables.marks.extend(first_of(fields));
                    continue;
                }
                "looks" => {
                    let read = fields.split(' ').skip(1);
                    let read = read.filter_map(number).filter_map(char::from_u32);
                    let entry = first_of(fields).map(|point| (point, read.collect()));
                    tables.looks.extend(entry);
                    continue;
                }
                _ => continue,
            };
            let ends = fields.split_once("..").or_else(|| fields.split_once(' '));
            into.extend(ends.and_then(|(a, b)| number(a).zip(number(b))));
        }
        tables
    }
}

fn number(field: &str) -> Option<u32> {
    u32::from_str_radix(field, 16).ok()
}

fn first_of(fields: &str) -> Option<u32> {
    fields.split(' ').next().and_then(number)
}

fn has(ranges: &[(u32, u32)], c: char) -> bool {
    let at = ranges.partition_point(|(first, _)| *first <= u32::from(c));
    let range = at.checked_sub(1).and_then(|at| ranges.get(at));
    range.is_some_and(|(_, last)| u32::from(c) <= *last)
}

/// Whether Unicode has assigned a character here. What it has not can mean anything in a later version.
#[must_use]
pub fn is_assigned(c: char) -> bool {
    c.is_ascii() || has(&TABLES.assigned, c) || is_assigned_later(c)
}

#[cfg(not(feature = "canary"))]
const fn is_assigned_later(_: char) -> bool {
    false
}

#[cfg(feature = "canary")]
use later::is_assigned as is_assigned_later;

/// Whether it is Alphabetic or a number: Nd, Nl or No.
#[must_use]
pub fn is_letter_or_digit(c: char) -> bool {
    has(&TABLES.alphabetic, c) || has(&TABLES.numbers, c)
}

/// The simple lower case: one character for one, whatever stands beside it.
#[must_use]
pub fn lower(c: char) -> char {
    paired(&TABLES.lower, c)
}

/// The simple upper case: one character for one as well.
#[must_use]
pub fn upper(c: char) -> char {
    paired(&TABLES.upper, c)
}

fn paired(pairs: &[(u32, u32)], c: char) -> char {
    let at = pairs.binary_search_by_key(&u32::from(c), |(from, _)| *from);
    let to = at.ok().and_then(|at| pairs.get(at));
    to.and_then(|(_, to)| char::from_u32(*to)).unwrap_or(c)
}

/// Letters and digits in lower case: other blanks, capitals or punctuation do not make other words.
#[must_use]
pub fn letters_of(text: &str) -> String {
    let letters = text.chars().filter(|c| is_letter_or_digit(*c));
    letters.map(lower).collect()
}

/// NFC of assigned characters, which no version of Unicode changes. Whoever calls this has dropped or
/// refused all others: in a later version they may combine with their neighbours.
#[must_use]
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_of_the_pinned_version() {
        let (major, minor, update) = VERSION;
        let first = SOURCE.lines().next();
        let expected = format!("version {major}.{minor}.{update}");
        assert_eq!(first, Some(expected.as_str()));
        assert!(
            TABLES
                .assigned
                .is_sorted_by(|before, after| before.1 < after.0)
        );
        assert!(TABLES.lower.is_sorted() && TABLES.upper.is_sorted());
        assert!(TABLES.marks.is_sorted());
        let sizes = [&TABLES.assigned, &TABLES.alphabetic, &TABLES.numbers];
        assert_eq!(sizes.map(Vec::len), [707, 732, 137]);
        assert_eq!([TABLES.lower.len(), TABLES.upper.len()], [1433, 1450]);
        assert_eq!([TABLES.marks.len(), TABLES.looks.len()], [922, 6455]);
        let assigned = ('\0'..=char::MAX).filter(|c| is_assigned(*c)).count();
        assert_eq!(
            assigned,
            149_186 + 65 + 137_468,
            "graphic, control, private"
        );
    }

    /// Its NFC of what we let through is ours as long as it knows at least our version.
    #[test]
    fn the_crate_that_normalises_is_not_older_than_the_tables() {
        assert!(unicode_normalization::UNICODE_VERSION >= VERSION);
    }

    #[test]
    fn what_a_later_version_assigns_is_not_assigned() {
        // Unicode 15.1, 16 and 17: an ideograph, a letter that decomposes, a mark that reorders.
        for c in ['\u{2EBF0}', '\u{105C9}', '\u{0897}', '\u{1ACF}', '\u{0378}'] {
            assert!(!is_assigned(c), "{c:?}");
        }
        for c in [
            'a',
            '\0',
            '\u{E000}',
            '\u{4E00}',
            '\u{AC01}',
            '\u{1FAE8}',
            '\u{10FFFD}',
        ] {
            assert!(is_assigned(c), "{c:?}");
        }
    }

    #[test]
    fn words_are_compared_by_letters_and_digits_in_simple_lower_case() {
        assert_eq!(letters_of("Ferry, no. 7½!"), "ferryno7½");
        assert_eq!(letters_of("ΣΑΣ"), "σασ", "no final sigma");
        assert_eq!(letters_of("\u{130}\u{1E9E}"), "i\u{df}");
        assert_eq!(letters_of("!? -"), "");
    }

    #[test]
    fn nfc_composes() {
        assert_eq!(nfc("e\u{301}\u{1112}\u{1161}\u{11AB}"), "\u{e9}\u{d55c}");
    }
}
