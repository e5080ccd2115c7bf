//! Whom a Round went on without, and why, in plain words: absence is told apart from what only an altered
//! or a damaged program sends, and neither is called ill will.

use maud::{Markup, html};
use participant::view::RoomView;
use room::SeatId;

use super::{
    kinds::Kind,
    layout::Pen,
    people,
    words::Argument::{Number, Text},
};

/// What the Round did without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// It was repeated.
    Again(Kind),
    /// It ended: too few were left. Of what kind it was is not remembered then.
    Nowhere,
}

/// A sentence for each kind, and the names; the reader is spoken to.
pub fn names(
    pen: Pen<'_>,
    went: Went,
    room: &RoomView,
    absent: &[SeatId],
    disruptors: &[SeatId],
) -> Markup {
    let ([disruptor, own_disruptor], absence, kind) = match went {
        Went::Again(kind) => (
            ["left-out-disruptor", "left-out-disruptor-you"],
            ABSENT_AGAIN,
            kind,
        ),
        Went::Nowhere => (
            ["failed-disruptor", "failed-disruptor-you"],
            ABSENT_NOWHERE,
            Kind::Texts,
        ),
    };
    let own = room.own_seat;
    let kind = kind.argument();
    let named = |id, seat: SeatId| {
        let name = people::named(pen, room, seat);
        pen.say_with(id, &[kind, ("name", Text(&name))])
    };
    let others: Vec<SeatId> = absent.iter().copied().filter(|seat| *seat != own).collect();
    html! {
        @for seat in disruptors {
            p { (named(if *seat == own { own_disruptor } else { disruptor }, *seat)) }
        }
        @if absent.contains(&own) { p { (pen.say_with(absence.you, &[kind])) } }
        @match others.as_slice() {
            [] => {},
            [seat] => p { (named(absence.one, *seat)) },
            many => div {
                p { (pen.say_with(absence.many, &[kind, ("people", Number(many.len() as u64))])) }
                ul.who { @for seat in many { li { bdi { (people::named(pen, room, *seat)) } } } }
            },
        }
    }
}

/// The sentences about absence.
struct Absence {
    you: &'static str,
    one: &'static str,
    many: &'static str,
}

const ABSENT_AGAIN: Absence = Absence {
    you: "left-out-absent-you",
    one: "left-out-absent",
    many: "left-out-absent-many",
};
const ABSENT_NOWHERE: Absence = Absence {
    you: "failed-absent-you",
    one: "failed-absent",
    many: "failed-absent-many",
};

/// That nobody should judge by it, and what to do; under a heading of the page's own size.
pub fn no_ill_will(
    pen: Pen<'_>,
    heading: fn(&str) -> Markup,
    own: SeatId,
    absent: &[SeatId],
    disruptors: &[SeatId],
) -> Markup {
    let (yours, others): (Vec<SeatId>, _) = disruptors.iter().partition(|seat| **seat == own);
    html! {
        @if !absent.is_empty() || !disruptors.is_empty() {
            section.stack aria-labelledby="no-ill-will" {
                (heading(&pen.say("no-ill-will-head")))
                @if !yours.is_empty() { p { (pen.say("disruptor-meaning-you")) } }
                @if !others.is_empty() { p { (pen.say("disruptor-meaning")) } }
                @if !absent.is_empty() { p { (pen.say("absent-meaning")) } }
            }
        }
    }
}

/// A part of the page.
pub fn part(words: &str) -> Markup {
    html! { h2 #no-ill-will { (words) } }
}

/// A part of a part.
pub fn small_part(words: &str) -> Markup {
    html! { h3 #no-ill-will { (words) } }
}
