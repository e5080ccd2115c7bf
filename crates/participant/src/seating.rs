//! What follows from the plenary's seats: a caucus for each side, founded by its first seat, kept
//! in step with the plenary by its members' nodes, unasked. The convenor has no part in it.

use std::collections::BTreeMap;

use room::{
    CaucusKey, CaucusWelcome, Effect, Event, Founding, NewSeat, RequestId, Role, RoomKind, SeatId,
    SideId, State,
};
use tls_codec::{DeserializeBytes as _, Serialize as _};
use wire::{FounderSecret, MailboxId, Timestamp};

use crate::asking::{enter, store_waiting, welcome_for};
use crate::command::Place;
use crate::commits::{Made, Wanted};
use crate::cursor::Cursor;
use crate::fold::After;
use crate::limits::DUTY_STAGGER_MS;
use crate::lobby::Welcome;
use crate::mls::{CheckedKeyPackage, Group, MlsError, Waiting, request_hash};
use crate::notice::Notice;
use crate::out::Out;
use crate::participant::{CAUCUS_AREA, CaucusGuest, Participant, SEAT_AREA};
use crate::records::{DamagedVault, Rows};
use crate::room_log::{Beginning, RoomLog};

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
    fn own_side(&self) -> Option<(SideId, SeatId)> {
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
        let (mut id, mut founder) = ([0; 32], [0; 32]);
        out.ctx.rng.fill_bytes(&mut id);
        out.ctx.rng.fill_bytes(&mut founder);
        let group = Group::found(&identity.key, &id)?;
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
        let mailbox = MailboxId::new(id);
        let beginning = Beginning {
            area: CAUCUS_AREA,
            place: Place::Caucus,
            relay: identity.relay.clone(),
            mailbox,
            group,
            state,
            cursor: Cursor::start(&mailbox),
            founder: Some(FounderSecret::new(founder)),
        };
        self.caucus = Some(RoomLog::begin(beginning, out)?);
        out.durable();
        out.notify(Notice::Joined(Place::Caucus));
        Ok(())
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
        match (effect, event) {
            (Effect::CaucusKeyPublished { seat }, Event::CaucusKey(key)) => {
                self.keep_caucus_guest(*seat, key.key_package.as_slice(), out);
            }
            (Effect::CaucusWelcomed { seat, .. }, Event::CaucusWelcome(welcome)) => {
                let own = self.plenary.as_ref().map(|log| log.own_seat);
                if own == Some(*seat) {
                    return self.on_caucus_welcome(welcome.bytes.as_slice(), out);
                }
            }
            (Effect::Approved { request, .. }, Event::Approved(approved)) => {
                out.notify(Notice::Approved {
                    request: request.0,
                    name: approved.name.as_str().to_owned(),
                    side: approved.role.sits_with().map_or(u16::MAX, |side| side.0),
                });
            }
            (Effect::SeatsChanged { departed, .. }, _) => {
                for seat in departed {
                    if self.removals.remove(seat) {
                        out.remove(SEAT_AREA, crate::guests::removal_key(*seat));
                    }
                    self.drop_caucus_guest(*seat, out);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn keep_caucus_guest(&mut self, seat: SeatId, key_package: &[u8], out: &mut Out) {
        let Some((side, own)) = self.own_side() else {
            return;
        };
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

    fn drop_caucus_guest(&mut self, seat: SeatId, out: &mut Out) {
        if self.caucus_guests.remove(&seat).is_some() {
            out.remove(SEAT_AREA, guest_key(seat));
        }
    }

    fn on_caucus_welcome(&mut self, bytes: &[u8], out: &mut Out) -> Result<(), MlsError> {
        let (Ok(welcome), Some((side, _)), Some(identity)) = (
            Welcome::tls_deserialize_exact_bytes(bytes),
            self.own_side(),
            &self.identity,
        ) else {
            return Ok(());
        };
        let Some(waiting) = self.caucus_waiting.take() else {
            return Ok(());
        };
        if welcome.request != request_hash(&waiting.key_package) {
            self.caucus_waiting = Some(waiting);
            return Ok(());
        }
        let relay = identity.relay.clone();
        let Some(entered) = enter(waiting, &welcome) else {
            return self.ask_for_caucus(out);
        };
        if entered.state.room() != RoomKind::Caucus(side) {
            return self.ask_for_caucus(out);
        }
        let beginning = Beginning {
            area: CAUCUS_AREA,
            place: Place::Caucus,
            relay,
            mailbox: entered.mailbox,
            group: entered.group,
            state: entered.state,
            cursor: entered.cursor,
            founder: None,
        };
        let mut log = RoomLog::begin(beginning, out)?;
        log.play = entered.play;
        log.persist_play(out);
        out.remove(CAUCUS_AREA, "key_package");
        out.durable();
        self.caucus = Some(log);
        out.notify(Notice::Joined(Place::Caucus));
        Ok(())
    }

    /// The caucus follows the plenary: the member of the lowest leaf acts, the next ones later.
    pub(crate) fn keep_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let (Some(plenary), Some(log), Some(identity)) =
            (&self.plenary, &mut self.caucus, &self.identity)
        else {
            return Ok(());
        };
        if !plenary.may_speak() {
            return Ok(());
        }
        let rank = log
            .state
            .seats()
            .iter()
            .filter(|s| s.leaf < log.own_leaf())
            .count();
        let wait = u64::try_from(rank)
            .unwrap_or(u64::MAX)
            .saturating_mul(DUTY_STAGGER_MS);
        let mut wanted = Wanted {
            plenary_next: plenary.cursor.next,
            ..Wanted::default()
        };
        for guest in self.caucus_guests.values() {
            let due = guest.seen_at.plus_ms(wait);
            if out.now() < due {
                out.wake_at(due);
                continue;
            }
            let package = CheckedKeyPackage::parse(&guest.key_package)?;
            if log
                .state
                .by_signature_key(package.signature_key())
                .is_none()
            {
                wanted
                    .adds
                    .push((RequestId(request_hash(&guest.key_package)), package));
            }
        }
        let gone = log.state.seats().iter().filter(|seat| {
            plenary
                .roll
                .departed(&seat.signature_key, plenary.cursor.next)
        });
        wanted.removes = gone.map(|seat| seat.leaf.0).collect();
        log.commit(wanted, &identity.key, out)
    }

    pub(crate) fn after_caucus(&mut self, after: After, out: &mut Out) -> Result<(), MlsError> {
        if let Some(made) = &after.welcome {
            self.welcome_to_caucus(made, out)?;
        }
        if after
            .effects
            .iter()
            .any(|(_, _, e)| matches!(e, Effect::SeatsChanged { .. }))
        {
            self.forget_seated(out);
        }
        Ok(())
    }

    fn welcome_to_caucus(&mut self, made: &Made, out: &mut Out) -> Result<(), MlsError> {
        let (Some(plenary), Some(log), Some(welcome)) =
            (&mut self.plenary, &self.caucus, &made.welcome)
        else {
            return Ok(());
        };
        for request in &made.requests {
            let guest = self
                .caucus_guests
                .iter()
                .find(|(_, guest)| request_hash(&guest.key_package) == request.0);
            let Some((seat, _)) = guest else { continue };
            let letter = welcome_for(log, request.0, welcome, out)?;
            let bytes = letter
                .tls_serialize_detached()
                .map_err(|_| MlsError::too_large())?;
            let event = CaucusWelcome {
                seat: *seat,
                bytes: bytes.into(),
            };
            plenary.post_event(Event::CaucusWelcome(event), out);
        }
        Ok(())
    }

    fn forget_seated(&mut self, out: &mut Out) {
        let (Some(plenary), Some(caucus)) = (&self.plenary, &self.caucus) else {
            return;
        };
        let seated: Vec<SeatId> = self
            .caucus_guests
            .keys()
            .filter(|seat| {
                let key = plenary
                    .state
                    .seat(**seat)
                    .map(|s| s.signature_key.as_slice());
                key.is_none_or(|key| caucus.state.by_signature_key(key).is_some())
            })
            .copied()
            .collect();
        for seat in seated {
            self.drop_caucus_guest(seat, out);
        }
    }
}

fn first_seat(state: &State, side: SideId) -> Option<SeatId> {
    let seats = state
        .seats()
        .iter()
        .filter(|seat| seat.role.side() == Some(side));
    seats.map(|seat| seat.id).min()
}
