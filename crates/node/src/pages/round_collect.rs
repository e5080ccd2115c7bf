//! A Round that writes, collects, was disturbed or is stuck: a clock and steps, never people.
//! Must never make a disturbance look like somebody's fault, nor hide that there was one.

use maud::{Markup, html};
use participant::view::{RoomView, RoundPhase, RoundView};
use wire::Timestamp;

use super::{
    ballot_show,
    kinds::Kind,
    layout::Pen,
    one_side, people, round_clock,
    round_draft::{heads, least},
    round_left_out::{self, Went},
    round_show, seats_show, shut,
    steps::{Step, steps},
    words::Argument::Number,
};

const MINUTE_MS: u64 = 60_000;

/// Where an open Round stands, for whoever does not write right now.
pub fn standing(pen: Pen<'_>, room: &RoomView, round: &RoundView) -> Markup {
    let writing = round.phase == RoundPhase::Writing;
    let own = room.own_seat;
    html! {
        div.task {
            div.wide {
                div.stack {
                    h1 { (heading(pen, round)) }
                    p.written.said dir="auto" { (round.question) }
                    (one_side::asked(pen, round))
                    (shut::told(pen, round_show::shut_since(round), seats_show::convenes(room)))
                    (round_left_out::names(pen, Went::Again(Kind::of(round)), room, &round.absent, &round.disruptors))
                    p { (meaning(pen, round)) }
                    @if writing && ballot_show::gave(round) && Kind::of(round) == Kind::Answers {
                        p { b.num { (ballot_show::count(pen, round)) } }
                    }
                    @if writing && round.is_in && ballot_show::gave(round) {
                        p { (pen.count_of_kind("collect-least", Kind::of(round), "least", least(round).into())) }
                        (guaranteed(pen, round))
                    }
                    (buttons(pen, round, seats_show::convenes(room)))
                }
                (awaited(pen, room, round))
                (own_text(pen, round))
                (asked(pen, round))
                section.stack aria-labelledby="how" {
                    h2 #how .off[writing] { (pen.say("what-happens")) }
                    (steps(&course(pen, round)))
                }
                p.soft { (pen.of_kind("round-nobody-sees", Kind::of(round))) }
            }
            aside.side-note.early[writing] {
                @if writing { (round_clock::face(pen, round)) p { (in_so_far(pen, round)) } }
                @else if round.bloc.is_none() && !is_outside(round) { (crowd(pen, round)) }
                (round_left_out::no_ill_will(pen, round_left_out::part, own, &round.absent, &round.disruptors))
            }
        }
    }
}

fn heading(pen: Pen<'_>, round: &RoundView) -> String {
    let hour = round_show::hour(pen, round);
    let kind = Kind::of(round);
    match (round.phase, ballot_show::gave(round)) {
        (RoundPhase::Writing, true) if round.is_in => {
            pen.name_of_kind("collect-text-in", kind, "hour", &hour)
        }
        (RoundPhase::Writing, _) => pen.name("round-open", "hour", &hour),
        (RoundPhase::Collecting { run: ..=1 }, _) => pen.of_kind("round-collecting", kind),
        (RoundPhase::Collecting { .. }, _) => pen.say("round-again-head"),
        (RoundPhase::Opening { .. }, _) if overdue(pen, round) => pen.say("awaited"),
        (RoundPhase::Opening { .. }, _) => pen.of_kind("round-opening", kind),
        (RoundPhase::Disturbed { .. }, _) => pen.say("round-disturbed"),
    }
}

fn meaning(pen: Pen<'_>, round: &RoundView) -> String {
    let (kind, hour) = (Kind::of(round), round_show::hour(pen, round));
    match round.phase {
        RoundPhase::Writing if !round.writes => match &round.one_side {
            Some(side) => pen.name_of_kind("round-not-your-side", kind, "side", side),
            None => pen.of_kind("round-not-yours", kind),
        },
        RoundPhase::Writing if !round.is_in => pen.of_kind("round-not-in", kind),
        RoundPhase::Writing if ballot_show::gave(round) => {
            pen.name_of_kind("collect-ready", kind, "hour", &hour)
        }
        RoundPhase::Writing => pen.of_kind("round-no-text", kind),
        RoundPhase::Disturbed { .. } => pen.of_kind("round-disturbed-meaning", kind),
        RoundPhase::Collecting { .. } | RoundPhase::Opening { .. } => {
            match round.writes && round.bloc.is_none() {
                true if round.is_in => pen.of_kind("round-keep-open", kind),
                true => pen.say("round-without-you"),
                false => pen.of_kind("round-soon", kind),
            }
        }
    }
}

