//! `POST /bloc/answer`: hands to the plenary what more than half of the caucus answer alike.
//! Must never hand over anything else than what stood beside the button.

use axum::{Extension, response::Response};
use participant::{Command, view::BlocView};
use round::Ballot;

use super::{
    ballot_answer,
    ballot_show::{GIVEN, word},
    bloc_show,
    desk::Wish,
    fields::Fields,
    refusals, round_late,
    visit::Visit,
};

/// Hands it over.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let Some(round) = ballot_answer::asked(&visit, &fields) else {
        return round_late::answer(visit.pen(), None).refused(visit.pen(), &visit.shown);
    };
    let agreed = fields.texts("agreed").into_iter().map(|given| {
        let mut all = GIVEN.into_iter();
        let answer = all.find(|answer| word(*answer) == given);
        answer.unwrap_or(Ballot::Unanswered)
    });
    let command = Command::AnswerAsBloc {
        round: round.round,
        agreed: agreed.collect(),
    };
    let before = round.bloc.as_ref().map(|bloc| bloc.posted.clone());
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => {
            let there = |bloc: &BlocView| {
                bloc.posted == bloc.agreed || Some(&bloc.posted) != before.as_ref()
            };
            bloc_show::after(&visit, round, there).await
        }
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
