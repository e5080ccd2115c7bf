//! `POST /seats/remove`: the convenor removes a seat; everybody sees it.

use axum::{Extension, response::Response};
use participant::Command;
use room::SeatId;

use super::{fields::Fields, visit::Visit};

/// Removes it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let seat = fields.number("seat").map(SeatId);
    let command = seat.map(|seat| Command::Remove { seat });
    visit.press(command, "/seats").await
}
