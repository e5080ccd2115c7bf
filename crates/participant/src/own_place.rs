//! The place to which this convenor's plenary may move: a mailbox that this seat alone can make. Nobody is
//! sent there before it exists and lets the members of the present epoch in.

use room::{Event, MailboxName, Place, Role};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{
    CreationRight, CreationSecret, FounderSecret, MailboxId, Refusal, RelayAddress, Timestamp,
    TokenHash,
};

use crate::command;
use crate::epoch_keys::home_of;
use crate::founding::name_of;
use crate::limits::{PLACE_AHEAD_MS, PLACE_WAITS_MS, RETRY_MAX_MS, RETRY_MS};
use crate::out::Out;
use crate::records::{DamagedVault, Rows};
use crate::room_log::RoomLog;
use crate::step::{Area, Op};

/// The row of a room's announced place.
pub(crate) const ROW: &[u8] = b"place";

/// The row of the one that gives way to it, until the log shows that it does.
const LEFT_ROW: &[u8] = b"left place";

/// A mailbox that waits for the room.
pub(crate) struct OwnPlace {
    pub(crate) founder: FounderSecret,
    pub(crate) relay: RelayAddress,
    pub(crate) creation: CreationSecret,
    /// The room is to move there.
    pub(crate) wanted: bool,
    /// Since when that waits for the end of a Round.
    pub(crate) waits_since: Option<Timestamp>,
    /// The mailbox is there, and this token reads it.
    pub(crate) made: Option<TokenHash>,
    exists: bool,
    /// Since when it is there, as far as this machine knows.
    since: Option<Timestamp>,
    /// MOVED is taken no sooner than then.
    pub(crate) held_until: Timestamp,
    asked: Option<(u64, TokenHash)>,
    again: Timestamp,
    wait_ms: u64,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct PlaceRow {
    founder: [u8; 32],
    relay: VLBytes,
    creation: [u8; 32],
    wanted: u8,
    since_ms: Option<u64>,
}

impl OwnPlace {
    fn new(founder: FounderSecret, relay: RelayAddress, creation: CreationSecret) -> OwnPlace {
        OwnPlace {
            founder,
            relay,
            creation,
            wanted: false,
            waits_since: None,
            made: None,
            exists: false,
            since: None,
            held_until: Timestamp::from_ms(0),
            asked: None,
            again: Timestamp::from_ms(0),
            wait_ms: RETRY_MS,
        }
    }

    pub(crate) fn load(rows: &Rows) -> Result<Option<OwnPlace>, DamagedVault> {
        Self::load_from(rows, ROW)
    }

    pub(crate) fn load_left(rows: &Rows) -> Result<Option<OwnPlace>, DamagedVault> {
        Self::load_from(rows, LEFT_ROW)
    }

    fn load_from(rows: &Rows, row: &[u8]) -> Result<Option<OwnPlace>, DamagedVault> {
        let Some(row) = rows.get(row) else {
            return Ok(None);
        };
        let parsed = PlaceRow::tls_deserialize_exact_bytes(row)
            .ok()
            .and_then(|row| {
                let relay = address_of(&row.relay)?;
                let founder = FounderSecret::new(row.founder);
                let creation = CreationSecret::new(row.creation);
                let wanted = row.wanted == 1;
                Some(OwnPlace {
                    wanted,
                    since: row.since_ms.map(Timestamp::from_ms),
                    ..OwnPlace::new(founder, relay, creation)
                })
            });
        parsed.map(Some).ok_or(DamagedVault("place"))
    }

    pub(crate) fn store(&self, area: Area, out: &mut Out) {
        self.store_as(ROW, area, out);
    }

    fn store_as(&self, name: &'static [u8], area: Area, out: &mut Out) {
        let row = PlaceRow {
            founder: *self.founder.expose(),
            relay: self.relay.to_string().into_bytes().into(),
            creation: *self.creation.expose(),
            wanted: u8::from(self.wanted),
            since_ms: self.since.map(|since| since.ms()),
        };
        let bytes = row.tls_serialize_detached();
        out.write(area, name, bytes.expect("an address and two secrets"));
        out.durable();
    }

