//! Where the plenary's log goes on, and which mailbox is a side's caucus.

use crate::effect::Effect;
use crate::founding::Role;
use crate::ids::{CaucusName, CommitName};
use crate::limits;
use crate::places::{Announced, Caucus, CaucusFounded, Place};
use crate::rules::{Rule, holds};
use crate::seat::Seat;
use crate::state::State;
use crate::void::Void;

impl State {
    pub(super) fn place_announced(&mut self, sender: &Seat, place: &Place) -> Result<Effect, Void> {
        self.check_convenor(sender)?;
        if place.relay.as_slice().len() > limits::RELAY_BYTES_MAX {
            return Err(Void::TooLong);
        }
        if self.place_of(sender.id) == Some(place) {
            return Err(Void::Repeated);
        }
        if self.is_a_caucus(CaucusName::of(place.mailbox)) {
            return Err(Void::MailboxTaken);
        }
        self.forget_place(sender);
        let at = self.places.partition_point(|one| one.seat < sender.id);
        let announced = Announced {
            seat: sender.id,
            place: place.clone(),
        };
        self.places.insert(at, announced);
        Ok(Effect::PlaceAnnounced { seat: sender.id })
    }

    /// From here on the log goes on in another mailbox. Nobody is led where its author cannot make one:
    /// the name of a place follows from a secret of whoever announced it.
    pub(super) fn moved(
        &mut self,
        sender: &Seat,
        at: super::Place,
        place: &Place,
    ) -> Result<Effect, Void> {
        self.check_convenor(sender)?;
        if self.place_of(sender.id) != Some(place) && holds(Rule::PlacesAreAnnounced) {
            return Err(Void::NotAnnounced);
        }
        self.forget_place(sender);
        self.membership.keeper = sender.id;
        self.put_off(at);
        Ok(Effect::Moved { by: sender.id })
    }

    /// The first in the plenary's order wins, since all later ones name a caucus that is not there any more.
    pub(super) fn caucus_founded(
        &mut self,
        sender: &Seat,
        at: super::Place,
        founded: &CaucusFounded,
    ) -> Result<Effect, Void> {
        self.check_plenary()?;
        let side = sender.role.side().ok_or(Void::WrongSide)?;
        let present = self.caucus(side);
        if present.map(|caucus| caucus.name) != founded.replaces {
            return Err(Void::OtherCaucus);
        }
        let mut places = self.places.iter();
        let is_place = places.any(|one| CaucusName::of(one.place.mailbox) == founded.caucus);
        if is_place || self.is_a_caucus(founded.caucus) {
            return Err(Void::MailboxTaken);
        }
        let from_ms = self.may_found_caucus_from(sender.id);
        if from_ms.is_none_or(|from_ms| at.time_ms < from_ms) {
            return Err(Void::NotItsTurn);
        }
        let goes_on = |caucus: &&Caucus| {
            !self.all_had_their_turn(caucus) && !caucus.turns.contains(&sender.id)
        };
        let turns = present.filter(goes_on).map(|caucus| caucus.turns.clone());
        let mut turns = turns.unwrap_or_default();
        turns.push(sender.id);
        self.caucuses.retain(|caucus| caucus.side != side);
        let index = self.caucuses.partition_point(|caucus| caucus.side < side);
        let caucus = Caucus {
            side,
            name: founded.caucus,
            by: sender.id,
            since_ms: at.time_ms,
            turns,
        };
        self.caucuses.insert(index, caucus);
        // By what it had asked with to be added to the one before nobody adds it to its own.
        let mut seats = self.membership.seats.iter_mut();
        if let Some(seat) = seats.find(|seat| seat.id == sender.id) {
            seat.key_package = None;
        }
        Ok(Effect::CaucusFounded {
            side,
            by: sender.id,
        })
    }

    /// It changes nothing here: where it stands is all that the caucus asks.
    pub(super) fn not_yet(&self, sender: &Seat, commit: CommitName) -> Result<Effect, Void> {
        self.check_plenary()?;
        let side = sender.role.side().ok_or(Void::WrongSide)?;
        Ok(Effect::NotYet { side, commit })
    }

    /// A mailbox is one room's: whoever followed two in one would read neither.
    fn is_a_caucus(&self, name: CaucusName) -> bool {
        self.caucuses.iter().any(|caucus| caucus.name == name)
    }

    fn check_convenor(&self, sender: &Seat) -> Result<(), Void> {
        self.check_plenary()?;
        match sender.role {
            Role::Convenor => Ok(()),
            Role::Side(_) | Role::Interpreter(_) => Err(Void::NotTheConvenor),
        }
    }

    fn forget_place(&mut self, seat: &Seat) {
        self.places.retain(|announced| announced.seat != seat.id);
    }

    /// Who is gone has no place and no turn any more.
    pub(super) fn forget_departed(&mut self, departed: &[crate::ids::SeatId]) {
        self.places.retain(|one| !departed.contains(&one.seat));
        for caucus in &mut self.caucuses {
            caucus.turns.retain(|seat| !departed.contains(seat));
        }
    }
}
