//! What a button does is what stood on its page: what came since is for another look. And what a page says of a
//! room that somebody shut for everybody else.

use std::sync::Arc;

use participant::view::{RoomView, RoundPhase, RoundView};
use room::SeatId;
use round::Ballot;
use wire::Timestamp;

use super::{
    ballots::{ballot, room, sends, shown},
    house::House,
    table::{table, with_pen},
};
use crate::pages::{ballot_review, round_collect, round_draft, table_show};

const SHUT: &str = "shut this room for everybody else";

fn text() -> RoundView {
    RoundView {
        statements: Vec::new(),
        draft: Some("One bridge.".to_owned()),
        ..ballot(&[])
    }
}

fn with(round: RoundView, own: u32) -> RoomView {
    let mut room = room([6, 6], own);
    room.round = Some(round);
    room
}

#[tokio::test]
async fn a_button_acts_on_the_round_that_stood_on_its_page() {
    let house = House::open().await;
    let (this, other) = ("01".repeat(32), "02".repeat(32));
    let cases = [
        ("/round/close", with(text(), 0), "EndWindow"),
        ("/round/withdraw", with(text(), 1), "Write"),
        ("/round/give-up", with(text(), 1), "GiveUp"),
        (
            "/ballot/withdraw",
            with(ballot(&[Ballot::Agree]), 1),
            "Cast",
        ),
    ];
    for (path, room, command) in cases {
        house.show.send_replace(Arc::new(shown(room)));
        let before = house.desk.wishes().len();
        for name in ["", other.as_str()] {
            let form = [("sure", "yes"), ("round", name)];
            let answer = sends(&house, path, &form).await;
            assert!(answer.starts_with("HTTP/1.1 422"), "{path}: {answer}");
        }
        assert_eq!(house.desk.wishes().len(), before, "{path}");
        let form = [("sure", "yes"), ("round", this.as_str())];
        let answer = sends(&house, path, &form).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{path}: {answer}");
        let wishes = house.desk.wishes();
        let last = wishes.last().map_or("", String::as_str);
        assert!(last.starts_with(command), "{path}: {last}");
    }
}

#[tokio::test]
async fn words_are_confirmed_for_the_seats_on_the_page() {
    let house = House::open().await;
    let mut room = room([6, 6], 1);
    let words = ["a", "b", "c", "d", "e", "f"].map(str::to_owned).to_vec();
    room.words_confirmed = false;
    room.table_words = words.clone();
    room.word_lines = vec![words.clone()];
    house.show.send_replace(Arc::new(shown(room)));
    let line = words.join(" ");
    let form = [("line", line.as_str()), ("membership", "5")];
    let answer = sends(&house, "/words/confirm", &form).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let wishes = house.desk.wishes();
    assert_eq!(wishes, ["ConfirmWords { membership: 5 }"]);
    let (host, cookie) = house.enter().await;
    let headers = [("Host", host.as_str()), ("Cookie", &cookie)];
    let page = house.ask("/words", &headers).await;
    assert!(page.contains("name=\"membership\" value=\"7\""), "{page}");
}

/// A last message is awaited, and the time for it has gone by.
fn awaited(shut_since_ms: Option<u64>) -> RoundView {
    RoundView {
        phase: RoundPhase::Opening { run: 1 },
        phase_ends_ms: Some(1_000),
        awaited: vec![SeatId(3)],
        shut_since_ms,
        ..text()
    }
}

#[tokio::test]
async fn a_room_that_was_shut_is_told_and_nothing_is_given_up_meanwhile() {
    let since = 1_795_448_600_000;
    let collects = |round: &RoundView| {
        let room = with(round.clone(), 1);
        with_pen(|pen| round_collect::standing(pen, &room, round).into_string())
    };
    let open = collects(&awaited(None));
    assert!(open.contains("/round/give-up") && !open.contains(SHUT));
    let shut = collects(&awaited(Some(since)));
    assert!(shut.contains(SHUT), "{shut}");
    assert!(!shut.contains("/round/give-up"), "{shut}");
    let writing = RoundView {
        shut_since_ms: Some(since),
        ..text()
    };
    let drafting = with_pen(|pen| {
        let shown = shown(with(writing.clone(), 1));
        let typed = crate::pages::fields::Fields::default();
        let sheet = round_draft::sheet(pen, &shown, &writing, &typed, None);
        sheet.main.into_string()
    });
    assert!(drafting.contains(SHUT), "{drafting}");
    let answering = RoundView {
        shut_since_ms: Some(since),
        ..ballot(&[Ballot::Agree])
    };
    let answers = with_pen(|pen| ballot_review::sheet(pen, &answering).main.into_string());
    assert!(answers.contains(SHUT), "{answers}");
    let mut table = table();
    table.shut_since = Some(Timestamp::from_ms(since));
    let banners = with_pen(|pen| table_show::banners(pen, &table).into_string());
    assert!(banners.contains(SHUT), "{banners}");

    let house = House::open().await;
    house
        .show
        .send_replace(Arc::new(shown(with(awaited(Some(since)), 1))));
    let name = "01".repeat(32);
    let form = [("sure", "yes"), ("round", name.as_str())];
    let answer = sends(&house, "/round/give-up", &form).await;
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(answer.contains("nobody’s message is late"), "{answer}");
    assert!(house.desk.wishes().is_empty());
}
