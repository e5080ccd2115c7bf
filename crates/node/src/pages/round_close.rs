//! `POST /round/close`: the convenor brings the end of writing forward.
//! Must never close another Round than the one that stood on the page.

use axum::{Extension, response::Response};
use participant::Command;

use super::{fields::Fields, round_show, visit::Visit};

/// Closes it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let round = round_show::asked(&visit, &fields).map(|round| round.round);
    let command = round.map(|round| Command::EndWindow { round });
    visit.press(command, "/round").await
}
