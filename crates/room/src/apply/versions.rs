//! Later versions of the rules: a room takes one up only once every seat's program is known to know it,
//! so that nobody is stopped by it. Until then all that it adds is void, for everybody alike.

use crate::effect::Effect;
use crate::founding::{Role, RoomKind};
use crate::ids::RoomVersion;
use crate::seat::Seat;
use crate::state::State;
use crate::void::Void;

impl State {
    pub(super) fn speaks(&mut self, sender: &Seat, version: RoomVersion) -> Result<Effect, Void> {
        let seats = &mut self.membership.seats;
        let seat = seats.iter_mut().find(|seat| seat.id == sender.id);
        let seat = seat
            .filter(|seat| version > seat.speaks)
            .ok_or(Void::Repeated)?;
        seat.speaks = version;
        Ok(Effect::Spoken { seat: sender.id })
    }

    pub(super) fn upgraded(&mut self, sender: &Seat, version: RoomVersion) -> Result<Effect, Void> {
        if self.room == RoomKind::Plenary && sender.role != Role::Convenor {
            return Err(Void::NotTheConvenor);
        }
        if version <= self.version {
            return Err(Void::Repeated);
        }
        if self.seats().iter().any(|seat| seat.speaks < version) {
            return Err(Void::NotKnownToAll);
        }
        self.version = version;
        Ok(Effect::Upgraded { version })
    }
}
