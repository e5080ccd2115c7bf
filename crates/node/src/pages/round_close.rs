//! `POST /round/close`: the convenor brings the end of writing forward.

use axum::response::{IntoResponse, Redirect, Response};
use participant::{Command, Refused};

use super::{
    desk::{Sorry, Wish},
    refusals,
    visit::Visit,
};

/// Does it.
pub async fn act(visit: Visit) -> Response {
    let room = visit.shown.view.plenary.as_ref();
    let round = room
        .and_then(|room| room.round.as_ref())
        .map(|round| round.round);
    let command = round.map(|round| Command::EndWindow { round });
    let done = match command {
        Some(command) => visit.wish(Wish::Command(command)).await,
        None => Err(Sorry::Refused(Refused::Unknown)),
    };
    match done {
        Ok(()) => Redirect::to("/round").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
