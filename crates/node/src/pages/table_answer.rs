//! `POST /table/answer` and `POST /caucus/answer`: the same field, now as an answer to something.
//! Must never drop what was typed so far.

use axum::{Extension, response::Response};

use super::{composer::Draft, fields::Fields, table_show, visit::Visit};

/// In the plenary.
pub async fn plenary(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    answer(visit, &fields, false)
}

/// In the caucus.
pub async fn caucus(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    answer(visit, &fields, true)
}

fn answer(visit: Visit, fields: &Fields, caucus: bool) -> Response {
    let typed = fields.text("text");
    let reply = match fields.text("reply") {
        "" => fields.text("reply_to"),
        reply => reply,
    };
    let draft = Draft {
        text: format!("{}{typed}", quoted(&visit, fields)),
        reply: reply.to_owned(),
        why: None,
        focused: true,
    };
    table_show::page(visit, caucus, draft)
}

/// A statement has no author to answer: its words are quoted.
fn quoted(visit: &Visit, fields: &Fields) -> String {
    let last = visit.table().and_then(|table| table.last.clone());
    let number: Option<usize> = fields.number("statement");
    let text = last.and_then(|last| last.texts.get(number?).cloned());
    text.map(|text| format!("“{text}”\n\n")).unwrap_or_default()
}
