//! All statements with the reader's own answers, before they are left to the Round.

use maud::{Markup, html};
use participant::view::RoundView;
use round::Ballot;

use super::{
    ballot_show::{answered, answers, pattern, progress},
    layout::{Pen, Sheet, Way},
    round_draft, round_show, shut,
};

/// The page.
pub fn sheet(pen: Pen<'_>, round: &RoundView) -> Sheet<'static> {
    let hour = round_show::hour(pen, round);
    let main = html! {
        div.wide {
            div.stack { h1 { (pen.say("ballot-review")) } (progress(pen, round, None)) }
            (shut::told(pen, round_show::shut_since(round), false))
            (round_draft::not_in(pen, round))
            ul.review {
                @for (number, (text, answer)) in (1_u64..).zip(round.statements.iter().zip(answers(round))) {
                    (line(pen, number, text, answer))
                }
            }
            div.stack.measure {
                p { (pen.say("ballot-unanswered-is-no-pass")) }
                p { (pen.name("ballot-review-until", "hour", &hour)) }
                form action="/ballot/finish" method="post" autocomplete="off" autocapitalize="off" {
                    (pen.token())
                    input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
                    input autocomplete="off" type="hidden" name="promised" value=(round_draft::least(round));
                    button.btn { (finish(pen, round)) }
                }
                @if answered(round) > 0 {
                    form action="/ballot/withdraw" method="post" autocomplete="off" autocapitalize="off" {
                        (pen.token())
                        input autocomplete="off" type="hidden" name="round" value=(round_show::named(round));
                        button.link { (pen.say("ballot-withdraw")) }
                    }
                }
            }
        }
    };
    Sheet {
        title: "ballot-title",
        way: Way::Rounds,
        stream: None,
        main,
    }
}

fn line(pen: Pen<'_>, number: u64, text: &str, answer: Ballot) -> Markup {
    let given = match answer {
        Ballot::Agree => "ballot-agree",
        Ballot::Disagree => "ballot-disagree",
        Ballot::Pass => "ballot-pass",
        Ballot::Unanswered => "ballot-unanswered",
    };
    let change = match answer {
        Ballot::Unanswered => "ballot-answer-it",
        Ballot::Agree | Ballot::Disagree | Ballot::Pass => "ballot-change-it",
    };
    html! {
        li {
            p.written.said dir="auto" { (text) }
            p.row {
                (pattern(answer))
                b { (pen.say(given)) }
                a.link href={ "/round?statement=" (number) "&from=review" } {
                    (pen.count(change, "statement", number))
                }
            }
        }
    }
}

fn finish(pen: Pen<'_>, round: &RoundView) -> String {
    let open = round.statements.len().saturating_sub(answered(round));
    pen.count("ballot-finish", "open", open as u64)
}
