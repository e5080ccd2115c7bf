//! `POST /round/give-up`: ends a Round in which somebody's last message is missing, after a question.

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use maud::html;
use participant::Command;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way},
    visit::Visit,
};

/// Asks first: it ends the Round for everybody.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    if fields.text("sure") != "yes" {
        let pen = visit.pen();
        return question(pen).page(pen, &visit.shown).into_response();
    }
    let command = visit.round().map(|round| Command::GiveUp { round });
    visit.press(command, "/round").await
}

fn question(pen: Pen<'_>) -> Sheet<'static> {
    let main = html! {
        form.wide.measure action="/round/give-up" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="sure" value="yes";
            h1 { (pen.say("give-up-sure")) }
            p { (pen.say("give-up-meaning")) }
            p.row {
                a.btn href="/round" { (pen.say("remove-not")) }
                button.btn.quiet { (pen.say("give-up")) }
            }
        }
    };
    Sheet {
        title: "give-up",
        way: Way::Rounds,
        stream: None,
        main,
    }
}
