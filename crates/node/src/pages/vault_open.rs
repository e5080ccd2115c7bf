//! `POST /vault/open`: the passphrase of a vault that is there.
//! Must never tell more of a wrong passphrase than that it is wrong.

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

/// The form of every later start.
pub fn sheet(pen: Pen<'_>, why: Option<&str>) -> Sheet<'static> {
    let main = html! {
        form.wide.measure action="/vault/open" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            div.stack {
                h1 { (pen.say("locked")) }
                p { (pen.say("locked-hint")) }
                (trouble(why))
            }
            div {
                label for="passphrase" { (pen.say("passphrase")) }
                input #passphrase autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="passphrase" type="password" required autofocus;
            }
            p { button.btn { (pen.say("open-vault")) } }
        }
    };
    Sheet {
        title: "locked",
        way: Way::Home,
        stream: None,
        main,
    }
}

/// Tries it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let words = Zeroizing::new(fields.text("passphrase").to_owned());
    match visit.wish(Wish::Open(words)).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(sorry) => {
            let visit = visit.again();
            let why = refusals::sentence(visit.pen(), &sorry);
            sheet(visit.pen(), Some(&why)).refused(visit.pen(), &visit.shown)
        }
    }
}
