//! `GET /limits`: what this cannot protect, in ten sentences with what one can do.
//! Must never be shorter than the threat model where a person's life could hang on it.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{
    layout::{Pen, Sheet, Way},
    visit::Visit,
};

/// The ten, in the order in which they matter.
pub const TEN: [&str; 10] = [
    "limit-retell",
    "limit-infected",
    "limit-crowd",
    "limit-unanimous",
    "limit-style",
    "limit-absence",
    "limit-network",
    "limit-forgetting",
    "limit-proof",
    "limit-audit",
];

/// The page.
pub async fn page(visit: Visit) -> Response {
    let pen = visit.pen();
    let main = html! {
        div.wide {
            header.stack.measure { h1 { (pen.say("limits")) } p { (pen.say("limits-hint")) } }
            (ten(pen))
            p { a.btn href="/" { (pen.say("go-on")) } }
        }
    };
    let sheet = Sheet {
        title: "limits",
        way: Way::Limits,
        stream: None,
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}

/// All of them.
pub fn ten(pen: Pen<'_>) -> Markup {
    html! {
        ol.limits {
            @for limit in TEN {
                li {
                    h2 { (pen.say(limit)) }
                    div.stack {
                        p { (pen.say(&format!("{limit}-why"))) }
                        p { b { (pen.say("what-you-can-do")) } " " (pen.say(&format!("{limit}-do"))) }
                    }
                }
            }
        }
    }
}
