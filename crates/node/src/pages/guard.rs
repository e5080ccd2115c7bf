//! What stands before every page: host, origin, session; and the headers behind it.
//! Must never let a request through that one of the three checks did not see.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{self, COOKIE, HOST, ORIGIN, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{layout, server::Site};

/// A page may load from this node, and from nowhere else; nobody may frame it; nothing inline runs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
    ),
];

/// Checks `Host` and `Origin` of everything, and puts the strict headers on every answer.
pub async fn check_place(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let known_host = only(headers, &HOST).is_some_and(|host| site.gate.knows_host(host));
    let known_origin = match headers.contains_key(ORIGIN) {
        true => only(headers, &ORIGIN).is_some_and(|origin| site.gate.knows_origin(origin)),
        // Browsers leave it out where a page only reads from its own origin.
        false => request.method().is_safe(),
    };
    let mut response = match known_host && known_origin {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Lets nobody in without a session.
pub async fn check_session(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let mut cookies = request.headers().get_all(COOKIE).iter();
    match cookies.any(|cookies| {
        cookies
            .to_str()
            .is_ok_and(|cookies| site.gate.admits(cookies))
    }) {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    }
}

/// Exchanges a launch token, once, for a session. It answers with a page and not with a redirection: a browser
/// that comes from elsewhere would follow that one without the strict cookie.
pub async fn launch(State(site): State<Arc<Site>>, Path(token): Path<String>) -> Response {
    let cookie = site
        .gate
        .launch(&token)
        .and_then(|cookie| HeaderValue::try_from(cookie).ok());
    match cookie {
        Some(cookie) => ([(SET_COOKIE, cookie)], layout::doorstep(&site.words)).into_response(),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

/// The header's value where there is exactly one.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
