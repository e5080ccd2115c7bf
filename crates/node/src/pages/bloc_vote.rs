//! `POST /bloc/vote`: says in the caucus how the reader would answer for the side.

use axum::{Extension, response::Response};
use participant::Command;
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

/// Says it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    let Some(round) = ballot_answer::asked(&visit, &fields) else {
        return round_late::answer(pen, None).refused(pen, shown);
    };
    let answer = |place| {
        let given = fields.text(&format!("answer-{place}"));
        let mut all = GIVEN.into_iter();
        let found = all.find(|answer| word(*answer) == given);
        found.unwrap_or(Ballot::Unanswered)
    };
    let answers: Vec<Ballot> = (0..round.statements.len()).map(answer).collect();
    let command = Command::VoteAsBloc {
        round: round.round,
        answers: answers.clone(),
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => bloc_show::after(&visit, round, |bloc| bloc.own == answers).await,
        Err(sorry) => {
            let why = refusals::sentence(pen, &sorry);
            let room = shown.view.plenary.as_ref();
            match room.and_then(|room| bloc_show::sheet(pen, room, round, Some(&why))) {
                Some(sheet) => sheet.refused(pen, shown),
                None => refusals::page(&visit, &sorry),
            }
        }
    }
}
