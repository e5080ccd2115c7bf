//! `POST /door/enter`: the rule card is accepted, the ten sentences are read.

use axum::response::{IntoResponse, Redirect, Response};

use super::{desk::Wish, refusals, visit::Visit};
use crate::settings::Settings;

/// Notes it, and goes on to the table.
pub async fn act(visit: Visit) -> Response {
    let settings = Settings {
        at_the_door: true,
        ..visit.shown.settings.clone()
    };
    match visit.wish(Wish::Keep(settings)).await {
        Ok(()) => Redirect::to("/table").into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
