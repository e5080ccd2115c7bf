//! `GET /seats/invitation`: an invitation as a file.
//! Must never be named after a person or a side: a file's name is seen where its content is not.

use axum::{
    extract::Query,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::visit::Visit;

/// Which one.
#[derive(Deserialize)]
pub struct Which {
    number: usize,
}

/// The file.
pub async fn file(visit: Visit, Query(which): Query<Which>) -> Response {
    match visit.shown.view.invitations.get(which.number) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(invitation) => {
            let headers = [
                (CONTENT_TYPE, "text/plain; charset=utf-8"),
                (
                    CONTENT_DISPOSITION,
                    "attachment; filename=\"invitation.txt\"",
                ),
            ];
            (headers, format!("{}\n", invitation.text)).into_response()
        }
    }
}
