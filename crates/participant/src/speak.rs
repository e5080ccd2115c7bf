//! What this seat says by itself: READY, START, and whatever waits in the outbox. What it says in a
//! run is in `taking_part`, what it decides there in `decide`.

use room::{Event, Posted, Progress, Ready, RoundId};
use round::Message;
use wire::Timestamp;

use crate::answers::Answers;
use crate::drafts::Drafts;
use crate::limits::{RETRY_MS, STAGGER_MS};
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
            self.say_ready(desk, out);
            self.close_window(out);
            self.resend_refused(out);
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

    /// Seals what has no bytes in this epoch yet, and sends it.
    pub(crate) fn flush(&mut self, key: &SeatKey, out: &mut Out) -> Result<(), MlsError> {
        if !self.may_speak() || self.gathers_until.is_some() {
            return Ok(());
        }
        let items = self.outbox.unsealed();
        if items.is_empty() {
            return Ok(());
        }
        let seen = self.seen();
        for item in items {
            let Some(body) = self.outbox.body(item) else {
                continue;
            };
            let post = Post {
                seen,
                body: body.clone(),
            };
            let message = self.group.encrypt(key, &post.to_bytes())?;
            let number = self.numbers.of_next_own();
            let kind = Kind::Message;
            let signed = Signed::sign(key, &self.group, self.mailbox, number, kind, message)?;
            let entry = self.keys.envelope.seal(&signed.to_bytes(), out.ctx.rng);
            let entry = entry.map_err(|_| MlsError::too_large())?;
            self.numbers.give(self.area, number, signed.hash(), out);
            let sealed = Sealed {
                number,
                seen,
                entry: entry.clone(),
            };
            self.outbox.seal(self.area, item, sealed, out);
            out.send(
                self.mailbox,
                Op::Append {
                    token: self.keys.token.clone(),
                    bytes: entry,
                },
            );
        }
        self.persist(out)
    }

    /// After a reconnection: identical bytes, which the relay recognises.
    pub(crate) fn resend(&mut self, out: &mut Out) {
        self.withhold(out);
        let sealed: Vec<Vec<u8>> = self.outbox.sealed().map(<[u8]>::to_vec).collect();
        for bytes in sealed {
            out.send(
                self.mailbox,
                Op::Append {
                    token: self.keys.token.clone(),
                    bytes,
                },
            );
        }
        self.resend_pending(out);
    }

    fn resend_refused(&mut self, out: &mut Out) {
        match self.resend_after {
            Some(due) if out.now() < due => out.wake_at(due),
            Some(_) => {
                self.resend_after = None;
                self.resend(out);
            }
            None => {}
        }
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
        let due = Timestamp::from_ms(open_round.ends_ms).plus_ms(rank.saturating_mul(STAGGER_MS));
        let due = due.max(self.close_window_after);
        let round = open_round.open.id;
        if out.now() < due {
            return out.wake_at(due);
        }
        self.close_window_after = out.now().plus_ms(RETRY_MS);
        out.wake_at(self.close_window_after);
        self.post_event(Event::Started(round), out);
    }
}
