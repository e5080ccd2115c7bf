//! What became of a Round that is over, and of the reader's own text where it did not appear.
//! Must never say of a text that was shown whose it was, not even to its author.

use maud::{Markup, html};
use participant::{
    StayedHome,
    view::{FailedView, Opening, ReturnedView, RoomView},
};
use room::{FailedWhy, RoundId};

use super::{
    brought::{Brought, brought},
    kinds::Kind,
    layout::Pen,
    round_left_out::{self, Went},
    seats_show, text_drop,
    view::Shown,
    words::Argument::Number,
};

/// No Round is open: what the last one brought, or that none was held.
pub fn over(pen: Pen<'_>, shown: &Shown, room: &RoomView) -> Markup {
    let brought = brought(room);
    html! {
        div.wide.measure {
            @match (&room.failed, brought.last()) {
                (Some(failed), _) => (without_texts(pen, shown, room, failed)),
                (None, Some(last)) => (with_result(pen, shown, room, brought.len(), last)),
                (None, None) => div.stack { h1 { (pen.say("round-none")) } p { (pen.say("round-none-hint")) } },
            }
            p.row {
                @let texts = room.failed.is_none() && !brought.is_empty();
                a.btn[!texts].link[texts] href="/table" { (pen.say("back-to-table")) }
                @if seats_show::convenes(room) { a.link href="/round/ask" { (pen.say("ask-button")) } }
            }
        }
    }
}

fn with_result(
    pen: Pen<'_>,
    shown: &Shown,
    room: &RoomView,
    number: usize,
    last: &Brought<'_>,
) -> Markup {
    let ended = last.first();
    html! {
        div.stack {
            h1 { (pen.of_kind("round-here", Kind::of_ended(ended))) }
            @match last {
                Brought::Texts(_) => {
                    p { (pen.count("round-here-hint", "texts", ended.statements.len() as u64)) }
                    p { a.btn href={ "/rounds/" (number) } { (pen.say("read-statements")) } }
                },
                Brought::Answers(_) => {
                    p { (pen.count("answers-here-hint", "statements", ended.asked.len() as u64)) }
                    p { a.btn href={ "/rounds/" (number) } { (pen.say("see-common-ground")) } }
                },
            }
        }
        @match last {
            Brought::Texts(_) => {
                (stayed_out(pen, shown, room, ended))
                (repeated_since(pen, room, ended))
            },
            Brought::Answers(answers) => @for ended in answers.openings() { (repeated_since(pen, room, ended)) },
        }
    }
}

/// What became of a Round that did not come out right at once.
pub fn repeated_since(pen: Pen<'_>, room: &RoomView, ended: &Opening) -> Markup {
    let own = room.own_seat;
    let numbers = [
        Kind::of_ended(ended).argument(),
        ("started", Number(ended.opening_roster.into())),
        ("ended", Number(ended.final_roster.into())),
    ];
    html! {
        @if ended.runs > 1 {
            section.notice.stack {
                h2 { (repeated_head(pen, room, ended)) }
                p { (pen.say_with("round-repeated-crowd", &numbers)) }
                (round_left_out::names(pen, Went::Again(Kind::of_ended(ended)), room, &ended.absent, &ended.disruptors))
                (round_left_out::no_ill_will(pen, round_left_out::small_part, own, &ended.absent, &ended.disruptors))
            }
        }
    }
}

fn repeated_head(pen: Pen<'_>, room: &RoomView, ended: &Opening) -> String {
    let side = ended
        .side
        .and_then(|side| room.sides.get(usize::from(side)));
    match side {
        Some(side) => pen.name("round-repeated-side", "side", side),
        None => pen.say("round-repeated-since"),
    }
}

/// A Round that brought no texts.
fn without_texts(pen: Pen<'_>, shown: &Shown, room: &RoomView, failed: &FailedView) -> Markup {
    let own = room.own_seat;
    let numbers = [
        ("started", Number(failed.opening_roster.into())),
        ("ended", Number(failed.final_roster.into())),
    ];
    let why = match failed.why {
        FailedWhy::BelowFloor if failed.opening_roster == failed.final_roster => "failed-too-few",
        FailedWhy::BelowFloor => "failed-below-floor",
        FailedWhy::TooManySeats => "failed-too-many",
        FailedWhy::GaveUp => "failed-gave-up",
        FailedWhy::Overlap => "failed-overlap",
    };
    let hint = match failed.why {
        FailedWhy::GaveUp => "own-text-spent",
        FailedWhy::BelowFloor | FailedWhy::TooManySeats | FailedWhy::Overlap => "own-text-free",
    };
    // The sentence about an overlap says itself when to ask again.
    let may_ask = failed.why != FailedWhy::Overlap;
    let text = returned(shown, failed.round);
    html! {
        div.stack {
            h1 { (pen.say("failed")) }
            p { (pen.say_with(why, &numbers)) }
            (round_left_out::names(pen, Went::Nowhere, room, &failed.absent, &failed.disruptors))
            @if may_ask && !seats_show::convenes(room) { p { (pen.say("failed-next")) } }
        }
        (own_text(pen, text, "failed-your-text", None, hint))
        (round_left_out::no_ill_will(pen, round_left_out::part, own, &failed.absent, &failed.disruptors))
    }
}

/// The reader's own text, where it is not among those that appeared.
fn stayed_out(pen: Pen<'_>, shown: &Shown, room: &RoomView, ended: &Opening) -> Markup {
    let own = room.own_seat;
    let why = shown
        .view
        .stayed_home
        .filter(|(round, _)| *round == ended.round);
    let why = why.map(|(_, why)| why);
    let left_out = ended.absent.iter().chain(&ended.disruptors);
    let left_out = left_out.into_iter().any(|seat| *seat == own);
    let (sentence, hint) = match why {
        _ if left_out => (Some(pen.say("stayed-home-left-out")), "own-text-free"),
        Some(StayedHome::CrowdTooSmall { crowd, minimum }) => {
            let numbers = [
                ("crowd", Number(crowd.into())),
                ("minimum", Number(minimum.into())),
            ];
            let sentence = pen.say_with("stayed-home-crowd", &numbers);
            (Some(sentence), "own-text-free")
        }
        Some(StayedHome::Bound) => (Some(pen.say("stayed-home-bound")), "own-text-spent"),
        None => (None, "own-text-free"),
    };
    let text = returned(shown, ended.round);
    own_text(pen, text, "stayed-home", sentence, hint)
}

fn own_text(
    pen: Pen<'_>,
    returned: Option<&ReturnedView>,
    head: &str,
    why: Option<String>,
    hint: &str,
) -> Markup {
    html! {
        @if let Some(returned) = returned {
            section.notice.strong.stack aria-labelledby="own-text" {
                h2 #own-text { (pen.say(head)) }
                @if let Some(why) = why { p { (why) } }
                p.written.said dir="auto" { (returned.text) }
                p { (pen.say(hint)) }
                p { (text_drop::way(pen, returned)) }
            }
        }
    }
}

/// What was written for this Round and came back.
pub fn returned(shown: &Shown, round: RoundId) -> Option<&ReturnedView> {
    let mut returned = shown.view.returned.iter().rev();
    returned.find(|text| text.round == Some(round))
}
