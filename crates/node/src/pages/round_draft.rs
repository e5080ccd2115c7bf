//! The blank page of a Round: the question, the time, and among how many one is hidden.
//! Must never send anything: a text stays on this machine until the Round collects.

use maud::{Markup, html};
use participant::view::{RoundPhase, RoundView};

use super::{
    fields::Fields,
    kinds::Kind,
    layout::{Pen, Sheet, Way, trouble},
    one_side, round_clock, round_show, shut, text_drop, typed,
    view::Shown,
    words::Argument::{Number, Text},
};
use crate::unsent::Place;

/// The form, with what is kept or was typed.
pub fn sheet(
    pen: Pen<'_>,
    shown: &Shown,
    round: &RoundView,
    typed: &Fields,
    why: Option<&str>,
) -> Sheet<'static> {
    let hour = round_show::hour(pen, round);
    let main = html! {
        div.task {
            form.stack action="/round/write" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                input autocomplete="off" type="hidden" name="promised" value=(least(round));
                input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
                p.soft { (pen.name("write-until", "hour", &hour)) }
                h1.written.question { label for="text" dir="auto" { (round.question) } }
                (one_side::asked(pen, round))
                (trouble(why))
                (shut::told(pen, round_show::shut_since(round), false))
                (not_in(pen, round))
                textarea #text .written.tall autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="text" rows="10" dir="auto" aria-describedby="room-for" autofocus {
                    "\n" (typed.text("text"))
                }
                p #room-for .soft { (pen.count("write-room", "letters", letters(round))) }
                (typed::kept(pen, Place::Round(round.round)))
                (wish(pen, round, typed))
                p { button.btn { (button(pen, round)) } }
                p.soft { (pen.name("write-stays", "hour", &hour)) }
                (written_before(pen, shown))
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

/// The smallest crowd in which this text would be sent. What was promised stands: until the start a larger floor
/// is only what would be, if all came.
pub fn least(round: &RoundView) -> u16 {
    match (round.minimum, round.phase) {
        (Some(minimum), RoundPhase::Writing) => minimum,
        (minimum, _) => minimum.unwrap_or_else(|| usual(round)).max(round.floor),
    }
}

/// The reader's own floor, from the rule's to all who could come; what is chosen is what is promised.
fn wish(pen: Pen<'_>, round: &RoundView, typed: &Fields) -> Markup {
    let (crowd, usual) = (round.eligible, usual(round));
    let wished = typed.number("minimum").unwrap_or_else(|| least(round));
    let others = (round.floor..crowd).filter(|least| *least != usual);
    html! {
        div {
            label for="minimum" { (pen.say("write-minimum")) span.hint { (pen.say("write-minimum-hint")) } }
            select #minimum autocomplete="off" name="minimum" {
                (choice(usual, wished, &pen.count("minimum-usual", "least", usual.into())))
                @for least in others { (choice(least, wished, &pen.count("minimum-least", "least", least.into()))) }
                @if crowd > usual { (choice(crowd, wished, &pen.count("minimum-all", "crowd", crowd.into()))) }
            }
        }
        @if least(round) > crowd { p.notice { (pen.say_with("minimum-too-high", &[
            ("crowd", Number(crowd.into())), ("least", Number(least(round).into())),
        ])) } }
    }
}

fn choice(least: u16, wished: u16, words: &str) -> Markup {
    html! { option value=(least) selected[wished == least] { (words) } }
}

/// What is asked for a text by itself.
fn usual(round: &RoundView) -> u16 {
    round.usual_minimum.max(round.floor)
}

/// A seat that has not checked the words is in no Round: its owner must not write in vain.
pub fn not_in(pen: Pen<'_>, round: &RoundView) -> Markup {
    html! {
        @if !round.is_in {
            div.notice.stack {
                p { (pen.of_kind("round-not-in", Kind::of(round))) }
                p { a.link href="/words" { (pen.say("words-check-now")) } }
            }
        }
    }
}

/// What the reader wrote for earlier Rounds, where it did not appear; the last one first.
fn written_before(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        @for returned in shown.view.returned.iter().rev() {
            details {
                summary.link { (pen.say("own-text-before")) }
                div.stack { p.written.said dir="auto" { (returned.text) } p.soft { (pen.say("own-text-before-hint")) } p { (text_drop::way(pen, returned)) } }
            }
        }
    }
}

/// The crowd as so many heads, and what it means.
fn hidden_among(pen: Pen<'_>, round: &RoundView) -> Markup {
    let crowd = round.eligible;
    let numbers = [
        ("crowd", Number(crowd.into())),
        ("floor", Number(least(round).into())),
    ];
    html! {
        div.stack {
            (heads(pen, crowd))
            p { (pen.say_with("hidden-meaning", &numbers)) }
            p { a.link href="/limits" { (pen.say("limits")) } }
        }
    }
}

/// A crowd, as a number and as so many heads.
pub fn heads(pen: Pen<'_>, crowd: u16) -> Markup {
    html! {
        h2 { (pen.say_with("hidden-among", &[("crowd", Text(&crowd.to_string()))])) }
        span.heads aria-hidden="true" {
            @for _ in 0..crowd { svg viewBox="0 0 20 20" { use href="#person" {} } }
        }
    }
}
