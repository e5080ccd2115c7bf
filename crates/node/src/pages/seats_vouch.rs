//! `POST /seats/vouch`: the half of a join that belongs to the side.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{Command, Refused};

use super::{
    desk::{Sorry, Wish},
    fields::Fields,
    refusals,
    seats_requests::parse_hex,
    visit::Visit,
};

/// Vouches.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let done = match parse_hex(fields.text("request")) {
        Some(request) => visit.wish(Wish::Command(Command::Vouch { request })).await,
        None => Err(Sorry::Refused(Refused::Unknown)),
    };
    match done {
        Ok(()) => Redirect::to("/seats").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
