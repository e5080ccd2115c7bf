//! The open Round, and what the last one brought.
//! Must never number the statements, nor put a name, a mark or a time to one.

use maud::{Markup, html};

use super::{
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
                @if matches!(round.status, RoundStatus::Collecting(run) if run > 1) { p { (pen.say("round-again")) } }
                p.row {
                    @if round.status == RoundStatus::Writing && round.writes && !round.written {
                        a.btn href="/round" { (pen.say("write-statement")) }
                    } @else {
                        a.link href="/round" { (pen.say("go-to-round")) }
                    }
                    span { (crowd(pen, round)) }
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
    match round.status {
        RoundStatus::Writing => pen.name("round-open", "hour", &pen.hours.hour(round.closes)),
        RoundStatus::Collecting(_) => pen.say("round-collecting"),
        RoundStatus::Disturbed => pen.say("round-disturbed"),
        RoundStatus::Opening => pen.say("round-opening"),
    }
}

fn own_text(pen: Pen<'_>, round: &Round) -> String {
    match (round.status, round.written) {
        (RoundStatus::Writing, true) => {
            pen.name("round-text-in", "hour", &pen.hours.hour(round.closes))
        }
        (RoundStatus::Writing, false) if !round.writes => pen.say("round-not-yours"),
        (RoundStatus::Writing, false) => pen.say("round-no-text"),
        (RoundStatus::Disturbed, _) => pen.say("round-disturbed-short"),
        (RoundStatus::Collecting(_) | RoundStatus::Opening, true) => pen.say("round-text-ready"),
        (RoundStatus::Collecting(_) | RoundStatus::Opening, false) => pen.say("round-keep-open"),
    }
}

fn crowd(pen: Pen<'_>, round: &Round) -> String {
    let id = match round.status {
        RoundStatus::Writing => "round-crowd-so-far",
        RoundStatus::Collecting(_) | RoundStatus::Disturbed | RoundStatus::Opening => {
            "round-hidden-among"
        }
    };
    pen.say_with(
        id,
        &[
            ("crowd", Number(round.crowd.into())),
            ("floor", Number(round.floor.into())),
        ],
    )
}

/// Statements of the last Round that the Table shows; the page of the Round has all.
const SHOWN: usize = 6;

/// What the last Round brought, all at once.
pub fn last(pen: Pen<'_>, table: &Table) -> Markup {
    html! {
        section.stack aria-labelledby="last-round" {
            h2 #last-round { (pen.say("last-round")) }
            @match &table.last {
                Some(last) => (brought(pen, table, last)),
                None => p.soft { (pen.say("no-round")) },
            }
            @if table.round.is_none() && table.convenes() {
                p { a.btn.quiet href="/round/ask" { (pen.say("ask-button")) } }
            }
        }
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
