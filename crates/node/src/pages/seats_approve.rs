//! `POST /seats/approve`: the convenor's half of a join.

use axum::{Extension, response::Response};
use participant::Command;

use super::{fields::Fields, seats_requests::parse_hex, visit::Visit};

/// Approves.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let request = parse_hex(fields.text("request"));
    let command = request.map(|request| Command::Approve { request });
    visit.press(command, "/seats").await
}
