//! `POST /round/open`: opens a Round for everybody with a side.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::Command;

use super::{
    ballot_ask,
    desk::Wish,
    fields::{Fields, lines},
    refusals, round_ask,
    visit::Visit,
};

/// Of the windows that are offered.
pub const MINUTE_MS: u64 = 60_000;

/// Of a step of the collection, at most; nobody is waited for longer.
pub const PHASE_MS: u64 = 30_000;

/// Opens it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let command = match command(&fields) {
        Ok(command) => command,
        Err(id) => {
            let why = visit.pen().say(id);
            return again(&visit, &fields, &why);
        }
    };
    if let Some(why) = too_few(&visit, &fields) {
        return again(&visit, &fields, &why);
    }
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to("/table").into_response(),
        Err(sorry) => {
            let why = refusals::sentence(visit.pen(), &sorry);
            again(&visit, &fields, &why)
        }
    }
}

/// Nobody writes for twenty minutes what cannot appear.
fn too_few(visit: &Visit, fields: &Fields) -> Option<String> {
    let room = visit.shown.view.plenary.as_ref()?;
    let asked = floor(fields).ok().flatten();
    round_ask::impossible(visit.pen(), room, ballot_ask::least(asked))
}

fn again(visit: &Visit, fields: &Fields, why: &str) -> Response {
    match round_ask::sheet(visit.pen(), &visit.shown, fields, Some(why)) {
        Some(sheet) => sheet.refused(visit.pen(), &visit.shown),
        None => Redirect::to("/round").into_response(),
    }
}

/// A higher floor, where one was asked for.
///
/// # Errors
/// The name of a sentence.
pub fn floor(fields: &Fields) -> Result<Option<u16>, &'static str> {
    match fields.text("floor").trim() {
        "" => Ok(None),
        _ => Ok(Some(fields.number("floor").ok_or("sorry-bad-floor")?)),
    }
}

fn command(fields: &Fields) -> Result<Command, &'static str> {
    let question = lines(fields.text("question"));
    let minutes: u64 = fields.number("minutes").unwrap_or_default();
    let slot_bytes: u32 = fields.number("bytes").unwrap_or_default();
    let floor = floor(fields)?;
    if question.is_empty() {
        return Err("sorry-no-question");
    }
    if question.chars().count() > room::limits::QUESTION_CHARS_MAX {
        return Err("sorry-long-question");
    }
    let offered = round_ask::SIZES
        .iter()
        .any(|(bytes, _)| *bytes == slot_bytes);
    if !round_ask::MINUTES.contains(&minutes) || !offered {
        return Err("sorry-unknown");
    }
    Ok(Command::OpenRound {
        question,
        slot_bytes,
        window_ms: minutes.saturating_mul(MINUTE_MS),
        phase_ms: PHASE_MS,
        floor,
    })
}
