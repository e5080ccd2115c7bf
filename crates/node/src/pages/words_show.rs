//! `GET /words`: the table words, read aloud by one and picked by the others.
//! Must never show a person who has not checked them which line is the right one.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::{RoomView, SeatView};

use super::{
    layout::{Pen, Sheet, Way, trouble},
    marks,
    view::{Role, Shown},
    visit::Visit,
    words::Argument::Number,
};

/// What a person picks who hears none of the lines.
pub const NONE: &str = "none";

/// The page.
pub async fn page(visit: Visit) -> Response {
    match &visit.shown.view.plenary {
        None => Redirect::to("/").into_response(),
        Some(room) => {
            let sheet = sheet(visit.pen(), room, None);
            sheet.page(visit.pen(), &visit.shown).into_response()
        }
    }
}

/// The page, and why a choice was not taken.
pub fn sheet(pen: Pen<'_>, room: &RoomView, why: Option<&str>) -> Sheet<'static> {
    if !room.awaited.is_empty() {
        return awaiting_sheet(pen, room);
    }
    let reads_aloud = convenes(room) || room.words_confirmed;
    let main = html! {
        div.task {
            form.wide action="/words/confirm" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                input autocomplete="off" type="hidden" name="membership" value=(room.membership);
                @if reads_aloud { (aloud(pen, room, why)) } @else { (choice(pen, room, why)) }
                p.soft { (pen.say("words-by-voice")) }
            }
            aside.side-note { div #live .stack { (checked(pen, room)) } }
        }
    };
    Sheet {
        title: "table-words",
        way: Way::Seats,
        stream: Some("words"),
        main,
    }
}

/// While somebody was seated who is not here yet.
fn awaiting_sheet(pen: Pen<'_>, room: &RoomView) -> Sheet<'static> {
    Sheet {
        title: "table-words",
        way: Way::Seats,
        stream: Some("awaited"),
        main: html! { div.wide.measure { div #live .stack { (awaiting(pen, room)) } } },
    }
}

/// What a stream keeps fresh there: who is awaited, and then the way to the words.
pub fn live_awaiting(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        @if let Some(room) = &shown.view.plenary { (awaiting(pen, room)) }
    }
}

/// What a stream keeps fresh: who has checked. The words themselves stay as they were asked for.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        @if let Some(room) = &shown.view.plenary { (checked(pen, room)) }
    }
}

fn convenes(room: &RoomView) -> bool {
    let own = room.seats.iter().find(|seat| seat.seat == room.own_seat);
    own.is_some_and(|seat| seat.side.is_none())
}

/// Whoever is not in this very room is not to hear its words: it may have been led into another.
fn awaiting(pen: Pen<'_>, room: &RoomView) -> Markup {
    let is_awaited = |seat: &&SeatView| room.awaited.contains(&seat.seat);
    let awaited: Vec<_> = room.seats.iter().filter(is_awaited).collect();
    html! {
        @if awaited.is_empty() {
            h1 { (pen.say("words-all-here")) }
            p { a.btn href="/words" { (pen.say("words-see")) } }
        } @else if room.awaited == [room.own_seat] {
            h1 { (pen.say("words-awaiting-own")) }
            p { (pen.say("words-awaiting-own-hint")) }
        } @else {
            h1 { (pen.say("words-awaiting")) }
            (names(pen, room, &awaited))
            p { (pen.say("words-awaiting-hint")) }
            p { (pen.say("words-awaiting-say")) }
            @if convenes(room) { p { (pen.say("words-awaiting-remove")) } }
            p { a.btn.quiet href="/seats" { (pen.say("go-to-seats")) } }
        }
    }
}

fn aloud(pen: Pen<'_>, room: &RoomView, why: Option<&str>) -> Markup {
    html! {
        div.stack {
            h1 { (pen.say("words-aloud")) }
            p { (pen.say("words-aloud-hint")) }
            (trouble(why))
        }
        ol.six { @for word in &room.table_words { li lang="en" { (word) } } }
        @if room.words_confirmed {
            p.notice { (pen.say("words-confirmed")) }
            p { a.btn href="/table" { (pen.say("go-to-the-table")) } }
        } @else {
            input autocomplete="off" type="hidden" name="line" value=(room.table_words.join(" "));
            p { button.btn { (pen.say("words-heard-same")) } }
        }
    }
}

fn choice(pen: Pen<'_>, room: &RoomView, why: Option<&str>) -> Markup {
    html! {
        div.stack {
            h1 { (pen.say("words-which")) }
            p { (pen.say("words-which-hint")) }
            (trouble(why))
        }
        fieldset {
            legend.off { (pen.say("words-which")) }
            @for line in &room.word_lines {
                label.choice {
                    input autocomplete="off" type="radio" name="line" value=(line.join(" ")) required;
                    span.six lang="en" { @for word in line { span { (word) } } }
                }
            }
            label.choice {
                input autocomplete="off" type="radio" name="line" value=(NONE) required;
                span { b { (pen.say("words-none")) } }
                span.soft { (pen.say("words-none-hint")) }
            }
        }
        p { button.btn { (pen.say("words-these")) } }
    }
}

fn checked(pen: Pen<'_>, room: &RoomView) -> Markup {
    let (done, missing): (Vec<_>, Vec<_>) = room.seats.iter().partition(|seat| seat.confirmed);
    let of = |id, seats: usize| {
        let all = Number(room.seats.len() as u64);
        pen.say_with(id, &[("seats", Number(seats as u64)), ("all", all)])
    };
    html! {
        @if !missing.is_empty() {
            div.notice { h2 { (of("words-missing", missing.len())) } (names(pen, room, &missing)) }
        }
        @if !done.is_empty() {
            div { h2 { (of("words-done", done.len())) } (names(pen, room, &done)) }
        }
        p.soft { (pen.say("words-again")) }
    }
}

fn names(pen: Pen<'_>, room: &RoomView, seats: &[&SeatView]) -> Markup {
    html! {
        ul.who {
            @for seat in seats {
                li {
                    (marks::mark(Role::of(seat.role))) " "
                    @if seat.seat == room.own_seat { b { (pen.say("you")) } } @else { bdi { (seat.name) } }
                }
            }
        }
    }
}
