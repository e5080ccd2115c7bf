//! Where the dialogue is and by which numbers its seats are known, as pages may show it. It decides nothing.

use room::{Seat, SeatId};
use wire::RelayAddress;

use crate::command::Place;
use crate::participant::Participant;
use crate::room_log::RoomLog;
use crate::view::{MovedView, PlaceView};

impl Participant {
    /// Through which relay the plenary goes; before there is one, by which this seat asks for it.
    pub(crate) fn relay_of_now(&self) -> Option<RelayAddress> {
        let identity = self.identity.as_ref();
        let first = identity.map(|identity| identity.relays.first());
        let now = self.plenary.as_ref().map(|log| &log.relay);
        now.or(first).cloned()
    }

    /// A seat's number in the plenary, by its key: two people may share a name.
    pub(crate) fn number_of(&self, seat: &Seat) -> SeatId {
        let plenary = self.plenary.as_ref();
        let known = plenary.and_then(|log| log.state.by_signature_key(&seat.signature_key));
        known.map_or(seat.id, |known| known.id)
    }

    /// Who reads along in the caucus and is gone from the plenary.
    pub(crate) fn show_gone(&self, place: Place) -> Vec<SeatId> {
        match (place, &self.caucus) {
            (Place::Caucus, Some(log)) if log.gone_sits => self.gone_who_sit(),
            (Place::Caucus | Place::Plenary, _) => Vec::new(),
        }
    }
}

impl RoomLog {
    pub(crate) fn show_moved(&self) -> Option<MovedView> {
        let led = self.led?;
        Some(MovedView {
            by: led.by,
            at_ms: led.at.ms(),
        })
    }

    pub(crate) fn show_place(&self) -> Option<PlaceView> {
        let own = self.own_place.as_ref()?;
        Some(PlaceView {
            relay: own.relay.clone(),
            announced: self.announced_place().is_some(),
            wanted: own.wanted,
        })
    }
}
