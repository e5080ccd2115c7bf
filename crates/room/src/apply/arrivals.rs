//! Newcomers say which room they entered: one member alone hands them the keys and the state that goes with
//! them, and could hand them others.

use crate::effect::Effect;
use crate::event::Event;
use crate::ids::{BegunHash, Leaf, SeatId};
use crate::seat::{Arrival, Seat};
use crate::state::State;
use crate::void::Void;

/// Whoever does not say that it entered this room says nothing else in it: else it could keep the table words
/// from everybody, and speak meanwhile.
pub(super) fn check(sender: &Seat, event: &Event) -> Result<(), Void> {
    match (sender.arrival, event) {
        (Arrival::Here | Arrival::Seated, _) | (_, Event::Arrived(_)) => Ok(()),
        (Arrival::Awaited(_), _) => Err(Void::NotArrived),
    }
}

impl State {
    /// Of those whom the last commit seated it is awaited from here on that they name this. Called by
    /// everybody who folds the commit, and by each of them who enters by it, with what it found itself.
    pub fn await_seated(&mut self, begun: BegunHash) {
        for seat in &mut self.membership.seats {
            if seat.arrival == Arrival::Seated {
                seat.arrival = Arrival::Awaited(begun);
            }
        }
    }

    /// The state as it was before [`State::await_seated`], for whom the last commit seated: it finds out by
    /// itself what to name.
    #[must_use]
    pub fn before_awaiting(&self, begun: BegunHash) -> State {
        let mut state = self.clone();
        for seat in &mut state.membership.seats {
            if seat.arrival == Arrival::Awaited(begun) {
                seat.arrival = Arrival::Seated;
            }
        }
        state
    }

    /// Who was seated, and has not said that they entered this very room. Until then nobody can tell by the
    /// table words that they are in it.
    pub fn awaited(&self) -> impl Iterator<Item = SeatId> {
        let seats = self.membership.seats.iter();
        seats
            .filter(|seat| seat.arrival != Arrival::Here)
            .map(|seat| seat.id)
    }

    /// Whether the seat on this leaf still has to say which room it entered.
    pub fn awaits(&self, leaf: Leaf) -> bool {
        let seat = self.by_leaf(leaf);
        seat.is_some_and(|seat| matches!(seat.arrival, Arrival::Awaited(_)))
    }

    pub(super) fn arrived(&mut self, sender: &Seat, begun: BegunHash) -> Result<Effect, Void> {
        match sender.arrival {
            Arrival::Here => return Err(Void::Repeated),
            Arrival::Awaited(awaited) if awaited == begun => {}
            Arrival::Awaited(_) | Arrival::Seated => return Err(Void::EnteredAnother),
        }
        let mut seats = self.membership.seats.iter_mut();
        if let Some(seat) = seats.find(|seat| seat.id == sender.id) {
            seat.arrival = Arrival::Here;
        }
        Ok(Effect::Arrived { seat: sender.id })
    }
}
