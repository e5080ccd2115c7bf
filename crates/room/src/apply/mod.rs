//! The fold: one event at a time, checked before anything changes.
//! Every handler refuses first and changes afterwards, so a void event
//! leaves no trace.

mod arrivals;
mod blocs;
mod denials;
mod joining;
mod places;
mod reopened;
mod runs;
mod talk;
mod versions;
mod window;

use crate::effect::Effect;
use crate::event::Event;
use crate::hash::labelled;
use crate::ids::{Leaf, OpenHash, RoundId};
use crate::open_round::{OpenRound, Progress};
use crate::seat::Seat;
use crate::state::State;
use crate::void::Void;
use tls_codec::{TlsSerialize, TlsSize};

/// Where in the log an event stands.
#[derive(Clone, Copy)]
struct Place {
    time_ms: u64,
    number: u64,
}

#[derive(TlsSerialize, TlsSize)]
struct Link<'a> {
    before: [u8; 32],
    from: Option<Leaf>,
    time_ms: u64,
    event: &'a Event,
}

impl State {
    /// Applies one event. `from` is its sender's leaf, `None` for what the
    /// caller derived from the log; `time_ms` is the log's time, which never
    /// runs backwards here even where a relay says so.
    pub fn apply(
        &mut self,
        from: Option<Leaf>,
        time_ms: u64,
        event: &Event,
    ) -> Result<Effect, Void> {
        let place = Place {
            time_ms: time_ms.max(self.time_ms),
            number: self.events.saturating_add(1),
        };
        let effect = self.act(from, place, event)?;
        self.history = labelled(
            "history",
            &Link {
                before: self.history,
                from,
                time_ms: place.time_ms,
                event,
            },
        );
        self.events = place.number;
        self.time_ms = place.time_ms;
        Ok(effect)
    }

    fn act(&mut self, from: Option<Leaf>, at: Place, event: &Event) -> Result<Effect, Void> {
        match from {
            Some(leaf) => self.act_from_seat(leaf, at, event),
            None => self.act_derived(at, event),
        }
    }

    fn act_derived(&mut self, at: Place, event: &Event) -> Result<Effect, Void> {
        match event {
            Event::SeatsChanged(change) => self.seats_changed(at, change),
            Event::RunEnded(ended) => self.run_ended(ended),
            Event::RunReleased(released) => self.run_released(at, released),
            Event::RoundClosed(closed) => self.round_closed(at, closed),
            Event::RoundFailed(failed) => self.round_failed(at, failed),
            Event::LogShut => self.log_shut(at),
            Event::LogReopened => self.log_reopened(at),
            Event::Said(_)
            | Event::Approved(_)
            | Event::Vouched(_)
            | Event::WordsConfirmed(_)
            | Event::CaucusKey(_)
            | Event::CaucusWelcome(_)
            | Event::Speaks(_)
            | Event::Upgraded(_)
            | Event::PlaceAnnounced(_)
            | Event::Moved(_)
            | Event::CaucusFounded(_)
            | Event::NotYet(_)
            | Event::Arrived(_)
            | Event::RoundOpened(_)
            | Event::WindowEnds(_)
            | Event::Ready(_)
            | Event::Started(_)
            | Event::BlocVoted(_)
            | Event::BlocAnswered(_) => Err(Void::WrongSource),
        }
    }

    fn act_from_seat(&mut self, leaf: Leaf, at: Place, event: &Event) -> Result<Effect, Void> {
        let sender = self.by_leaf(leaf).ok_or(Void::NotSeated)?.clone();
        arrivals::check(&sender, event)?;
        match event {
            Event::Said(said) => self.said(&sender, said),
            Event::Approved(approved) => self.approved(&sender, approved),
            Event::Vouched(vouched) => self.vouched(&sender, vouched),
            Event::WordsConfirmed(words) => self.words_confirmed(&sender, at, words),
            Event::CaucusKey(key) => self.caucus_key(&sender, key),
            Event::CaucusWelcome(welcome) => self.caucus_welcome(&sender, welcome),
            Event::Speaks(version) => self.speaks(&sender, *version),
            Event::Upgraded(version) => self.upgraded(&sender, *version),
            Event::PlaceAnnounced(place) => self.place_announced(&sender, place),
            Event::Moved(place) => self.moved(&sender, at, place),
            Event::CaucusFounded(founded) => self.caucus_founded(&sender, at, founded),
            Event::NotYet(commit) => self.not_yet(&sender, *commit),
            Event::Arrived(begun) => self.arrived(&sender, *begun),
            Event::RoundOpened(open) => self.round_opened(&sender, at, open),
            Event::WindowEnds(round) => self.window_ends(&sender, at, *round),
            Event::Ready(ready) => self.ready(&sender, ready),
            Event::Started(round) => self.started(&sender, at, *round),
            Event::BlocVoted(vote) => self.bloc_voted(&sender, vote),
            Event::BlocAnswered(answer) => self.bloc_answered(&sender, at, answer),
            Event::SeatsChanged(_)
            | Event::RunEnded(_)
            | Event::RunReleased(_)
            | Event::RoundClosed(_)
            | Event::RoundFailed(_)
            | Event::LogShut
            | Event::LogReopened => Err(Void::WrongSource),
        }
    }

    fn open_round_named(&self, id: RoundId) -> Result<&OpenRound, Void> {
        self.open_round
            .as_ref()
            .filter(|round| round.open.id == id)
            .ok_or(Void::NoSuchRound)
    }

    fn window_with(&mut self, open_hash: OpenHash) -> Result<&mut OpenRound, Void> {
        let open = self.open_round.as_ref().map(|round| &round.open);
        let id = open.filter(|open| open.hash() == open_hash).map(|o| o.id);
        self.window_of(id.ok_or(Void::NoSuchRound)?)
    }

    fn window_of(&mut self, id: RoundId) -> Result<&mut OpenRound, Void> {
        let round = self.open_round.as_mut().filter(|round| round.open.id == id);
        let round = round.ok_or(Void::NoSuchRound)?;
        match round.progress {
            Progress::Window => Ok(round),
            Progress::Running(_) | Progress::Released(_) => Err(Void::AlreadyStarted),
        }
    }
}

/// Only seats that count, and that the Round is for, are ready or close its window.
fn check_takes_part(seat: &Seat, round: &OpenRound) -> Result<(), Void> {
    if !round.open.audience.includes(seat.role) {
        return Err(Void::NotInAudience);
    }
    match seat.counting_since {
        Some(_) => Ok(()),
        None => Err(Void::NotCounting),
    }
}
