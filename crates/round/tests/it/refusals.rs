//! What is refused says why.

use std::collections::BTreeSet;

use round::{BadState, BadTerms, CannotJoin, InvalidBytes, NoSuchSequence, TooLong};

#[test]
fn every_refusal_has_words_of_its_own() {
    let too_long = TooLong {
        bytes: 2000,
        limit: 996,
    };
    let all = [
        BadState.to_string(),
        BadTerms::Members.to_string(),
        BadTerms::Member.to_string(),
        BadTerms::Lanes.to_string(),
        BadTerms::SlotBytes.to_string(),
        BadTerms::VectorBytes.to_string(),
        BadTerms::Phase.to_string(),
        CannotJoin::NotInRoster.to_string(),
        CannotJoin::TooLate.to_string(),
        InvalidBytes.to_string(),
        NoSuchSequence.to_string(),
        too_long.to_string(),
    ];
    assert!(all.iter().all(|words| words.split(' ').count() > 2));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    assert!(too_long.to_string().contains("2000") && too_long.to_string().contains("996"));
}
