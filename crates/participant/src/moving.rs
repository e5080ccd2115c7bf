//! The plenary's log ends in one mailbox and goes on in another: for whoever reads its last entry there, and
//! for whoever cannot, at a place that a convenor had announced.

use room::{Effect, Event, Posted, SeatId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{
    CreationRight, CreationSecret, Entry, EntryKind, LogHead, MailboxId, RelayAddress, Timestamp,
    Token, TokenHash,
};

use crate::command::Refused;
use crate::cursor::{Cursor, History};
use crate::epoch_keys::{EpochKeys, envelope_in, token_for};
use crate::fold::After;
use crate::guard::Guard;
use crate::limits::{
    DARK_MS, LOOKED_ENTRIES, MOVE_AT_BYTES, MOVE_AT_ROTATIONS, RETRY_MAX_MS, RETRY_MS,
};
use crate::mls::{Kind, MlsError, SeatKey};
use crate::out::Out;
use crate::own_place::{ROW as PLACE_ROW, address_of};
use crate::participant::Participant;
use crate::post::{Body, Post, Seen};
use crate::records::{DamagedVault, Rows};
use crate::room_log::RoomLog;
use crate::signed::Signed;
use crate::standing::Standing;
use crate::step::{Op, Subscription};

/// The row of a MOVED that is on its way.
const ROW: &[u8] = b"moved";

/// The row of who led the room to its relay.
const LED_ROW: &[u8] = b"led";

/// Who led a room to another relay, and when this machine read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Led {
    pub(crate) by: SeatId,
    pub(crate) at: Timestamp,
}

impl Led {
    pub(crate) fn load(rows: &Rows) -> Result<Option<Led>, DamagedVault> {
        let Some(row) = rows.get(LED_ROW) else {
            return Ok(None);
        };
        let parsed = row.split_first_chunk::<4>().and_then(|(by, at)| {
            Some(Led {
                by: SeatId(u32::from_be_bytes(*by)),
                at: Timestamp::from_ms(u64::from_be_bytes(at.try_into().ok()?)),
            })
        });
        parsed.map(Some).ok_or(DamagedVault("led"))
    }

    fn to_row(self) -> Vec<u8> {
        [&self.by.0.to_be_bytes()[..], &self.at.ms().to_be_bytes()].concat()
    }
}

/// A MOVED of this seat, until the log shows it.
pub(crate) struct Moving {
    number: u32,
    seen: Seen,
    body: Vec<u8>,
    /// In the mailbox that it leaves, or in the one where it arrives.
    mailbox: MailboxId,
    entry: Vec<u8>,
    /// What takes the mailbox that it leaves away from everybody.
    next: TokenHash,
    again: Timestamp,
    wait_ms: u64,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct MovingRow {
    number: u32,
    next_index: u64,
    head: [u8; 32],
    digest: [u8; 32],
    body: VLBytes,
    mailbox: [u8; 32],
    entry: VLBytes,
    next: [u8; 32],
}

impl Moving {
    pub(crate) fn load(rows: &Rows) -> Result<Option<Moving>, DamagedVault> {
        let Some(row) = rows.get(ROW) else {
            return Ok(None);
        };
        let row = MovingRow::tls_deserialize_exact_bytes(row);
        let row = row.map_err(|_| DamagedVault("moved"))?;
        Ok(Some(Moving {
            number: row.number,
            seen: Seen {
                next: row.next_index,
                head: LogHead::new(row.head),
                digest: room::Digest(row.digest),
            },
            body: row.body.into(),
            mailbox: MailboxId::new(row.mailbox),
            entry: row.entry.into(),
            next: TokenHash::new(row.next),
            again: Timestamp::from_ms(0),
            wait_ms: RETRY_MS,
        }))
    }

    fn to_row(&self) -> Vec<u8> {
        let row = MovingRow {
            number: self.number,
            next_index: self.seen.next,
            head: *self.seen.head.as_bytes(),
            digest: self.seen.digest.0,
            body: self.body.as_slice().into(),
            mailbox: *self.mailbox.as_bytes(),
            entry: self.entry.as_slice().into(),
            next: *self.next.as_bytes(),
        };
        row.tls_serialize_detached().expect("a few hundred bytes")
    }
}

impl RoomLog {
    /// Since when nothing comes from the relay, and whether to look where the log may go on.
    pub(crate) fn note_darkness(&mut self, out: &mut Out) {
        let reads = matches!(self.standing, Standing::Member | Standing::LeftBehind);
        if self.live_since.is_some() || !reads {
            self.dark_since = None;
            self.searching = false;
            return;
        }
        let due = self.dark_since.get_or_insert(out.now()).plus_ms(DARK_MS);
        self.searching = due <= out.now();
        if !self.searching {
            out.wake_at(due);
        }
    }

