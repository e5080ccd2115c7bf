//! Style sheet and scripts, compiled in. No page ever asks another machine for anything.
//! Must never hold a font or a script that is not in `assets/`.

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

/// The one style sheet.
pub async fn style() -> Response {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../../assets/tracktwo.css"),
    )
        .into_response()
}

/// htmx 4 and its extension for live streams (0BSD, see `assets/htmx-LICENSE`), as one script: htmx looks at the
/// page as soon as it is there, and an extension that came a moment later would find nothing left to do.
pub async fn htmx() -> Response {
    let script = format!(
        "{}\n{}",
        include_str!("../../assets/htmx.min.js"),
        include_str!("../../assets/hx-sse.min.js")
    );
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
}
