//! `GET /rounds/{number}`: what a Round brought, all at once and without names.
//! Must never number the statements, nor put anything of a person to one.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use wire::Timestamp;

use super::{
    layout::{Sheet, Way},
    round_over,
    visit::Visit,
    words::Argument::{Number, Text},
};

/// One Round's statements.
pub async fn page(visit: Visit, Path(number): Path<usize>) -> Response {
    let pen = visit.pen();
    let room = visit.shown.view.plenary.as_ref();
    let ended = number
        .checked_sub(1)
        .and_then(|place| room?.results.get(place));
    let (Some(room), Some(ended)) = (room, ended) else {
        return Redirect::to("/rounds").into_response();
    };
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
    let sheet = Sheet {
        title: "result",
        way: Way::Rounds,
        stream: None,
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}
