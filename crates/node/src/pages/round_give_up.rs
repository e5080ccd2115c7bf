//! `POST /round/give-up`: ends a Round in which somebody's last message is missing.

use axum::response::Response;
use participant::Command;

use super::visit::Visit;

/// Gives it up.
pub async fn act(visit: Visit) -> Response {
    let command = visit.round().map(|round| Command::GiveUp { round });
    visit.press(command, "/round").await
}
