//! `POST /seats/approve`: the convenor's half of a join.

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

/// Approves.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let done = match parse_hex(fields.text("request")) {
        Some(request) => {
            visit
                .wish(Wish::Command(Command::Approve { request }))
                .await
        }
        None => Err(Sorry::Refused(Refused::Unknown)),
    };
    match done {
        Ok(()) => Redirect::to("/seats").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
