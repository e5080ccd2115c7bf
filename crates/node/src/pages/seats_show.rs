//! `GET /seats`: who sits where, who asks to come, and what lets one be sure of it.
//! Must never offer what the reader's seat may not do.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::{RoomView, SeatView};

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way, trouble},
    marks, seats_requests,
    view::{Role, Shown},
    visit::Visit,
    words::Argument::Number,
};

/// Days for which an invitation may be good.
pub const DAYS: [u16; 4] = [1, 3, 7, 30];

/// The page.
pub async fn page(visit: Visit) -> Response {
    match sheet(&visit, &Fields::default(), None) {
        None => Redirect::to("/").into_response(),
        Some(sheet) => sheet.page(visit.pen(), &visit.shown).into_response(),
    }
}

/// The page, and why something was not done; nothing where the reader has no seat.
pub fn sheet(visit: &Visit, typed: &Fields, why: Option<&str>) -> Option<Sheet<'static>> {
    let pen = visit.pen();
    let room = visit.shown.view.plenary.as_ref()?;
    let main = html! {
        div.wide {
            div.stack.measure { h1 { (pen.say("seats")) } (trouble(why)) }
            div #live .wide { (live(pen, &visit.shown)) }
            @if convenes(room) { (invite(pen, room, typed)) }
            (same_words(pen, room))
        }
    };
    Some(Sheet {
        title: "seats",
        way: Way::Seats,
        stream: Some("seats"),
        main,
    })
}

/// What a stream keeps fresh.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        @if let Some(room) = &shown.view.plenary {
            (seats_requests::asking(pen, shown, room))
            (seats_requests::invitations(pen, shown, room))
            (list(pen, room))
            (gone(pen, room))
        }
    }
}

/// Whether the reader convenes.
pub fn convenes(room: &RoomView) -> bool {
    let own = room.seats.iter().find(|seat| seat.seat == room.own_seat);
    own.is_some_and(|seat| seat.side.is_none())
}

/// A side's name.
pub fn side_name(room: &RoomView, side: u16) -> &str {
    room.sides.get(usize::from(side)).map_or("", String::as_str)
}

fn list(pen: Pen<'_>, room: &RoomView) -> Markup {
    let of = |side: Option<u16>| room.seats.iter().filter(move |seat| seat.side == side);
    html! {
        section.part.stack aria-labelledby="list" {
            div.row { h2 #list { (pen.say("who-sits-where")) } a.link href="/words" { (pen.say("words-check")) } }
            div.camps {
                @for (side, name) in (0..).zip(&room.sides) {
                    (camp(pen, room, Some(side), name, of(Some(side)).collect()))
                }
                (camp(pen, room, None, &pen.say("convenes"), of(None).collect()))
            }
        }
    }
}

fn camp(
    pen: Pen<'_>,
    room: &RoomView,
    side: Option<u16>,
    name: &str,
    seats: Vec<&SeatView>,
) -> Markup {
    let role = side.map_or(Role::Convenor, Role::Side);
    let interprets = |seat: &SeatView| matches!(Role::of(seat.role), Role::Interpreter(_));
    let people = seats.iter().filter(|seat| !interprets(seat)).count();
    html! {
        div {
            h3 { (marks::mark(role)) " " bdi { (name) } }
            @if seats.is_empty() { p.soft { (pen.say("no-seat-yet")) } }
            @if side.is_some() && (1..5).contains(&people) { p.soft.small { (pen.say("small-side")) } }
            ul.seats {
                @for seat in seats {
                    li {
                        span {
                            @if side.is_some() { span.num { (seat.seat.0) } " " }
                            @if seat.seat == room.own_seat { b { (pen.name("you-named", "name", &seat.name)) } }
                            @else { bdi { (seat.name) } }
                            @if interprets(seat) { ", " (pen.say("interpreter")) }
                        }
                        span.soft.small { (pen.say(if seat.confirmed { "words-checked" } else { "words-not-checked" })) }
                        @if convenes(room) && side.is_some() {
                            a.link.small href={ "/seats/leave?seat=" (seat.seat.0) } { (pen.say("remove")) }
                        }
                    }
                }
            }
        }
    }
}

fn gone(pen: Pen<'_>, room: &RoomView) -> Markup {
    html! {
        @if !room.left.is_empty() {
            section.stack aria-labelledby="gone" {
                h2 #gone { (pen.say("gone")) }
                ul.who.soft { @for seat in &room.left { li { (marks::mark(Role::of(seat.role))) " " bdi { (seat.name) } } } }
            }
        }
    }
}

fn invite(pen: Pen<'_>, room: &RoomView, typed: &Fields) -> Markup {
    let chosen = typed.number::<u16>("side").unwrap_or_default();
    let days = typed.number::<u16>("days").unwrap_or(7);
    html! {
        section.part.stack.measure aria-labelledby="invite" {
            h2 #invite { (pen.say("invite")) }
            p { (pen.say("invite-hint")) }
            form.stack action="/seats/invite" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                div {
                    label for="side" { (pen.say("invite-side")) }
                    select #side autocomplete="off" name="side" {
                        @for (side, name) in (0_u16..).zip(&room.sides) {
                            option value=(side) selected[side == chosen] { (name) }
                        }
                    }
                }
                div {
                    label for="days" { (pen.say("invite-days")) }
                    select #days autocomplete="off" name="days" {
                        @for offered in DAYS {
                            option value=(offered) selected[offered == days] { (pen.count("days", "days", offered.into())) }
                        }
                    }
                }
                p { button.btn { (pen.say("invite-button")) } }
            }
        }
    }
}

/// Two who read the same six words here hold the same history.
fn same_words(pen: Pen<'_>, room: &RoomView) -> Markup {
    html! {
        section.part.stack.measure aria-labelledby="same" {
            h2 #same { (pen.say("same-history")) }
            p { (pen.say_with("same-history-hint", &[("entries", Number(room.entries))])) }
            ol.six { @for word in &room.state_words { li lang="en" { (word) } } }
        }
    }
}
