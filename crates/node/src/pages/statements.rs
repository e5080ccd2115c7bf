//! The open Round, and what the last one brought.
//! Must never number the statements, nor put a name, a mark or a time to one.

use maud::{Markup, html};

use super::{
    kinds::Kind,
    layout::Pen,
    view::{Aftermath, Round, RoundStatus, Statements, Table},
    words::Argument::Number,
};

/// The Round that is open: the question, the hour, the crowd.
pub fn round(pen: Pen<'_>, table: &Table) -> Markup {
    html! {
        @if let Some(aftermath) = table.aftermath { (ended(pen, aftermath)) }
        @if let Some(round) = &table.round {
            section.notice.strong.stack aria-labelledby="round-head" {
                h2 #round-head { (heading(pen, round)) }
                p.written.said dir="auto" { (round.question) }
                p { (own_text(pen, round)) }
                @if matches!(round.status, RoundStatus::Collecting(run) if run > 1) { p { (pen.of_kind("round-again", Kind::of_asked(round.asked))) } }
                p.row {
                    @if round.status == RoundStatus::Writing && round.writes && !round.written {
                        a.btn href="/round" { (pen.of_kind("write-statement", Kind::of_asked(round.asked))) }
                    } @else {
                        a.link href="/round" { (pen.say("go-to-round")) }
                    }
                    @if let Some(crowd) = crowd(pen, round) { span { (crowd) } }
                }
            }
        }
    }
}

/// The last Round did not go as its people hoped: where to read on, and that nothing of it is lost.
fn ended(pen: Pen<'_>, aftermath: Aftermath) -> Markup {
    let (head, sentence) = match aftermath {
        Aftermath::NoTexts => ("failed", "table-no-texts"),
        Aftermath::StayedOut => ("stayed-home", "table-stayed-out"),
    };
    html! {
        section.notice.stack aria-labelledby="round-head" {
            h2 #round-head { (pen.say(head)) }
            p { (pen.say(sentence)) }
            p { a.link href="/round" { (pen.say("what-happened")) } }
        }
    }
}

fn heading(pen: Pen<'_>, round: &Round) -> String {
    let kind = Kind::of_asked(round.asked);
    match round.status {
        RoundStatus::Writing => pen.name("round-open", "hour", &pen.hours.hour(round.closes)),
        RoundStatus::Collecting(_) => pen.of_kind("round-collecting", kind),
        RoundStatus::Disturbed => pen.say("round-disturbed"),
        RoundStatus::Opening => pen.of_kind("round-opening", kind),
    }
}

fn own_text(pen: Pen<'_>, round: &Round) -> String {
    let kind = Kind::of_asked(round.asked);
    if round.as_one {
        return match round.status {
            RoundStatus::Writing => pen.say("round-as-one"),
            RoundStatus::Disturbed => pen.of_kind("round-disturbed-short", kind),
            RoundStatus::Collecting(_) | RoundStatus::Opening => pen.of_kind("round-soon", kind),
        };
    }
    let id = match (round.status, round.written) {
        (RoundStatus::Writing, true) => {
            let hour = pen.hours.hour(round.closes);
            return pen.name_of_kind("round-text-in", kind, "hour", &hour);
        }
        (RoundStatus::Writing, false) if !round.writes => "round-not-yours",
        (RoundStatus::Writing, false) => "round-no-text",
        (RoundStatus::Disturbed, _) => "round-disturbed-short",
        (RoundStatus::Collecting(_) | RoundStatus::Opening, true) => "round-text-ready",
        (RoundStatus::Collecting(_) | RoundStatus::Opening, false) => "round-keep-open",
    };
    pen.of_kind(id, kind)
}

/// Nobody is hidden in a side that answers as one; and where each side is a crowd of its own, whoever has
/// no side is in none of them.
fn crowd(pen: Pen<'_>, round: &Round) -> Option<String> {
    let is_outside = round.each_side && !round.writes;
    let id = match round.status {
        _ if round.as_one => return None,
        RoundStatus::Writing if is_outside => "round-in-so-far",
        RoundStatus::Writing => "round-crowd-so-far",
        RoundStatus::Collecting(_) | RoundStatus::Disturbed | RoundStatus::Opening => {
            if is_outside {
                return None;
            }
            "round-hidden-among"
        }
    };
    let numbers = [
        ("crowd", Number(round.crowd.into())),
        ("floor", Number(round.floor.into())),
    ];
    Some(pen.say_with(id, &numbers))
}

/// Statements of the last Round that the Table shows; the page of the Round has all.
const SHOWN: usize = 6;

/// What the last Round brought, all at once.
pub fn last(pen: Pen<'_>, table: &Table) -> Markup {
    html! {
        section.stack aria-labelledby="last-round" {
            h2 #last-round { (pen.say("last-round")) }
            @match &table.last {
                Some(last) if Kind::of_asked(last.asked) == Kind::Answers => (answered(pen, table, last)),
                Some(last) => (brought(pen, table, last)),
                None => p.soft { (pen.say("no-round")) },
            }
            @if table.round.is_none() && table.convenes() {
                p { a.btn.quiet href="/round/ask" { (pen.say("ask-button")) } }
            }
        }
    }
}

/// Answers have a page of their own: nothing of them is worked out for the table.
fn answered(pen: Pen<'_>, table: &Table, last: &Statements) -> Markup {
    html! {
        p.written.soft dir="auto" { (last.question) }
        p { (pen.count("answers-here-hint", "statements", last.asked)) }
        p { a.btn href={ "/rounds/" (table.rounds) } { (pen.say("see-common-ground")) } }
    }
}

fn brought(pen: Pen<'_>, table: &Table, last: &Statements) -> Markup {
    let all = last.texts.len();
    html! {
        p.written.soft dir="auto" { (last.question) }
        ul.statements {
            @for (number, text) in (0_u64..).zip(last.texts.iter().take(SHOWN)) {
                li {
                    p.written.said dir="auto" { (text) }
                    button.link.small form="write" formaction="/table/answer" formnovalidate name="statement" value=(number) {
                        (pen.say("discuss-this"))
                    }
                }
            }
        }
        p {
            a.link href={ "/rounds/" (table.rounds) } { (pen.count("all-statements", "texts", all as u64)) }
        }
        p.soft { (pen.count("last-round-crowd", "crowd", last.crowd.into())) }
    }
}
