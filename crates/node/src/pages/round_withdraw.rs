//! `POST /round/withdraw`: takes one's text back; nothing of it was ever sent.

use axum::{Extension, response::Response};
use participant::Command;

use super::{fields::Fields, round_show, visit::Visit};

/// Takes it back.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let command = round_show::asked(&visit, &fields).map(|round| Command::Write {
        round: round.round,
        text: String::new(),
        minimum: None,
    });
    visit.press(command, "/round").await
}
