//! `GET /door`: the rule card and the ten sentences, before the first seat is taken.
//! Must never let a person pass who was not shown what cannot be protected.

use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::{
    layout::{Pen, Sheet, Way},
    limits_show, table_show,
    view::Table,
    visit::Visit,
};

/// The page, or the table where the reader has passed the door already.
pub async fn page(visit: Visit) -> Response {
    let pen = visit.pen();
    match visit.table() {
        None => Redirect::to("/").into_response(),
        Some(_) if visit.shown.settings.at_the_door => Redirect::to("/table").into_response(),
        Some(table) => sheet(pen, table).page(pen, &visit.shown).into_response(),
    }
}

fn sheet(pen: Pen<'_>, table: &Table) -> Sheet<'static> {
    let main = html! {
        form.wide action="/door/enter" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            header.stack.measure {
                h1 { (pen.say("door-head")) }
                p { (pen.say("door-hint")) }
            }
            section.notice.stack.measure aria-labelledby="card" {
                h2 #card { (table_show::rule_card(pen, table.rule_card)) }
                p { (pen.say(table_show::rule_meaning(table.rule_card))) }
            }
            section.stack aria-labelledby="ten" {
                h2 #ten { (pen.say("limits")) }
                (limits_show::ten(pen))
            }
            div.notice.strong.stack {
                p { (pen.say("door-promise")) }
                p { button.btn { (pen.say("take-seat")) } }
            }
        }
    };
    Sheet {
        title: "door",
        way: Way::Home,
        stream: None,
        main,
    }
}
