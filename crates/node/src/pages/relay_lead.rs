//! `POST /relay/lead`: the dialogue moves to the place that its convenor named.

use axum::response::Response;
use participant::Command;

use super::visit::Visit;

/// Moves it.
pub async fn act(visit: Visit) -> Response {
    visit.press(Some(Command::MoveRoom), "/relay").await
}
