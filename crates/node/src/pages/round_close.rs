//! `POST /round/close`: the convenor brings the end of writing forward.

use axum::response::Response;
use participant::Command;

use super::visit::Visit;

/// Closes it.
pub async fn act(visit: Visit) -> Response {
    let command = visit.round().map(|round| Command::EndWindow { round });
    visit.press(command, "/round").await
}
