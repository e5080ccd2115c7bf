//! `GET /round`: the open Round, from the blank page to the moment when all texts appear.
//! Must never show who has written, nor who is awaited before nothing can be lost any more.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::{RoundPhase, RoundView};
use serde::Deserialize;
use wire::Timestamp;

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way},
    round_collect, round_draft, round_over,
    view::Shown,
    visit::Visit,
};

/// Whether a text that is in is to be changed.
#[derive(Deserialize)]
pub struct Asked {
    change: Option<String>,
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
    let writing = room.round.as_ref().filter(|round| {
        let may = round.phase == RoundPhase::Writing && round.writes;
        may && (round.draft.is_none() || asked.change.is_some())
    });
    if let Some(round) = writing {
        let typed = Fields::default()
            .with("text", round.draft.clone().unwrap_or_default())
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

/// When a Round closes, as the clock on the wall says it.
pub fn hour(pen: Pen<'_>, round: &RoundView) -> String {
    pen.hours.hour(Timestamp::from_ms(round.window_end_ms))
}
