//! `POST /seats/vouch`: the half of a join that belongs to the side.

use axum::{Extension, response::Response};
use participant::Command;

use super::{fields::Fields, seats_requests::parse_hex, visit::Visit};

/// Vouches.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let request = parse_hex(fields.text("request"));
    let command = request.map(|request| Command::Vouch { request });
    visit.press(command, "/seats").await
}
