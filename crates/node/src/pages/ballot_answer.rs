//! `POST /ballot/answer`: keeps one answer, on this machine, and goes on to the next statement.
//! Must never lose what was answered before: each press is in the vault before the next page.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::{
    Command, Refused,
    view::{RoundPhase, RoundView},
};
use round::Ballot;

use super::{
    ballot_show::{self, GIVEN, word},
    desk::{Sorry, Wish},
    fields::Fields,
    refusals, round_draft, round_late, round_show,
    visit::Visit,
};

/// Keeps it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    let Some(round) = asked(&visit, &fields) else {
        return round_late::answer(pen, None).refused(pen, shown);
    };
    let place: usize = fields.number("statement").unwrap_or(usize::MAX);
    let answer = [GIVEN.as_slice(), &[Ballot::Unanswered]].concat();
    let answer = answer
        .into_iter()
        .find(|answer| word(*answer) == fields.text("answer"));
    let mut answers = ballot_show::answers(round);
    let (Some(answer), Some(kept)) = (answer, answers.get_mut(place)) else {
        return refusals::page(&visit, &Sorry::Refused(Refused::Unknown));
    };
    if round.phase != RoundPhase::Writing {
        let text = round.statements.get(place).map(String::as_str);
        return round_late::answer(pen, text).refused(pen, shown);
    }
    *kept = answer;
    if !ballot_show::finished(round) {
        trim(&mut answers);
    }
    let command = Command::Cast {
        round: round.round,
        answers,
        minimum: Some(promised(round, &fields)),
    };
    let reviewing = fields.text("from") == "review";
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to(&next(round, place, reviewing)).into_response(),
        Err(Sorry::Refused(Refused::Unknown)) => {
            let text = round.statements.get(place).map(String::as_str);
            round_late::answer(pen, text).refused(pen, shown)
        }
        Err(sorry) => {
            let why = refusals::sentence(pen, &sorry);
            match ballot_show::sheet(pen, round, place, reviewing, Some(&why)) {
                Some(sheet) => sheet.refused(pen, shown),
                None => refusals::page(&visit, &sorry),
            }
        }
    }
}

/// The ballot that a form was written for, if that is open.
pub fn asked<'a>(visit: &'a Visit, fields: &Fields) -> Option<&'a RoundView> {
    round_show::asked(visit, fields).filter(|round| !round.statements.is_empty())
}

/// The smallest crowd that stood on the page: what was promised there holds, however the crowd shrinks until
/// the end. A page can promise no less than the rule does.
pub fn promised(round: &RoundView, fields: &Fields) -> u16 {
    let said: Option<u16> = fields.number("promised");
    let least = said.unwrap_or_else(|| round_draft::least(round));
    let fewest = room::floor(0, None);
    least.max(u16::try_from(fewest).unwrap_or(u16::MAX))
}

/// Until the reader finishes, only what reaches to the last answer is kept: so it is known that they did not.
fn trim(answers: &mut Vec<Ballot>) {
    while answers.last() == Some(&Ballot::Unanswered) {
        answers.pop();
    }
}

/// Pages count statements from 1.
fn next(round: &RoundView, place: usize, reviewing: bool) -> String {
    let next = place.saturating_add(1);
    match round.statements.get(next) {
        Some(_) if !reviewing => format!("/round?statement={}", next.saturating_add(1)),
        Some(_) | None => "/round?review=yes".to_owned(),
    }
}
