//! `POST /round/give-up`: ends a Round in which somebody's last message is missing, after a question.
//! Must never give up another Round than the one that stood on the page.

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use maud::html;
use participant::{Command, Refused, view::RoundView};

use super::{
    desk::Sorry,
    fields::Fields,
    layout::{Pen, Sheet, Way},
    refusals, round_show,
    visit::Visit,
};

/// Asks first: it ends the Round for everybody.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let pen = visit.pen();
    let Some(round) = round_show::asked(&visit, &fields) else {
        return visit.press(None, "/round").await;
    };
    if round.shut_since_ms.is_some() {
        return refusals::page(&visit, &Sorry::Refused(Refused::LogShut));
    }
    if fields.text("sure") != "yes" {
        return question(pen, round).page(pen, &visit.shown).into_response();
    }
    let command = Command::GiveUp { round: round.round };
    visit.press(Some(command), "/round").await
}

fn question(pen: Pen<'_>, round: &RoundView) -> Sheet<'static> {
    let main = html! {
        form.wide.measure action="/round/give-up" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="sure" value="yes";
            input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
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
