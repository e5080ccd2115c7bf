//! A Round that writes, collects or was disturbed: a clock and steps, never people.
//! Must never make a disturbance look like somebody's fault, nor hide that there was one.

use maud::{Markup, html};
use participant::{
    StayedHome,
    view::{FailedView, Opening, RoundPhase, RoundView},
};
use room::FailedWhy;

use super::{
    layout::Pen,
    round_clock, round_show,
    steps::{Step, steps},
    words::Argument::Number,
};

/// Where an open Round stands, for whoever does not write right now.
pub fn standing(pen: Pen<'_>, round: &RoundView, convenes: bool) -> Markup {
    html! {
        div.task {
            div.wide {
                div.stack {
                    h1 { (heading(pen, round)) }
                    p.written.said dir="auto" { (round.question) }
                    p { (meaning(pen, round)) }
                    (buttons(pen, round, convenes))
                }
                section aria-labelledby="how" {
                    h2 #how .off { (pen.say("what-happens")) }
                    (steps(&course(pen, round)))
                }
                (left_out(pen, &round.absent, &round.disruptors))
                (awaited(pen, round))
                p.soft { (pen.say("round-nobody-sees")) }
            }
            aside.side-note.early {
                (round_clock::face(pen, round))
                p { (in_so_far(pen, round)) }
            }
        }
    }
}

fn heading(pen: Pen<'_>, round: &RoundView) -> String {
    let hour = round_show::hour(pen, round);
    match (round.phase, round.draft.is_some()) {
        (RoundPhase::Writing, true) => pen.name("collect-text-in", "hour", &hour),
        (RoundPhase::Writing, false) => pen.name("round-open", "hour", &hour),
        (RoundPhase::Collecting { .. }, _) => pen.say("round-collecting"),
        (RoundPhase::Opening { .. }, _) => pen.say("round-opening"),
        (RoundPhase::Disturbed { .. }, _) => pen.say("round-disturbed"),
    }
}

fn meaning(pen: Pen<'_>, round: &RoundView) -> String {
    match (round.phase, round.draft.is_some(), round.writes) {
        (RoundPhase::Writing, true, _) => {
            pen.name("collect-ready", "hour", &round_show::hour(pen, round))
        }
        (RoundPhase::Writing, false, true) => pen.say("round-no-text"),
        (RoundPhase::Writing, false, false) => pen.say("round-not-yours"),
        (RoundPhase::Collecting { .. } | RoundPhase::Opening { .. }, _, true) => {
            pen.say("round-keep-open")
        }
        (RoundPhase::Collecting { .. } | RoundPhase::Opening { .. }, _, false) => {
            pen.say("round-soon")
        }
        (RoundPhase::Disturbed { .. }, _, _) => pen.say("round-disturbed-meaning"),
    }
}

fn buttons(pen: Pen<'_>, round: &RoundView, convenes: bool) -> Markup {
    let writing = round.phase == RoundPhase::Writing;
    html! {
        p.row {
            a.btn href="/table" { (pen.say("back-to-table")) }
            @if writing && round.draft.is_some() { a.link href="/round?change=yes" { (pen.say("change-text")) } }
        }
        @if writing && round.draft.is_some() {
            form action="/round/withdraw" method="post" {
                (pen.token())
                button.link { (pen.say("take-back-text")) }
            }
        }
        @if writing && convenes {
            form action="/round/close" method="post" {
                (pen.token())
                button.btn.quiet { (pen.say("close-now")) }
            }
        }
    }
}

fn course(pen: Pen<'_>, round: &RoundView) -> Vec<(Step, String, String)> {
    let hour = round_show::hour(pen, round);
    let (write, mix, appear) = match round.phase {
        RoundPhase::Writing => (Step::Now, Step::Later, Step::Later),
        RoundPhase::Collecting { .. } => (Step::Done, Step::Now, Step::Later),
        RoundPhase::Disturbed { .. } => (Step::Done, Step::Trouble, Step::Later),
        RoundPhase::Opening { .. } => (Step::Done, Step::Done, Step::Now),
    };
    let again = matches!(round.phase, RoundPhase::Collecting { run } | RoundPhase::Opening { run } if run > 1);
    let disturbed = again.then(|| {
        (
            Step::Trouble,
            pen.say("round-again"),
            pen.say("round-again-hint"),
        )
    });
    let course = [
        (
            write,
            pen.name("step-write", "hour", &hour),
            pen.say("step-write-hint"),
        ),
        (mix, pen.say("step-mix"), pen.say("step-mix-hint")),
        (appear, pen.say("step-appear"), pen.say("step-appear-hint")),
    ];
    let [first, then, last] = course;
    [Some(first), disturbed, Some(then), Some(last)]
        .into_iter()
        .flatten()
        .collect()
}

