//! `GET /waiting`: a seat was asked for; who has to agree, and whom to telephone.
//! Must never pretend to know more than came back: others agree in their own time.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::{
    layout::{Pen, Sheet, Way},
    steps::{Step, steps},
    view::{Page, Shown},
    visit::Visit,
};

/// The steps of a request.
pub async fn page(visit: Visit) -> Response {
    if visit.shown.page == Page::NoDialogue && visit.shown.view.declined.is_none() {
        return Redirect::to("/").into_response();
    }
    let pen = visit.pen();
    let main = html! { div #live { (live(pen, &visit.shown)) } };
    let sheet = Sheet {
        title: "waiting",
        way: Way::Home,
        stream: Some("waiting"),
        main,
    };
    sheet.page(pen, &visit.shown).into_response()
}

/// What a stream keeps fresh.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    match (&shown.page, shown.view.declined) {
        (Page::Table(_), _) => seated(pen),
        (Page::NoDialogue, Some(why)) => declined(pen, why),
        (Page::Asking, _) | (Page::NoDialogue, None) => waiting(pen, shown),
    }
}

fn waiting(pen: Pen<'_>, shown: &Shown) -> Markup {
    let asking = shown.view.asking.as_ref();
    let name = asking.map_or("", |asking| asking.name.as_str());
    let sent = match shown.unreachable {
        true => (
            Step::Now,
            pen.say("step-unsent"),
            pen.say("relay-unreachable"),
        ),
        false => (
            Step::Done,
            pen.say("step-asked"),
            pen.name("step-asked-as", "name", name),
        ),
    };
    let agrees = if shown.unreachable {
        Step::Later
    } else {
        Step::Now
    };
    let list = [
        sent,
        (agrees, pen.say("step-agree"), pen.say("step-agree-hint")),
        (Step::Later, pen.say("step-told"), pen.say("step-told-hint")),
        (Step::Later, pen.say("step-seat"), pen.say("step-seat-hint")),
    ];
    html! {
        div.task {
            div.wide {
                div.stack { h1 { (pen.say("waiting-head")) } p { (pen.say("waiting-hint")) } }
                (steps(&list))
                @if let Some(asking) = asking { (words(pen, &asking.words)) }
                form.row action="/waiting/withdraw" method="post" autocomplete="off" autocapitalize="off" {
                    (pen.token())
                    a.btn.quiet href="/waiting" { (pen.say("look-again")) }
                    button.link { (pen.say("take-back-request")) }
                }
            }
            aside.side-note {
                div.notice { h2 { (pen.say("waiting-sees")) } p { (pen.say("waiting-sees-hint")) } }
            }
        }
    }
}

/// By these whoever vouches knows that it is this request, and not another one under the same name.
fn words(pen: Pen<'_>, words: &[String]) -> Markup {
    html! {
        section.stack aria-labelledby="request-words" {
            h2 #request-words { (pen.say("waiting-words")) }
            p.measure { (pen.say("waiting-words-hint")) }
            ol.six { @for word in words { li lang="en" { (word) } } }
            p.soft { (pen.say("words-by-voice")) }
        }
    }
}

fn seated(pen: Pen<'_>) -> Markup {
    html! {
        section.notice.strong.stack.measure role="status" {
            h1 { (pen.say("you-are-in")) }
            p { (pen.say("you-are-in-hint")) }
            p { a.btn href="/door" { (pen.say("go-to-the-door")) } }
        }
    }
}

fn declined(pen: Pen<'_>, why: participant::Declined) -> Markup {
    let sentence = pen.say(match why {
        participant::Declined::Used => "declined-used",
        participant::Declined::Expired => "declined-expired",
        participant::Declined::Damaged => "declined-damaged",
        participant::Declined::UpdateProgram => "declined-update-program",
    });
    html! {
        section.notice.stack.measure role="status" {
            h1 { (pen.say("declined")) }
            p { (sentence) }
            p { a.btn href="/join" { (pen.say("another-invitation")) } }
        }
    }
}
