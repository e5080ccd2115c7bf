//! What follows from the plenary's seats: a seat in the caucus of one's side, which is kept
//! in step with the plenary by its members' nodes, unasked. The convenor has no part in it.

use std::collections::BTreeMap;

use room::{
    CaucusKey, Effect, Event, KNOWN_VERSION, Name, RequestId, Role, RoomKind, Seat, SeatId, SideId,
};
use wire::{LogHead, RelayAddress, Timestamp};

use crate::asking::{Entered, forget_waiting, store_waiting};
use crate::epoch_keys::home_of;
use crate::fold::After;
use crate::founding::name_of;
use crate::mls::{CheckedKeyPackage, MlsError, Waiting, request_hash};
use crate::notice::Notice;
use crate::out::Out;
use crate::participant::{CAUCUS_AREA, CaucusGuest, Participant, SEAT_AREA};
use crate::records::{DamagedVault, Rows};
use crate::room_log::RoomLog;
use crate::standing::Standing;

fn guest_key(seat: SeatId) -> Vec<u8> {
    [b"caucus_guest/".as_slice(), &seat.0.to_be_bytes()].concat()
}

pub(crate) fn load_caucus_guests(
    rows: &Rows,
) -> Result<BTreeMap<SeatId, CaucusGuest>, DamagedVault> {
    let found = rows
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(b"caucus_guest/".as_slice())?, value)));
    found
        .map(|(key, value)| {
            let seat = key.try_into().map_err(|_| DamagedVault("caucus_guest"))?;
            let seen_at = Timestamp::from_ms(0);
            let guest = CaucusGuest {
                key_package: value.clone(),
                seen_at,
            };
            Ok((SeatId(u32::from_be_bytes(seat)), guest))
        })
        .collect()
}

impl Participant {
    pub(crate) fn own_side(&self) -> Option<(SideId, SeatId)> {
        let log = self.plenary.as_ref()?;
        Some((log.state.seat(log.own_seat)?.role.side()?, log.own_seat))
    }

