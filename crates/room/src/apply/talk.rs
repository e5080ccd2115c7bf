//! Messages, table words, and what seats hand each other for their caucus.

use super::Place;
use crate::effect::Effect;
use crate::eligibility::count_more;
use crate::event::{CaucusKey, CaucusWelcome, Said, WordsConfirmed};
use crate::founding::RoomKind;
use crate::ids::RequestId;
use crate::limits;
use crate::membership::push_bounded;
use crate::seat::Seat;
use crate::state::State;
use crate::void::Void;
use sha2::{Digest as _, Sha256};

impl State {
    pub(super) fn said(&mut self, sender: &Seat, said: &Said) -> Result<Effect, Void> {
        if self.recent_messages.contains(&said.id) {
            return Err(Void::Repeated);
        }
        push_bounded(
            &mut self.recent_messages,
            said.id,
            limits::RECENT_MESSAGES_MAX,
        );
        self.messages = self.messages.saturating_add(1);
        Ok(Effect::Said {
            seat: sender.id,
            id: said.id,
        })
    }

    pub(super) fn words_confirmed(
        &mut self,
        sender: &Seat,
        at: Place,
        words: &WordsConfirmed,
    ) -> Result<Effect, Void> {
        if words.membership != self.membership.version {
            return Err(Void::StaleWords);
        }
        if sender.confirmed == Some(words.membership) {
            return Err(Void::Repeated);
        }
        let room = self.room;
        let seats = &mut self.membership.seats;
        if let Some(seat) = seats.iter_mut().find(|seat| seat.id == sender.id) {
            seat.confirmed = Some(words.membership);
        }
        let now_counting = count_more(room, seats, at.number);
        Ok(Effect::WordsConfirmed {
            seat: sender.id,
            now_counting,
        })
    }

    pub(super) fn caucus_key(&mut self, sender: &Seat, key: &CaucusKey) -> Result<Effect, Void> {
        self.check_plenary()?;
        if sender.role.side().is_none() {
            return Err(Void::WrongSide);
        }
        if key.key_package.as_slice().len() > limits::KEY_PACKAGE_BYTES_MAX {
            return Err(Void::TooLong);
        }
        let hash = Some(RequestId(Sha256::digest(key.key_package.as_slice()).into()));
        let seats = &mut self.membership.seats;
        let seat = seats.iter_mut().find(|seat| seat.id == sender.id);
        let seat = seat
            .filter(|seat| seat.key_package != hash)
            .ok_or(Void::Repeated)?;
        seat.key_package = hash;
        Ok(Effect::CaucusKeyPublished { seat: sender.id })
    }

    pub(super) fn caucus_welcome(
        &mut self,
        sender: &Seat,
        welcome: &CaucusWelcome,
    ) -> Result<Effect, Void> {
        self.check_plenary()?;
        let welcomed = self.seat(welcome.seat).ok_or(Void::NoSuchSeat)?;
        if sender.role.side().is_none() || sender.role.side() != welcomed.role.side() {
            return Err(Void::WrongSide);
        }
        if welcome.bytes.as_slice().len() > limits::WELCOME_BYTES_MAX {
            return Err(Void::TooLong);
        }
        Ok(Effect::CaucusWelcomed {
            by: sender.id,
            seat: welcomed.id,
        })
    }

    pub(super) fn check_plenary(&self) -> Result<(), Void> {
        match self.room {
            RoomKind::Plenary => Ok(()),
            RoomKind::Caucus(_) => Err(Void::NotInThisRoom),
        }
    }
}
