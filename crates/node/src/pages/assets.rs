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

/// htmx 4 (0BSD, see `assets/htmx-LICENSE`).
pub async fn htmx() -> Response {
    script(include_str!("../../assets/htmx.min.js"))
}

/// Its extension for live streams.
pub async fn htmx_live() -> Response {
    script(include_str!("../../assets/hx-sse.min.js"))
}

fn script(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
}