    /// The mailbox takes nothing more, or soon will not.
    fn is_used_up(&self) -> bool {
        self.is_full() || self.bytes >= MOVE_AT_BYTES || self.rotations >= MOVE_AT_ROTATIONS
    }

    /// Moves the room where that is wanted or due, and nobody is in the middle of a Round.
    pub(crate) fn keep_moving(&mut self, key: &SeatKey, out: &mut Out) -> Result<(), MlsError> {
        let due = self.is_used_up();
        let reads = matches!(self.standing, Standing::Member | Standing::LeftBehind);
        let Some(mailbox) = self.announced_place().map(|own| own.mailbox()) else {
            return Ok(());
        };
        let token = token_for(&self.group, mailbox)?.hash();
        let Some(own) = self.own_place.as_mut().filter(|own| own.wanted || due) else {
            return Ok(());
        };
        if !reads {
            return Ok(());
        }
        if own.made != Some(token) {
            own.make(token, out);
            return Ok(());
        }
        self.say_moved(mailbox, key, out)
    }

    fn say_moved(&mut self, to: MailboxId, key: &SeatKey, out: &mut Out) -> Result<(), MlsError> {
        let leaves = match (self.may_speak(), self.searching) {
            (true, _) if self.play.is_none() => self.mailbox,
            (false, true) => to,
            (true, _) | (false, false) => return Ok(()),
        };
        if self
            .moving
            .as_ref()
            .is_none_or(|moving| moving.mailbox != leaves)
        {
            self.seal_moved(leaves, key, out)?;
        }
        let token = token_for(&self.group, to)?;
        let founder = self.right_to_rotate();
        let Some(moving) = &mut self.moving else {
            return Ok(());
        };
        if out.now() < moving.again {
            out.wake_at(moving.again);
            return Ok(());
        }
        let bytes = moving.entry.clone();
        let op = match leaves == to {
            true => Op::Append { token, bytes },
            false => Op::Rotate {
                token: self.keys.token.clone(),
                bytes,
                next: moving.next,
                founder,
            },
        };
        let frame = out.send(leaves, op);
        if leaves != to {
            self.attempts.guard.frame = Some(frame);
        }
        moving.again = out.now().plus_ms(moving.wait_ms);
        moving.wait_ms = moving.wait_ms.saturating_mul(2).min(RETRY_MAX_MS);
        out.wake_at(moving.again);
        Ok(())
    }

    fn seal_moved(
        &mut self,
        leaves: MailboxId,
        key: &SeatKey,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(own) = &self.own_place else {
            return Ok(());
        };
        let posted = Posted::event_alone(Event::Moved(own.place()));
        let body = posted.ok_or_else(MlsError::inconsistent)?.encode();
        let seen = self.seen();
        let post = Post {
            seen,
            body: Body::Event(body.clone()),
        };
        let message = self.group.encrypt(key, &post.to_bytes())?;
        let number = self.numbers.of_next_own(Kind::Message);
        let signed = Signed::sign_move(key, &self.group, leaves, number, message)?;
        let envelope = envelope_in(&self.group, leaves)?;
        let entry = envelope.seal(&signed.to_bytes(), out.ctx.rng);
        let mut next = [0; 32];
        out.ctx.rng.fill_bytes(&mut next);
        self.numbers
            .give(self.area, (Kind::Message, number), signed.hash(), out);
        let moving = Moving {
            number,
            seen,
            body,
            mailbox: leaves,
            entry: entry.map_err(|_| MlsError::too_large())?,
            next: Token::new(next).hash(),
            again: Timestamp::from_ms(0),
            wait_ms: RETRY_MS,
        };
        out.write(self.area, ROW, moving.to_row());
        self.moving = Some(moving);
        self.persist(out)
    }

