//! `POST /seats/vouch`: the half of a join that belongs to the side.
//! Must never vouch for a request whose words were not picked from what somebody read aloud.

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use maud::html;
use participant::Command;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way},
    seats_requests::{NONE, parse_hex},
    visit::Visit,
};

/// Vouches, or says what other words mean.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let pen = visit.pen();
    let request = parse_hex(fields.text("request"));
    let words = fields.text("line").to_owned();
    let approved = visit.shown.view.approved.iter();
    let mut asked = approved.filter(|approved| Some(approved.request) == request);
    let is_a_line = |known: &Vec<String>| known.join(" ") == words;
    let right = request.map(|request| participant::request_words(&request).join(" "));
    let other = asked.any(|approved| approved.word_lines.iter().any(is_a_line));
    if words == NONE || (other && right.as_ref() != Some(&words)) {
        return stop(pen).page(pen, &visit.shown).into_response();
    }
    let command = request.map(|request| Command::Vouch { request, words });
    visit.press(command, "/seats").await
}

fn stop(pen: Pen<'_>) -> Sheet<'static> {
    let main = html! {
        div.wide.measure {
            div.stack { h1 { (pen.say("vouch-stop")) } p { (pen.say("vouch-stop-hint")) } }
            ol.todo {
                @for step in ["vouch-stop-1", "vouch-stop-2"] { li { (pen.say(step)) } }
            }
            p { a.btn href="/seats" { (pen.say("go-to-seats")) } }
        }
    };
    Sheet {
        title: "seats",
        way: Way::Seats,
        stream: None,
        main,
    }
}
