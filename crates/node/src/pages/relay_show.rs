//! `GET /relay`: through which relay the dialogue goes, and where its convenor can lead it.
//! Must never offer what nobody else would learn of, nor hide what is lost where nothing was named in time.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::{PlaceView, RoomView};
use wire::RelayAddress;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way, trouble},
    seats_show,
    view::Shown,
    visit::Visit,
    words::Argument::{Number, Text},
};
use crate::limits::CLOCK_TOLD_MS;

const MINUTE_MS: u64 = 60_000;

/// The page, for whoever convenes.
pub async fn page(visit: Visit) -> Response {
    match sheet(&visit, &Fields::default(), None) {
        None => Redirect::to("/settings").into_response(),
        Some(sheet) => sheet.page(visit.pen(), &visit.shown).into_response(),
    }
}

/// The page, and why something was not done.
pub fn sheet(visit: &Visit, typed: &Fields, why: Option<&str>) -> Option<Sheet<'static>> {
    let pen = visit.pen();
    let room = visit.shown.view.plenary.as_ref();
    let room = room.filter(|room| seats_show::convenes(room))?;
    let main = html! {
        div.wide.measure {
            div.stack { h1 { (pen.say("relay-head")) } (trouble(why)) }
            div #live .wide { (live(pen, &visit.shown)) }
            (name_another(pen, room, typed))
        }
    };
    Some(Sheet {
        title: "relay",
        way: Way::Settings,
        stream: Some("relay"),
        main,
    })
}

/// What a stream keeps fresh.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    let (Some(room), Some(now)) = (&shown.view.plenary, &shown.view.relay) else {
        return html! {};
    };
    html! {
        div.stack {
            p { (pen.say("relay-used")) " " (address(now)) }
            @if !room.live { p.notice { (pen.say("relay-silent")) } }
            (clock(pen, shown))
        }
        section.part.stack aria-labelledby="other" {
            h2 #other { (pen.say("relay-if-it-fails")) }
            (other(pen, room, now, shown.view.place.as_ref()))
        }
    }
}

/// Where the dialogue can go next.
fn other(pen: Pen<'_>, room: &RoomView, now: &RelayAddress, place: Option<&PlaceView>) -> Markup {
    let Some(place) = place else {
        return html! { p { (pen.say("relay-none-named")) } };
    };
    let same = place.relay == *now;
    html! {
        @if place.wanted {
            p.notice { (pen.name("relay-moving", "relay", &written(&place.relay))) }
            @if !room.live { p { (pen.say("relay-moving-silent")) } }
        } @else if !place.announced {
            p { (pen.name("relay-not-known-yet", "relay", &written(&place.relay))) }
        } @else if same {
            p { (pen.say("relay-none-named")) }
            p { (pen.say("relay-same-ready")) }
            p { a.btn.quiet href="/relay/sure" { (pen.say("relay-move-same")) } }
        } @else {
            p { (pen.name("relay-named", "relay", &written(&place.relay))) }
            p { a.btn[!room.live].link[room.live] href="/relay/sure" { (pen.name("relay-move-to", "relay", &written(&place.relay))) } }
        }
    }
}

/// The form; while nothing comes from the relay nobody would learn of what is named.
fn name_another(pen: Pen<'_>, room: &RoomView, typed: &Fields) -> Markup {
    html! {
        section.part.stack aria-labelledby="name" {
            h2 #name { (pen.say("relay-name-another")) }
            @if room.live {
                p { (pen.say("relay-name-hint")) }
                form.stack action="/relay/announce" method="post" autocomplete="off" autocapitalize="off" {
                    (pen.token())
                    div {
                        label for="address" { (pen.say("relay-address")) span.hint { (pen.say("relay-address-hint")) } }
                        input #address autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="address" value=(typed.text("address")) required;
                    }
                    div {
                        label for="secret" { (pen.say("relay-secret")) span.hint { (pen.say("relay-secret-hint")) } }
                        input #secret autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="secret" value=(typed.text("secret")) required;
                    }
                    p { button.btn { (pen.say("relay-name-button")) } }
                }
            } @else {
                p { (pen.say("relay-name-too-late")) }
            }
        }
    }
}

/// How far the relay's clock is from this one, where that is more than a little.
pub fn clock(pen: Pen<'_>, shown: &Shown) -> Markup {
    let apart = shown.view.clock_apart_ms;
    let far = shown.view.plenary.is_some() && apart.unsigned_abs() > CLOCK_TOLD_MS;
    let minutes = apart.unsigned_abs().div_euclid(MINUTE_MS);
    let hours = minutes.div_euclid(60);
    let (unit, number) = if hours > 2 {
        ("hours", hours)
    } else {
        ("minutes", minutes)
    };
    let arguments = [
        ("way", Text(if apart > 0 { "ahead" } else { "behind" })),
        ("unit", Text(unit)),
        ("number", Number(number)),
    ];
    html! { @if far { p { (pen.say_with("relay-clock-apart", &arguments)) } } }
}

/// An address as people read it.
pub fn address(relay: &RelayAddress) -> Markup {
    html! { span.num { bdi { (written(relay)) } } }
}

/// The same, inside a sentence.
pub fn written(relay: &RelayAddress) -> String {
    format!("{}:{}", relay.host, relay.port)
}
