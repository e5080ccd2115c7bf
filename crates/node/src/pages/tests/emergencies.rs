//! What a page says and offers when something is not as it should be: the relay, the caucus, a text that came back.

use std::sync::Arc;

use participant::view::{FailedView, MovedView, PlaceView, ReturnedView, View};
use room::{FailedWhy, RoundId, SeatId};
use wire::{Fingerprint, RelayAddress};

use super::{
    ballots::{room, sends, shown},
    house::House,
    table::{shows, table, with_pen, written},
};
use crate::driver::Mirror;
use crate::pages::{relay_show, round_over, view::*};

const ROUND: RoundId = RoundId([1; 16]);

fn relay(number: u8) -> RelayAddress {
    RelayAddress {
        host: format!("192.0.2.{number}"),
        port: 4433,
        fingerprint: Fingerprint::new([number; 32]),
    }
}

/// What the reader with this seat is shown, with a view that was changed.
fn seen(own: u32, change: impl FnOnce(&mut View)) -> Shown {
    let mut shown = shown(room([6, 6], own));
    let mut view = (*shown.view).clone();
    view.relay = Some(relay(1));
    change(&mut view);
    shown.view = Arc::new(view);
    shown
}

fn place(on: u8, announced: bool, wanted: bool) -> Option<PlaceView> {
    Some(PlaceView {
        relay: relay(on),
        announced,
        wanted,
    })
}

async fn asks(house: &House, path: &str) -> String {
    let (host, cookie) = house.enter().await;
    let headers = [("Host", host.as_str()), ("Cookie", &cookie)];
    let answer = house.ask(path, &headers).await;
    answer.replace(['\u{2068}', '\u{2069}'], "")
}

#[tokio::test]
async fn a_relays_clock_that_is_two_minutes_off_is_told_where_the_relay_is_shown() {
    let house = House::open().await;
    for (apart, told) in [
        (120_000, None),
        (-119_000, None),
        (
            121_000,
            Some("Its clock is 2 minutes ahead of the clock of this computer."),
        ),
        (
            -3_600_000,
            Some("Its clock is 60 minutes behind the clock of this computer."),
        ),
        (
            32_400_000,
            Some("Its clock is 9 hours ahead of the clock of this computer."),
        ),
    ] {
        house
            .show
            .send_replace(Arc::new(seen(1, |view| view.clock_apart_ms = apart)));
        let page = asks(&house, "/settings").await;
        assert_eq!(page.contains("Its clock is"), told.is_some(), "{apart}");
        assert!(
            told.is_none_or(|told| page.contains(told)),
            "{apart}: {page}"
        );
    }
}

#[test]
fn who_left_and_still_reads_a_caucus_is_told_there_and_nowhere_else() {
    let mut caucus = table();
    caucus.room = Room::Caucus(0);
    caucus.gone = vec!["Hanne Osk".to_owned()];
    let page = written(&shows(caucus)).replace(['\u{2068}', '\u{2069}'], "");
    assert!(page.contains("Hanne Osk has left the dialogue and can still read in this caucus"));
    assert!(page.contains(
        "waits on this computer until somebody’s program on your side has taken them out"
    ));
    assert!(!page.contains("What you must know"), "it is no alarm");
    assert!(!written(&shows(table())).contains("has left the dialogue"));
}

fn came_back(view: &mut View) {
    view.returned = vec![ReturnedView {
        number: 7,
        round: Some(ROUND),
        text: "A <b>bold</b> word.".to_owned(),
    }];
}