fn buttons(pen: Pen<'_>, round: &RoundView, convenes: bool) -> Markup {
    let writing = round.phase == RoundPhase::Writing;
    let kind = Kind::of(round);
    let has_text = writing && round.draft.is_some();
    let may_change = has_text || ballot_show::may_answer(round);
    html! {
        p.row {
            a.btn href="/table" { (pen.say("back-to-table")) }
            @if may_change { a.link href="/round?change=yes" { (pen.of_kind("change-text", kind)) } }
            @if writing && round.writes && !round.is_in { a.link href="/words" { (pen.say("words-check-now")) } }
        }
        @if has_text {
            form action="/round/withdraw" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
                button.link { (pen.say("take-back-text")) }
            }
        }
        @if writing && convenes {
            form action="/round/close" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
                button.btn.quiet { (pen.of_kind("close-now", kind)) }
            }
        }
    }
}

fn course(pen: Pen<'_>, round: &RoundView) -> Vec<(Step, String, String)> {
    let (write, then, appear) = match round.phase {
        RoundPhase::Writing => (Step::Now, Step::Later, Step::Later),
        RoundPhase::Collecting { .. } | RoundPhase::Disturbed { .. } => {
            (Step::Done, Step::Now, Step::Later)
        }
        RoundPhase::Opening { .. } => (Step::Done, Step::Done, Step::Now),
    };
    let (RoundPhase::Collecting { run }
    | RoundPhase::Disturbed { run }
    | RoundPhase::Opening { run }) = round.phase
    else {
        return vec![
            written(pen, round, write),
            mix(pen, round, then),
            all(pen, round, appear),
        ];
    };
    let disturbed = matches!(round.phase, RoundPhase::Disturbed { .. });
    let failed = u64::from(run.saturating_sub(u32::from(!disturbed)));
    let mut course = vec![written(pen, round, write)];
    if failed > 0 {
        let head = pen.count("step-failed", "tries", failed);
        course.push((
            Step::Trouble,
            head,
            pen.of_kind("step-failed-hint", Kind::of(round)),
        ));
    }
    if disturbed || !round.disruptors.is_empty() {
        let found = if disturbed { Step::Now } else { Step::Done };
        let hint = pen.of_kind("step-check-hint", Kind::of(round));
        course.push((found, pen.say("step-check"), hint));
    }
    course.push(match failed {
        0 => mix(pen, round, then),
        _ => {
            let again = if disturbed { Step::Later } else { then };
            (again, pen.say("step-again"), pen.say("step-again-hint"))
        }
    });
    course.push(all(pen, round, appear));
    course
}

fn written(pen: Pen<'_>, round: &RoundView, step: Step) -> (Step, String, String) {
    let hour = round_show::hour(pen, round);
    let kind = Kind::of(round);
    let head = pen.name_of_kind("step-write", kind, "hour", &hour);
    (step, head, pen.of_kind("step-write-hint", kind))
}

/// What one waits for, and how long: silence has an end.
fn mix(pen: Pen<'_>, round: &RoundView, step: Step) -> (Step, String, String) {
    let minutes = round.phase_ms.div_ceil(MINUTE_MS);
    let kind = Kind::of(round);
    let hint = pen.count_of_kind("step-mix-hint", kind, "minutes", minutes);
    (step, pen.of_kind("step-mix", kind), hint)
}

fn all(pen: Pen<'_>, round: &RoundView, step: Step) -> (Step, String, String) {
    let kind = Kind::of(round);
    let head = pen.of_kind("step-appear", kind);
    (step, head, pen.of_kind("step-appear-hint", kind))
}

