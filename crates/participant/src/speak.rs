//! What this seat says by itself: READY, START, and whatever waits in the outbox. What it says in a
//! run is in `taking_part`, what it decides there in `decide`.

use room::{Event, KNOWN_VERSION, Posted, Progress, Ready, RoundId};
use round::Message;

use crate::answers::Answers;
use crate::drafts::Drafts;
use crate::limits::{NUMBERS_AHEAD, STAGGER_MS};
use crate::locks::Locks;
use crate::mls::{Kind, MlsError, SeatKey};
use crate::out::Out;
use crate::outbox::Sealed;
use crate::post::{Body, Post};
use crate::room_log::RoomLog;
use crate::signed::Signed;
use crate::step::Op;

/// What is on this seat's desk: its keys, its texts, whether its owner is in the room.
pub(crate) struct Desk<'a> {
    pub(crate) key: &'a SeatKey,
    pub(crate) locks: &'a mut Locks,
    pub(crate) drafts: &'a mut Drafts,
    pub(crate) answers: &'a Answers,
    pub(crate) present: bool,
}

impl RoomLog {
    /// Says whatever is due now, and asks to be woken for what is due later.
    pub(crate) fn speak(&mut self, desk: &mut Desk, out: &mut Out) -> Result<(), MlsError> {
        if self.may_speak() {
            self.settle_clock(out);
            self.say_ready(desk, out);
            self.close_window(out);
            self.leave_guard(out);
            self.resend_due(out);
            self.play_on(desk, out);
            self.flush(desk.key, out)?;
        }
        Ok(())
    }

    pub(crate) fn post_event(&mut self, event: Event, out: &mut Out) {
        if let Some(posted) = Posted::event_alone(event) {
            self.outbox
                .push(self.area, Body::Event(posted.encode()), out);
        }
    }

    pub(crate) fn post_round(&mut self, round: RoundId, message: &Message, out: &mut Out) {
        let body = Body::Round {
            round,
            message: message.encode(),
        };
        self.outbox.push(self.area, body, out);
    }

    /// Unless the same words wait already: what is said by itself is not said twice.
    pub(crate) fn post_event_once(&mut self, event: Event, out: &mut Out) {
        if let Some(posted) = Posted::event_alone(event) {
            self.post_once(Body::Event(posted.encode()), out);
        }
    }

    pub(crate) fn post_once(&mut self, body: Body, out: &mut Out) {
        if !self.outbox.holds(&body) {
            self.outbox.push(self.area, body, out);
        }
    }

    /// Seals what has no bytes in this epoch yet, and sends it.
    pub(crate) fn flush(&mut self, key: &SeatKey, out: &mut Out) -> Result<(), MlsError> {
        if !self.may_speak() || self.gone_sits || self.gathers_until.is_some() {
            return Ok(());
        }
        let mut items = self.due_again(out);
        items.extend(self.outbox.unsealed());
        if items.is_empty() {
            return Ok(());
        }
        for item in items {
            if self.ahead().saturating_add(1) < NUMBERS_AHEAD {
                self.seal(item, key, out)?;
            } else {
                self.fill_gap(key, out)?;
                break;
            }
        }
        self.persist(out)
    }

    /// One number is left that would count. As a rule something waits for the log, and more will be
    /// said once that stands. Where all that has lower numbers was withdrawn and may never stand there, this
    /// seat says nothing by the last one, and goes on once that counts.
    fn fill_gap(&mut self, key: &SeatKey, out: &mut Out) -> Result<(), MlsError> {
        let nothing = Posted::event_alone(Event::Speaks(KNOWN_VERSION));
        let (None, Some(nothing)) = (self.outbox.sealed().next(), nothing) else {
            return Ok(());
        };
        let body = Body::Event(nothing.encode());
        let item = self.outbox.push(self.area, body, out);
        self.seal(item, key, out)
    }

    /// What stood in the log out of its order, where it may be said once more by now.
    fn due_again(&mut self, out: &mut Out) -> Vec<u64> {
        let items = self.outbox.unsealed_again();
        let due = self.attempts.repeats.due(out.now());
        if items.is_empty() {
            return items;
        }
        if out.now() < due {
            out.wake_at(due);
            return Vec::new();
        }
        self.attempts.repeats.tried(out.now());
        items
    }

