//! What is told about values: why something is refused, and never a person's words.

use std::collections::BTreeSet;

use room::*;

#[test]
fn every_refusal_has_words_of_its_own() {
    let mut all = vec![
        RefusedText::Empty.to_string(),
        RefusedText::TooLong.to_string(),
        RefusedText::Forbidden('\u{202E}').to_string(),
        SnapshotError::UnknownVersion(9).to_string(),
        SnapshotError::Damaged.to_string(),
        EventError::UnknownVersion(9).to_string(),
        EventError::UnknownKind(9).to_string(),
        EventError::Damaged.to_string(),
        RefusedFounding::NumberOfSides.to_string(),
        RefusedFounding::SameSideTwice.to_string(),
        RefusedFounding::NoSuchSide.to_string(),
        RefusedFounding::WrongFounder.to_string(),
        RefusedFounding::BadSignatureKey.to_string(),
    ];
    assert!(all.iter().all(|words| words.split(' ').count() > 1));
    assert!(all[2].contains("U+202E") && all[3].contains('9') && all[6].contains('9'));
    all.extend(Void::ALL.iter().map(Void::to_string));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn an_identifier_is_told_in_hexadecimal_digits_and_words_are_not_told() {
    assert_eq!(RoundId([0x0a; 16]).to_string(), "0a".repeat(16));
    let debug = format!("RoundId({})", "0a".repeat(16));
    assert_eq!(format!("{:?}", RoundId([0x0a; 16])), debug);
    let text = Text {
        salt: [0x0b; 32],
        text: MessageText::parse("We heard you.").unwrap(),
    };
    assert_eq!(format!("{text:?}"), "Text(..)");
    let commitment = format!("{:?}", text.commitment());
    let digits = commitment.strip_prefix("Commitment(").unwrap();
    let digits = digits.strip_suffix(')').unwrap();
    assert!(digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()));
    assert_eq!(text.text.to_string(), "We heard you.");
    let name = Name::parse("Ada").unwrap();
    assert_eq!(name.to_string(), "Ada");
}