    pub(crate) fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.founder.hash())
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            relay: self.relay.to_string().into_bytes().into(),
            mailbox: MailboxName(*self.mailbox().as_bytes()),
        }
    }

    /// It is there for so long, or would be, that somebody could fill it.
    pub(crate) fn gives_way(&self, now: Timestamp) -> bool {
        self.since.is_some_and(|since| {
            let is_old = since.plus_ms(PLACE_WAITS_MS) < now;
            is_old || now.plus_ms(PLACE_AHEAD_MS) < self.held_until
        })
    }

    /// Asks for the mailbox, or for its token where it was made in another epoch; again and again, and each
    /// time after waiting longer.
    pub(crate) fn make(&mut self, token: TokenHash, out: &mut Out) {
        if out.now() < self.again {
            return out.wake_at(self.again);
        }
        let op = match self.exists {
            true => Op::Reset {
                founder: self.founder.clone(),
                token,
                from: 0,
            },
            false => Op::Create {
                creation: CreationRight::Relay(self.creation.clone()),
                token,
                founder: self.founder.hash(),
            },
        };
        self.asked = Some((out.send(self.mailbox(), op), token));
        self.again = out.now().plus_ms(self.wait_ms);
        self.wait_ms = self.wait_ms.saturating_mul(2).min(RETRY_MAX_MS);
        out.wake_at(self.again);
    }

    fn is_there(&mut self, area: Area, out: &mut Out) {
        if self.since.is_none() {
            self.since = Some(out.now());
            self.store(area, out);
        }
    }

    pub(crate) fn on_answer(
        &mut self,
        area: Area,
        id: u64,
        result: Result<u64, Refusal>,
        out: &mut Out,
    ) {
        let Some((_, token)) = self.asked.take_if(|(asked, _)| *asked == id) else {
            if result == Err(Refusal::Unauthorised) {
                // Somebody rotated its token away before the room was there.
                self.made = None;
            }
            return;
        };
        match result {
            Ok(_) => {
                self.exists = true;
                self.is_there(area, out);
                self.made = Some(token);
                self.wait_ms = RETRY_MS;
            }
            // Made before, by the token of another epoch.
            Err(Refusal::Exists) => {
                self.exists = true;
                self.again = out.now();
                self.is_there(area, out);
            }
            // Nobody ever wrote to it, and it gave way to another one.
            Err(Refusal::Unauthorised) => self.exists = false,
            Err(_) => {}
        }
    }
}

/// A relay's address as an event names it, in the one way in which it is written; what is none names no
/// place.
pub(crate) fn address_of(relay: &VLBytes) -> Option<RelayAddress> {
    let text = std::str::from_utf8(relay.as_slice()).ok()?;
    let address: RelayAddress = text.parse().ok()?;
    (address.to_string() == text).then_some(address)
}

/// Whether an event that names a relay names one.
pub(crate) fn names_a_relay(event: &Event) -> bool {
    match event {
        Event::PlaceAnnounced(place) | Event::Moved(place) => address_of(&place.relay).is_some(),
        Event::Said(_)
        | Event::Approved(_)
        | Event::Vouched(_)
        | Event::WordsConfirmed(_)
        | Event::CaucusKey(_)
        | Event::CaucusWelcome(_)
        | Event::Speaks(_)
        | Event::Upgraded(_)
        | Event::CaucusFounded(_)
        | Event::NotYet(_)
        | Event::Arrived(_)
        | Event::RoundOpened(_)
        | Event::WindowEnds(_)
        | Event::Ready(_)
        | Event::Started(_)
        | Event::BlocVoted(_)
        | Event::BlocAnswered(_)
        | Event::SeatsChanged(_)
        | Event::RunEnded(_)
        | Event::RunReleased(_)
        | Event::RoundClosed(_)
        | Event::RoundFailed(_)
        | Event::LogShut
        | Event::LogReopened => true,
    }
}

