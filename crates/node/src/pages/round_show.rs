//! `GET /round`: the open Round, from the blank page to the moment when all texts appear.
//! Must never show who has written, nor who is awaited before nothing can be lost any more.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::{RoundPhase, RoundView};
use serde::Deserialize;
use wire::Timestamp;

use super::{
    ballot_review, ballot_show, bloc_show,
    fields::Fields,
    kinds::Kind,
    layout::{Pen, Sheet, Way},
    round_collect, round_draft, round_over,
    view::Shown,
    visit::Visit,
};
use crate::unsent::Place;

/// What was typed last; where nothing was since, what is in.
fn written(shown: &Shown, round: &RoundView) -> String {
    match shown.unsent.text(Place::Round(round.round), "text") {
        "" => round.draft.clone().unwrap_or_default(),
        typed => typed.to_owned(),
    }
}

/// Whether what is in is to be changed, and which part of it.
#[derive(Deserialize)]
pub struct Asked {
    change: Option<String>,
    /// Which statement is to be answered, from 1.
    statement: Option<usize>,
    /// Whether all own answers are to be seen.
    review: Option<String>,
    /// Where the reader came from.
    from: Option<String>,
}

/// The page for where the Round stands.
pub async fn page(
    visit: Visit,
    axum::extract::Query(asked): axum::extract::Query<Asked>,
) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    let Some(room) = &shown.view.plenary else {
        return Redirect::to("/").into_response();
    };
    if !shown.settings.at_the_door {
        return Redirect::to("/door").into_response();
    }
    let as_one = room
        .round
        .as_ref()
        .and_then(|round| bloc_show::sheet(pen, room, round, None));
    if let Some(sheet) = as_one {
        return sheet.page(pen, shown).into_response();
    }
    let answering = room
        .round
        .as_ref()
        .filter(|round| ballot_show::may_answer(round));
    if let Some(sheet) = answering.and_then(|round| ballot(pen, round, &asked)) {
        return sheet.page(pen, shown).into_response();
    }
    let writing = room.round.as_ref().filter(|round| {
        let texts = Kind::of(round) == Kind::Texts;
        let may = texts && round.phase == RoundPhase::Writing && round.writes;
        may && (round.draft.is_none() || asked.change.is_some())
    });
    if let Some(round) = writing {
        let typed = Fields::default()
            .with("text", written(shown, round))
            .with("minimum", minimum(round));
        let sheet = round_draft::sheet(pen, shown, round, &typed, None);
        return sheet.page(pen, shown).into_response();
    }
    let main = html! { div #live { (live(pen, shown)) } };
    let sheet = Sheet {
        title: "round",
        way: Way::Rounds,
        stream: Some("round"),
        main,
    };
    sheet.page(pen, shown).into_response()
}

/// One statement, or all of them; nothing where the reader is through and asks for neither.
fn ballot(pen: Pen<'_>, round: &RoundView, asked: &Asked) -> Option<Sheet<'static>> {
    let reviewing = asked.from.is_some();
    let place = match asked.statement {
        Some(number) => number.checked_sub(1),
        None if asked.review.is_some() || asked.change.is_some() => None,
        None if ballot_show::finished(round) => return None,
        None => ballot_show::first_open(round),
    };
    let one = place.and_then(|place| ballot_show::sheet(pen, round, place, reviewing, None));
    Some(one.unwrap_or_else(|| ballot_review::sheet(pen, round)))
}

fn minimum(round: &RoundView) -> String {
    round
        .minimum
        .map(|minimum| minimum.to_string())
        .unwrap_or_default()
}

/// What a stream keeps fresh.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    let Some(room) = &shown.view.plenary else {
        return html! {};
    };
    match &room.round {
        Some(round) => round_collect::standing(pen, room, round),
        None => round_over::over(pen, shown, room),
    }
}

/// Names a Round in a form. Its id alone would not do: that can be given again, for another question.
pub fn named(round: &RoundView) -> String {
    data_encoding::HEXLOWER.encode(&round.open_hash.0)
}

/// The Round that a form was written for, if that is the open one.
pub fn asked<'a>(visit: &'a Visit, fields: &Fields) -> Option<&'a RoundView> {
    let round = visit.shown.view.plenary.as_ref()?.round.as_ref()?;
    (named(round) == fields.text("round")).then_some(round)
}

/// Since when nothing counts in it, because somebody keeps the mailbox from the others.
pub fn shut_since(round: &RoundView) -> Option<Timestamp> {
    round.shut_since_ms.map(Timestamp::from_ms)
}

/// When a Round closes, as the clock on the wall says it.
pub fn hour(pen: Pen<'_>, round: &RoundView) -> String {
    pen.hours.hour(Timestamp::from_ms(round.window_end_ms))
}
