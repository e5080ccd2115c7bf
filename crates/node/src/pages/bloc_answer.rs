//! `POST /bloc/answer`: hands to the plenary what more than half of the caucus answer alike.

use axum::{Extension, response::Response};
use participant::Command;

use super::{ballot_answer, fields::Fields, round_late, visit::Visit};

/// Hands it over.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let Some(round) = ballot_answer::asked(&visit, &fields) else {
        return round_late::answer(visit.pen(), None).refused(visit.pen(), &visit.shown);
    };
    let command = Command::AnswerAsBloc { round: round.round };
    visit.press(Some(command), "/round").await
}
