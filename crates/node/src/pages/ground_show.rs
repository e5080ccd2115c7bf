//! `GET /ground`, and a Round of answers at `GET /rounds/{number}`: the common-ground page.
//! It is made of the report alone, and must never show anything else of a ballot.

use axum::response::{IntoResponse, Redirect, Response};
use ground::{Cell, Report, Shown, SideLine};
use maud::{Markup, html};
use participant::view::RoomView;
use round::Ballot;
use wire::Timestamp;

use super::{
    ballot_show,
    brought::{Brought, brought},
    ground_statement, ground_table,
    ground_told::{self, Told},
    ground_words,
    layout::{Pen, Sheet, Way},
    one_side, round_over,
    visit::Visit,
    words::Argument::{Number, Text},
};

/// Statements of a list that a phone shows before it folds the rest.
const UNFOLDED: usize = 3;

/// The newest one.
pub async fn newest(visit: Visit) -> Response {
    let room = visit.shown.view.plenary.as_ref();
    let rounds = room.map(brought).unwrap_or_default();
    let last = rounds
        .iter()
        .rposition(|round| matches!(round, Brought::Answers(_)));
    match last {
        Some(place) => Redirect::to(&format!("/rounds/{}", place.saturating_add(1))),
        None => Redirect::to("/rounds"),
    }
    .into_response()
}

/// The page of the Round of this number.
pub fn sheet(
    pen: Pen<'_>,
    room: &RoomView,
    brought: &[Brought<'_>],
    number: usize,
) -> Sheet<'static> {
    let round = number.checked_sub(1).and_then(|place| brought.get(place));
    let main = match (ground_told::told(room, brought, number), round) {
        (Ok(Some(told)), Some(round)) => html! {
            div.wide {
                (head(pen, round, &told))
                (sums(pen, &told.report))
                (key(pen, &told.report))
                (list(pen, &told, "share", "you-share", &told.report.lists.share))
                @if !told.report.sides.is_empty() {
                    (list(pen, &told, "differ", "you-differ", &told.report.lists.differ))
                }
                (list(pen, &told, "talk", "worth-talking", &told.report.lists.talk))
                (counted(pen, round, &told.report))
                (repeated(pen, room, round))
                p.noprint { a.btn href="/table" { (pen.say("discuss-at-table")) } }
            }
        },
        (Ok(_), _) | (Err(_), _) => html! {
            div.stack.measure {
                h1 { (pen.say("ground-not-shown")) }
                p { (pen.say("ground-not-shown-hint")) }
            }
        },
    };
    Sheet {
        title: "common-ground",
        way: Way::Ground,
        stream: None,
        main,
    }
}

fn head(pen: Pen<'_>, round: &Brought<'_>, told: &Told) -> Markup {
    let (report, first) = (&told.report, round.first());
    let when = pen
        .hours
        .moment(Timestamp::from_ms(first.window_end_ms), pen.now);
    let facts = [
        ("when", Text(when.as_str())),
        ("statements", Number(report.statements.len() as u64)),
    ];
    html! {
        header.stack {
            p.written.soft dir="auto" { (first.question) }
            (one_side::result(pen, first))
            h1 { @for sentence in ground_words::headline(pen, report) { (sentence) " " } }
            p.soft {
                (pen.say_with("ground-facts", &facts))
                @for (place, side) in report.sides.iter().enumerate() { " " (took_part(pen, report, place, side)) }
                @if report.sides.is_empty() { " " (pen.count("ground-whole-seats", "seats", first.final_roster.into())) }
            }
        }
    }
}

/// How a side took part: with so many seats, or as one.
fn took_part(pen: Pen<'_>, report: &Report, place: usize, side: &SideLine) -> String {
    match ground_statement::is_bloc(report, place) {
        true => pen.name("ground-side-as-one", "side", &side.name),
        false => pen.say_with(
            "ground-side-seats",
            &[
                ("side", Text(&side.name)),
                ("seats", Number(side.seats.into())),
            ],
        ),
    }
}

fn sums(pen: Pen<'_>, report: &Report) -> Markup {
    let counts = report.headline;
    let shared = counts.shared.saturating_add(counts.rejected);
    let parts = [
        ("shared", Number(counts.shared as u64)),
        ("rejected", Number(counts.rejected as u64)),
    ];
    html! {
        nav.sums.noprint aria-label=(pen.say("ground-lists")) {
            a href="#share" {
                svg viewBox="0 0 92 60" aria-hidden="true" { use href="#ground-share" {} }
                b.num { (shared) }
                span { (pen.say("you-share")) }
                @if counts.rejected > 0 { small { (pen.say_with("you-share-parts", &parts)) } }
            }
            @if !report.sides.is_empty() {
                a href="#differ" {
                    svg viewBox="0 0 92 60" aria-hidden="true" { use href="#ground-differ" {} }
                    b.num { (counts.differ) }
                    span { (pen.say("you-differ")) }
                }
            }
            a href="#talk" {
                svg viewBox="0 0 92 60" aria-hidden="true" { use href="#ground-talk" {} }
                b.num { (counts.open) }
                span { (pen.say("worth-talking")) }
            }
        }
    }
}