    /// How far this seat's next message would run ahead of its last one that counted.
    fn ahead(&self) -> u32 {
        let (leaf, next) = (
            self.group.own_leaf(),
            self.numbers.of_next_own(Kind::Message),
        );
        self.numbers.ahead(leaf, Kind::Message, next).unwrap_or(0)
    }

    fn seal(&mut self, item: u64, key: &SeatKey, out: &mut Out) -> Result<(), MlsError> {
        let Some(body) = self.outbox.body(item).cloned() else {
            return Ok(());
        };
        let seen = self.seen();
        let post = Post { seen, body };
        let message = self.group.encrypt(key, &post.to_bytes())?;
        let kind = Kind::Message;
        let number = self.numbers.of_next_own(kind);
        let signed = Signed::sign(key, &self.group, self.cursor.start, number, kind, message)?;
        let entry = self.keys.envelope.seal(&signed.to_bytes(), out.ctx.rng);
        let entry = entry.map_err(|_| MlsError::too_large())?;
        let place = (kind, number);
        self.numbers.give(self.area, place, signed.hash(), out);
        let sealed = Sealed {
            number,
            seen,
            entry: entry.clone(),
        };
        self.outbox.seal(self.area, item, sealed, out);
        let op = Op::Append {
            token: self.keys.token.clone(),
            bytes: entry,
        };
        out.send(self.mailbox, op);
        Ok(())
    }

    /// After a reconnection or a refusal: identical bytes, which the relay recognises. Each time after a
    /// longer wait, until something of this seat's stands in the log.
    fn resend_due(&mut self, out: &mut Out) {
        if !self.resend {
            return;
        }
        let due = self.attempts.resends.due(out.now());
        if out.now() < due {
            return out.wake_at(due);
        }
        self.resend = false;
        self.withhold(out);
        let sealed = self.outbox.sealed().filter(|_| !self.gone_sits);
        let sealed: Vec<Vec<u8>> = sealed.map(<[u8]>::to_vec).collect();
        if sealed.is_empty() && self.pending.is_none() {
            return;
        }
        self.attempts.resends.tried(out.now());
        for bytes in sealed {
            let op = Op::Append {
                token: self.keys.token.clone(),
                bytes,
            };
            out.send(self.mailbox, op);
        }
        self.send_pending(out);
    }

    fn say_ready(&mut self, desk: &Desk, out: &mut Out) {
        let Some(open_round) = self.state.open_round() else {
            return;
        };
        let own = self.state.seat(self.own_seat);
        let eligible = self.state.counting(self.own_seat)
            && own.is_some_and(|seat| open_round.open.audience.includes(seat.role));
        let waiting = matches!(open_round.progress, Progress::Window)
            && !open_round.ready.contains(&self.own_seat);
        if !desk.present || !eligible || !waiting {
            return;
        }
        let ready = Ready {
            round: open_round.open.id,
            open_hash: open_round.open.hash(),
        };
        if self.said_ready != Some(ready.open_hash) {
            self.said_ready = Some(ready.open_hash);
            self.post_event(Event::Ready(ready), out);
        }
    }

    /// START: any eligible seat closes the window once its time is over.
    fn close_window(&mut self, out: &mut Out) {
        let Some(open_round) = self.state.open_round() else {
            return;
        };
        if !matches!(open_round.progress, Progress::Window) || !self.state.counting(self.own_seat) {
            return;
        }
        let rank = u64::from(self.own_seat.0);
        if self.relay_clock.has_jumped() || self.is_shut() {
            return;
        }
        let due = self.here(open_round.ends_ms);
        let due = due.plus_ms(rank.saturating_mul(STAGGER_MS));
        let due = due.max(self.attempts.starts.due(out.now()));
        let round = open_round.open.id;
        if out.now() < due {
            return out.wake_at(due);
        }
        self.attempts.starts.tried(out.now());
        out.wake_at(self.attempts.starts.due(out.now()));
        self.post_event_once(Event::Started(round), out);
    }
}
