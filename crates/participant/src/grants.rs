//! What an invitation hands over ends with the seat that came by it, and with its time where nobody came: nobody
//! makes mailboxes by the right of a seat that is gone or was turned away, nor by an old invitation.

use std::collections::BTreeMap;

use room::State;
use wire::{CreationRight, CreationSecret, MailboxId, Timestamp};

use crate::guests::{Guest, Lobby};
use crate::limits::EXPIRED_MS;
use crate::lobby::LobbyMessage;
use crate::mls::MlsError;
use crate::notice::Declined;
use crate::out::Out;
use crate::participant::Participant;
use crate::step::Op;

impl Lobby {
    /// Whoever came by it waits no more, and has no seat, now or any more. Nothing that its holder does to the mailbox
    /// puts that off.
    fn is_left(&self, state: &State, guests: &BTreeMap<[u8; 32], Guest>) -> bool {
        let sits = |seat: &room::Seat| seat.signature_key == self.guest_key;
        let went = |request| !guests.contains_key(&request) && !state.seats().iter().any(sits);
        self.granted && !self.ended && self.request.is_some_and(went)
    }

    /// When nobody can come by it any more, in the relay's time: a moment after its end, since whoever asked in
    /// time may still be on the way here.
    fn over_at(&self) -> Option<Timestamp> {
        let waits = self.granted && !self.ended && self.request.is_none() && self.is_read;
        waits.then(|| self.invitation.expires.plus_ms(EXPIRED_MS))
    }

    /// Its time was over, and nobody has asked: whoever finds it reads nothing, and writes nothing.
    fn is_to_be_closed(&self) -> bool {
        let over = self.ended && self.request.is_none() && !self.done;
        over && self.is_read && self.answer.is_none()
    }

    fn end_grant(&mut self, over: MailboxId, creation: &CreationSecret, out: &mut Out) {
        let due = self.ends.due(out.now());
        if out.now() < due {
            return out.wake_at(due);
        }
        self.ends.tried(out.now());
        let op = Op::Grant {
            creation: creation.clone(),
            grant: self.invitation.grant.hash(),
            mailboxes: 0,
        };
        self.end_frame = Some(out.send(over, op));
        out.wake_at(self.ends.due(out.now()));
    }
}

impl Participant {
    /// Asks over the plenary's connection, as long as the plenary is at the relay that gave the right.
    pub(crate) fn end_grants(&mut self, out: &mut Out) {
        let (Some(log), Some(identity)) = (&self.plenary, &self.identity) else {
            return;
        };
        let CreationRight::Relay(creation) = &identity.creation else {
            return;
        };
        if !log.may_speak() || *identity.relays.first() != log.relay {
            return;
        }
        let relay_now = Timestamp::from_ms(log.shown_ms(log.log_now_ms(out.now())));
        let here = |lobby: &&mut Lobby| *lobby.invitation.relays.first() == log.relay;
        for lobby in self.lobbies.values_mut().filter(here) {
            let over = lobby.over_at();
            if let Some(over) = over.filter(|over| relay_now < *over) {
                out.wake_at(out.now().plus_ms(over.since_ms(relay_now)));
            } else if over.is_some() || lobby.is_left(&log.state, &self.guests) {
                lobby.end_grant(log.mailbox, creation, out);
            }
        }
    }

    /// The mailbox of an invitation that expired is shut as one is that was answered.
    pub(crate) fn close_lobbies(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let closed = self
            .lobbies
            .values()
            .filter(|lobby| lobby.is_to_be_closed());
        let closed: Vec<MailboxId> = closed.map(|lobby| lobby.invitation.mailbox).collect();
        for mailbox in closed {
            self.answer(
                mailbox,
                &LobbyMessage::declined([0; 32], Declined::Expired),
                out,
            )?;
        }
        Ok(())
    }

    /// Whether this was the answer to such a request, which is about no room.
    pub(crate) fn on_grant_ended(&mut self, id: u64, well: bool, out: &mut Out) -> bool {
        let mut lobbies = self.lobbies.values_mut();
        let Some(lobby) = lobbies.find(|lobby| lobby.end_frame == Some(id)) else {
            return false;
        };
        lobby.end_frame = None;
        lobby.ended = well;
        lobby.store(out);
        true
    }
}
