//! `POST /lock`: closes the vault, after a question where a text would stay out of a Round.
//! Must never leave anything of a dialogue on a page that is open.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;

use super::{
    desk::Wish,
    fields::Fields,
    layout::{Pen, Sheet, Way},
    refusals,
    visit::Visit,
};

/// Closes it, or asks first.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let round = visit.table().and_then(|table| table.round.as_ref());
    let writes = round.is_some_and(|round| round.writes);
    if writes && fields.text("sure") != "yes" {
        return question(visit.pen())
            .page(visit.pen(), &visit.shown)
            .into_response();
    }
    match visit.wish(Wish::Lock).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}

fn question(pen: Pen<'_>) -> Sheet<'static> {
    let main = html! {
        form.wide.measure action="/lock" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="sure" value="yes";
            h1 { (pen.say("lock-in-a-round")) }
            p { (pen.say("lock-in-a-round-hint")) }
            p.row {
                a.btn href="/table" { (pen.say("stay-open")) }
                button.btn.quiet { (pen.say("lock-now")) }
            }
        }
    };
    Sheet {
        title: "lock-now",
        way: Way::Settings,
        stream: None,
        main,
    }
}
