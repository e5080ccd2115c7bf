//! What a form brought: read whole, bounded, and only with the session's token.
//! Must never let a form through without that token: another page could have sent it.

use std::collections::BTreeMap;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use zeroize::Zeroizing;

use super::{gate::FormToken, once::ONCE, typed::PLACE};
use crate::limits::FORM_BYTES;

/// The name of the hidden field.
pub const TOKEN: &str = "token";

/// Hidden fields that say which thing a form is about: nobody typed them.
const UNTYPED: [&str; 10] = [
    TOKEN,
    ONCE,
    PLACE,
    "round",
    "promised",
    "reply_to",
    "reply",
    "from",
    "sure",
    "membership",
];

/// Names and texts of a form; several of one name stand under it in their order.
#[derive(Clone, Default)]
pub struct Fields(BTreeMap<String, Vec<Zeroizing<String>>>);

/// Why a form is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadForm {
    /// Longer than any form of these pages.
    TooLong,
    /// Neither of the two encodings that browsers use, or damaged.
    Damaged,
    /// Without the session's token or a number, or with another token.
    NoToken,
}

impl Fields {
    /// Reads a request's form, whoever sent it.
    pub async fn read(request: Request) -> Result<Self, BadForm> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            Self::read_parts(request).await
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let bytes = to_bytes(request.into_body(), FORM_BYTES)
                .await
                .map_err(|_| BadForm::TooLong)?;
            Ok(Self::of_pairs(form_urlencoded::parse(&bytes)))
        } else {
            Err(BadForm::Damaged)
        }
    }

    /// A form with a file in it; the file's text stands under its field's name.
    async fn read_parts(request: Request) -> Result<Self, BadForm> {
        let (head, body) = request.into_parts();
        let bytes = to_bytes(body, FORM_BYTES)
            .await
            .map_err(|_| BadForm::TooLong)?;
        let request = Request::from_parts(head, Body::from(bytes));
        let parts = Multipart::from_request(request, &()).await;
        let mut parts = parts.map_err(|_| BadForm::Damaged)?;
        let mut fields = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| BadForm::Damaged)? {
            let name = part.name().unwrap_or_default().to_owned();
            let text = part.bytes().await.map_err(|_| BadForm::Damaged)?;
            fields.put(name, String::from_utf8_lossy(&text).into_owned());
        }
        Ok(fields)
    }

    fn of_pairs<'a>(
        pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
    ) -> Self {
        let mut fields = Self::default();
        for (name, text) in pairs {
            fields.put(name.into_owned(), text.into_owned());
        }
        fields
    }

    fn put(&mut self, name: String, text: String) {
        self.0.entry(name).or_default().push(Zeroizing::new(text));
    }

    /// Only with the session's own token, and with a number.
    pub fn checked(self, token: &FormToken) -> Result<Self, BadForm> {
        match token.is(self.text(TOKEN)) && !self.text(ONCE).is_empty() {
            true => Ok(self),
            false => Err(BadForm::NoToken),
        }
    }

    /// The text of a field; nothing where the form has none.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|texts| texts.first())
            .map_or("", |text| text.as_str())
    }

    /// All texts of a field, in the form's order.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let texts = self.0.get(name).into_iter().flatten();
        texts.map(|text| text.as_str()).collect()
    }

    /// A whole number, where the field holds one.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.text(name).trim().parse().ok()
    }

    /// All names and texts.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.0.iter();
        names.flat_map(|(name, texts)| texts.iter().map(|text| (name.as_str(), text.as_str())))
    }

    /// What a person typed: everything but what is hidden, and passphrases.
    pub fn typed(&self) -> impl Iterator<Item = &str> {
        let typed = self.0.iter().filter(|(name, _)| {
            !UNTYPED.contains(&name.as_str()) && !name.starts_with("passphrase")
        });
        typed
            .flat_map(|(_, texts)| texts)
            .map(|text| text.as_str())
            .filter(|text| !text.trim().is_empty())
    }

    /// A form as it might have been sent, for tests and first showings.
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.put(name.to_owned(), text.into());
        self
    }
}

/// A form's text as a browser sends it, with the line ends that the program uses.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
