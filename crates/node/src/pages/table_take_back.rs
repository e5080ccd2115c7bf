//! `POST /table/take-back` and `POST /caucus/take-back`: Undo; the words return to the field.
//! Must never claim that a message was taken back which has left.

use axum::{Extension, response::Response};
use participant::{Command, Refused};

use super::{
    composer::Draft,
    desk::{Sorry, Wish},
    fields::Fields,
    refusals, table_show,
    visit::Visit,
};
use crate::unsent::Place;

/// In the plenary.
pub async fn plenary(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    take_back(visit, fields, false).await
}

/// In the caucus.
pub async fn caucus(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    take_back(visit, fields, true).await
}

/// What was begun since stays below what comes back.
fn with_typed_since(visit: &Visit, text: String, caucus: bool) -> String {
    let place = match caucus {
        true => Place::Caucus,
        false => Place::Table,
    };
    match visit.shown.unsent.text(place, "text") {
        "" => text,
        since => format!("{text}\n\n{since}"),
    }
}

async fn take_back(visit: Visit, fields: Fields, caucus: bool) -> Response {
    let number: Option<u64> = fields.number("held");
    let held = visit
        .shown
        .view
        .held
        .iter()
        .find(|held| Some(held.held) == number);
    let (text, reply) = held.map_or((String::new(), String::new()), |held| {
        let reply = held
            .reply_to
            .map(|id| data_encoding::HEXLOWER.encode(&id.0));
        (held.text.clone(), reply.unwrap_or_default())
    });
    let done = match number {
        Some(held) => visit.wish(Wish::Command(Command::TakeBack { held })).await,
        None => Err(Sorry::Refused(Refused::Unknown)),
    };
    let draft = match done {
        Ok(()) => Draft {
            text: with_typed_since(&visit, text, caucus),
            reply,
            why: None,
            focused: true,
        },
        Err(sorry) => Draft {
            why: Some(refusals::sentence(visit.pen(), &sorry)),
            ..Draft::after(true)
        },
    };
    table_show::page(visit.again(), caucus, draft)
}
