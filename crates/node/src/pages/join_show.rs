//! `GET /join`: an invitation, pasted or as a file, and the name to sit under.
//! Must never send anything before the person presses the button.

use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way, trouble},
    view::Page,
    visit::Visit,
};

/// The form.
pub async fn page(visit: Visit) -> Response {
    if visit.shown.page != Page::NoDialogue {
        return Redirect::to("/").into_response();
    }
    let sheet = sheet(visit.pen(), &Fields::default(), None);
    sheet.page(visit.pen(), &visit.shown).into_response()
}

/// The form, with what was typed.
pub fn sheet(pen: Pen<'_>, typed: &Fields, why: Option<&str>) -> Sheet<'static> {
    let main = html! {
        div.task {
            form.wide action="/dialogue/join" method="post" autocomplete="off" autocapitalize="off" enctype="multipart/form-data" {
                (pen.token())
                div.stack { h1 { (pen.say("join-head")) } (trouble(why)) }
                div {
                    label for="invitation" { (pen.say("invitation")) span.hint { (pen.say("invitation-hint")) } }
                    textarea #invitation autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="invitation" rows="4" autofocus {
                        "\n" (pasted(typed))
                    }
                }
                div {
                    label for="file" { (pen.say("invitation-file")) }
                    input #file autocomplete="off" name="file" type="file" accept=".txt,text/plain";
                }
                div {
                    label for="name" { (pen.say("own-name")) span.hint { (pen.say("own-name-hint")) } }
                    input #name autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="name" value=(typed.text("name")) maxlength="60" dir="auto" required;
                }
                p { button.btn { (pen.say("ask-to-join")) } }
            }
            aside.side-note {
                div.notice { h2 { (pen.say("join-next")) } p { (pen.say("join-next-hint")) } }
                p.soft { (pen.say("invitation-once")) }
            }
        }
    };
    Sheet {
        title: "join",
        way: Way::Home,
        stream: None,
        main,
    }
}

/// A file cannot be put back into its field: its text goes where it can be seen.
fn pasted(typed: &Fields) -> &str {
    match typed.text("invitation").trim() {
        "" => typed.text("file"),
        pasted => pasted,
    }
}
