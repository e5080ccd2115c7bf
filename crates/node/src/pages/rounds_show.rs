//! `GET /rounds`: every Round that brought texts, the newest first.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use wire::Timestamp;

use super::{
    brought::{Brought, brought},
    layout::{Pen, Sheet, Way},
    one_side, seats_show,
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
    let brought = brought(room);
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
            @if brought.is_empty() { p.soft { (pen.say("no-round")) } }
            ol.dialogues reversed {
                @for (number, round) in (1_u64..).zip(&brought).collect::<Vec<_>>().into_iter().rev() {
                    li.stack {
                        h2.written dir="auto" { a href={ "/rounds/" (number) } { (round.first().question) } }
                        (one_side::result(pen, round.first()))
                        p.soft {
                            (gave(pen, round)) " "
                            (pen.name("round-closed", "when", &pen.hours.moment(Timestamp::from_ms(round.first().window_end_ms), pen.now)))
                        }
                    }
                }
            }
        }
    }
}

fn gave(pen: Pen<'_>, round: &Brought<'_>) -> String {
    let first = round.first();
    match round {
        Brought::Texts(_) => pen.count("round-texts", "texts", first.statements.len() as u64),
        Brought::Answers(_) => pen.count("round-answers", "statements", first.asked.len() as u64),
    }
}
