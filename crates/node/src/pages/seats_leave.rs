//! `GET /seats/leave`: asks before a seat is removed, and says what that means.

use axum::{
    extract::Query,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use serde::Deserialize;

use super::{
    layout::{Sheet, Way},
    visit::Visit,
};

/// Whose.
#[derive(Deserialize)]
pub struct Which {
    seat: u32,
}

/// The question.
pub async fn page(visit: Visit, Query(which): Query<Which>) -> Response {
    let pen = visit.pen();
    let room = visit.shown.view.plenary.as_ref();
    let seat = room.and_then(|room| room.seats.iter().find(|seat| seat.seat.0 == which.seat));
    let Some(seat) = seat else {
        return Redirect::to("/seats").into_response();
    };
    let main = html! {
        form.wide.measure action="/seats/remove" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="seat" value=(seat.seat.0);
            h1 { (pen.name("remove-sure", "name", &seat.name)) }
            p { (pen.say("remove-meaning")) }
            p.row {
                button.btn { (pen.name("remove-button", "name", &seat.name)) }
                a.btn.quiet href="/seats" { (pen.say("remove-not")) }
            }
        }
    };
    let sheet = Sheet {
        title: "remove",
        way: Way::Seats,
        stream: None,
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}
