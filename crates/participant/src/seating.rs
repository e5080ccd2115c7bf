//! What follows from the plenary's seats: a caucus for each side, founded by its first seat, kept
//! in step with the plenary by its members' nodes, unasked. The convenor has no part in it.

use std::collections::BTreeMap;

use room::{
    CaucusKey, Effect, Event, Founding, KNOWN_VERSION, Name, NewSeat, RequestId, Role, RoomKind,
    Seat, SeatId, SideId, State,
};
use tls_codec::DeserializeBytes as _;
use wire::{FounderSecret, MailboxId, Timestamp};

use crate::asking::{Entered, enter, forget_waiting, store_waiting};
use crate::command::Place;
use crate::cursor::Cursor;
use crate::fold::After;
use crate::held::HeldEntries;
use crate::lobby::Welcome;
use crate::mls::{CheckedKeyPackage, Group, MlsError, Waiting, request_hash};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::participant::{CAUCUS_AREA, CaucusGuest, Participant, SEAT_AREA};
use crate::records::{DamagedVault, Rows};
use crate::room_log::{Beginning, RoomLog};
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

    /// Just seated: a side's first seat founds the caucus, every other one asks to be added.
    pub(crate) fn prepare_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let Some((side, own)) = self.own_side() else {
            return Ok(());
        };
        let first = self
            .plenary
            .as_ref()
            .and_then(|log| first_seat(&log.state, side));
        if first == Some(own) {
            self.found_caucus(side, out)
        } else {
            self.ask_for_caucus(out)
        }
    }

    fn found_caucus(&mut self, side: SideId, out: &mut Out) -> Result<(), MlsError> {
        let (Some(plenary), Some(identity)) = (&self.plenary, &self.identity) else {
            return Ok(());
        };
        let mut founder = [0; 32];
        out.ctx.rng.fill_bytes(&mut founder);
        let founder = FounderSecret::new(founder);
        let mailbox = MailboxId::of(&founder.hash());
        let group = Group::found(&identity.key, mailbox.as_bytes())?;
        let Some(own) = plenary.state.seat(plenary.own_seat) else {
            return Ok(());
        };
        let founding = Founding {
            room: RoomKind::Caucus(side),
            title: plenary.state.title().clone(),
            sides: plenary.state.sides().to_vec(),
            rule_card: plenary.state.rule_card(),
            founder: NewSeat {
                name: own.name.clone(),
                role: Role::Side(side),
                leaf: room::Leaf(group.own_leaf()),
                signature_key: identity.key.public().to_vec(),
            },
        };
        let state = State::found(founding).map_err(|_| MlsError::inconsistent())?;
        let beginning = Beginning {
            area: CAUCUS_AREA,
            place: Place::Caucus,
            relay: identity.relay.clone(),
            mailbox,
            group,
            state,
            cursor: Cursor::start(&mailbox),
            founder: Some(founder),
        };
        self.caucus = Some(RoomLog::begin(beginning, out)?);
        out.durable();
        out.notify(Notice::Joined(Place::Caucus));
        Ok(())
    }

    /// A caucus that this seat cannot follow any more: it asks to be added again, by another key package.
    pub(crate) fn renew_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let behind = self
            .caucus
            .as_ref()
            .is_some_and(|log| log.standing == Standing::LeftBehind);
        let may_ask = self.plenary.as_ref().is_some_and(RoomLog::may_speak);
        if !behind || !may_ask || self.caucus_waiting.is_some() {
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

    fn ask_for_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let (Some(log), Some(identity)) = (&mut self.plenary, &self.identity) else {
            return Ok(());
        };
        let mut waiting = Waiting::generate(&identity.key)?;
        store_waiting(CAUCUS_AREA, &mut waiting, out)?;
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
            Effect::CaucusWelcomed { seat, .. } => {
                let own = self.plenary.as_ref().map(|log| log.own_seat);
                if let (true, Event::CaucusWelcome(letter)) = (own == Some(*seat), event) {
                    return self.on_caucus_welcome(letter.bytes.as_slice(), out);
                }
            }
            Effect::Approved { request, .. } => tell_approved(*request, event, out),
            Effect::SeatsChanged { departed, .. } => self.forget_departed(departed, out),
            // What these change is in the room's own state.
            Effect::Said { .. }
            | Effect::Vouched { .. }
            | Effect::WordsConfirmed { .. }
            | Effect::Spoken { .. }
            | Effect::Upgraded { .. }
            | Effect::RoundOpened { .. }
            | Effect::WindowBroughtForward { .. }
            | Effect::ReadyCounted { .. }
            | Effect::BlocVoted { .. }
            | Effect::BlocAnswered { .. }
            | Effect::RoundStarted { .. }
            | Effect::RoundFailed { .. }
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

    fn on_caucus_welcome(&mut self, bytes: &[u8], out: &mut Out) -> Result<(), MlsError> {
        let (Ok(welcome), Some((side, _)), Some(identity), Some(waiting)) = (
            Welcome::tls_deserialize_exact_bytes(bytes),
            self.own_side(),
            &self.identity,
            &self.caucus_waiting,
        ) else {
            return Ok(());
        };
        if welcome.request != request_hash(&waiting.key_package) {
            return Ok(());
        }
        // Whatever else comes by that name: the right one may still come.
        let Some(entered) = enter(waiting, &welcome) else {
            return Ok(());
        };
        if !self.is_own_caucus(&entered, side) {
            out.notify(Notice::Alarm(Alarm::FalseCaucus));
            return Ok(());
        }
        forget_waiting(CAUCUS_AREA, waiting, out);
        let relay = identity.relay.clone();
        self.caucus_waiting = None;
        self.held = HeldEntries::default();
        let mut before = self.caucus.take();
        if let Some(before) = &mut before {
            before.wipe(out);
        }
        let beginning = Beginning {
            area: CAUCUS_AREA,
            place: Place::Caucus,
            relay,
            mailbox: entered.mailbox,
            group: entered.group,
            state: entered.state,
            cursor: entered.cursor,
            founder: before.as_mut().and_then(|before| before.founder.take()),
        };
        let mut log = RoomLog::begin(beginning, out)?;
        log.exists = true;
        log.play = entered.play;
        if let Some(before) = before {
            log.messages = before.messages;
            log.results = before.results;
            log.outbox = before.outbox;
        }
        log.persist_play(out);
        out.durable();
        self.caucus = Some(log);
        out.notify(Notice::Joined(Place::Caucus));
        Ok(())
    }

    /// Whoever sits in a side's caucus sits on that side of the plenary, or has left it a moment ago, by the
    /// same name and key. And there is one caucus: whoever comes back comes back to where it was.
    fn is_own_caucus(&self, entered: &Entered, side: SideId) -> bool {
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
        let mailbox = self.caucus.as_ref().map(|caucus| caucus.mailbox);
        state.room() == RoomKind::Caucus(side)
            && state.sides() == plenary.state.sides()
            && state.version() <= KNOWN_VERSION
            && mailbox.is_none_or(|mailbox| mailbox == entered.mailbox)
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

fn first_seat(state: &State, side: SideId) -> Option<SeatId> {
    let seats = state
        .seats()
        .iter()
        .filter(|seat| seat.role.side() == Some(side));
    seats.map(|seat| seat.id).min()
}
