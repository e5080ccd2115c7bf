//! `POST /ballot/open`: opens a Round of answers to statements.
//! Must never open one whose results could not be shown as was promised.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{Command, view::RoomView};
use room::{
    RefusedText, StatementText,
    limits::{LANES_MAX, QUESTION_CHARS_MAX},
};

use super::{
    ballot_ask::{self, Told},
    desk::Wish,
    fields::{Fields, lines},
    layout::Pen,
    refusals, round_ask, round_open,
    visit::Visit,
};

/// Opens it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let pen = visit.pen();
    let Some(room) = &visit.shown.view.plenary else {
        return Redirect::to("/").into_response();
    };
    let command = match command(pen, room, &fields) {
        Ok(command) => command,
        Err(why) => return again(&visit, &fields, &why),
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to("/table").into_response(),
        Err(sorry) => again(&visit, &fields, &refusals::sentence(pen, &sorry)),
    }
}

fn again(visit: &Visit, fields: &Fields, why: &str) -> Response {
    match ballot_ask::sheet(visit.pen(), &visit.shown, fields, Some(why)) {
        Some(sheet) => sheet.refused(visit.pen(), &visit.shown),
        None => Redirect::to("/round").into_response(),
    }
}

fn command(pen: Pen<'_>, room: &RoomView, fields: &Fields) -> Result<Command, String> {
    let question = lines(fields.text("question"));
    if question.is_empty() {
        return Err(pen.say("sorry-no-ballot-question"));
    }
    if question.chars().count() > QUESTION_CHARS_MAX {
        return Err(pen.say("sorry-long-question"));
    }
    let statements = ballot_ask::statements(room, fields);
    check(pen, &statements)?;
    let told = Told::of_word(fields.text("told")).ok_or_else(|| pen.say("sorry-unknown"))?;
    let floor = round_open::floor(fields).map_err(|id| pen.say(id))?;
    let least = ballot_ask::least(floor);
    ballot_ask::allows(room, told, least).map_err(|few| ballot_ask::sentence(pen, few, least))?;
    let minutes: u64 = fields.number("minutes").unwrap_or_default();
    if !round_ask::MINUTES.contains(&minutes) {
        return Err(pen.say("sorry-unknown"));
    }
    Ok(Command::OpenBallot {
        question,
        statements,
        each_side: told != Told::Room,
        window_ms: minutes.saturating_mul(round_open::MINUTE_MS),
        phase_ms: round_open::PHASE_MS,
        floor,
    })
}

/// Says which statement is wrong, by how it begins.
fn check(pen: Pen<'_>, statements: &[String]) -> Result<(), String> {
    if statements.is_empty() {
        return Err(pen.say("sorry-no-statement"));
    }
    if statements.len() > LANES_MAX {
        return Err(pen.count(
            "sorry-many-statements",
            "statements",
            statements.len() as u64,
        ));
    }
    for text in statements {
        let sentence = match StatementText::parse(text) {
            Ok(_) => continue,
            Err(RefusedText::TooLong) => "sorry-long-statement",
            Err(RefusedText::Empty | RefusedText::Forbidden(_)) => "sorry-bad-statement",
        };
        return Err(pen.name(sentence, "text", &beginning(text)));
    }
    Ok(())
}

fn beginning(text: &str) -> String {
    const LETTERS: usize = 40;
    let shown = text.chars().filter(|c| !c.is_control()).take(LETTERS);
    shown.chain(['…']).collect()
}