#[tokio::test]
async fn a_text_that_came_back_is_thrown_away_after_a_question_and_with_the_token() {
    let house = House::open().await;
    let failed = FailedView {
        round: ROUND,
        why: FailedWhy::BelowFloor,
        ended_ms: 0,
        opening_roster: 6,
        final_roster: 4,
        absent: vec![SeatId(2)],
        disruptors: Vec::new(),
    };
    house.show.send_replace(Arc::new(seen(1, |view| {
        came_back(view);
        if let Some(room) = &mut view.plenary {
            room.failed = Some(failed);
        }
    })));
    let page = asks(&house, "/round").await;
    assert!(page.contains("A &lt;b&gt;bold&lt;/b&gt; word."), "{page}");
    assert!(page.contains("href=\"/round/drop?text=7\""), "{page}");
    let sure = asks(&house, "/round/drop?text=7").await;
    for part in [
        "Throw this text away?",
        "A &lt;b&gt;bold&lt;/b&gt; word.",
        "action=\"/round/throw-away\" method=\"post\"",
        "name=\"text\" value=\"7\"",
        "Keep it",
    ] {
        assert!(sure.contains(part), "{part}: {sure}");
    }
    let other = asks(&house, "/round/drop?text=8").await;
    assert!(other.starts_with("HTTP/1.1 303"), "{other}");
    assert_eq!(
        house.desk.wishes(),
        [""; 0],
        "nothing is thrown away by a link"
    );
    let (host, cookie) = house.enter().await;
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &origin),
    ];
    let answer = house.submit("/round/throw-away", &headers, "text=7").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let answer = sends(&house, "/round/throw-away", &[("text", "7")]).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert_eq!(house.desk.wishes(), ["ThrowAway { text: 7 }"]);
}

#[tokio::test]
async fn a_convenor_names_another_relay_and_is_told_what_is_lost_without_one() {
    let house = House::open().await;
    house.show.send_replace(Arc::new(seen(1, |_| {})));
    for path in ["/relay", "/relay/sure"] {
        let answer = asks(&house, path).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "no convenor: {answer}");
    }
    assert!(!asks(&house, "/settings").await.contains("href=\"/relay\""));
    house.show.send_replace(Arc::new(seen(0, |_| {})));
    assert!(asks(&house, "/settings").await.contains("href=\"/relay\""));
    let page = asks(&house, "/relay").await;
    for part in [
        "192.0.2.1:4433",
        "No other relay is named.",
        "Name this relay",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for (form, why) in [
        (
            [("address", "nonsense"), ("secret", "s")],
            "This is no relay’s address.",
        ),
        (
            [("address", &relay(2).to_string()), ("secret", "s")],
            "This is no creation secret.",
        ),
    ] {
        let answer = sends(&house, "/relay/announce", &form).await;
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        assert!(
            answer.contains(why) && answer.contains(form[0].1),
            "{answer}"
        );
    }
    assert_eq!(house.desk.wishes(), [""; 0]);
    let secret = wire::CreationSecret::new([3; 32]).to_text();
    let address = relay(2).to_string();
    house
        .show
        .send_replace(Arc::new(seen(0, |view| view.place = place(2, true, false))));
    let form = [("address", address.as_str()), ("secret", &secret)];
    let answer = sends(&house, "/relay/announce", &form).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(house.desk.wishes()[0].starts_with("AnnouncePlace"));
}

#[tokio::test]
async fn a_convenor_moves_the_dialogue_where_all_know_the_way_and_only_after_a_question() {
    let house = House::open().await;
    let show = |place: Option<PlaceView>, live: bool| {
        house.show.send_replace(Arc::new(seen(0, |view| {
            view.place = place;
            if let Some(room) = &mut view.plenary {
                room.live = live;
            }
        })));
    };
    show(place(2, false, false), true);
    assert!(
        asks(&house, "/relay")
            .await
            .contains("not yet known to all")
    );
    let sure = asks(&house, "/relay/sure").await;
    assert!(sure.starts_with("HTTP/1.1 303"), "{sure}");
    show(place(1, true, false), true);
    let page = asks(&house, "/relay").await;
    assert!(page.contains("No other relay is named.") && page.contains("Move to the fresh place"));
    show(place(2, true, false), false);
    let page = asks(&house, "/relay").await;
    for part in [
        "Nothing comes from it at the moment.",
        "Move the dialogue to 192.0.2.2:4433",
        "no other one can be named",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("action=\"/relay/announce\""), "{page}");
    let sure = asks(&house, "/relay/sure").await;
    for part in [
        "would part you from them",
        "The caucuses of the sides do not move",
    ] {
        assert!(sure.contains(part), "{part}: {sure}");
    }
    assert_eq!(house.desk.wishes(), [""; 0], "not by a link");
    let answer = sends(&house, "/relay/lead", &[]).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert_eq!(house.desk.wishes(), ["MoveRoom"]);
    show(place(2, true, true), false);
    let page = asks(&house, "/relay").await;
    assert!(page.contains("on its way to 192.0.2.2:4433") && page.contains("ten minutes"));
}

