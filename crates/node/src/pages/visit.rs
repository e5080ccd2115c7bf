//! One request of a person who was let in: what is shown now, and the pen to write it with.
//! Must never be had without a session: only the guard makes its token.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use participant::{Command, Refused};

use super::{
    desk::{Sorry, Wish},
    gate::FormToken,
    layout::Pen,
    once, refusals,
    server::Site,
    view::{Shown, Table},
};
use crate::clock;

/// How long a press waits for its own event to come back through the log; a relay may be far, or not there.
const PATIENCE: Duration = Duration::from_secs(3);

/// A request with a session.
pub struct Visit {
    pub site: Arc<Site>,
    pub token: FormToken,
    /// What numbers the forms of the page that answers.
    pub once: String,
    pub shown: Arc<Shown>,
}

impl Visit {
    /// What a page is written with.
    pub fn pen(&self) -> Pen<'_> {
        Pen {
            words: &self.site.words,
            hours: &self.site.hours,
            now: clock::now(),
            token: self.token.text(),
            once: &self.once,
        }
    }

    /// Has something done.
    pub async fn wish(&self, wish: Wish) -> Result<(), Sorry> {
        self.site.desk.carry_out(wish).await
    }

    /// A button that was pressed: what it stands for is done, or the page says why not.
    pub async fn press(self, command: Option<Command>, next: &str) -> Response {
        let done = match command {
            Some(command) => self.wish(Wish::Command(command)).await,
            None => Err(Sorry::Refused(Refused::Unknown)),
        };
        match done {
            Ok(()) => Redirect::to(next).into_response(),
            Err(sorry) => refusals::page(&self, &sorry),
        }
    }

    /// Waits until the view shows what was sent; whether it does.
    pub async fn sees(&self, done: impl Fn(&Shown) -> bool) -> bool {
        let mut shown = self.site.shown.clone();
        let seen = shown.wait_for(|shown| done(shown));
        let seen = tokio::time::timeout(PATIENCE, seen).await;
        seen.is_ok_and(|seen| seen.is_ok())
    }

    /// The same visit, with what is shown by now.
    pub fn again(self) -> Self {
        let shown = self.site.shown.borrow().clone();
        Self { shown, ..self }
    }

    /// The plenary, where this seat is in it.
    pub fn table(&self) -> Option<&Table> {
        self.shown.table()
    }
}

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        site: &Arc<Site>,
    ) -> Result<Self, Self::Rejection> {
        let token = parts.extensions.get::<FormToken>().cloned();
        // The guard let nobody pass without one.
        let token = token.ok_or_else(|| StatusCode::FORBIDDEN.into_response())?;
        let once = once::number();
        let once = once.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
        Ok(Self {
            site: site.clone(),
            token,
            once,
            shown: site.shown.borrow().clone(),
        })
    }
}
