//! The caucus follows the plenary: its members add those whom the plenary shows on their side, remove those
//! who are gone, and let those in again who could not follow. One does it, the others only if that one does not.

use room::{CaucusWelcome, Event, Leaf, RequestId, SeatId, SeatsChanged, SideId};
use tls_codec::Serialize as _;
use wire::Timestamp;

use crate::asking::welcome_for;
use crate::commits::{Made, Wanted};
use crate::fold::After;
use crate::held::rank_wait_ms;
use crate::limits::{ADDS_IN_A_COMMIT, COME_BACK_MS};
use crate::mls::{CheckedKeyPackage, MlsError, request_hash};
use crate::out::Out;
use crate::participant::{CaucusGuest, Participant};
use crate::room_log::RoomLog;
use crate::rules::{Rule, holds};

/// What becomes of somebody who asks to be added.
enum Asks {
    /// Added, and by this leaf removed in the same commit.
    Comes(Box<CheckedKeyPackage>, Option<u32>),
    /// Not now, but at this time.
    Later(Timestamp),
    /// It sits, or has asked by another key package since.
    Not,
    /// By a key package that nobody can be added by.
    Never,
}

impl Participant {
    /// Nobody speaks where somebody reads along who is gone from the plenary: a relay that refuses the
    /// commit which removes them must gain nothing by it.
    pub(crate) fn look_who_sits(&mut self, out: &mut Out) {
        let side = self.own_side().map(|(side, _)| side);
        let (Some(side), Some(plenary), Some(log)) = (side, &self.plenary, &mut self.caucus) else {
            return;
        };
        let sits = !gone(plenary, log, side).is_empty();
        if log.gone_sits && !sits {
            log.resend = true;
        }
        if log.gone_sits != sits {
            log.gone_sits = sits;
            log.changed(out);
        }
    }

    /// Whom the caucus has to remove.
    pub(crate) fn gone_who_sit(&self) -> Vec<SeatId> {
        let side = self.own_side().map(|(side, _)| side);
        let (Some(side), Some(plenary), Some(log)) = (side, &self.plenary, &self.caucus) else {
            return Vec::new();
        };
        let gone = gone(plenary, log, side);
        let seats = gone
            .iter()
            .filter_map(|leaf| log.state.by_leaf(Leaf(*leaf)));
        seats.map(|seat| seat.id).collect()
    }

    pub(crate) fn keep_caucus(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let (Some((side, _)), Some(plenary), Some(log)) =
            (self.own_side(), &self.plenary, &self.caucus)
        else {
            return Ok(());
        };
        if !plenary.may_speak() || !log.may_speak() {
            return Ok(());
        }
        let follows = plenary.roll.last_change();
        let mut removes = gone(plenary, log, side);
        if !holds(Rule::TheCaucusFollowsThePlenary) {
            removes.clear();
        }
        // Without whoever may reset the mailbox the caucus is founded anew.
        let keeper = log.state.seat(log.state.keeper());
        removes.retain(|leaf| keeper.is_none_or(|keeper| keeper.leaf.0 != *leaf));
        let mut wanted = Wanted {
            removes,
            follows,
            ..Wanted::default()
        };
        let mut bad: Vec<SeatId> = Vec::new();
        for (seat, guest) in &self.caucus_guests {
            match self.asks(*seat, guest, out.now()) {
                Asks::Comes(package, leaf) if wanted.adds.len() < ADDS_IN_A_COMMIT => {
                    let request = RequestId(request_hash(&guest.key_package));
                    wanted.removes.extend(leaf);
                    wanted.adds.push((request, *package));
                }
                Asks::Later(due) => out.wake_at(due),
                Asks::Comes(..) | Asks::Not => {}
                Asks::Never => bad.push(*seat),
            }
        }
        let (Some(log), Some(identity)) = (&mut self.caucus, &self.identity) else {
            return Ok(());
        };
        let refused = log.commit(wanted, &identity.key, out)?;
        let guests = self.caucus_guests.iter();
        let refused = guests.filter(|(_, guest)| {
            let request = RequestId(request_hash(&guest.key_package));
            refused.contains(&request)
        });
        bad.extend(refused.map(|(seat, _)| *seat));
        for seat in bad {
            self.drop_caucus_guest(seat, out);
        }
        Ok(())
    }

    fn asks(&self, seat: SeatId, guest: &CaucusGuest, now: Timestamp) -> Asks {
        let (Some(plenary), Some(log)) = (&self.plenary, &self.caucus) else {
            return Asks::Not;
        };
        let due = guest.seen_at.plus_ms(rank_wait_ms(log));
        if now < due {
            return Asks::Later(due);
        }
        let request = Some(RequestId(request_hash(&guest.key_package)));
        let asks = plenary.state.seat(seat);
        let Some(asks) = asks.filter(|asks| asks.key_package == request) else {
            return Asks::Not;
        };
        let sits = log.state.by_signature_key(&asks.signature_key);
        if sits.is_some_and(|sits| sits.key_package == request || sits.leaf == log.own_leaf()) {
            return Asks::Not;
        }
        // It sits and could not follow: it comes back by another key package, and not too often.
        let last = self.came_back.get(&asks.signature_key);
        let due = last.map(|last| last.plus_ms(COME_BACK_MS));
        if let Some(due) = due.filter(|due| now < *due && sits.is_some()) {
            return Asks::Later(due);
        }
        match CheckedKeyPackage::parse(&guest.key_package) {
            Ok(package) => Asks::Comes(Box::new(package), sits.map(|sits| sits.leaf.0)),
            Err(_) => Asks::Never,
        }
    }

    fn note_who_came_back(&mut self, change: &SeatsChanged, now: Timestamp) {
        let Some(log) = &self.caucus else { return };
        let left = log.state.departed();
        for added in &change.added {
            if left
                .iter()
                .any(|seat| seat.signature_key == added.signature_key)
            {
                self.came_back.insert(added.signature_key.clone(), now);
            }
        }
    }

    pub(crate) fn after_caucus(&mut self, after: After, out: &mut Out) -> Result<(), MlsError> {
        if let Some(made) = &after.welcome {
            self.welcome_to_caucus(made, out)?;
        }
        for (_, event, _) in &after.effects {
            if let Event::SeatsChanged(change) = event {
                self.note_who_came_back(change, out.now());
                self.forget_seated(out);
            }
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
        let guests = self.caucus_guests.iter();
        let seated = guests.filter(|(seat, guest)| {
            let key = plenary.state.seat(**seat).map(|seat| &seat.signature_key);
            let request = Some(RequestId(request_hash(&guest.key_package)));
            key.is_none_or(|key| {
                let sits = caucus.state.by_signature_key(key);
                sits.is_some_and(|seat| seat.key_package == request)
            })
        });
        let seated: Vec<SeatId> = seated.map(|(seat, _)| *seat).collect();
        for seat in seated {
            self.drop_caucus_guest(seat, out);
        }
    }
}

/// Leaves of those who are gone from the plenary.
fn gone(plenary: &RoomLog, caucus: &RoomLog, side: SideId) -> Vec<u32> {
    let last = plenary.roll.last_change();
    let (own, seats) = (caucus.own_leaf(), caucus.state.seats().iter());
    let gone = seats.filter(|seat| {
        let seated = plenary.roll.seated(&seat.signature_key, side, last);
        seat.leaf != own && seated.is_none()
    });
    gone.map(|seat| seat.leaf.0).collect()
}