/// For a day; then nobody needs to know.
#[test]
fn everybody_reads_at_the_table_that_the_dialogue_goes_through_another_relay_now() {
    let now = with_pen(|pen| pen.now.ms());
    let page = |at_ms| {
        let shown = seen(3, |view| {
            let by = SeatId(0);
            view.moved = Some(MovedView { by, at_ms });
        });
        let (page, _) = Mirror::default().rooms(&shown.view);
        let shown = Shown { page, ..shown };
        written(&shown).replace(['\u{2068}', '\u{2069}'], "")
    };
    let told = "This dialogue goes through another relay now. Person Number 0 moved it";
    assert!(page(now - 60_000).contains(told));
    assert!(!page(now - 25 * 3_600_000).contains(told));
}

#[test]
fn two_with_one_name_are_told_apart_by_their_sides() {
    let mut room = room([6, 6], 1);
    for seat in &mut room.seats {
        seat.name = "Ada".to_owned();
    }
    let failed = FailedView {
        round: ROUND,
        why: FailedWhy::BelowFloor,
        ended_ms: 0,
        opening_roster: 12,
        final_roster: 9,
        absent: vec![SeatId(2), SeatId(8)],
        disruptors: vec![SeatId(9)],
    };
    room.failed = Some(failed);
    let page = |room: &participant::view::RoomView| {
        let page = with_pen(|pen| round_over::over(pen, &Shown::default(), room).into_string());
        page.replace(['\u{2068}', '\u{2069}'], "")
    };
    let written = page(&room);
    assert!(
        written.contains("The program of Ada (Oskerry) sent"),
        "{written}"
    );
    assert!(
        written.contains("Ada (Arvane)") && !written.contains("This computer"),
        "{written}"
    );
    if let Some(failed) = &mut room.failed {
        failed.absent = vec![SeatId(1)];
    }
    assert!(page(&room).contains("This computer did not answer in time."));
}

#[test]
fn nothing_is_offered_where_the_view_is_empty() {
    let page = with_pen(|pen| relay_show::live(pen, &Shown::default()).into_string());
    assert_eq!(page, "");
}

#[tokio::test]
async fn while_somebody_has_not_arrived_nobody_reads_the_words() {
    let house = House::open().await;
    let awaits = |own: u32, awaited: Vec<SeatId>| {
        seen(own, |view| {
            let room = view.plenary.as_mut().unwrap();
            room.awaited = awaited;
            room.table_words = ["one", "two", "six", "ten", "add", "ask"]
                .map(String::from)
                .into();
            room.word_lines = vec![room.table_words.clone()];
        })
    };
    for own in [0, 1] {
        house
            .show
            .send_replace(Arc::new(awaits(own, vec![SeatId(2)])));
        let page = asks(&house, "/words").await;
        assert!(
            page.contains("The words wait for somebody who is not here yet"),
            "{page}"
        );
        assert!(
            !page.contains("<span>six</span>") && !page.contains(">six</li>"),
            "{page}"
        );
        let told = page.contains("remove the seat first");
        assert_eq!(told, own == 0, "only the convenor removes");
    }
    house
        .show
        .send_replace(Arc::new(awaits(2, vec![SeatId(2)])));
    assert!(
        asks(&house, "/words")
            .await
            .contains("Your program is just arriving")
    );
    house.show.send_replace(Arc::new(awaits(1, Vec::new())));
    assert!(asks(&house, "/words").await.contains(">six</li>"));
}