    /// A MOVED that the relay does not take before then.
    pub(crate) fn hold_move(&mut self, until: Timestamp) {
        if let Some(moving) = &mut self.moving {
            moving.again = until;
        }
    }

    /// This seat's own MOVED, where the log shows it.
    pub(crate) fn echo_moved(&mut self, number: u32, out: &mut Out) -> Option<Post> {
        let moving = self.moving.take_if(|moving| moving.number == number)?;
        out.remove(self.area, ROW);
        Some(Post {
            seen: moving.seen,
            body: Body::Event(moving.body),
        })
    }

    /// What was sealed for another epoch gets into no log any more.
    pub(crate) fn forget_moved(&mut self, out: &mut Out) {
        if self.moving.take().is_some() {
            out.remove(self.area, ROW);
        }
    }

    /// Follows an entry that said MOVED.
    pub(crate) fn follow_move(&mut self, after: &After, out: &mut Out) -> Result<(), MlsError> {
        for (_, event, effect) in &after.effects {
            if let (Event::Moved(place), Effect::Moved { by }) = (event, effect)
                && *self.mailbox.as_bytes() != place.mailbox.0
            {
                self.go_to(place, *by, out)?;
            }
        }
        self.keep_secret_of_mailbox(out);
        Ok(())
    }

    /// The log goes on at index 0 of another mailbox: same group, epoch and state. What the one before does
    /// not show is said anew.
    fn go_to(&mut self, place: &room::Place, by: SeatId, out: &mut Out) -> Result<(), MlsError> {
        let relay = address_of(&place.relay).ok_or_else(MlsError::inconsistent)?;
        if relay != self.relay {
            let led = Led { by, at: out.now() };
            out.write(self.area, LED_ROW, led.to_row());
            self.led = Some(led);
        }
        self.forget_moved(out);
        if let Some(number) = self.pending.as_ref().map(|pending| pending.number) {
            self.drop_pending(number, out)?;
        }
        self.base = self.base.saturating_add(self.cursor.next);
        self.mailbox = MailboxId::new(place.mailbox.0);
        self.relay = relay;
        self.cursor = Cursor {
            next: 0,
            head: LogHead::continued(&self.mailbox, &self.cursor.head),
            ..self.cursor
        };
        self.history = History::default();
        self.history.note(&self.cursor, self.state.digest());
        let begun = self.keys.begun.clone();
        self.keys = EpochKeys::of(&self.group, self.mailbox, begun)?;
        self.outbox.enter_epoch(self.area, out);
        self.founder = None;
        (self.full, self.exists, self.epoch_start) = (false, true, 0);
        (self.bytes, self.rotations) = (0, 0);
        (self.live_since, self.refused_since, self.reset) = (None, None, None);
        self.attempts.guard = Guard::default();
        (self.dark_since, self.searching) = (None, false);
        self.changed(out);
        out.durable();
        Ok(())
    }

    /// Whoever made the mailbox in which the room is now may reset it.
    fn keep_secret_of_mailbox(&mut self, out: &mut Out) {
        let here = self.own_place.take_if(|own| own.mailbox() == self.mailbox);
        if let Some(own) = here {
            self.founder = Some(own.founder);
            out.remove(self.area, PLACE_ROW);
        }
    }

    /// Where this node asks beside its own mailbox: at the place that it moves the room to, and, while it
    /// hears nothing, at those that convenors announced.
    pub(crate) fn places_to_look(&self) -> Vec<Subscription> {
        let own = self
            .own_place
            .as_ref()
            .filter(|own| own.wanted || self.is_used_up());
        let own = own.map(|own| (own.relay.clone(), own.mailbox(), own.made.is_some()));
        let announced = self.state.places().iter().filter(|_| self.searching);
        let announced = announced.filter_map(|announced| {
            let mailbox = MailboxId::new(announced.place.mailbox.0);
            Some((address_of(&announced.place.relay)?, mailbox, true))
        });
        let mut places: Vec<Subscription> = Vec::new();
        for (relay, mailbox, exists) in own.into_iter().chain(announced) {
            let Ok(token) = token_for(&self.group, mailbox) else {
                continue;
            };
            if mailbox != self.mailbox && places.iter().all(|one| one.mailbox != mailbox) {
                places.push(Subscription {
                    relay,
                    mailbox,
                    token,
                    from: 0,
                    exists: exists && self.searching,
                });
            }
        }
        places
    }

