//! The pages of a day on which something went wrong: the relay fails, somebody who left reads along, a text came back.

use std::sync::Arc;

use browser::{Browser, Window};
use node::pages::{
    Hours, Pages, PagesConfig,
    view::{Page, Room, Shown, Table},
};
use participant::view::{PlaceView, ReturnedView, RoundPhase, RoundView, View};
use room::{RoundId, SeatId};
use tokio::sync::watch;
use wire::{Fingerprint, RelayAddress, Timestamp};

use crate::{ballot_states, large_table::Nobody, round_states};

const OWN_TEXT: &str = "One sentence, from somebody whose name we know.";

/// A page, and what it must say.
struct State {
    name: &'static str,
    path: &'static str,
    shown: Shown,
    says: &'static [&'static str],
}

fn relay(host: &str) -> RelayAddress {
    RelayAddress {
        host: host.to_owned(),
        port: 4433,
        fingerprint: Fingerprint::new([1; 32]),
    }
}

/// What the seat of this number is shown.
fn seen(own: u32, change: impl FnOnce(&mut View)) -> Shown {
    let mut room = round_states::room();
    room.own_seat = SeatId(own);
    let mut shown = (*ballot_states::shown(&room)).clone();
    let mut view = (*shown.view).clone();
    view.relay = Some(relay("relay.arvane.example"));
    change(&mut view);
    shown.view = Arc::new(view);
    shown
}

/// The convenor's page of the relay.
fn of_relay(
    name: &'static str,
    path: &'static str,
    (announced, wanted, live): (bool, bool, bool),
    says: &'static [&'static str],
) -> State {
    let shown = seen(0, |view| {
        view.place = Some(PlaceView {
            relay: relay("relay.north.example"),
            announced,
            wanted,
        });
        if let Some(room) = &mut view.plenary {
            room.live = live;
        }
    });
    State {
        name,
        path,
        shown,
        says,
    }
}

fn relays() -> Vec<State> {
    vec![
        State {
            name: "relay-none-named",
            path: "/relay",
            shown: seen(0, |view| view.clock_apart_ms = 420_000),
            says: &[
                "No other relay is named.",
                "7 minutes",
                "Name another relay",
            ],
        },
        of_relay(
            "relay-named",
            "/relay",
            (true, false, true),
            &["relay.north.example:4433", "all programs look there"],
        ),
        of_relay(
            "relay-silent",
            "/relay",
            (true, false, false),
            &[
                "Nothing comes from it at the moment",
                "Move the dialogue to",
            ],
        ),
        of_relay(
            "relay-sure",
            "/relay/sure",
            (true, false, false),
            &[
                "would part you from them",
                "The caucuses of the sides do not move",
            ],
        ),
        of_relay(
            "relay-moving",
            "/relay",
            (true, true, false),
            &["on its way to", "for ten minutes"],
        ),
    ]
}

/// A room with something on its mind.
fn table(own: u32, change: impl FnOnce(&mut Table)) -> Shown {
    let mut shown = seen(own, |_| {});
    if let Page::Table(table) = &mut shown.page {
        change(table);
    }
    shown
}

fn rooms() -> Vec<State> {
    let mut caucus = table(1, |table| {
        table.room = Room::Caucus(0);
        table.seats.retain(|seat| !seat.number.is_multiple_of(2));
        table.gone = vec!["Person Number 7".to_owned()];
    });
    if let Page::Table(table) = &caucus.page {
        caucus.caucus = Some((**table).clone());
    }
    let moved = |table: &mut Table| {
        table.moved = Some(("Person Number 0".to_owned(), Timestamp::from_ms(now_ms())));
    };
    let returned = |view: &mut View| {
        view.returned = vec![ReturnedView {
            number: 3,
            round: Some(RoundId([1; 16])),
            text: OWN_TEXT.to_owned(),
        }];
    };
    vec![
        State {
            name: "caucus-gone-still-sits",
            path: "/caucus",
            shown: caucus,
            says: &[
                "Person Number 7",
                "has left the dialogue and can still read",
            ],
        },
        State {
            name: "table-moved",
            path: "/table",
            shown: table(1, moved),
            says: &["This dialogue goes through another relay now."],
        },
        State {
            name: "round-drop",
            path: "/round/drop?text=3",
            shown: seen(1, returned),
            says: &["Throw this text away?", OWN_TEXT, "Keep it"],
        },
        State {
            name: "settings-clock",
            path: "/settings",
            shown: seen(0, |view| view.clock_apart_ms = -32_400_000),
            says: &["Its clock is", "9 hours", "If this relay fails"],
        },
    ]
}

/// The page of the words: with the widest there are, and while somebody has not arrived.
fn words() -> Vec<State> {
    vec![
        State {
            name: "words-widest",
            path: "/words",
            shown: seen(1, |view| {
                if let Some(room) = &mut view.plenary {
                    let words = [
                        "mushroom", "movement", "swimming", "mammal", "wisdom", "common",
                    ];
                    room.table_words = words.map(String::from).into();
                    room.word_lines = vec![room.table_words.clone(); 3];
                    room.words_confirmed = false;
                }
            }),
            says: &["Which six words do you hear?", "mushroom"],
        },
        State {
            name: "words-awaited",
            path: "/words",
            shown: seen(0, |view| {
                if let Some(room) = &mut view.plenary {
                    room.awaited = vec![SeatId(2)];
                }
            }),
            says: &[
                "The words wait for somebody who is not here yet",
                "remove the seat first",
            ],
        },
    ]
}

/// Somebody shut the room for everybody else.
fn shut() -> Vec<State> {
    let since = Some(now_ms() - 180_000);
    let of_round = |name, own, round: RoundView, says| State {
        name,
        path: "/round",
        shown: seen(own, |view| {
            if let Some(room) = &mut view.plenary {
                room.round = Some(RoundView {
                    shut_since_ms: since,
                    ..round
                });
            }
        }),
        says,
    };
    let awaited = RoundView {
        phase_ends_ms: Some(now_ms() - 60_000),
        ..round_states::round(RoundPhase::Opening { run: 1 }, &[4])
    };
    let written = RoundView {
        draft: Some(OWN_TEXT.to_owned()),
        ..round_states::round(RoundPhase::Writing, &[])
    };
    let empty = RoundView {
        draft: None,
        ..round_states::round(RoundPhase::Writing, &[])
    };
    vec![
        State {
            name: "table-shut",
            path: "/table",
            shown: table(1, |table| {
                table.shut_since = since.map(Timestamp::from_ms);
            }),
            says: &["telephone the convenor"],
        },
        of_round("round-shut-awaited", 1, awaited, &["no time runs out"]),
        of_round("round-shut-convenor", 0, written, &["if that is you"]),
        of_round("round-shut-writing", 1, empty, &["nothing is lost"]),
    ]
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap().as_millis()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn when_something_went_wrong_a_page_says_what_to_do() {
    let (show, showing) = watch::channel(Arc::new(seen(0, |_| {})));
    let (config, hours) = (PagesConfig::default(), Hours::universal());
    let pages = Pages::start(config, showing, hours, Arc::new(Nobody))
        .await
        .unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&pages.launch_url().unwrap());
    let address = browser.run("return location.origin");
    let axe = round_states::axe();
    for state in [relays(), rooms(), words(), shut()].into_iter().flatten() {
        show.send_replace(Arc::new(state.shown));
        browser.go(&format!("{}{}", address.as_str().unwrap(), state.path));
        for says in state.says {
            browser.reads(says);
        }
        round_states::examine(&browser, &axe, state.name);
    }
    pages.stop().await;
}
