//! `POST /waiting/withdraw`: gives up a request that was not answered yet.

use axum::response::Response;
use participant::Command;

use super::visit::Visit;

/// Gives it up.
pub async fn act(visit: Visit) -> Response {
    visit.press(Some(Command::StopAsking), "/").await
}
