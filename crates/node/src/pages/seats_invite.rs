//! `POST /seats/invite`: makes an invitation for one seat of a side.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::Command;

use super::{desk::Wish, fields::Fields, refusals, seats_show, visit::Visit};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Makes it; the page then shows it first.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let days = fields.number::<u16>("days");
    let days = days.filter(|days| seats_show::DAYS.contains(days));
    let (Some(side), Some(days)) = (fields.number("side"), days) else {
        let why = visit.pen().say("sorry-unknown");
        return match seats_show::sheet(&visit, &fields, Some(&why)) {
            Some(sheet) => sheet.refused(visit.pen(), &visit.shown),
            None => Redirect::to("/").into_response(),
        };
    };
    let expires = visit.pen().now.plus_ms(DAY_MS.saturating_mul(days.into()));
    let command = Command::Invite { side, expires };
    let before = visit.shown.view.invitations.len();
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => {
            // It is shown once the relay knows what it hands over; where that takes longer, it comes later.
            visit
                .sees(|shown| shown.view.invitations.len() > before)
                .await;
            Redirect::to("/seats#invitations").into_response()
        }
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
