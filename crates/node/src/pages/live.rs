//! `GET /events/{page}`: what keeps an open page fresh, one stream for each tab.
//! Must never queue: a tab that reads slowly gets the newest picture, not all that it missed.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::Path,
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::{
    sync::{oneshot, watch},
    time::{Interval, MissedTickBehavior, interval},
};

use super::{
    bloc_show,
    diff::{self, Piece},
    gate::FormToken,
    home_show,
    layout::Pen,
    relay_show, round_show, rounds_show, seats_show,
    server::Site,
    view::{RoundStatus, Shown, Standing},
    visit::Visit,
    waiting_show, words_show,
};
use crate::clock;

const SECOND: Duration = Duration::from_secs(1);

/// A tab that was closed is noticed when something is written to it.
const STILL_HERE: Duration = Duration::from_secs(5);

/// The clock's hand moves once a minute, unless a message can be taken back.
const SECONDS_OF_A_MINUTE: u32 = 60;

/// What one page needs of a stream.
#[derive(Clone, Copy)]
enum Kept {
    /// A room, part by part.
    Room { caucus: bool },
    /// A page whose living part is written anew when it changes.
    Part(fn(Pen<'_>, &Shown) -> maud::Markup),
}

fn kept(page: &str) -> Option<Kept> {
    Some(match page {
        "table" => Kept::Room { caucus: false },
        "caucus" => Kept::Room { caucus: true },
        "home" => Kept::Part(home_show::live),
        "waiting" => Kept::Part(waiting_show::live),
        "words" => Kept::Part(words_show::live),
        "awaited" => Kept::Part(words_show::live_awaiting),
        "seats" => Kept::Part(seats_show::live),
        "round" => Kept::Part(round_show::live),
        "bloc" => Kept::Part(bloc_show::live),
        "rounds" => Kept::Part(rounds_show::live),
        "relay" => Kept::Part(relay_show::live),
        _ => return None,
    })
}

/// One tab's stream.
struct Live {
    site: Arc<Site>,
    token: FormToken,
    /// The same as long as the stream lives: a new number would look like a new page.
    once: String,
    kept: Kept,
    shown: watch::Receiver<Arc<Shown>>,
    ending: watch::Receiver<bool>,
    /// What the tab shows already; nothing at the start.
    before: Option<Arc<Shown>>,
    /// The living part as it was sent last.
    written: String,
    second: Interval,
    seconds: u32,
    /// Pieces that wait to be sent, the last one first.
    waiting: Vec<Event>,
    /// Ends when newer streams need its place.
    place: oneshot::Receiver<()>,
}

/// Opens a stream; it begins with all that lives on the page, so that nothing is missed in between.
pub async fn stream(visit: Visit, Path(page): Path<String>) -> Response {
    let Some(kept) = kept(&page) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Visit {
        site, token, once, ..
    } = visit;
    let place = site.streams.open();
    let mut second = interval(SECOND);
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (shown, ending) = (site.shown.clone(), site.ending.clone());
    let live = Live {
        site,
        token,
        once,
        kept,
        shown,
        ending,
        before: None,
        written: String::new(),
        second,
        seconds: 0,
        waiting: Vec::new(),
        place,
    };
    let events = stream::unfold(live, |mut live| async {
        live.next()
            .await
            .map(|event| (Ok::<_, Infallible>(event), live))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(STILL_HERE))
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
            self.before = Some(shown.clone());
            return Some(self.everything(&shown));
        };
        let ticked = tokio::select! {
            changed = self.shown.changed() => changed.ok().map(|()| false)?,
            _ = self.second.tick() => true,
            _ = self.ending.wait_for(|end| *end) => return None,
            _ = &mut self.place => return None,
        };
        if ticked {
            return Some(self.tick(&before));
        }
        let after = self.shown.borrow_and_update().clone();
        self.before = Some(after.clone());
        Some(self.changes(&before, &after))
    }

    fn pen(&self) -> Pen<'_> {
        Pen {
            words: &self.site.words,
            hours: &self.site.hours,
            now: clock::now(),
            token: self.token.text(),
            once: &self.once,
        }
    }

    fn everything(&mut self, shown: &Shown) -> Vec<Piece> {
        match self.kept {
            Kept::Room { caucus } => diff::everything(self.pen(), shown, caucus),
            Kept::Part(part) => {
                let mut pieces = vec![diff::alarms(self.pen(), shown)];
                pieces.extend(self.part(part, shown));
                pieces
            }
        }
    }

    fn changes(&mut self, before: &Shown, after: &Shown) -> Vec<Piece> {
        if before.standing == Standing::Open && after.standing != Standing::Open {
            return vec![diff::away(self.pen(), after)];
        }
        match self.kept {
            Kept::Room { caucus } => diff::changes(self.pen(), before, after, caucus),
            Kept::Part(part) => {
                let same = diff::same_alarms(before, after);
                let mut pieces = Vec::new();
                pieces.extend((!same).then(|| diff::alarms(self.pen(), after)));
                pieces.extend(self.part(part, after));
                pieces
            }
        }
    }

    fn tick(&mut self, shown: &Shown) -> Vec<Piece> {
        self.seconds = self.seconds.wrapping_add(1);
        let minute = self.seconds.is_multiple_of(SECONDS_OF_A_MINUTE);
        match self.kept {
            Kept::Room { caucus } => {
                let holds = shown
                    .room(caucus)
                    .is_some_and(|table| !table.held.is_empty());
                match minute || holds {
                    true => diff::tick(self.pen(), shown, caucus),
                    false => Vec::new(),
                }
            }
            Kept::Part(part) if minute || collects(shown) => {
                self.part(part, shown).into_iter().collect()
            }
            Kept::Part(_) => Vec::new(),
        }
    }

    /// The living part, where it is not what the tab has.
    fn part(&mut self, part: fn(Pen<'_>, &Shown) -> maud::Markup, shown: &Shown) -> Option<Piece> {
        if shown.standing != Standing::Open {
            return None;
        }
        let written = part(self.pen(), shown).into_string();
        if written == self.written {
            return None;
        }
        self.written.clone_from(&written);
        Some(Piece::Replace {
            target: "live",
            content: written,
        })
    }
}

/// While a Round collects, somebody may be overdue from one second to the next.
fn collects(shown: &Shown) -> bool {
    let round = shown.table().and_then(|table| table.round.as_ref());
    round.is_some_and(|round| round.status != RoundStatus::Writing)
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
