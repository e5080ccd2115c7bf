//! `POST /settings/keep`: after how many minutes the vault closes by itself.

use axum::{
    Extension,
    response::{IntoResponse, Response},
};

use super::{desk::Wish, fields::Fields, refusals, settings_show, visit::Visit};
use crate::settings::Settings;

/// Keeps it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let chosen = fields.number::<u16>("minutes");
    let offered = settings_show::MINUTES
        .into_iter()
        .find(|minutes| minutes.unwrap_or_default() == chosen.unwrap_or(u16::MAX));
    let Some(lock_after_minutes) = offered else {
        let why = visit.pen().say("sorry-unknown");
        return settings_show::sheet(visit.pen(), &visit.shown, Some(&why), false)
            .refused(visit.pen(), &visit.shown);
    };
    let mut shown = (*visit.shown).clone();
    shown.settings = Settings {
        lock_after_minutes,
        ..shown.settings
    };
    match visit.wish(Wish::Keep(shown.settings.clone())).await {
        Ok(()) => settings_show::sheet(visit.pen(), &shown, None, true)
            .page(visit.pen(), &shown)
            .into_response(),
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}
