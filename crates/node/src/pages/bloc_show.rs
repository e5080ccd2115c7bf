//! The page of a seat whose side is too small for ballots: the caucus agrees on one answer, by name.
//! Must never read as if anybody were hidden here.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::{BlocView, RoomView, RoundPhase, RoundView};
use room::RoundId;
use round::Ballot;

use super::{
    ballot_show::{GIVEN, pattern, word},
    layout::{Pen, Sheet, Way, trouble},
    people, round_show, shut,
    view::Shown,
    visit::Visit,
    words::Argument::{Number, Text},
};

/// The page, while answers are given; nothing for anybody else.
pub fn sheet(
    pen: Pen<'_>,
    room: &RoomView,
    round: &RoundView,
    why: Option<&str>,
) -> Option<Sheet<'static>> {
    let bloc = round.bloc.as_ref()?;
    if round.phase != RoundPhase::Writing {
        return None;
    }
    let hour = round_show::hour(pen, round);
    let id = round_show::named(round);
    let main = html! {
        div.wide {
            div.stack {
                h1 { (pen.say("bloc-head")) }
                (trouble(why))
                (shut::told(pen, round_show::shut_since(round), false))
                p.written.soft dir="auto" { (round.question) }
                p { (pen.say("bloc-hint")) }
                p { (pen.name("bloc-until", "hour", &hour)) }
            }
            div #live { (standing(pen, room, bloc, &id)) }
            form.wide action="/bloc/vote" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                input autocomplete="off" type="hidden" name="round" value=(id);
                ul.review {
                    @for (place, text) in round.statements.iter().enumerate() {
                        (line(pen, room, bloc, place, text))
                    }
                }
                p.row { button.btn { (pen.say("bloc-vote")) } }
            }
        }
    };
    Some(Sheet {
        title: "ballot-title",
        way: Way::Rounds,
        stream: Some("bloc"),
        main,
    })
}

/// The page once what was sent is `there`; where that takes long, it says so.
pub async fn after(
    visit: &Visit,
    round: &RoundView,
    there: impl Fn(&BlocView) -> bool,
) -> Response {
    let seen = visit.sees(|shown| {
        open_round(shown, round.round)
            .and_then(|now| now.bloc.as_ref())
            .is_none_or(&there)
    });
    if seen.await {
        return Redirect::to("/round").into_response();
    }
    let pen = visit.pen();
    let why = pen.say("bloc-on-its-way");
    let room = visit.shown.view.plenary.as_ref();
    match room.and_then(|room| sheet(pen, room, round, Some(&why))) {
        Some(sheet) => sheet.page(pen, &visit.shown).into_response(),
        None => Redirect::to("/round").into_response(),
    }
}

fn open_round(shown: &Shown, id: RoundId) -> Option<&RoundView> {
    let round = shown.view.plenary.as_ref()?.round.as_ref()?;
    (round.round == id).then_some(round)
}

/// What a stream keeps fresh: never what somebody is ticking.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    let room = shown.view.plenary.as_ref();
    let bloc = room.and_then(|room| {
        let round = room.round.as_ref()?;
        let open = round.phase == RoundPhase::Writing;
        Some((room, round, round.bloc.as_ref().filter(|_| open)?))
    });
    match bloc {
        Some((room, round, bloc)) => {
            let id = round_show::named(round);
            standing(pen, room, bloc, &id)
        }
        None => html! {
            div.notice.strong.stack {
                h2 { (pen.say("bloc-over")) }
                p { a.btn href="/round" { (pen.say("go-to-round")) } }
            }
        },
    }
}

/// What the side has handed over, and what it could hand over now.
fn standing(pen: Pen<'_>, room: &RoomView, bloc: &BlocView, id: &str) -> Markup {
    let answered = |all: &[Ballot]| all.iter().filter(|one| **one != Ballot::Unanswered).count();
    let (agreed, own) = (answered(&bloc.agreed), answered(&bloc.own));
    let numbers = [
        ("agreed", Number(agreed as u64)),
        ("all", Number(bloc.agreed.len() as u64)),
        ("votes", Number(bloc.votes.len() as u64)),
        ("seats", Number(bloc.seats.into())),
        (
            "least",
            Number(u64::from(bloc.seats).div_euclid(2).saturating_add(1)),
        ),
        ("own", Number(own as u64)),
    ];
    html! {
        section.notice.stack aria-labelledby="agreed" {
            h2 #agreed { (pen.say_with("bloc-agreed", &numbers)) }
            p { (pen.say_with("bloc-votes", &numbers)) }
            @if own > 0 {
                p {
                    (pen.say_with("bloc-own", &numbers)) " "
                    // The statements stay as they are, or the page would take away what is being ticked.
                    a.link href="/round" { (pen.say("bloc-look-again")) }
                }
            }
            @if let Some(seat) = bloc.posted_by {
                @let name = people::name(room, seat);
                @let same = bloc.posted == bloc.agreed;
                p { b { (pen.name(if same { "bloc-posted" } else { "bloc-posted-other" }, "name", name)) } }
            } @else if agreed > 0 {
                p { b { (pen.say("bloc-not-posted")) } }
            }
            @if agreed > 0 && bloc.posted != bloc.agreed {
                form action="/bloc/answer" method="post" autocomplete="off" autocapitalize="off" {
                    (pen.token())
                    input autocomplete="off" type="hidden" name="round" value=(id);
                    @for answer in &bloc.agreed { input autocomplete="off" type="hidden" name="agreed" value=(word(*answer)); }
                    button.btn { (pen.say("bloc-answer")) }
                }
            }
            p.soft { (pen.say("bloc-by-name")) }
        }
    }
}

fn line(pen: Pen<'_>, room: &RoomView, bloc: &BlocView, place: usize, text: &str) -> Markup {
    let own = bloc.own.get(place).copied();
    let agreed = bloc.agreed.get(place).copied();
    html! {
        li {
            fieldset {
                legend.written.said dir="auto" { (text) }
                p.row {
                    @for answer in GIVEN {
                        label {
                            input autocomplete="off" type="radio" name={ "answer-" (place) } value=(word(answer)) checked[own == Some(answer)];
                            (pattern(answer)) b { (said(pen, answer)) }
                        }
                    }
                }
                @if let Some(answer) = agreed.filter(|one| *one != Ballot::Unanswered) {
                    p { b { (pen.name("bloc-agreed-on", "answer", word(answer))) } }
                }
                @for answer in GIVEN { (names(pen, room, bloc, place, answer)) }
            }
        }
    }
}

fn names(pen: Pen<'_>, room: &RoomView, bloc: &BlocView, place: usize, answer: Ballot) -> Markup {
    let votes = bloc.votes.iter();
    let names: Vec<&str> = votes
        .filter(|(_, answers)| answers.get(place) == Some(&answer))
        .map(|(seat, _)| people::name(room, *seat))
        .collect();
    let arguments = [("answer", Text(&said(pen, answer)))];
    html! {
        @if !names.is_empty() {
            p.soft { (pen.say_with("bloc-who", &arguments)) " " bdi { (names.join(", ")) } }
        }
    }
}

fn said(pen: Pen<'_>, answer: Ballot) -> String {
    pen.say(match answer {
        Ballot::Agree => "bloc-agree",
        Ballot::Disagree => "bloc-disagree",
        Ballot::Pass => "bloc-pass",
        Ballot::Unanswered => "ballot-unanswered",
    })
}