    /// Just seated: where the side has a caucus, this seat asks to be added.
    pub(crate) fn prepare_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        match self.caucus_shown() {
            Some(_) => self.ask_for_caucus(out),
            None => Ok(()),
        }
    }

    /// A caucus that this seat cannot follow any more: it asks to be added again, by another key package.
    pub(crate) fn renew_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let behind = self
            .caucus
            .as_ref()
            .is_some_and(|log| log.standing == Standing::LeftBehind);
        let may_ask = self.plenary.as_ref().is_some_and(RoomLog::may_speak);
        let asked = self.caucus_waiting.is_some() && !self.is_on_trial();
        if !behind || !may_ask || asked {
            return Ok(());
        }
        let due = self.renewals.due(out.now());
        if out.now() < due {
            out.wake_at(due);
            return Ok(());
        }
        self.renewals.tried(out.now());
        self.ask_for_caucus(out)
    }

    /// A key package that was published before is not entered by any more.
    pub(crate) fn forget_asked(&mut self, out: &mut Out) {
        if let Some(waiting) = self.caucus_waiting.take() {
            forget_waiting(CAUCUS_AREA, &waiting, out);
        }
        self.welcomes.forget(out);
    }

    pub(crate) fn ask_for_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        self.forget_asked(out);
        let (Some(log), Some(identity)) = (&mut self.plenary, &self.identity) else {
            return Ok(());
        };
        let mut waiting = Waiting::generate(&identity.key)?;
        store_waiting(CAUCUS_AREA, &mut waiting, out)?;
        self.welcomes.ask(request_hash(&waiting.key_package), out);
        out.durable();
        let key_package = waiting.key_package.as_slice().into();
        self.caucus_waiting = Some(waiting);
        log.post_event(Event::CaucusKey(CaucusKey { key_package }), out);
        Ok(())
    }

    pub(crate) fn after_plenary(&mut self, after: After, out: &mut Out) -> Result<(), MlsError> {
        if let Some(made) = &after.welcome {
            self.welcome_guests(made, out)?;
        }
        for (_, event, effect) in after.effects {
            self.on_plenary_effect(&event, &effect, out)?;
        }
        Ok(())
    }

    fn on_plenary_effect(
        &mut self,
        event: &Event,
        effect: &Effect,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        match effect {
            Effect::CaucusKeyPublished { seat } => self.keep_caucus_guest(*seat, event, out),
            Effect::CaucusWelcomed { seat, by } => {
                let own = self.plenary.as_ref().map(|log| log.own_seat);
                if let (true, Event::CaucusWelcome(letter)) = (own == Some(*seat), event) {
                    return self.on_caucus_welcome(*by, letter.bytes.as_slice(), out);
                }
            }
            Effect::CaucusFounded { side, .. } => return self.on_caucus_founded(*side, out),
            Effect::Approved { request, .. } => tell_approved(*request, event, out),
            Effect::SeatsChanged { departed, .. } => self.forget_departed(departed, out),
            // What these change is in the room's own state.
            Effect::Said { .. }
            | Effect::Vouched { .. }
            | Effect::WordsConfirmed { .. }
            | Effect::Spoken { .. }
            | Effect::Upgraded { .. }
            | Effect::PlaceAnnounced { .. }
            | Effect::Moved { .. }
            | Effect::NotYet { .. }
            | Effect::Arrived { .. }
            | Effect::RoundOpened { .. }
            | Effect::WindowBroughtForward { .. }
            | Effect::ReadyCounted { .. }
            | Effect::BlocVoted { .. }
            | Effect::BlocAnswered { .. }
            | Effect::RoundStarted { .. }
            | Effect::RoundFailed { .. }
            | Effect::LogShut
            | Effect::LogReopened
            | Effect::RunEnded { .. }
            | Effect::RunReleased { .. }
            | Effect::SequenceOver { .. }
            | Effect::RoundClosed { .. } => {}
        }
        Ok(())
    }

    fn forget_departed(&mut self, departed: &[SeatId], out: &mut Out) {
        for seat in departed {
            if self.removals.remove(seat) {
                out.remove(SEAT_AREA, crate::guests::removal_key(*seat));
            }
            self.drop_caucus_guest(*seat, out);
        }
    }

    fn keep_caucus_guest(&mut self, seat: SeatId, event: &Event, out: &mut Out) {
        let (Some((side, own)), Event::CaucusKey(key)) = (self.own_side(), event) else {
            return;
        };
        let key_package = key.key_package.as_slice();
        let Some(log) = &self.plenary else { return };
        let Some(asker) = log.state.seat(seat) else {
            return;
        };
        let genuine = CheckedKeyPackage::parse(key_package)
            .is_ok_and(|package| package.signature_key() == asker.signature_key);
        if seat != own && asker.role.side() == Some(side) && genuine {
            out.write(SEAT_AREA, guest_key(seat), key_package);
            let guest = CaucusGuest {
                key_package: key_package.to_vec(),
                seen_at: out.now(),
            };
            self.caucus_guests.insert(seat, guest);
        }
    }

    pub(crate) fn drop_caucus_guest(&mut self, seat: SeatId, out: &mut Out) {
        if self.caucus_guests.remove(&seat).is_some() {
            out.remove(SEAT_AREA, guest_key(seat));
        }
    }

    /// No colleague leads this node to a relay that no convenor has named.
    fn knows_relay(&self, relay: &RelayAddress) -> bool {
        let rooms = [&self.plenary, &self.caucus].into_iter().flatten();
        let identity = self.identity.iter();
        let identity = identity.flat_map(|identity| identity.relays.all());
        let mut known = rooms.map(|log| &log.relay).chain(identity);
        known.any(|known| known == relay)
    }

    /// Whoever sits in a side's caucus sits on that side of the plenary, or has left it a moment ago, by the
    /// same name and key. And there is one caucus: the one that the plenary shows.
    pub(crate) fn is_own_caucus(&self, entered: &Entered, side: SideId) -> bool {
        let Some(plenary) = &self.plenary else {
            return false;
        };
        let state = &entered.state;
        let (present, gone) = (plenary.state.seats(), plenary.state.departed());
        let known = |seat: &Seat| {
            let same = |name: &Name, role: Role, key: &[u8]| {
                *name == seat.name && role.side() == Some(side) && *key == seat.signature_key
            };
            let mut present = present.iter();
            let mut gone = gone.iter();
            present.any(|one| same(&one.name, one.role, &one.signature_key))
                || gone.any(|one| same(&one.name, one.role, &one.signature_key))
        };
        state.room() == RoomKind::Caucus(side)
            && state.sides() == plenary.state.sides()
            && state.version() <= KNOWN_VERSION
            && self.caucus_shown() == Some(name_of(entered.mailbox))
            && entered.mailbox == home_of(&entered.group)
            // A caucus never moves: its log begins where its mailbox does.
            && entered.cursor.start == LogHead::start(&entered.mailbox)
            && self.knows_relay(&entered.relay)
            && state.seats().iter().all(known)
    }
}

fn tell_approved(request: RequestId, event: &Event, out: &mut Out) {
    if let Event::Approved(approved) = event {
        out.notify(Notice::Approved {
            request: request.0,
            name: approved.name.as_str().to_owned(),
            side: approved.role.sits_with().map_or(u16::MAX, |side| side.0),
        });
    }
}