/// Who was left out and why, in plain words: absence is told apart from what only an altered or a
/// damaged program sends, and neither is called ill will.
fn left_out(pen: Pen<'_>, absent: &[String], disruptors: &[String]) -> Markup {
    html! {
        @if !absent.is_empty() || !disruptors.is_empty() {
            section.notice.stack aria-labelledby="again" {
                h2 #again { (pen.say("no-ill-will-head")) }
                @for name in disruptors { p { (pen.name("left-out-disruptor", "name", name)) } }
                @for name in absent { p { (pen.name("left-out-absent", "name", name)) } }
                @if !disruptors.is_empty() { p { (pen.say("disruptor-meaning")) } }
                @if !absent.is_empty() { p { (pen.say("absent-meaning")) } }
                p { (pen.say("no-ill-will")) }
            }
        }
    }
}

/// What became of a Round that did not come out right at once.
pub fn repeated_since(pen: Pen<'_>, ended: &Opening) -> Markup {
    let numbers = [
        ("started", Number(ended.opening_roster.into())),
        ("ended", Number(ended.final_roster.into())),
    ];
    html! {
        @if ended.runs > 1 { p.notice { (pen.say_with("round-repeated-since", &numbers)) } }
        (left_out(pen, &ended.absent, &ended.disruptors))
    }
}

/// Nothing can be lost any more, and everybody may know for whom one waits.
fn awaited(pen: Pen<'_>, round: &RoundView) -> Markup {
    html! {
        @if !round.awaited.is_empty() {
            section.notice.stack aria-labelledby="awaited" {
                h2 #awaited { (pen.say("awaited")) }
                ul.who { @for name in &round.awaited { li { bdi { (name) } } } }
                p { (pen.say("awaited-hint")) }
                form action="/round/give-up" method="post" {
                    (pen.token())
                    button.btn.quiet { (pen.say("give-up")) }
                }
            }
        }
    }
}

fn in_so_far(pen: Pen<'_>, round: &RoundView) -> String {
    let id = match round.phase {
        RoundPhase::Writing => "round-crowd-so-far",
        RoundPhase::Collecting { .. }
        | RoundPhase::Disturbed { .. }
        | RoundPhase::Opening { .. } => "round-hidden-among",
    };
    let numbers = [
        ("crowd", Number(round.hidden_among.into())),
        ("floor", Number(round.floor.into())),
    ];
    pen.say_with(id, &numbers)
}

/// A Round that brought no texts, and the reader's own one.
pub fn failed(pen: Pen<'_>, failed: &FailedView) -> Markup {
    let why = pen.say(match failed.why {
        FailedWhy::BelowFloor => "failed-below-floor",
        FailedWhy::TooManySeats => "failed-too-many",
        FailedWhy::GaveUp => "failed-gave-up",
        FailedWhy::Overlap => "failed-overlap",
    });
    html! {
        h1 { (pen.say("failed")) }
        p { (why) }
        (left_out(pen, &failed.absent, &failed.disruptors))
        @if let Some(draft) = &failed.draft {
            section.notice.stack {
                h2 { (pen.say("failed-your-text")) }
                p.written.said dir="auto" { (draft) }
                p { (pen.say("failed-your-text-hint")) }
            }
        }
    }
}

/// Why the reader's text was not among those that were sent.
pub fn stayed_home(pen: Pen<'_>, why: StayedHome) -> String {
    match why {
        StayedHome::CrowdTooSmall { crowd, minimum } => pen.say_with(
            "stayed-home-crowd",
            &[
                ("crowd", Number(crowd.into())),
                ("minimum", Number(minimum.into())),
            ],
        ),
        StayedHome::Bound => pen.say("stayed-home-bound"),
    }
}
