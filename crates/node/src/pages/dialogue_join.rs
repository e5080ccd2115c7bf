//! `POST /dialogue/join`: asks for a seat with an invitation.
//! Must never lose what was typed, nor use an invitation that was not read to its end.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::Command;

use super::{desk::Wish, fields::Fields, join_show, refusals, visit::Visit};

/// Asks.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let invitation = match fields.text("file").trim() {
        "" => fields.text("invitation").trim(),
        file => file,
    };
    let name = fields.text("name").trim();
    let missing = match (invitation.is_empty(), name.is_empty()) {
        (true, _) => Some("sorry-no-invitation"),
        (false, true) => Some("sorry-no-name"),
        (false, false) => None,
    };
    if let Some(id) = missing {
        return again(&visit, &fields, &visit.pen().say(id));
    }
    let command = Command::Join {
        invitation: invitation.to_owned(),
        name: name.to_owned(),
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => Redirect::to("/waiting").into_response(),
        Err(sorry) => {
            let why = refusals::sentence(visit.pen(), &sorry);
            again(&visit, &fields, &why)
        }
    }
}

fn again(visit: &Visit, fields: &Fields, why: &str) -> Response {
    join_show::sheet(visit.pen(), fields, Some(why)).refused(visit.pen(), &visit.shown)
}
