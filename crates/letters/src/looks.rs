//! What a text is taken for by whoever looks at it and does not mind capitals, marks, blanks or punctuation.
//! Never shown: it tells whether two texts look the same.

use std::{collections::BTreeSet, ops::RangeInclusive};

use unicode_normalization::UnicodeNormalization as _;

use crate::{TABLES, is_letter_or_digit, lower, upper};

/// Each of these letters and digits a text may be taken for, the first one as it is written; none where
/// there is nothing in it that looks like a letter or digit. Two texts that share one look the same.
///
/// After UTS 39, section 4. One form is not enough. Capitals look like other letters than the small ones
/// do: a Greek capital nu like N and a small one like v. So a text is taken as it is, in small letters and
/// in capitals. And a bar that stands for an l in a word means nothing beside it. So each is taken with
/// signs that look like letters and without them.
#[must_use]
pub fn looks_of(text: &str) -> Vec<String> {
    let cases: [fn(char) -> char; 3] = [|c| c, lower, upper];
    // ASCII is taken for the same in either case, and is most of what is ever looked at.
    let different = if text.is_ascii() { 1 } else { cases.len() };
    let mut known = BTreeSet::new();
    let forms = cases.into_iter().take(different).flat_map(|case| {
        [false, true].map(|signs| {
            let read = text.nfd().filter(move |c| signs || is_letter_or_digit(*c));
            read.map(case).fold(String::new(), look)
        })
    });
    forms
        .filter(|form| !form.is_empty() && known.insert(form.clone()))
        .collect()
}

/// Scripts without capitals in which a letter that looks like an l is a letter of living words: Hebrew, Arabic
/// and their neighbours, the syllabics of Canada, and the forms of Hebrew and Arabic letters.
const STROKES_ARE_LETTERS: [RangeInclusive<char>; 3] = [
    '\u{590}'..='\u{8FF}',
    '\u{1400}'..='\u{167F}',
    '\u{FB1D}'..='\u{FEFC}',
];

/// What is taken for nothing but l: a stroke in a word, and not noticed beside it. Signs, and letters or
/// digits that are neither ASCII, nor have capitals or are capitals, nor belong to those scripts: the clicks
/// U+01C0 and U+01C1, a raised digit one, a rune.
#[must_use]
pub fn is_stroke(c: char) -> bool {
    let read = TABLES.looks.get(&u32::from(c));
    let is_all_l = |read: &String| !read.is_empty() && read.bytes().all(|letter| letter == b'l');
    let has_case = lower(c) != c || upper(c) != c;
    let in_words = c.is_ascii() || has_case || STROKES_ARE_LETTERS.iter().any(|s| s.contains(&c));
    read.is_some_and(is_all_l) && !(is_letter_or_digit(c) && in_words)
}

/// Adds what a character is taken for. Other case may have brought marks with it.
fn look(mut form: String, c: char) -> String {
    for part in std::iter::once(c).nfd().filter(|c| !is_mark(*c)) {
        match TABLES.looks.get(&u32::from(part)) {
            Some(read) => form.push_str(read),
            None if is_letter_or_digit(part) => form.push(part),
            None => {}
        }
    }
    form
}

fn is_mark(c: char) -> bool {
    TABLES.marks.binary_search(&u32::from(c)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{is_stroke, look, looks_of};
    use crate::{lower, upper};

    fn look_the_same(one: &str, other: &str) -> bool {
        let (one, other) = (looks_of(one), looks_of(other));
        one.iter().any(|form| other.contains(form))
    }

    #[test]
    fn what_a_reader_takes_for_the_same_is_the_same() {
        let plain = "No toll on the bridge in 2010.";
        for other in [
            "no toll, on the BRIDGE in 2010!",
            "N\u{43E} t\u{43E}ll on the bridge in 2010.",
            "\u{39D}O TOLL ON THE BRIDGE IN 2010",
            "No toll on the bridg\u{435} in 2O1O.",
            "No to|| on the br1dge ln 20l0.",
            "No toll | on the bridge in 2010.",
            "\u{FF2E}o toll on the bridge in \u{FF12}\u{FF10}\u{FF11}\u{FF10}.",
            "\u{1D5AD}o toll on the bridge in \u{1D7D0}010.",
            "N\u{F3} toll o\u{300}n the bridge in 2010.",
            "Notollonthebridge in 2010",
        ] {
            assert!(look_the_same(plain, other), "{other}");
        }
        assert!(look_the_same("A farm.", "A farrn."));
        assert!(look_the_same("fi\u{FB01}", "\u{FB01}fi"), "ligatures");
    }

    #[test]
    fn other_capitals_are_the_same_in_every_script_and_with_letters_of_another() {
        let greek = ["\u{3BD}\u{3B1}\u{3B9}", "\u{39D}\u{391}\u{399}"];
        let cyrillic = ["\u{43D}\u{435}\u{442}", "\u{41D}\u{415}\u{422}"];
        for [small, capitals] in [greek, cyrillic] {
            assert!(look_the_same(small, capitals));
        }
        assert!(look_the_same(cyrillic[0], "HET"));
        assert!(look_the_same(greek[0], "NAI"));
        assert!(look_the_same("\u{3BD}ote", "vote"));
        let with_greek_gamma = "\u{393}\u{41E}\u{414}";
        assert!(look_the_same(with_greek_gamma, "\u{433}\u{43E}\u{434}"));
    }

    #[test]
    fn ascii_is_taken_for_the_same_in_either_case() {
        for c in '\0'..='\u{7F}' {
            let of = |c: char| look(String::new(), c);
            assert_eq!((of(lower(c)), of(upper(c))), (of(c), of(c)), "{c:?}");
        }
    }

    #[test]
    fn other_letters_and_digits_are_other_words() {
        let pairs = [
            ("Plan B", "Plan C"),
            ("a toll of 3", "a toll of 7"),
            ("10", "100"),
            ("not", "hot"),
            ("cat", "oat"),
            ("yes", "res"),
        ];
        for (one, other) in pairs {
            assert!(!look_the_same(one, other), "{one}, {other}");
        }
        assert!(looks_of("?! -").is_empty());
        assert_eq!(looks_of("One bridge."), ["onebrldge"]);
        assert_eq!(looks_of("||"), ["ll"]);
    }

    #[test]
    fn a_stroke_is_what_could_be_read_as_an_l_and_be_overlooked() {
        let signs = "|\u{5C0}\u{2016}\u{2223}\u{2225}\u{23FD}\u{FFE8}";
        let letters = "\u{1C0}\u{1C1}\u{16C1}\u{2D4F}\u{107B6}\u{107B7}\u{A4F2}\u{10309}";
        let digits = "\u{B9}\u{2081}\u{2474}\u{2488}\u{215F}";
        for stroke in [signs, letters, digits].concat().chars() {
            assert!(is_stroke(stroke), "{stroke:?}");
        }
        let words = "lIiL1!/-\u{20AC}%\u{1C3}\u{142}\u{131}\u{3B9}\u{456}\u{4CF}\u{2160}\u{2170}";
        let other_scripts = "\u{5D5}\u{5DF}\u{627}\u{661}\u{6F1}\u{FE8D}\u{14AA}";
        for letter in [words, other_scripts].concat().chars() {
            assert!(!is_stroke(letter), "{letter:?}");
        }
    }
}
