//! The plenary's log ends in one mailbox and goes on in another: for whoever reads its last entry there, and
//! for whoever cannot, at a place that a convenor had announced.

use room::{Effect, Event, Posted, SeatId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{
    CreationRight, CreationSecret, LogHead, MailboxId, RelayAddress, Timestamp, Token, TokenHash,
};

use crate::command::Refused;
use crate::epoch_keys::{EpochKeys, envelope_in, token_for};
use crate::fold::After;
use crate::guard::Guard;
use crate::limits::{
    MOVE_AT_BYTES, MOVE_AT_ROTATIONS, MOVE_WAITS_MS, PLACE_AHEAD_MS, RETRY_MAX_MS, RETRY_MS,
};
use crate::mls::{Kind, MlsError, SeatKey};
use crate::out::Out;
use crate::own_place::address_of;
use crate::participant::Participant;
use crate::post::{Body, Post, Seen};
use crate::records::{DamagedVault, Rows};
use crate::room_log::RoomLog;
use crate::signed::{Signed, start_of_arrival};
use crate::standing::Standing;
use crate::step::Op;

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

    fn post(&self) -> Post {
        Post {
            seen: self.seen,
            body: Body::Event(self.body.clone()),
        }
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
    /// The mailbox takes nothing more, or soon will not.
    pub(crate) fn is_used_up(&self) -> bool {
        self.is_full() || self.bytes >= MOVE_AT_BYTES || self.rotations >= MOVE_AT_ROTATIONS
    }

    /// There is room for saying where another place is, by far.
    fn takes_a_place(&self) -> bool {
        !self.is_full() && self.bytes < MOVE_AT_BYTES
    }

    /// Moves the room where that is wanted or due. Every member knows the token of its place: that is made right before
    /// the room goes there, so that nobody has the time to fill it.
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
        let (made, gives_way) = (own.made == Some(token), own.gives_way(out.now()));
        let held = own.held_until;
        if !reads {
            return Ok(());
        }
        let leaves = match (self.may_speak(), self.dark.searching) {
            (true, _) if !self.is_shut() && self.leaves_a_round(out) => self.mailbox,
            (false, true) => mailbox,
            (true, _) | (false, false) => return Ok(()),
        };
        self.leave_place(out);
        if gives_way && leaves == self.mailbox && self.takes_a_place() {
            self.announce_instead(out);
            return Ok(());
        }
        let ready = Timestamp::from_ms(held.ms().saturating_sub(PLACE_AHEAD_MS));
        if out.now() < ready {
            out.wake_at(ready);
            return Ok(());
        }
        if !made {
            if let Some(own) = &mut self.own_place {
                own.make(token, out);
            }
            return Ok(());
        }
        let again = self.moving.as_ref().map(|moving| moving.again);
        let due = again.map_or(held, |again| again.max(held));
        if out.now() < due {
            out.wake_at(due);
            return Ok(());
        }
        self.say_moved(leaves, mailbox, key, out)
    }

    fn say_moved(
        &mut self,
        leaves: MailboxId,
        to: MailboxId,
        key: &SeatKey,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        // In the dark it says where the log ended: it is another one once anything more was read.
        let stale = |moving: &Moving| leaves == to && moving.seen != self.seen();
        let sealed = self.moving.as_ref();
        if sealed.is_none_or(|moving| moving.mailbox != leaves || stale(moving)) {
            self.seal_moved(leaves, key, out)?;
        }
        let token = token_for(&self.group, to)?;
        let founder = self.right_to_rotate();
        let Some(moving) = &mut self.moving else {
            return Ok(());
        };
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
            self.attempts.guard.move_frame = Some(frame);
        }
        moving.again = out.now().plus_ms(moving.wait_ms);
        moving.wait_ms = moving.wait_ms.saturating_mul(2).min(RETRY_MAX_MS);
        out.wake_at(moving.again);
        Ok(())
    }

    /// Whether a Round that is on does not wait any longer. In a mailbox that takes nothing more it would never end; a
    /// wish waits for the end a while.
    fn leaves_a_round(&mut self, out: &mut Out) -> bool {
        if self.play.is_none() || self.is_used_up() {
            return true;
        }
        let Some(own) = &mut self.own_place else {
            return false;
        };
        let since = *own.waits_since.get_or_insert(out.now());
        let due = since.plus_ms(MOVE_WAITS_MS);
        if out.now() < due {
            out.wake_at(due);
        }
        due <= out.now()
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
        let start = match leaves == self.mailbox {
            true => self.cursor.start,
            false => start_of_arrival(&leaves),
        };
        let signed = Signed::sign_move(key, &self.group, start, number, message)?;
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
        if let Some(own) = &mut self.own_place {
            own.held_until = until;
        }
    }

    /// This seat's own MOVED, where the log shows it.
    pub(crate) fn echo_moved(&mut self, number: u32, out: &mut Out) -> Option<Post> {
        let moving = self.moving.take_if(|moving| moving.number == number)?;
        out.remove(self.area, ROW);
        Some(moving.post())
    }

    /// What this seat's own MOVED says, while it is on its way.
    pub(crate) fn moving_post(&self, number: u32) -> Option<Post> {
        let moving = self.moving.as_ref();
        moving
            .filter(|moving| moving.number == number)
            .map(Moving::post)
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
    pub(crate) fn go_to(
        &mut self,
        place: &room::Place,
        by: SeatId,
        out: &mut Out,
    ) -> Result<(), MlsError> {
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
        self.cursor = self.cursor.continued(&self.mailbox);
        self.history.continued();
        self.history.note(&self.cursor, self.state.digest());
        let begun = self.keys.begun.clone();
        self.keys = EpochKeys::of(&self.group, self.mailbox, begun)?;
        self.outbox.enter_epoch(self.area, out);
        self.founder = None;
        (self.full, self.exists, self.epoch_start) = (false, true, 0);
        (self.bytes, self.rotations) = (0, 0);
        (self.live_since, self.refused_since, self.reset) = (None, None, None);
        self.attempts.guard = Guard::default();
        self.dark.token_taken = false;
        self.leave_the_dark();
        self.changed(out);
        out.durable();
        Ok(())
    }

    /// Whoever made the mailbox in which the room is now may reset it.
    fn keep_secret_of_mailbox(&mut self, out: &mut Out) {
        if let Some(founder) = self.take_place_here(out) {
            self.founder = Some(founder);
        }
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
        out: &mut Out,
    ) {
        let Some(log) = &mut self.plenary else {
            return;
        };
        if let Some(own) = log
            .own_place
            .as_mut()
            .filter(|own| own.mailbox() == mailbox)
        {
            own.on_answer(log.area, id, result, out);
        }
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
            own.waits_since = None;
            own.store(log.area, out);
        }
        Ok(())
    }
}