    /// Did whoever announced this place say there that the log goes on in it?
    fn is_told_to_come(&self, announced: &room::Announced, entry: &Entry) -> bool {
        let mailbox = MailboxId::new(announced.place.mailbox.0);
        let Ok(envelope) = envelope_in(&self.group, mailbox) else {
            return false;
        };
        let content = envelope.open(&entry.bytes).ok();
        let signed = content.and_then(|content| Signed::parse(&content));
        let (Some(signed), Some(seat)) = (signed, self.state.seat(announced.seat)) else {
            return false;
        };
        let is_first = matches!(entry.kind, EntryKind::Append);
        is_first
            && signed.is_move()
            && signed.leaf == seat.leaf.0
            && signed.is_by(&seat.signature_key, &self.group, mailbox)
    }
}

impl Participant {
    /// A convenor's program announces a place unasked, and moves the room there where it is to.
    pub(crate) fn keep_places(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let (Some(log), Some(identity)) = (&mut self.plenary, &self.identity) else {
            return Ok(());
        };
        log.note_darkness(out);
        if !log.is_convened_here() {
            return Ok(());
        }
        // Only whoever holds a relay's own secret has a place for a whole room.
        let may = log.own_place.is_none() && log.may_speak();
        if let (CreationRight::Relay(creation), true) = (&identity.creation, may) {
            let relay = identity.relays.first().clone();
            log.announce_place(relay, creation.clone(), out);
        }
        log.keep_moving(&identity.key, out)
    }

    /// An answer about the place that this seat makes.
    pub(crate) fn on_place_answer(
        &mut self,
        mailbox: MailboxId,
        id: u64,
        result: Result<u64, wire::Refusal>,
        out: &Out,
    ) {
        let own = self.plenary.as_mut().and_then(|log| log.own_place.as_mut());
        if let Some(own) = own.filter(|own| own.mailbox() == mailbox) {
            own.on_answer(id, result, out);
        }
    }

    /// The first append of a place at which this node looks, because it hears nothing any more.
    pub(crate) fn on_place_entry(
        &mut self,
        mailbox: MailboxId,
        entry: &Entry,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(log) = self.plenary.as_mut().filter(|log| log.searching) else {
            return Ok(());
        };
        let mut places = log.state.places().iter();
        let announced = places.find(|one| one.place.mailbox.0 == *mailbox.as_bytes());
        let Some(announced) = announced.cloned() else {
            return Ok(());
        };
        let looked = self.looked.entry(mailbox).or_default();
        if matches!(entry.kind, EntryKind::Reset { .. }) && looked.len() < LOOKED_ENTRIES {
            // Made in an earlier epoch, and given the token of this one.
            looked.push(entry.clone());
            return Ok(());
        }
        if !log.is_told_to_come(&announced, entry) {
            return Ok(());
        }
        let before = self.looked.remove(&mailbox).unwrap_or_default();
        log.came_from = Some(log.seen());
        let echoes = log.moving.take();
        log.go_to(&announced.place, announced.seat, out)?;
        log.moving = echoes;
        log.stand(Standing::Member, out);
        for reset in &before {
            self.on_plenary_entry(reset, out)?;
        }
        self.on_plenary_entry(entry, out)
    }

    /// Where the relay is silent, what was announced before is all that anybody knows: it is kept.
    pub(crate) fn announce(
        &mut self,
        relay: RelayAddress,
        creation: CreationSecret,
        out: &mut Out,
    ) -> Result<(), Refused> {
        let log = self.convening()?;
        if log.live_since.is_none() {
            return Err(Refused::RelaySilent);
        }
        log.announce_place(relay, creation, out);
        Ok(())
    }

    /// A person's wish: the dialogue moves to the place that this convenor announced.
    pub(crate) fn move_room(&mut self, out: &mut Out) -> Result<(), Refused> {
        let log = self.plenary.as_mut().ok_or(Refused::NotSeated)?;
        if !log.is_convened_here() {
            return Err(Refused::OnlyConvenor);
        }
        log.announced_place().ok_or(Refused::NoPlace)?;
        if let Some(own) = &mut log.own_place {
            own.wanted = true;
            own.store(log.area, out);
        }
        Ok(())
    }
}
