//! What is sent twice is done once: each page numbers its forms, and a second coming hears the answer of the first.
//! Must never join two forms that a person meant: another text, or the same one from a newer page, is another form.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{StatusCode, response::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use data_encoding::BASE32_NOPAD;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use sha2::{Digest as _, Sha256};

use super::{
    desk::{Desk, Wish},
    fields::Fields,
    typed,
};
use crate::{
    limits::{ANSWERED_FORMS, PAGE_BYTES},
    unsent::{Place, Texts},
};

/// The name of the hidden field.
pub const ONCE: &str = "once";

/// A number for the forms of one page, as long as it stands there.
pub fn number() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes)?;
    Ok(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}

/// The forms that came last.
#[derive(Default)]
pub struct Once(Arc<Mutex<Lately>>);

#[derive(Default)]
struct Lately {
    came: VecDeque<Came>,
    /// Numbers of pages whose form was carried out.
    spent: VecDeque<String>,
}

struct Came {
    form: [u8; 32],
    answer: Shared<BoxFuture<'static, Option<Answer>>>,
}

/// An answer that can be given again.
#[derive(Clone)]
struct Answer {
    head: Parts,
    body: Bytes,
}

impl Once {
    /// Whether a form of this page was carried out: what its field held is not unsent any more.
    pub fn is_spent(&self, fields: &Fields) -> bool {
        let number = fields.text(ONCE);
        lock(&self.0).spent.iter().any(|spent| spent == number)
    }

    /// Forgets the answers, with all that stands on them.
    pub fn forget(&self) {
        lock(&self.0).came.clear();
    }

    /// Has a form answered, or gives the answer that it has had.
    pub async fn answer(
        &self,
        desk: Arc<dyn Desk>,
        fields: &Fields,
        request: Request,
        next: Next,
    ) -> Response {
        let form = digest(request.uri().path(), fields);
        let answer = {
            let came = &mut lock(&self.0).came;
            match came.iter().find(|came| came.form == form) {
                Some(came) => came.answer.clone(),
                None => {
                    let done = Done::of(form, fields, desk);
                    let answer = self.begin(done, request, next);
                    came.push_back(Came {
                        form,
                        answer: answer.clone(),
                    });
                    while came.len() > ANSWERED_FORMS {
                        came.pop_front();
                    }
                    answer
                }
            }
        };
        match answer.await {
            Some(Answer { head, body }) => Response::from_parts(head, Body::from(body)),
            None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    /// A task of its own: a browser that sends again gives up its first request, which must go on to its end.
    fn begin(
        &self,
        done: Done,
        request: Request,
        next: Next,
    ) -> Shared<BoxFuture<'static, Option<Answer>>> {
        let all = self.0.clone();
        let task = tokio::spawn(async move {
            let (head, body) = next.run(request).await.into_parts();
            let body = to_bytes(body, PAGE_BYTES).await.ok()?;
            done.settle(&all, head.status).await;
            Some(Answer { head, body })
        });
        task.map(|answer| answer.ok().flatten()).boxed().shared()
    }
}

/// What follows an answer.
struct Done {
    form: [u8; 32],
    number: String,
    place: Option<Place>,
    desk: Arc<dyn Desk>,
}

impl Done {
    fn of(form: [u8; 32], fields: &Fields, desk: Arc<dyn Desk>) -> Self {
        Self {
            form,
            number: fields.text(ONCE).to_owned(),
            place: typed::place(fields),
            desk,
        }
    }

    async fn settle(self, all: &Mutex<Lately>, status: StatusCode) {
        if status.is_client_error() || status.is_server_error() {
            // Nothing was done: the same form may be tried again.
            lock(all).came.retain(|came| came.form != self.form);
        }
        if !status.is_redirection() {
            return;
        }
        {
            let spent = &mut lock(all).spent;
            spent.push_back(self.number);
            while spent.len() > ANSWERED_FORMS {
                spent.pop_front();
            }
        }
        if let Some(place) = self.place {
            // It has gone where it was meant to go. Where the vault fails, its alarm is on the page.
            let _ = self.desk.carry_out(Wish::Type(place, Texts::new())).await;
        }
    }
}

/// Which form it is: its place and all that it brought, token and number among it.
fn digest(path: &str, fields: &Fields) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut part = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    };
    part(path);
    for (name, text) in fields.all() {
        part(name);
        part(text);
    }
    digest.finalize().into()
}

/// A thread that panicked while holding the lock left whole answers behind.
fn lock(lately: &Mutex<Lately>) -> MutexGuard<'_, Lately> {
    lately.lock().unwrap_or_else(PoisonError::into_inner)
}
