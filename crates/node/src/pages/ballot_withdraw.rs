//! `POST /ballot/withdraw`: takes all answers back, as long as the window is open.

use axum::{Extension, response::Response};
use participant::{Command, view::RoundPhase};

use super::{ballot_answer, fields::Fields, visit::Visit};

/// Takes them back.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let round = ballot_answer::asked(&visit, &fields);
    let round = round.filter(|round| round.phase == RoundPhase::Writing);
    let command = round.map(|round| Command::Cast {
        round: round.round,
        answers: Vec::new(),
        minimum: None,
    });
    visit.press(command, "/round?review=yes").await
}
