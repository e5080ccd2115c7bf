//! `POST /waiting/withdraw`: gives up a request that was not answered yet.

use axum::response::{IntoResponse, Redirect, Response};
use participant::Command;

use super::{desk::Wish, refusals, visit::Visit};

/// Gives it up.
pub async fn act(visit: Visit) -> Response {
    match visit.wish(Wish::Command(Command::StopAsking)).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
