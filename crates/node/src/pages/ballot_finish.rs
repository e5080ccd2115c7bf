//! `POST /ballot/finish`: the reader is through; what has no answer stays unanswered.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{Command, Refused, view::RoundPhase};

use super::{
    ballot_answer, ballot_show,
    desk::{Sorry, Wish},
    fields::Fields,
    refusals, round_late,
    visit::Visit,
};

/// Keeps all answers as they are.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    let round = ballot_answer::asked(&visit, &fields);
    let Some(round) = round.filter(|round| round.phase == RoundPhase::Writing) else {
        return round_late::answer(pen, None).refused(pen, shown);
    };
    let command = Command::Cast {
        round: round.round,
        answers: ballot_show::answers(round),
        minimum: Some(ballot_answer::promised(round, &fields)),
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to("/round").into_response(),
        Err(Sorry::Refused(Refused::Unknown)) => round_late::answer(pen, None).refused(pen, shown),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