/// What becomes of the reader's own text or answers, where that is not what was promised at first.
fn own_text(pen: Pen<'_>, round: &RoundView) -> Markup {
    if !ballot_show::gave(round) {
        return html! {};
    }
    let least = least(round);
    let fits = round.hidden_among >= least;
    let kind = Kind::of(round);
    let numbers = [
        kind.argument(),
        ("crowd", Number(round.hidden_among.into())),
        ("least", Number(least.into())),
    ];
    let (head, sentence) = match round.phase {
        RoundPhase::Writing => return html! {},
        _ if !round.is_in => ("own-text-yours", "own-text-left-out"),
        _ if !fits => ("own-text-home", "own-text-too-few"),
        RoundPhase::Disturbed { .. } => ("own-text-safe", "own-text-again-later"),
        RoundPhase::Collecting { run: 2.. } => ("own-text-again", "own-text-added"),
        RoundPhase::Collecting { .. } | RoundPhase::Opening { .. } => return html! {},
    };
    html! {
        section.notice.strong.stack aria-labelledby="own-text" {
            h2 #own-text { (pen.of_kind(head, kind)) }
            @if let Some(text) = &round.draft { p.written.said dir="auto" { (text) } }
            p { (pen.say_with(sentence, &numbers)) }
        }
    }
}

/// All statements that are put to everybody, for whoever answers none of them now.
fn asked(pen: Pen<'_>, round: &RoundView) -> Markup {
    html! {
        @if !round.statements.is_empty() {
            details {
                summary.link { (pen.count("ballot-all-asked", "statements", round.statements.len() as u64)) }
                ul.statements { @for text in &round.statements { li { p.written.said dir="auto" { (text) } } } }
            }
        }
    }
}

/// The last messages did not come within a phase's length. At first one waits for everybody, for a moment:
/// whoever would be shown then is no news.
fn overdue(pen: Pen<'_>, round: &RoundView) -> bool {
    if round.shut_since_ms.is_some() {
        // Nothing is late before the mailbox is given back.
        return false;
    }
    let ends = round.phase_ends_ms.map(Timestamp::from_ms);
    !round.awaited.is_empty() && ends.is_some_and(|ends| ends <= pen.now)
}

/// Nothing can be lost any more, and everybody may know for whom one waits.
fn awaited(pen: Pen<'_>, room: &RoomView, round: &RoundView) -> Markup {
    let yours = round.awaited.contains(&room.own_seat);
    html! {
        @if overdue(pen, round) {
            section.notice.strong.stack aria-labelledby="awaited" {
                h2 #awaited { (pen.count("awaited-from", "people", round.awaited.len() as u64)) }
                ul.who { @for seat in &round.awaited { li { bdi { (people::named(pen, room, *seat)) } } } }
                @if yours { p { (pen.say("awaited-you")) } }
                p { (pen.say("awaited-hint")) }
                form action="/round/give-up" method="post" autocomplete="off" autocapitalize="off" {
                    (pen.token())
                    input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
                    button.btn.quiet { (pen.say("give-up")) }
                }
            }
        }
    }
}

fn in_so_far(pen: Pen<'_>, round: &RoundView) -> String {
    let numbers = [
        ("crowd", Number(round.hidden_among.into())),
        ("floor", Number(round.floor.into())),
    ];
    let id = match is_outside(round) {
        true => "round-in-so-far",
        false => "round-crowd-so-far",
    };
    pen.say_with(id, &numbers)
}

/// Where each side is a crowd of its own, whoever has no side is in none of them.
fn is_outside(round: &RoundView) -> bool {
    round.each_side && !round.writes
}

/// Among how many whoever is in is hidden now, and how far that may still shrink: not at all once the texts
/// are about to appear.
fn crowd(pen: Pen<'_>, round: &RoundView) -> Markup {
    let may_shrink = !matches!(round.phase, RoundPhase::Opening { .. });
    html! {
        div.stack {
            (heads(pen, round.hidden_among))
            @if may_shrink { p { (pen.count("round-not-below", "floor", round.floor.into())) } }
            @if round.is_in && ballot_show::gave(round) { (guaranteed(pen, round)) }
            p { a.link href="/limits" { (pen.say("limits")) } }
        }
    }
}

/// What is promised for answers, whatever is asked later: two results can be subtracted.
fn guaranteed(pen: Pen<'_>, round: &RoundView) -> Markup {
    html! {
        @if Kind::of(round) == Kind::Answers {
            p { (pen.count("ballot-guaranteed", "least", round.guaranteed.into())) }
        }
    }
}
