//! The statement page of a Round of answers: one statement, three answers.
//! Must never send anything: answers stay on this machine until the Round collects.

use maud::{Markup, html};
use participant::view::{RoundPhase, RoundView};
use round::Ballot;

use super::{
    layout::{Pen, Sheet, Way, trouble},
    one_side, round_draft, round_show, shut,
    words::Argument::{Number, Text},
};

/// What can be said to a statement, in the order of the buttons.
pub const GIVEN: [Ballot; 3] = [Ballot::Agree, Ballot::Disagree, Ballot::Pass];

/// As forms say it.
pub fn word(answer: Ballot) -> &'static str {
    match answer {
        Ballot::Agree => "agree",
        Ballot::Disagree => "disagree",
        Ballot::Pass => "pass",
        Ballot::Unanswered => "none",
    }
}

/// Whether the reader may answer now.
pub fn may_answer(round: &RoundView) -> bool {
    round.phase == RoundPhase::Writing && round.writes && !round.statements.is_empty()
}

/// Whether a text or an answer of the reader is kept.
pub fn gave(round: &RoundView) -> bool {
    round.draft.is_some() || answered(round) > 0
}

/// One answer for each statement.
pub fn answers(round: &RoundView) -> Vec<Ballot> {
    let given = round.answers.iter().copied();
    let given = given.chain(std::iter::repeat(Ballot::Unanswered));
    given.take(round.statements.len()).collect()
}

/// How many statements are answered; a pass is an answer.
pub fn answered(round: &RoundView) -> usize {
    let given = round.answers.iter();
    given
        .filter(|answer| **answer != Ballot::Unanswered)
        .count()
}

/// Whether the reader went through to the end: then all answers are kept, the missing ones as unanswered.
pub fn finished(round: &RoundView) -> bool {
    round.answers.len() == round.statements.len()
}

/// The place of the first statement without an answer.
pub fn first_open(round: &RoundView) -> Option<usize> {
    let answers = answers(round);
    answers
        .iter()
        .position(|answer| *answer == Ballot::Unanswered)
}

/// The page of the statement at this place, from 0; nothing where there is none.
pub fn sheet(
    pen: Pen<'_>,
    round: &RoundView,
    place: usize,
    reviewing: bool,
    why: Option<&str>,
) -> Option<Sheet<'static>> {
    let text = round.statements.get(place)?;
    let given = answers(round).get(place).copied()?;
    let main = html! {
        form.wide action="/ballot/answer" method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
            input autocomplete="off" type="hidden" name="promised" value=(round_draft::least(round));
            input autocomplete="off" type="hidden" name="statement" value=(place);
            @if reviewing { input autocomplete="off" type="hidden" name="from" value="review"; }
            (progress(pen, round, Some(place)))
            (trouble(why))
            (shut::told(pen, round_show::shut_since(round), false))
            (round_draft::not_in(pen, round))
            div.card {
                h1.off { (pen.count("ballot-do-you-agree", "statement", place.saturating_add(1) as u64)) }
                p #statement .written dir="auto" { (text) }
            }
            div.answers role="group" aria-label=(pen.say("ballot-your-answer")) aria-describedby="statement" {
                @for answer in GIVEN { (button(pen, answer, given)) }
            }
            (ways(pen, round, place, given, reviewing))
            (promise(pen, round))
        }
    };
    Some(Sheet {
        title: "ballot-title",
        way: Way::Rounds,
        stream: None,
        main,
    })
}

/// How far the reader is; a picture of it for the eyes.
pub fn progress(pen: Pen<'_>, round: &RoundView, here: Option<usize>) -> Markup {
    let hour = round_show::hour(pen, round);
    let all = answers(round);
    html! {
        div.stack {
            p.soft.written dir="auto" { (round.question) }
            (one_side::asked(pen, round))
            p.row {
                b.num { (count(pen, round)) }
                span.soft { (pen.name("ballot-until", "hour", &hour)) }
            }
            p.progress aria-hidden="true" {
                @for (place, answer) in all.iter().enumerate() {
                    i.done[*answer != Ballot::Unanswered].here[here == Some(place)] {}
                }
            }
        }
    }
}

/// "11 of 14 answered".
pub fn count(pen: Pen<'_>, round: &RoundView) -> String {
    let numbers = [
        ("answered", Number(answered(round) as u64)),
        ("all", Number(round.statements.len() as u64)),
    ];
    pen.say_with("ballot-progress", &numbers)
}

fn button(pen: Pen<'_>, answer: Ballot, given: Ballot) -> Markup {
    let (head, hint) = match answer {
        Ballot::Agree => ("ballot-agree", "ballot-agree-hint"),
        Ballot::Disagree => ("ballot-disagree", "ballot-disagree-hint"),
        Ballot::Pass | Ballot::Unanswered => ("ballot-pass", "ballot-pass-hint"),
    };
    html! {
        button name="answer" value=(word(answer)) aria-pressed=(if answer == given { "true" } else { "false" }) {
            (pattern(answer))
            b { (pen.say(head)) }
            span { (pen.say(hint)) }
        }
    }
}

/// The pattern that an answer wears here and in results.
pub fn pattern(answer: Ballot) -> Markup {
    html! {
        svg.bar.plain-ink aria-hidden="true" {
            rect width="100%" height="100%" {}
            @match answer {
                Ballot::Agree => {},
                Ballot::Disagree => rect.lines width="100%" height="100%" {},
                Ballot::Pass => rect.holes width="100%" height="100%" {},
                Ballot::Unanswered => rect.none width="100%" height="100%" {},
            }
        }
    }
}

fn ways(pen: Pen<'_>, round: &RoundView, place: usize, given: Ballot, reviewing: bool) -> Markup {
    let (before, next) = (place.checked_sub(1), place.saturating_add(1));
    let on = match round.statements.get(next) {
        Some(_) => format!("/round?statement={}", next.saturating_add(1)),
        None => "/round?review=yes".to_owned(),
    };
    html! {
        p.row {
            @if reviewing {
                a.btn.quiet href="/round?review=yes" { (pen.say("ballot-to-review")) }
            } @else {
                // A page's number is from 1: the one before this has this one's place.
                @if before.is_some() { a.btn.quiet href={ "/round?statement=" (place) } { (pen.say("ballot-back")) } }
                @if given == Ballot::Unanswered {
                    a.btn.quiet href=(on) { (pen.say("ballot-skip")) }
                } @else {
                    a.btn.quiet href=(on) { (pen.say("ballot-next")) }
                }
                a.link href="/round?review=yes" { (pen.say("ballot-to-finish")) }
            }
            @if given != Ballot::Unanswered {
                button.link name="answer" value=(word(Ballot::Unanswered)) { (pen.say("ballot-no-answer")) }
            }
        }
    }
}

/// Who can know what, and when.
fn promise(pen: Pen<'_>, round: &RoundView) -> Markup {
    let hour = round_show::hour(pen, round);
    let of_a_side = round.each_side || round.one_side.is_some();
    let numbers = [
        ("crowd", Number(round.eligible.into())),
        ("least", Number(round_draft::least(round).into())),
        ("guaranteed", Number(round.guaranteed.into())),
        ("whose", Text(if of_a_side { "side" } else { "room" })),
    ];
    html! {
        div.stack.measure {
            p.soft { (pen.say_with("ballot-promise", &numbers)) }
            p.soft { (pen.name("ballot-nothing-shown", "hour", &hour)) }
        }
    }
}
