//! `POST /round/throw-away`: a text that came back is gone from this computer.

use axum::{Extension, response::Response};
use participant::Command;

use super::{fields::Fields, visit::Visit};

/// Throws it away.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let text = fields.number("text");
    let command = text.map(|text| Command::ThrowAway { text });
    visit.press(command, "/round").await
}
