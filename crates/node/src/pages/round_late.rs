//! A text that came after its window closed: it was shown to nobody, and goes back to its author.

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
                textarea #typed .written readonly rows="8" dir="auto" { "\n" (fields.text("text")) }
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
