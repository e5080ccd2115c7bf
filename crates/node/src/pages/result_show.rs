//! `GET /rounds/{number}`: what a Round brought, all at once and without names.
//! Must never number the statements, nor put anything of a person to one.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use participant::view::{Opening, RoomView};
use wire::Timestamp;

use super::{
    brought::{Brought, brought},
    ground_show,
    layout::{Pen, Sheet, Way},
    one_side, round_over,
    visit::Visit,
    words::Argument::{Number, Text},
};

/// One Round's statements.
pub async fn page(visit: Visit, Path(number): Path<usize>) -> Response {
    let pen = visit.pen();
    let Some(room) = visit.shown.view.plenary.as_ref() else {
        return Redirect::to("/").into_response();
    };
    let brought = brought(room);
    let ended = match number.checked_sub(1).and_then(|place| brought.get(place)) {
        None => return Redirect::to("/rounds").into_response(),
        Some(Brought::Texts(ended)) => *ended,
        Some(Brought::Answers(_)) => {
            let sheet = ground_show::sheet(pen, room, &brought, number);
            return sheet.page(pen, &visit.shown).into_response();
        }
    };
    sheet(pen, room, ended)
        .page(pen, &visit.shown)
        .into_response()
}

/// What such a Round brought.
pub fn sheet(pen: Pen<'_>, room: &RoomView, ended: &Opening) -> Sheet<'static> {
    let when = pen
        .hours
        .moment(Timestamp::from_ms(ended.window_end_ms), pen.now);
    let facts = [
        ("when", Text(when.as_str())),
        ("texts", Number(ended.statements.len() as u64)),
    ];
    let main = html! {
        div.wide {
            header.stack.measure {
                p.soft { (pen.say_with("result-facts", &facts)) }
                h1.written.question dir="auto" { (ended.question) }
                (one_side::result(pen, ended))
                p { (pen.say("result-meaning")) }
            }
            ul.statements.flow {
                @for text in &ended.statements { li { p.written.said dir="auto" { (text) } } }
            }
            div.stack.measure {
                p.soft { (pen.count("last-round-crowd", "crowd", ended.final_roster.into())) }
                (round_over::repeated_since(pen, room, ended))
            }
            p.noprint { a.btn href="/table" { (pen.say("discuss-at-table")) } }
        }
    };
    Sheet {
        title: "result",
        way: Way::Rounds,
        stream: None,
        main,
    }
}
