//! `POST /ballot/withdraw`: takes all answers back, as long as the window is open.

use axum::response::Response;
use participant::{Command, view::RoundPhase};

use super::visit::Visit;

/// Takes them back.
pub async fn act(visit: Visit) -> Response {
    let room = visit.shown.view.plenary.as_ref();
    let round = room.and_then(|room| room.round.as_ref());
    let round = round.filter(|round| round.phase == RoundPhase::Writing);
    let command = round.map(|round| Command::Cast {
        round: round.round,
        answers: Vec::new(),
        minimum: None,
    });
    visit.press(command, "/round?review=yes").await
}
