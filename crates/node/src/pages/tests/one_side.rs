//! Whose answer it is where one side alone was asked, and which of two Rounds with one id brought it.

use std::sync::Arc;

use participant::view::{Opening, RoundView};
use round::Ballot;

use super::{
    ballots::{ballot, ground, opening, room, shown},
    table::with_pen,
};
use crate::pages::{
    ballot_review, ballot_show, brought::brought, fields::Fields, result_show, round_collect,
    round_draft, rounds_show,
};

/// A convenor may ask one side alone: nobody takes its answer for the room's, neither before nor afterwards.
#[test]
fn a_ballot_of_one_side_says_whose_it_is_where_one_answers_and_where_its_result_stands() {
    let asked = RoundView {
        each_side: false,
        one_side: Some("Oskerry".to_owned()),
        ..ballot(&[Ballot::Agree])
    };
    let plain = |page: String| page.replace(['\u{2068}', '\u{2069}'], "");
    let said =
        "Only Oskerry is asked here. What comes of it is the answer of Oskerry, not of the room.";
    let pages = with_pen(|pen| {
        let one = ballot_show::sheet(pen, &asked, 0, false, None)
            .unwrap()
            .main;
        [one, ballot_review::sheet(pen, &asked).main].map(maud::Markup::into_string)
    });
    for page in pages.map(plain) {
        assert!(page.contains(said), "{page}");
    }
    let mut room = room([6, 6], 1);
    let ended = opening(1, Some(1), &["A ferry."], &[[5, 1, 0, 0]]);
    room.results = vec![Arc::new(Opening {
        one_side: Some("Oskerry".to_owned()),
        ..Opening::clone(&ended)
    })];
    let page = plain(ground(&room));
    let said = "Only Oskerry was asked. This is the answer of Oskerry, not of the room.";
    assert!(page.contains(said), "{page}");
    room.results = vec![ended];
    assert!(!plain(ground(&room)).contains("was asked"));
}

/// The pages of texts and the list of Rounds say it as well.
#[test]
fn every_other_page_of_a_round_of_one_side_says_whose_it_is() {
    let one_side = Some("Oskerry".to_owned());
    let asked = RoundView {
        one_side: one_side.clone(),
        statements: Vec::new(),
        ..ballot(&[])
    };
    let mut room = room([6, 6], 1);
    room.results = vec![Arc::new(Opening {
        one_side,
        statements: vec!["A ferry.".to_owned()],
        asked: Vec::new(),
        ..Opening::clone(&opening(1, Some(1), &[], &[]))
    })];
    let shown = shown(room.clone());
    let pages = with_pen(|pen| {
        let typed = Fields::default();
        [
            round_draft::sheet(pen, &shown, &asked, &typed, None).main,
            round_collect::standing(pen, &room, &asked),
            result_show::sheet(pen, &room, &room.results[0]).main,
            rounds_show::live(pen, &shown),
        ]
        .map(maud::Markup::into_string)
    });
    for (page, verb) in pages
        .iter()
        .zip(["is asked", "is asked", "was asked", "was asked"])
    {
        let page = page.replace(['\u{2068}', '\u{2069}'], "");
        assert!(page.contains(&format!("Only Oskerry {verb}")), "{page}");
    }
}

/// An id can be given again once enough Rounds have ended: what came of it before is another result.
#[test]
fn results_under_one_id_that_was_given_twice_stay_apart() {
    let mut room = room([6, 6], 1);
    let first = opening(1, None, &["A ferry."], &[[9, 1, 0, 0]]);
    let again = Arc::new(Opening {
        held: [2; 32],
        ..Opening::clone(&opening(1, None, &["A tunnel."], &[[1, 9, 0, 0]]))
    });
    room.results = vec![first, again];
    assert_eq!(brought(&room).len(), 2);
    room.round = Some(RoundView {
        held: Some([3; 32]),
        ..ballot(&[])
    });
    assert_eq!(brought(&room).len(), 2, "nothing of the open one is there");
    room.round = Some(RoundView {
        held: Some([2; 32]),
        ..ballot(&[])
    });
    assert_eq!(brought(&room).len(), 1);
}
