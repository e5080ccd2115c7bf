//! `GET /relay/sure`: asks before the dialogue is led to another place, and says what that means.

use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::{
    layout::{Sheet, Way},
    relay_show, seats_show,
    visit::Visit,
};

/// The question.
pub async fn page(visit: Visit) -> Response {
    let pen = visit.pen();
    let view = &visit.shown.view;
    let room = view
        .plenary
        .as_ref()
        .filter(|room| seats_show::convenes(room));
    let place = view.place.as_ref().filter(|place| place.announced);
    let (Some(room), Some(place)) = (room, place) else {
        return Redirect::to("/relay").into_response();
    };
    let same = view.relay.as_ref() == Some(&place.relay);
    let main = html! {
        form.wide.measure action="/relay/lead" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            h1 {
                @if same { (pen.say("relay-sure-same")) }
                @else { (pen.name("relay-sure", "relay", &relay_show::written(&place.relay))) }
            }
            div.stack {
                p { (pen.say("relay-sure-meaning")) }
                @if room.round.is_some() && room.live { p { (pen.say("relay-sure-round")) } }
                @if !same { p { (pen.say("relay-sure-caucus")) } }
                @if !room.live { p.notice { (pen.say("relay-sure-silent")) } }
            }
            p.row {
                button.btn { (pen.say("relay-sure-button")) }
                a.btn.quiet href="/relay" { (pen.say("remove-not")) }
            }
        }
    };
    let sheet = Sheet {
        title: "relay",
        way: Way::Settings,
        stream: None,
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}
