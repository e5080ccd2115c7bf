//! `GET /round/drop`: asks before a text that came back is thrown away.
//! Must never offer a text that stands in a Round: taking that back is another thing.

use axum::{
    extract::Query,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use participant::view::ReturnedView;
use serde::Deserialize;

use super::{
    layout::{Pen, Sheet, Way},
    visit::Visit,
};

/// Which text, by its number.
#[derive(Deserialize)]
pub struct Which {
    text: u64,
}

/// The question, with the text.
pub async fn page(visit: Visit, Query(which): Query<Which>) -> Response {
    let pen = visit.pen();
    let mut returned = visit.shown.view.returned.iter();
    let Some(returned) = returned.find(|returned| returned.number == which.text) else {
        return Redirect::to("/round").into_response();
    };
    let main = html! {
        form.wide.measure action="/round/throw-away" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="text" value=(returned.number);
            h1 { (pen.say("throw-away-sure")) }
            p.written.said dir="auto" { (returned.text) }
            p { (pen.say("throw-away-meaning")) }
            p.row {
                button.btn { (pen.say("throw-away")) }
                a.btn.quiet href="/round" { (pen.say("keep-text")) }
            }
        }
    };
    let sheet = Sheet {
        title: "round",
        way: Way::Rounds,
        stream: None,
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}

/// The way to that question.
pub fn way(pen: Pen<'_>, returned: &ReturnedView) -> Markup {
    html! {
        a.link href={ "/round/drop?text=" (returned.number) } { (pen.say("throw-away")) }
    }
}
