//! `POST /seats/remove`: the convenor removes a seat; everybody sees it.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{Command, Refused};
use room::SeatId;

use super::{
    desk::{Sorry, Wish},
    fields::Fields,
    refusals,
    visit::Visit,
};

/// Removes it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let done = match fields.number("seat").map(SeatId) {
        Some(seat) => visit.wish(Wish::Command(Command::Remove { seat })).await,
        None => Err(Sorry::Refused(Refused::Unknown)),
    };
    match done {
        Ok(()) => Redirect::to("/seats").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
