//! `POST /round/withdraw`: takes one's text back; nothing of it was ever sent.

use axum::response::Response;
use participant::Command;

use super::visit::Visit;

/// Takes it back.
pub async fn act(visit: Visit) -> Response {
    let command = visit.round().map(|round| Command::Write {
        round,
        text: String::new(),
        minimum: None,
    });
    visit.press(command, "/round").await
}
