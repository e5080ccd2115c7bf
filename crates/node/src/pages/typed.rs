//! `POST /typed`: what stands in a field, a moment after the last letter, so that no lock and no crash takes it.
//! Must never send it: it goes into the vault, and comes back into the same field.

use std::collections::BTreeMap;

use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use zeroize::Zeroizing;

use super::{desk::Wish, fields::Fields, layout::Pen, visit::Visit};
use crate::unsent::{Place, Texts};

/// Where the pages' script sends it.
pub const PATH: &str = "/typed";

/// The name of the hidden field that says which place it is.
pub const PLACE: &str = "place";

/// In a form whose text is kept: which place it is, and when it is sent to be kept. Without scripts it is kept
/// with whatever button of the form is pressed.
pub fn kept(pen: Pen<'_>, place: Place) -> Markup {
    html! {
        input autocomplete="off" type="hidden" name=(PLACE) value=(place.name());
        div hidden hx-post=(PATH) hx-trigger="input changed delay:1s from:form:has(input[name=place])" hx-include="closest form" hx-swap="none" {}
        p.soft { (pen.say("typed-stays")) }
    }
}

/// The place that a form names.
pub fn place(fields: &Fields) -> Option<Place> {
    Place::of_name(fields.text(PLACE))
}

/// What stands in its fields.
pub fn texts(place: Place, fields: &Fields) -> Texts {
    let text = |name: &&str| {
        (
            (*name).to_owned(),
            Zeroizing::new(fields.text(name).to_owned()),
        )
    };
    place.fields().iter().map(text).collect::<BTreeMap<_, _>>()
}

/// Keeps it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let Some(place) = place(&fields) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    match visit.wish(Wish::Type(place, texts(place, &fields))).await {
        Ok(()) => StatusCode::NO_CONTENT,
        // The page goes on holding it, and tries again with the next letter.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
    .into_response()
}
