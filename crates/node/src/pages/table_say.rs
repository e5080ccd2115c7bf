//! `POST /table/say` and `POST /caucus/say`: a named message, which leaves when its Undo ends.
//! Must never lose the words: what is not taken comes back into the field.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{Command, Place};
use room::MessageId;

use super::{
    composer::Draft,
    desk::Wish,
    fields::{Fields, lines},
    refusals, table_show,
    visit::Visit,
};
use crate::limits::UNDO_MS;

/// In the plenary.
pub async fn plenary(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    say(visit, fields, Place::Plenary).await
}

/// In the caucus.
pub async fn caucus(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    say(visit, fields, Place::Caucus).await
}

async fn say(visit: Visit, fields: Fields, place: Place) -> Response {
    let caucus = place == Place::Caucus;
    let text = lines(fields.text("text"));
    let again = |visit: Visit, why: String| {
        let draft = Draft {
            text: fields.text("text").to_owned(),
            reply: fields.text("reply_to").to_owned(),
            why: Some(why),
            focused: true,
        };
        table_show::page(visit, caucus, draft)
    };
    if text.is_empty() {
        let why = visit.pen().say("sorry-empty-message");
        return again(visit, why);
    }
    if text.len() > room::limits::TEXT_BYTES_MAX {
        let why = visit.pen().say("sorry-long-message");
        return again(visit, why);
    }
    let command = Command::Hold {
        place,
        text,
        reply_to: message_id(fields.text("reply_to")),
        leaves: visit.pen().now.plus_ms(UNDO_MS),
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to(if caucus {
            "/caucus?sent=yes#write"
        } else {
            "/table?sent=yes#write"
        })
        .into_response(),
        Err(sorry) => {
            let why = refusals::sentence(visit.pen(), &sorry);
            again(visit, why)
        }
    }
}

fn message_id(text: &str) -> Option<MessageId> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok().map(MessageId)
}
