//! What came after its window closed: it was shown to nobody, and goes back to its author.

use maud::html;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way},
};

/// The page.
pub fn sheet(pen: Pen<'_>, fields: &Fields) -> Sheet<'static> {
    let main = html! {
        div.wide.measure {
            div.stack { h1 { (pen.say("round-late")) } p { (pen.say("round-late-hint")) } }
            div {
                label for="typed" { (pen.say("what-you-typed")) }
                textarea #typed .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" readonly rows="8" dir="auto" { "\n" (fields.text("text")) }
            }
            p { a.btn href="/table" { (pen.say("back-to-table")) } }
        }
    };
    Sheet {
        title: "round",
        way: Way::Rounds,
        stream: None,
        main,
    }
}

/// An answer that came too late, and to what it was; those before it went as they were.
pub fn answer(pen: Pen<'_>, statement: Option<&str>) -> Sheet<'static> {
    let main = html! {
        div.wide.measure {
            div.stack { h1 { (pen.say("ballot-late")) } p { (pen.say("ballot-late-hint")) } }
            @if let Some(text) = statement { p.written.said dir="auto" { (text) } }
            p { a.btn href="/round" { (pen.say("go-to-round")) } }
        }
    };
    Sheet {
        title: "round",
        way: Way::Rounds,
        stream: None,
        main,
    }
}
