//! Short pages for whoever stands outside: not let in, too late, or with a form that is not taken.
//! Must never say more to a stranger than what to do; what was typed goes back to who typed it.

use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use super::{
    Words,
    fields::{BadForm, Fields},
};

/// What a launch URL shows for a moment, on the way in.
pub fn doorstep(words: &Words) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.language) dir=(words.direction) translate="no" {
            head {
                meta charset="utf-8";
                meta name="google" content="notranslate";
                meta http-equiv="refresh" content="0;url=/";
                title { (words.say("brand")) }
            }
            body { p { a href="/" { (words.say("go-on")) } } }
        }
    }
}

/// To somebody without a session.
pub fn outside(words: &Words) -> Markup {
    sheet(words, "outside", "outside-hint", None)
}

/// To a form that is not taken.
pub fn bad_form(words: &Words, why: BadForm) -> Response {
    let (status, hint) = match why {
        BadForm::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "form-too-long"),
        BadForm::Damaged => (StatusCode::BAD_REQUEST, "form-damaged"),
        BadForm::NoToken => (StatusCode::FORBIDDEN, "form-without-token"),
    };
    (status, sheet(words, "form-not-taken", hint, None)).into_response()
}

/// The vault was closed while somebody typed.
pub fn closed_meanwhile(words: &Words, fields: &Fields) -> Response {
    let page = sheet(
        words,
        "closed-meanwhile",
        "closed-meanwhile-hint",
        Some(fields),
    );
    (StatusCode::CONFLICT, page).into_response()
}

/// A page was left open while the program was started anew.
pub async fn left_open(words: &Words, request: Request) -> Response {
    let fields = match request.method().is_safe() {
        true => None,
        // A form that cannot be read leaves nothing to hand back.
        false => Fields::read(request).await.ok(),
    };
    let page = sheet(words, "left-open", "left-open-hint", fields.as_ref());
    (StatusCode::FORBIDDEN, page).into_response()
}

fn sheet(words: &Words, head: &str, hint: &str, typed: Option<&Fields>) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.language) dir=(words.direction) translate="no" {
            head {
                meta charset="utf-8";
                meta name="google" content="notranslate";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (words.say("brand")) }
                link rel="stylesheet" href="/tracktwo.css";
            }
            body {
                main #main .page {
                    // An open table takes this part into the place of its field: what was typed stays there.
                    div #composer .stack.measure {
                        h1 { (words.say(head)) }
                        p { (words.say(hint)) }
                        @for text in typed.into_iter().flat_map(Fields::typed) {
                            label for="typed" { (words.say("what-you-typed")) }
                            textarea #typed .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" readonly rows="6" dir="auto" { "\n" (text) }
                        }
                        p { a.btn href="/" { (words.say("go-on")) } }
                    }
                }
            }
        }
    }
}
