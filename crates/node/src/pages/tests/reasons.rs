//! Why a statement stands in its list is read in the words and seen in the bars.

use super::ballots::{STATEMENTS, ground, opening, room};

/// The page of one statement; of each side agree, disagree, pass, no answer.
fn page(sides: [[u16; 4]; 2]) -> String {
    let seats = sides.map(|tally| u32::from(tally.iter().sum::<u16>()));
    let mut room = room(seats, 1);
    room.results = (0..)
        .zip(sides)
        .map(|(side, tally)| opening(1, Some(side), &STATEMENTS[..1], &[tally]))
        .collect();
    ground(&room)
}

#[test]
fn seats_that_did_not_answer_stand_in_the_words_and_in_the_reason() {
    let short = page([[12, 0, 0, 0], [5, 0, 0, 7]]);
    for said in [
        "One side short.",
        "7 of 12 seats did not answer: it depends on them.",
        "most agree; 5 of 12 answered",
    ] {
        assert!(short.contains(said), "{said}: {short}");
    }
    assert!(!short.contains("A little more of"), "{short}");
    let half = page([[12, 0, 0, 0], [6, 6, 0, 0]]);
    assert!(half.contains("A little more of"), "{half}");
    assert!(!half.contains("12 of 12 answered<"), "{half}");
    let open = page([[5, 0, 0, 7], [5, 0, 0, 7]]);
    let said = "it depends on the seats that did not answer";
    assert!(open.contains(said), "{open}");
}

#[test]
fn opposed_answers_are_never_undecided_under_a_headline_of_peace() {
    let page = page([[5, 0, 0, 7], [0, 5, 0, 7]]);
    for said in [
        "None divides you for certain; one may.",
        "Perhaps opposed.",
        "Of those who answered, most of",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Undecided."), "{page}");
}

#[test]
fn where_all_are_divided_no_bar_is_empty() {
    let page = page([[3, 3, 0, 0], [2, 2, 2, 0]]);
    let bars = page.match_indices("class=\"bar phrase").count();
    assert_eq!(bars, 2, "{page}");
    // Each from both ends, to the half.
    assert_eq!(page.matches("url(#fade-out)").count(), 2, "{page}");
    assert_eq!(page.matches("url(#fade-in)").count(), 2, "{page}");
}
