//! `GET /events`: the live Table, one stream for each open tab.
//! Must never queue: a tab that reads slowly gets the newest picture, not all that it missed.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Interval, MissedTickBehavior, interval},
};

use super::{
    diff::{self, Piece},
    layout::Pen,
    server::Site,
    view::Shown,
};
use crate::clock;

const MINUTE: Duration = Duration::from_secs(60);

/// One tab's stream.
struct Live {
    site: Arc<Site>,
    shown: watch::Receiver<Arc<Shown>>,
    ending: watch::Receiver<bool>,
    /// What the tab shows already; nothing at the start.
    before: Option<Arc<Shown>>,
    /// The clock's hand.
    minute: Interval,
    /// Pieces that wait to be sent, the last one first.
    waiting: Vec<Event>,
    /// Counts this stream as long as it lives.
    _place: OwnedSemaphorePermit,
}

/// Opens a stream; its first event is the whole page, so that nothing is missed between page and stream.
pub async fn stream(State(site): State<Arc<Site>>) -> Response {
    let Ok(place) = site.streams.clone().try_acquire_owned() else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let mut minute = interval(MINUTE);
    minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
    minute.reset();
    let (shown, ending) = (site.shown.clone(), site.ending.clone());
    let live = Live {
        site,
        shown,
        ending,
        before: None,
        minute,
        waiting: Vec::new(),
        _place: place,
    };
    let events = stream::unfold(live, |mut live| async {
        live.next()
            .await
            .map(|event| (Ok::<_, Infallible>(event), live))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

impl Live {
    async fn next(&mut self) -> Option<Event> {
        while self.waiting.is_empty() {
            let pieces = self.pieces().await?;
            self.waiting = pieces.into_iter().flat_map(events).rev().collect();
        }
        self.waiting.pop()
    }

    /// What changed since the last time, as soon as something does; nothing at the end.
    async fn pieces(&mut self) -> Option<Vec<Piece>> {
        let Some(before) = self.before.clone() else {
            let shown = self.shown.borrow_and_update().clone();
            let piece = diff::everything(pen(&self.site), &shown);
            self.before = Some(shown);
            return Some(vec![piece]);
        };
        let site = self.site.clone();
        tokio::select! {
            changed = self.shown.changed() => {
                changed.ok()?;
                let after = self.shown.borrow_and_update().clone();
                let pieces = diff::changes(pen(&site), &before, &after);
                self.before = Some(after);
                Some(pieces)
            }
            _ = self.minute.tick() => Some(diff::tick(pen(&site), &before)),
            _ = self.ending.wait_for(|end| *end) => None,
        }
    }
}

fn pen(site: &Site) -> Pen<'_> {
    Pen {
        words: &site.words,
        hours: &site.hours,
        now: clock::now(),
    }
}

/// A piece is swapped in by htmx; a new message is announced as an event of its own as well, after it is there.
fn events(piece: Piece) -> Vec<Event> {
    let index = match &piece {
        Piece::Message { index, .. } => Some(*index),
        Piece::Replace { .. } => None,
    };
    let swapped = Event::default().data(piece.into_html());
    let announced = index.map(|index| {
        Event::default()
            .event("message")
            .id(index.to_string())
            .data(index.to_string())
    });
    std::iter::once(swapped).chain(announced).collect()
}
