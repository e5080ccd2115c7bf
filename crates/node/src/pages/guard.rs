//! What stands before every page: host, origin, session; and the headers behind it.
//! Must never let a request through that one of the three checks did not see.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{self, COOKIE, HOST, ORIGIN, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::{doors, fields::Fields, server::Site, typed, view::Standing};

/// A stream lives without anybody in front of it.
const STREAMS: &str = "/events/";

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
        // Nothing goes to other origins; with less, a browser hides the origin of its own forms.
        HeaderValue::from_static("same-origin"),
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
        false if is_of_an_earlier_start(&site, headers) => {
            doors::left_open(&site.words, request).await
        }
        false => StatusCode::FORBIDDEN.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Lets nobody in without a session, and no form without that session's token.
pub async fn check_session(
    State(site): State<Arc<Site>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut cookies = request.headers().get_all(COOKIE).iter();
    let token = cookies.find_map(|cookies| site.gate.admit(cookies.to_str().ok()?));
    let Some(token) = token else {
        return (StatusCode::FORBIDDEN, doors::outside(&site.words)).into_response();
    };
    if !request.method().is_safe() {
        let (head, body) = request.into_parts();
        let asked = Request::from_parts(head.clone(), body);
        let fields = Fields::read(asked).await;
        let fields = match fields.and_then(|fields| fields.checked(&token)) {
            Ok(fields) => fields,
            Err(why) => return doors::bad_form(&site.words, why),
        };
        request = Request::from_parts(head, Body::empty());
        request.extensions_mut().insert(fields.clone());
        request.extensions_mut().insert(token);
        site.desk.touch();
        if request.uri().path() != typed::PATH {
            let desk = site.desk.clone();
            return site.once.answer(desk, &fields, request, next).await;
        }
        if site.once.is_spent(&fields) {
            return StatusCode::NO_CONTENT.into_response();
        }
        return next.run(request).await;
    }
    if !request.uri().path().starts_with(STREAMS) {
        site.desk.touch();
    }
    request.extensions_mut().insert(token);
    next.run(request).await
}

/// Lets nobody past the vault's door while it is closed; what was typed meanwhile is handed back.
pub async fn check_open(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if site.shown.borrow().standing == Standing::Open {
        return next.run(request).await;
    }
    match request.extensions().get::<Fields>() {
        Some(fields) => doors::closed_meanwhile(&site.words, fields),
        None => Redirect::to("/").into_response(),
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
        Some(cookie) => ([(SET_COOKIE, cookie)], doors::doorstep(&site.words)).into_response(),
        None => (StatusCode::FORBIDDEN, doors::outside(&site.words)).into_response(),
    }
}

/// A page that was left open over a restart, on the same port: its own page asks, and nobody else's.
fn is_of_an_earlier_start(site: &Site, headers: &HeaderMap) -> bool {
    let host = only(headers, &HOST).unwrap_or_default();
    let origin = match headers.contains_key(ORIGIN) {
        true => only(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://")),
        false => Some(host),
    };
    site.gate.is_an_earlier_host(host) && origin == Some(host)
}

/// The header's value where there is exactly one.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
