//! `POST /settings/passphrase`: another passphrase for the same vault.
//! Must never leave a vault that opens with neither.

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use zeroize::Zeroizing;

use super::{desk::Wish, fields::Fields, refusals, settings_show, visit::Visit};

/// Changes it.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    let old = Zeroizing::new(fields.text("passphrase-old").to_owned());
    let new = Zeroizing::new(fields.text("passphrase").to_owned());
    if new.as_str() != fields.text("passphrase-again") {
        let why = pen.say("sorry-not-the-same");
        return settings_show::sheet(pen, shown, Some(&why), false).refused(pen, shown);
    }
    match visit.wish(Wish::ChangePassphrase { old, new }).await {
        Ok(()) => settings_show::sheet(pen, shown, None, true)
            .page(pen, shown)
            .into_response(),
        Err(sorry) => {
            let why = refusals::sentence(pen, &sorry);
            settings_show::sheet(pen, shown, Some(&why), false).refused(pen, shown)
        }
    }
}
