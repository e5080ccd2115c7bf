//! `GET /round/ask`: the convenor's question to everybody, and how long people write.
//! Must never offer a floor below the rule's.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::RoomView;

use super::{
    ballot_ask::least,
    fields::Fields,
    kinds::Kind,
    layout::{Pen, Sheet, Way, trouble},
    seats_show, typed,
    view::Shown,
    visit::Visit,
    words::Argument::Number,
};
use crate::unsent::Place;

/// Minutes that people may write.
pub const MINUTES: [u64; 7] = [5, 10, 20, 60, 180, 1440, 4320];

/// Bytes of a text: short, usual, long.
pub const SIZES: [(u32, &str); 3] = [
    (1024, "length-short"),
    (2048, "length-usual"),
    (4096, "length-long"),
];

/// The form, for the convenor.
pub async fn page(visit: Visit) -> Response {
    let usual = Fields::default()
        .with("question", visit.shown.unsent.text(Place::Ask, "question"))
        .with("minutes", "20")
        .with("bytes", "2048");
    match sheet(visit.pen(), &visit.shown, &usual, None) {
        Some(sheet) => sheet.page(visit.pen(), &visit.shown).into_response(),
        None => Redirect::to("/round").into_response(),
    }
}

/// The form, with what was typed; nothing for anybody else, or while a Round is open.
pub fn sheet(
    pen: Pen<'_>,
    shown: &Shown,
    typed: &Fields,
    why: Option<&str>,
) -> Option<Sheet<'static>> {
    let room = shown.view.plenary.as_ref()?;
    if !seats_show::convenes(room) || (room.round.is_some() && why.is_none()) {
        return None;
    }
    let main = html! {
        div.task {
            form.wide action="/round/open" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                div.stack { h1 { (pen.say("ask-head")) } (trouble(why)) }
                div {
                    label for="question" { (pen.say("ask-question")) span.hint { (pen.say("ask-question-hint")) } }
                    textarea #question .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="question" rows="4" maxlength="500" dir="auto" required autofocus {
                        "\n" (typed.text("question"))
                    }
                }
                (typed::kept(pen, Place::Ask))
                (window(pen, Kind::Texts, typed))
                (length(pen, typed))
                (floor(pen, Kind::Texts, typed))
                @match impossible(pen, room, least(None)) {
                    Some(sentence) => p.notice { (sentence) },
                    None => p { button.btn { (pen.count("ask-open", "seats", writers(room))) } },
                }
            }
            aside.side-note {
                div.notice { h2 { (pen.count("ask-crowd", "seats", counting(room))) } p { (crowd(pen, room)) } }
                p.soft { (pen.say("ask-rules")) }
                p { a.link href="/ballot/ask" { (pen.say("ask-for-answers")) } }
            }
        }
    };
    Some(Sheet {
        title: "ask-button",
        way: Way::Rounds,
        stream: None,
        main,
    })
}

/// How long the window is open.
pub fn window(pen: Pen<'_>, kind: Kind, typed: &Fields) -> Markup {
    html! {
        div {
            label for="minutes" { (pen.of_kind("ask-window", kind)) }
            select #minutes autocomplete="off" name="minutes" {
                @for minutes in MINUTES {
                    option value=(minutes) selected[typed.text("minutes") == minutes.to_string()] {
                        @if minutes < 120 { (pen.count("minutes", "minutes", minutes)) }
                        @else { (pen.count("hours", "hours", minutes.div_euclid(60))) }
                    }
                }
            }
        }
    }
}

fn length(pen: Pen<'_>, typed: &Fields) -> Markup {
    html! {
        div {
            label for="bytes" { (pen.say("ask-length")) span.hint { (pen.say("ask-length-hint")) } }
            select #bytes autocomplete="off" name="bytes" {
                @for (bytes, name) in SIZES {
                    option value=(bytes) selected[typed.text("bytes") == bytes.to_string()] { (pen.say(name)) }
                }
            }
        }
    }
}

/// A higher floor than the rule's.
pub fn floor(pen: Pen<'_>, kind: Kind, typed: &Fields) -> Markup {
    html! {
        div {
            label for="floor" { (pen.say("ask-floor")) span.hint { (pen.of_kind("ask-floor-hint", kind)) } }
            input #floor .short autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="floor" inputmode="numeric" value=(typed.text("floor"));
        }
    }
}

/// Seats that may take part.
pub fn writers(room: &RoomView) -> u64 {
    room.seats.iter().filter(|seat| seat.side.is_some()).count() as u64
}

/// Why no Round of texts can come about, whoever checks the words: there are too few seats with a side.
pub fn impossible(pen: Pen<'_>, room: &RoomView, least: usize) -> Option<String> {
    let (seats, least) = (writers(room), least as u64);
    let numbers = [("seats", Number(seats)), ("least", Number(least))];
    (seats < least).then(|| pen.say_with("ask-impossible", &numbers))
}

fn counting(room: &RoomView) -> u64 {
    let counting = room
        .seats
        .iter()
        .filter(|seat| seat.side.is_some() && seat.counts);
    counting.count() as u64
}

/// Seats that have not checked the words cannot be in.
pub fn crowd(pen: Pen<'_>, room: &RoomView) -> String {
    let least = Number(room::limits::FLOOR_MIN as u64);
    let id = match counting(room) >= room::limits::FLOOR_MIN as u64 {
        true => "ask-crowd-enough",
        false => "ask-crowd-few",
    };
    pen.say_with(id, &[("least", least), ("seats", Number(writers(room)))])
}
