//! The blank page of a Round: the question, the time, and among how many one is hidden.
//! Must never send anything: a text stays on this machine until the Round collects.

use maud::{Markup, html};
use participant::view::RoundView;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way, trouble},
    round_clock, round_show,
    words::Argument::{Number, Text},
};

/// The form, with what is kept or was typed.
pub fn sheet(pen: Pen<'_>, round: &RoundView, typed: &Fields, why: Option<&str>) -> Sheet<'static> {
    let hour = round_show::hour(pen, round);
    let main = html! {
        div.task {
            form.stack action="/round/write" method="post" {
                (pen.token())
                input type="hidden" name="promised" value=(least(round));
                input type="hidden" name="round" value=(data_encoding::HEXLOWER.encode(&round.round.0));
                p.soft { (pen.name("write-until", "hour", &hour)) }
                h1.written.question { label for="text" dir="auto" { (round.question) } }
                (trouble(why))
                textarea #text .written.tall name="text" rows="10" dir="auto" aria-describedby="room-for" autofocus {
                    "\n" (typed.text("text"))
                }
                p #room-for .soft { (pen.count("write-room", "letters", letters(round))) }
                (wish(pen, round, typed))
                p { button.btn { (button(pen, round)) } }
                p.soft { (pen.name("write-stays", "hour", &hour)) }
            }
            aside.side-note {
                (round_clock::face(pen, round))
                (hidden_among(pen, round))
            }
        }
    };
    Sheet {
        title: "round",
        way: Way::Rounds,
        stream: None,
        main,
    }
}

/// Letters that certainly fit: four bytes are the longest, and a few belong to the program.
fn letters(round: &RoundView) -> u64 {
    u64::from(round.slot_bytes.saturating_sub(64).div_euclid(100)).saturating_mul(100)
}

fn button(pen: Pen<'_>, round: &RoundView) -> String {
    pen.say_with(
        "write-button",
        &[
            ("crowd", Number(round.eligible.into())),
            ("floor", Number(least(round).into())),
        ],
    )
}

/// The smallest crowd in which this text would be sent.
fn least(round: &RoundView) -> u16 {
    round
        .minimum
        .unwrap_or(round.usual_minimum)
        .max(round.floor)
}

fn wish(pen: Pen<'_>, round: &RoundView, typed: &Fields) -> Markup {
    html! {
        details open[!typed.text("minimum").is_empty()] {
            summary.link { (pen.count("write-least", "floor", least(round).into())) }
            div.stack {
                label for="minimum" { (pen.say("write-minimum")) span.hint { (pen.say_with("write-minimum-hint", &[
                    ("floor", Number(round.floor.into())), ("crowd", Number(round.eligible.into())),
                ])) } }
                input #minimum .short name="minimum" inputmode="numeric" value=(typed.text("minimum")) placeholder=(round.usual_minimum);
            }
        }
    }
}

/// The crowd as so many heads, and what it means.
pub fn hidden_among(pen: Pen<'_>, round: &RoundView) -> Markup {
    let crowd = round.eligible;
    html! {
        div.stack {
            h2 { (pen.say_with("hidden-among", &[("crowd", Text(&crowd.to_string()))])) }
            span.heads aria-hidden="true" {
                @for _ in 0..crowd { svg viewBox="0 0 20 20" { use href="#person" {} } }
            }
            p { (pen.say_with("hidden-meaning", &[("crowd", Number(crowd.into())), ("floor", Number(least(round).into()))])) }
            p { a.link href="/limits" { (pen.say("limits")) } }
        }
    }
}