/// The patterns that the ballot's buttons wore.
fn key(pen: Pen<'_>, report: &Report) -> Markup {
    let lines = report.statements.iter();
    let mut lines = lines.flat_map(|finding| ground_statement::lines(report, finding));
    let any_lock = lines.any(|(side, cell)| {
        matches!(cell, Cell::Locked(_)) && !ground_statement::is_silent(report, side, cell)
    });
    let patterns = [
        (Ballot::Agree, "answer-agree"),
        (Ballot::Pass, "answer-pass"),
        (Ballot::Disagree, "answer-disagree"),
        (Ballot::Unanswered, "answer-silent"),
    ];
    html! {
        ul.key.small {
            @for (answer, name) in patterns { li { (ballot_show::pattern(answer)) (pen.say(name)) } }
            li { svg.tick-of-half viewBox="0 0 2 20" aria-hidden="true" { rect width="2" height="20" {} } (pen.say("ground-half")) }
            @if any_lock { li { svg.icon viewBox="0 0 20 20" aria-hidden="true" { use href="#lock" {} } (pen.say("ground-kept-private")) } }
        }
    }
}

fn list(pen: Pen<'_>, told: &Told, id: &str, head: &str, places: &[usize]) -> Markup {
    let (first, rest) = places.split_at_checked(UNFOLDED).unwrap_or((places, &[]));
    html! {
        section id=(id) .found aria-labelledby={ (id) "-head" } {
            h2 id={ (id) "-head" } { (pen.say(head)) }
            @if places.is_empty() { p.soft { (pen.say("ground-none-here")) } }
            @for place in first { (ground_statement::statement(pen, told, *place)) }
            @if !rest.is_empty() {
                details.fold {
                    summary.link { (pen.count("ground-more", "more", rest.len() as u64)) }
                    @for place in rest { (ground_statement::statement(pen, told, *place)) }
                }
            }
        }
    }
}

fn counted(pen: Pen<'_>, round: &Brought<'_>, report: &Report) -> Markup {
    let findings = report.statements.iter();
    let cells = findings.flat_map(|finding| finding.cells.iter().chain(&finding.whole));
    let shown: Vec<Shown> = cells
        .filter_map(|cell| match cell {
            Cell::Told(told) => Some(told.shown),
            Cell::Bloc(_) | Cell::Locked(_) => None,
        })
        .collect();
    let percents = |shown: &Shown| matches!(shown, Shown::Percents { .. });
    html! {
        section.notice.stack aria-labelledby="counted" {
            h2 #counted { (pen.say("ground-counted")) }
            p.measure { (pen.say_with("ground-counted-hint", &[ground_words::who(report)])) }
            @if !shown.iter().all(percents) { p.measure { (pen.say("ground-words-hint")) } }
            @if shown.iter().any(percents) { p.measure { (pen.say("ground-percents-hint")) } }
            @if (0..report.sides.len()).any(|place| ground_statement::is_bloc(report, place)) {
                p.measure { (pen.say("ground-bloc-hint")) }
            }
            (guaranteed(pen, round))
            details {
                summary.link { (pen.say("ground-table")) }
                (ground_table::table(pen, report))
            }
        }
    }
}

/// What every roster was promised, whatever is asked after it.
fn guaranteed(pen: Pen<'_>, round: &Brought<'_>) -> Markup {
    let openings = match round {
        Brought::Answers(answers) => Some(answers.openings()),
        Brought::Texts(_) => None,
    };
    let openings = openings.into_iter().flatten();
    let hidden = openings.filter(|one| one.bloc.is_empty());
    let promises = hidden.map(|one| room::floor(one.opening_roster.into(), one.floor));
    html! {
        @if let Some(least) = promises.min() {
            p.measure { (pen.count("ground-guaranteed", "least", least as u64)) }
        }
    }
}

fn repeated(pen: Pen<'_>, room: &RoomView, round: &Brought<'_>) -> Markup {
    html! {
        @if let Brought::Answers(answers) = round {
            @for ended in answers.openings() { (round_over::repeated_since(pen, room, ended)) }
        }
    }
}