impl RoomLog {
    /// Whether an event says that something else is in this room's own mailbox: the one where it is, or the one
    /// in which it was founded. Everybody knows both, and the room's state neither.
    pub(crate) fn takes_own_mailbox(&self, event: &Event) -> bool {
        let mut own = [self.mailbox, home_of(&self.group)].into_iter();
        if let Event::CaucusFounded(founded) = event {
            return own.any(|mailbox| name_of(mailbox) == founded.caucus);
        }
        if let Event::PlaceAnnounced(place) = event {
            return own.any(|mailbox| *mailbox.as_bytes() == place.mailbox.0);
        }
        false
    }

    pub(crate) fn is_convened_here(&self) -> bool {
        let own = self.state.seat(self.own_seat);
        self.place == command::Place::Plenary && own.is_some_and(|seat| seat.role == Role::Convenor)
    }

    /// Draws another place and says where it is.
    pub(crate) fn announce_place(
        &mut self,
        relay: RelayAddress,
        creation: CreationSecret,
        out: &mut Out,
    ) {
        let mut founder = [0; 32];
        out.ctx.rng.fill_bytes(&mut founder);
        let own = OwnPlace::new(FounderSecret::new(founder), relay, creation);
        own.store(self.area, out);
        let event = Event::PlaceAnnounced(own.place());
        self.own_place = Some(own);
        self.post_event(event, out);
    }

    /// Draws another place for what this one was for. MOVED to this one may be on its way still, and counts as long as the
    /// log does not show the other: until then it is kept.
    pub(crate) fn announce_instead(&mut self, out: &mut Out) {
        let Some(left) = self.own_place.take() else {
            return;
        };
        self.announce_place(left.relay.clone(), left.creation.clone(), out);
        if let Some(own) = &mut self.own_place {
            (own.wanted, own.waits_since) = (left.wanted, left.waits_since);
            own.held_until = left.held_until;
            own.store(self.area, out);
        }
        left.store_as(LEFT_ROW, self.area, out);
        self.left_place = Some(left);
    }

    /// The log shows the place for which the one before gave way: nothing leads to that any more.
    pub(crate) fn leave_place(&mut self, out: &mut Out) {
        if self.left_place.take().is_some() {
            out.remove(self.area, LEFT_ROW);
            self.forget_moved(out);
        }
    }

    /// The secret of the mailbox in which the room is now, where this seat made it for that.
    pub(crate) fn take_place_here(&mut self, out: &mut Out) -> Option<FounderSecret> {
        let here = |own: &mut OwnPlace| own.mailbox() == self.mailbox;
        if let Some(own) = self.own_place.take_if(here) {
            out.remove(self.area, ROW);
            return Some(own.founder);
        }
        let left = self.left_place.take_if(here)?;
        out.remove(self.area, LEFT_ROW);
        if let Some(own) = &mut self.own_place {
            own.wanted = false;
            own.store(self.area, out);
        }
        Some(left.founder)
    }

    /// The place that this seat announced, once the log shows it.
    pub(crate) fn announced_place(&self) -> Option<&OwnPlace> {
        let own = self.own_place.as_ref()?;
        let stands = self.state.place_of(self.own_seat) == Some(&own.place());
        stands.then_some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether PLACE is void must not hang on what a parser lets pass.
    #[test]
    fn an_event_names_a_relay_in_one_spelling_alone() {
        let fingerprint = wire::Fingerprint::new([0xA5; 32]).to_string();
        let named = |text: String| address_of(&text.into_bytes().into()).is_some();
        for place in ["relay.example:443", "10.0.0.1:1", "[::1]:65535"] {
            assert!(named(format!("{place}#{fingerprint}")), "{place}");
        }
        for place in [
            " relay.example:443",
            "relay.example:+443",
            "relay.example:0443",
            "[relay.example]:443",
            "::1:443",
        ] {
            assert!(!named(format!("{place}#{fingerprint}")), "{place}");
        }
        let shouted = fingerprint.to_ascii_uppercase();
        assert!(!named(format!("relay.example:443#{shouted}")));
    }
}
