//! `POST /relay/announce`: the convenor names a relay to which the dialogue could move; all programs learn of it.
//! Must never keep the relay's secret on a page that is shown to anybody else.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use participant::Command;

use super::{desk::Wish, fields::Fields, refusals, relay_show, visit::Visit};

/// Names it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let command = match command(&fields) {
        Ok(command) => command,
        Err(id) => {
            let why = visit.pen().say(id);
            return again(&visit, &fields, &why);
        }
    };
    match visit.wish(Wish::Command(command)).await {
        Ok(()) => {
            let announced = |place: &participant::view::PlaceView| place.announced;
            visit
                .sees(|shown| shown.view.place.as_ref().is_some_and(announced))
                .await;
            Redirect::to("/relay").into_response()
        }
        Err(sorry) => {
            let why = refusals::sentence(visit.pen(), &sorry);
            again(&visit, &fields, &why)
        }
    }
}

fn command(fields: &Fields) -> Result<Command, &'static str> {
    let relay = fields.text("address").trim().parse();
    let creation = fields.text("secret").trim().parse();
    Ok(Command::AnnouncePlace {
        relay: relay.map_err(|_| "sorry-relay-address")?,
        creation: creation.map_err(|_| "sorry-relay-secret")?,
    })
}

fn again(visit: &Visit, fields: &Fields, why: &str) -> Response {
    match relay_show::sheet(visit, fields, Some(why)) {
        Some(sheet) => sheet.refused(visit.pen(), &visit.shown),
        None => Redirect::to("/settings").into_response(),
    }
}
