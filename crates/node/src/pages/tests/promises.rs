//! What pages promise for answers.

use participant::view::{RoundPhase, RoundView};
use round::Ballot;

use super::{
    ballots::{ballot, ground, opening, room},
    table::with_pen,
};
use crate::pages::{ballot_show, round_collect};

/// The page says the number that the rule of rosters keeps, and takes back nothing that it said before.
#[test]
fn pages_of_answers_promise_what_the_rule_of_rosters_keeps() {
    let mut room = room([10, 10], 3);
    let asked = RoundView {
        eligible: 20,
        usual_minimum: 16,
        minimum: Some(12),
        floor: 16,
        guaranteed: 10,
        each_side: false,
        ..ballot(&[Ballot::Agree])
    };
    let plain = |page: maud::Markup| page.into_string().replace(['\u{2068}', '\u{2069}'], "");
    let answering = with_pen(|pen| {
        let sheet = ballot_show::sheet(pen, &asked, 0, false, None);
        plain(sheet.map(|sheet| sheet.main).unwrap_or_default())
    });
    let words = "hidden among 20, at least 12; among at least 10 also if the same is asked again.";
    assert!(answering.contains(words), "{answering}");
    assert!(answering.contains("name=\"promised\" value=\"12\""));
    let always =
        "Your answers are hidden among at least 10 people, also if the same is asked again.";
    let finished = RoundView {
        answers: vec![Ballot::Agree; 3],
        ..asked
    };
    for phase in [RoundPhase::Writing, RoundPhase::Collecting { run: 1 }] {
        let round = RoundView {
            phase,
            ..finished.clone()
        };
        let page = with_pen(|pen| plain(round_collect::standing(pen, &room, &round)));
        assert!(page.contains(always), "{page}");
    }
    room.results = vec![opening(1, None, &["One bridge."], &[[9, 7, 0, 0]])];
    let page = ground(&room);
    let stays =
        "Each answer stays hidden among at least 13 people, also if the same is asked again.";
    assert!(page.contains(stays), "{page}");
}
