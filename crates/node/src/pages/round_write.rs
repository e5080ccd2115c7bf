//! `POST /round/write`: keeps a text for the Round, on this machine.
//! Must never lose a text: whatever is wrong with it, it comes back as it was typed.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{
    Command, Refused,
    view::{RoundPhase, RoundView},
};

use super::{
    desk::{Sorry, Wish},
    fields::{Fields, lines},
    refusals, round_draft, round_late, round_show,
    visit::Visit,
};

/// Keeps it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let pen = visit.pen();
    let round = round_show::asked(&visit, &fields);
    let round = round.filter(|round| round.phase == RoundPhase::Writing);
    let Some(round) = round else {
        return round_late::sheet(pen, &fields).refused(pen, &visit.shown);
    };
    let again = |why: &str| {
        let shown = &visit.shown;
        round_draft::sheet(pen, shown, round, &fields, Some(why)).refused(pen, shown)
    };
    let text = lines(fields.text("text"));
    if text.is_empty() {
        return again(&pen.say("sorry-empty-text"));
    }
    let minimum = match minimum(&fields, round) {
        Ok(minimum) => minimum,
        Err(()) => return again(&pen.say("sorry-minimum")),
    };
    let command = Command::Write {
        round: round.round,
        text,
        minimum,
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to("/round").into_response(),
        Err(Sorry::Refused(Refused::Unknown)) => {
            round_late::sheet(pen, &fields).refused(pen, &visit.shown)
        }
        Err(sorry) => again(&refusals::sentence(pen, &sorry)),
    }
}

/// A wish may only be for a larger crowd than the rule's. The number that stood on the page is kept with the
/// text: what was promised there holds, however the crowd shrinks until the end, and where the rule asks for
/// more by now its author need not choose again.
fn minimum(fields: &Fields, round: &RoundView) -> Result<Option<u16>, ()> {
    let promised = fields.number("promised").unwrap_or(round.usual_minimum);
    let wished = match fields.text("minimum").trim() {
        "" => promised,
        wished => wished.parse().map_err(|_| ())?,
    };
    let most = round.eligible.max(round.usual_minimum).max(round.floor);
    match wished == promised || (round.floor..=most).contains(&wished) {
        true => Ok(Some(wished.max(round.floor))),
        false => Err(()),
    }
}
