//! `POST /vault/create`: the first passphrase, and with it the vault.
//! Must never keep, log or show a passphrase.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use zeroize::Zeroizing;

use super::{
    desk::Wish,
    fields::Fields,
    layout::{Pen, Sheet, Way, trouble},
    refusals,
    visit::Visit,
};
use crate::limits::PASSPHRASE_LETTERS;

/// The form of a first start.
pub fn sheet(pen: Pen<'_>, why: Option<&str>) -> Sheet<'static> {
    let main = html! {
        div.task {
            form.wide action="/vault/create" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                div.stack {
                    h1 { (pen.say("first-start")) }
                    p { (pen.say("first-start-hint")) }
                    (trouble(why))
                }
                div {
                    label for="passphrase" {
                        (pen.say("passphrase"))
                        span.hint { (pen.count("passphrase-hint", "letters", PASSPHRASE_LETTERS as u64)) }
                    }
                    input #passphrase autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="passphrase" type="password" required autofocus;
                }
                div {
                    label for="again" { (pen.say("passphrase-again")) }
                    input #again autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="passphrase-again" type="password" required;
                }
                p { button.btn { (pen.say("make-vault")) } }
            }
            aside.side-note {
                div.notice { h2 { (pen.say("nobody-recovers")) } p { (pen.say("nobody-recovers-hint")) } }
            }
        }
    };
    Sheet {
        title: "first-start",
        way: Way::Home,
        stream: None,
        main,
    }
}

/// Makes it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let words = Zeroizing::new(fields.text("passphrase").to_owned());
    let made = match fields.text("passphrase-again") == words.as_str() {
        true => visit.wish(Wish::Create(words)).await,
        false => {
            let why = visit.pen().say("sorry-not-the-same");
            return sheet(visit.pen(), Some(&why)).refused(visit.pen(), &visit.shown);
        }
    };
    match made {
        Ok(()) => Redirect::to("/").into_response(),
        Err(sorry) => {
            let visit = visit.again();
            let why = refusals::sentence(visit.pen(), &sorry);
            sheet(visit.pen(), Some(&why)).refused(visit.pen(), &visit.shown)
        }
    }
}
