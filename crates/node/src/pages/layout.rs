//! What every page has around its content, and the pen that writes on it.
//! Must never contain a script or a style of its own: the policy forbids both.

use maud::{DOCTYPE, Markup, html};
use wire::Timestamp;

use super::{
    Hours, Words, marks,
    words::Argument::{self, Number, Text},
};

/// What a page is written with.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    pub words: &'a Words,
    pub hours: &'a Hours,
    pub now: Timestamp,
}

impl Pen<'_> {
    /// A sentence of the program.
    pub fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// A sentence with gaps.
    pub fn say_with(&self, id: &str, arguments: &[(&'static str, Argument<'_>)]) -> String {
        self.words.say_with(id, arguments)
    }

    /// A sentence about a number.
    pub fn count(&self, id: &str, name: &'static str, number: u64) -> String {
        self.words.say_with(id, &[(name, Number(number))])
    }

    /// A sentence about a text.
    pub fn name(&self, id: &str, name: &'static str, text: &str) -> String {
        self.words.say_with(id, &[(name, Text(text))])
    }
}

/// The whole document; `shown` is the part that lives.
pub fn document(pen: Pen<'_>, title: &str, shown: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(pen.words.language) dir=(pen.words.direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false,"history":false}"#;
                title { (title) " · " (pen.say("brand")) }
                link rel="stylesheet" href="/tracktwo.css";
                script defer src="/htmx.js" {}
                script defer src="/htmx-live.js" {}
            }
            body {
                (marks::symbols())
                a.skip href="#main" { (pen.say("skip")) }
                div #shown { (shown) }
                div hidden hx-sse:connect="/events" hx-swap="none" hx-config=r#"{"sse":{"reconnectMaxDelay":2000}}"# {}
            }
        }
    }
}

/// What a launch URL shows for a moment, on the way to the Table.
pub fn doorstep(words: &Words) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.language) dir=(words.direction) {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content="0;url=/";
                title { (words.say("brand")) }
            }
            body { p { a href="/" { (words.say("table")) } } }
        }
    }
}

/// Brand and ways; only what exists.
pub fn masthead(pen: Pen<'_>) -> Markup {
    html! {
        header.mast.page {
            a.brand href="/" { (pen.say("brand")) }
            nav aria-label=(pen.say("this-dialogue")) {
                ul { li { a href="/" aria-current="page" { (pen.say("table")) } } }
            }
        }
    }
}

/// Where this page comes from.
pub fn footer(pen: Pen<'_>) -> Markup {
    html! { footer.page { p.foot { (pen.say("foot")) } } }
}
