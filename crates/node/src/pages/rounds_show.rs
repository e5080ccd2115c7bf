//! `GET /rounds`: every Round that brought texts, the newest first.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use wire::Timestamp;

use super::{
    layout::{Pen, Sheet, Way},
    seats_show,
    view::Shown,
    visit::Visit,
};

/// The list.
pub async fn page(visit: Visit) -> Response {
    if visit.shown.view.plenary.is_none() {
        return Redirect::to("/").into_response();
    }
    let pen = visit.pen();
    let main = html! { div #live { (live(pen, &visit.shown)) } };
    let sheet = Sheet {
        title: "rounds",
        way: Way::Rounds,
        stream: Some("rounds"),
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}

/// What a stream keeps fresh.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    let Some(room) = &shown.view.plenary else {
        return html! {};
    };
    html! {
        div.wide.measure {
            h1 { (pen.say("rounds")) }
            @if let Some(round) = &room.round {
                section.notice.strong.stack {
                    h2 { (pen.say("round-now")) }
                    p.written.said dir="auto" { (round.question) }
                    p { a.btn href="/round" { (pen.say("go-to-round")) } }
                }
            } @else if seats_show::convenes(room) {
                p { a.btn href="/round/ask" { (pen.say("ask-button")) } }
            }
            @if room.results.is_empty() { p.soft { (pen.say("no-round")) } }
            ol.dialogues reversed {
                @for (number, ended) in (1_u64..).zip(&room.results).collect::<Vec<_>>().into_iter().rev() {
                    li.stack {
                        h2.written dir="auto" { a href={ "/rounds/" (number) } { (ended.question) } }
                        p.soft {
                            (pen.count("round-texts", "texts", ended.statements.len() as u64)) " "
                            (pen.name("round-closed", "when", &pen.hours.moment(Timestamp::from_ms(ended.window_end_ms), pen.now)))
                        }
                    }
                }
            }
        }
    }
}
