//! What an invitation hands over ends with the seat that came by it: nobody makes mailboxes by the right of a
//! seat that is gone, or was turned away.

use room::State;
use wire::{CreationRight, CreationSecret, MailboxId};

use crate::guests::Lobby;
use crate::out::Out;
use crate::participant::Participant;
use crate::step::Op;

impl Lobby {
    /// It was answered, and whoever came by it has no seat, now or any more.
    fn is_left(&self, state: &State) -> bool {
        let sits = |seat: &room::Seat| seat.signature_key == self.guest_key;
        self.done && self.granted && !self.ended && !state.seats().iter().any(sits)
    }

    fn end_grant(&mut self, over: MailboxId, creation: &CreationSecret, out: &mut Out) {
        let due = self.again.due(out.now());
        if out.now() < due {
            return out.wake_at(due);
        }
        self.again.tried(out.now());
        let op = Op::Grant {
            creation: creation.clone(),
            grant: self.invitation.grant.hash(),
            mailboxes: 0,
        };
        self.end_frame = Some(out.send(over, op));
        out.wake_at(self.again.due(out.now()));
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
        for lobby in self.lobbies.values_mut() {
            if lobby.is_left(&log.state) && *lobby.invitation.relays.first() == log.relay {
                lobby.end_grant(log.mailbox, creation, out);
            }
        }
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
