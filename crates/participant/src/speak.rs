//! What this seat says by itself: READY, the Round's messages, CLOSE, LEAVE, and the outbox.
//! Texts and blanks take the same path, and absence is never answered with a secret.

use room::{Event, Posted, Progress, Ready, RoundId};
use round::{Close, Contributor, Decision, Leave, Message, Payload, Phase, Said};
use wire::Timestamp;

use crate::drafts::{Draft, Drafts};
use crate::envelope::MarkKey;
use crate::limits::{CLOSE_CONNECTED_MS, JITTER_MS, RETRY_MS, STAGGER_MS};
use crate::locks::{Locks, TextHash, crowd_hash, text_hash};
use crate::mls::{MlsError, SeatKey};
use crate::notice::{Notice, StayedHome};
use crate::out::Out;
use crate::participant::SEAT_AREA;
use crate::play::Play;
use crate::post::{Body, Post, Seen};
use crate::room_log::RoomLog;
use crate::step::Op;

/// What is on this seat's desk: its keys, its texts, whether its owner is in the room.
pub(crate) struct Desk<'a> {
    pub(crate) key: &'a SeatKey,
    pub(crate) mark: &'a MarkKey,
    pub(crate) locks: &'a mut Locks,
    pub(crate) drafts: &'a mut Drafts,
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
            self.flush(desk.key, desk.mark, out)?;
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
    pub(crate) fn flush(
        &mut self,
        key: &SeatKey,
        mark: &MarkKey,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        if !self.may_speak() {
            return Ok(());
        }
        let numbers = self.outbox.unsealed();
        if numbers.is_empty() {
            return Ok(());
        }
        let seen = Seen {
            next: self.cursor.next,
            head: self.cursor.head,
            digest: self.state.digest(),
        };
        for number in numbers {
            let Some(body) = self.outbox.body(number) else {
                continue;
            };
            let post = Post {
                seen,
                body: body.clone(),
            };
            let message = self.group.encrypt(key, &post.to_bytes())?;
            let entry = self.keys.envelope.seal(&message, mark, out.ctx.rng);
            let entry = entry.map_err(|_| MlsError::too_large())?;
            self.outbox.seal(self.area, number, entry.clone(), out);
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
        let round = open_round.open.id;
        let ready = Ready {
            round,
            open_hash: open_round.open.hash(),
        };
        if self.said_in_round != Some(round) {
            self.said_in_round = Some(round);
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

    fn play_on(&mut self, desk: &mut Desk, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        self.notice_step(&mut play, out);
        if play.own_run == Some(play.sequence.run_number()) {
            self.say_due(&mut play, desk, out);
        } else {
            self.leave(&mut play, out);
        }
        self.close_phase(&mut play, out);
        self.play = Some(play);
    }

    /// A new phase or run: this seat's message is due within the jitter.
    fn notice_step(&self, play: &mut Play, out: &mut Out) {
        let step = (play.sequence.run_number(), play.sequence.phase());
        if step == play.step && play.speak_at.is_some() {
            return;
        }
        if step != play.step || play.step_began == Timestamp::from_ms(0) {
            play.step_began = out.now();
            play.close_after = out.now();
        }
        play.step = step;
        play.speak_at = Some(out.now().plus_ms(jitter(out)));
    }

    fn say_due(&mut self, play: &mut Play, desk: &mut Desk, out: &mut Out) {
        let own = self.own_leaf().0;
        let taking_part = play.sequence.roster().contains(&own) && !play.sequence.has_spoken(own);
        let Some(due) = play.speak_at.filter(|_| taking_part) else {
            return;
        };
        if out.now() < due {
            return out.wake_at(due);
        }
        let message = match play.contributor.take() {
            None if play.sequence.phase() == Some(Phase::Joins) => self.join(play, out),
            None => None,
            Some(mut contributor) => {
                let message = self.next_message(&mut contributor, play, desk, out);
                play.contributor = Some(contributor);
                message
            }
        };
        if let Some(message) = message {
            self.post_round(play.round, &message, out);
        }
    }

    fn join(&self, play: &mut Play, out: &mut Out) -> Option<Message> {
        let own = self.own_leaf().0;
        let (contributor, message) = Contributor::join(&play.sequence, own, out.ctx.rng).ok()?;
        self.decide(play, Decision::None, out);
        play.contributor = Some(contributor);
        Some(message)
    }

    fn next_message(
        &self,
        contributor: &mut Contributor,
        play: &mut Play,
        desk: &mut Desk,
        out: &mut Out,
    ) -> Option<Message> {
        let round = play.round;
        let slot_bytes = play.sequence.terms().slot_bytes;
        let crowd = u16::try_from(play.sequence.roster().len()).unwrap_or(u16::MAX);
        let keys = play.sequence.roster_keys();
        let crowd_of_run = crowd_hash(keys.iter().map(Vec::as_slice));
        let minimum = self.own_minimum(round, desk, out.now());
        let mut sealed: Option<TextHash> = None;
        let mut stayed: Option<StayedHome> = None;
        let mut payloads = || {
            let draft = desk.drafts.of(round);
            let chosen = choose(draft, crowd, minimum, &*desk.locks, &crowd_of_run);
            let payload = match chosen {
                Ok(Some(text)) => Payload::text(&text, slot_bytes).ok().map(|p| (p, text)),
                Ok(None) => None,
                Err(why) => {
                    stayed = Some(why);
                    None
                }
            };
            match payload {
                Some((payload, text)) => {
                    sealed = Some(text_hash(&text));
                    vec![payload]
                }
                None => vec![Payload::blank(slot_bytes)],
            }
        };
        let said = contributor.next(&play.sequence, &mut payloads, out.ctx.rng)?;
        if let Some(text) = sealed {
            // Bound in the same transaction in which the DC message becomes something to send.
            if desk.locks.bind(SEAT_AREA, text, crowd_of_run, out) {
                play.sealed_text = Some(text);
                out.write(self.area, "sealed", text);
            }
        }
        if let Some(why) = stayed {
            out.notify(Notice::StayedHome { round, why });
        }
        match said {
            Said::Message(message) => Some(message),
            // Only `release` and `reveal` ask for these, at the entry that decides.
            Said::Release(_) | Said::Reveal(_) => None,
        }
    }

    fn own_minimum(&self, round: RoundId, desk: &Desk, now: Timestamp) -> u16 {
        if let Some(minimum) = desk.drafts.of(round).and_then(|draft| draft.minimum) {
            return minimum;
        }
        let audience = self.state.open_round().map(|r| r.open.audience);
        let usual = audience.map_or(0, |a| self.state.default_own_minimum(a, now.ms()));
        u16::try_from(usual).unwrap_or(u16::MAX)
    }

    /// The N-th GO: the decision, the share and the lock become durable together, and only then is
    /// RELEASE something to send.
    pub(crate) fn release(&mut self, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        if let Some(mut contributor) = play.contributor.take() {
            let mut none = Vec::new;
            if let Some(Said::Release(share)) =
                contributor.next(&play.sequence, &mut none, out.ctx.rng)
            {
                self.decide(&mut play, Decision::Release, out);
                out.write(self.area, share_key(&play), share.encode().to_vec());
                self.post_round(play.round, &share.message(), out);
            }
        }
        // The lock stays for good: forget only which one it was.
        play.sealed_text = None;
        out.remove(self.area, "sealed");
        play.own_run = None;
        self.play = Some(play);
    }

    /// A NOGO counts: the content share is destroyed with the contributor, the decision and REVEAL
    /// become durable together, and the text is free again. Without a contributor, after a restart,
    /// there is nothing to reveal.
    pub(crate) fn reveal(&mut self, locks: &mut Locks, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        if let Some(mut contributor) = play.contributor.take() {
            let mut none = Vec::new;
            if let Some(Said::Reveal(message)) =
                contributor.next(&play.sequence, &mut none, out.ctx.rng)
            {
                self.decide(&mut play, Decision::Reveal, out);
                self.free_text(&mut play, locks, out);
                self.post_round(play.round, &message, out);
            }
        }
        self.play = Some(play);
    }

    /// A run ended without release: its secrets are destroyed and its text is free again.
    pub(crate) fn run_over(&mut self, ended_ctx: [u8; 32], locks: &mut Locks, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        play.contributor = None;
        play.speak_at = None;
        play.own_run = Some(play.sequence.run_number());
        self.free_text(&mut play, locks, out);
        // What was decided before is final: a run that was revealed stays so.
        if play.decision == Decision::None {
            out.write(self.area, decision_key(&ended_ctx), [Decision::Ended as u8]);
            out.durable();
        }
        play.decision = Decision::None;
        self.play = Some(play);
    }

    fn free_text(&self, play: &mut Play, locks: &mut Locks, out: &mut Out) {
        if let Some(text) = play.sealed_text.take() {
            locks.free(SEAT_AREA, &text, out);
            out.remove(self.area, "sealed");
        }
    }

    fn decide(&self, play: &mut Play, decision: Decision, out: &mut Out) {
        play.decision = decision;
        let key = decision_key(&play.sequence.ctx_r());
        out.write(self.area, key, [decision as u8]);
        out.durable();
    }

    /// A restarted node cannot go on in a run begun before: it says so, and the run is repeated.
    fn leave(&mut self, play: &mut Play, out: &mut Out) {
        let run = play.sequence.run_number();
        if !self.must_leave(play) || play.left_run == Some(run) {
            return;
        }
        play.left_run = Some(run);
        let round = play.round;
        self.outbox
            .withdraw(self.area, |body| speaks_in(body, round), out);
        self.decide(play, Decision::Ended, out);
        let message = Message::Leave(Leave {
            ctx: play.sequence.ctx_r(),
        });
        self.post_round(round, &message, out);
    }

    /// Whether a run is on that began before this process, and in which this seat cannot go on. Where
    /// the decision to reveal is durable REVEAL waits in the outbox, and nothing else is to be said.
    fn must_leave(&self, play: &Play) -> bool {
        let foreign = play.own_run != Some(play.sequence.run_number());
        let open = play.sequence.phase().is_some_and(|p| p != Phase::Releases);
        let concerned = play.sequence.roster().contains(&self.own_leaf().0);
        foreign && open && concerned && play.decision != Decision::Reveal
    }

    /// What an earlier process said in a run that this one leaves is not said again: a GO that comes
    /// after all would wait for a share that died with that process.
    fn withhold(&mut self, out: &mut Out) {
        let Some(play) = &self.play else { return };
        if self.must_leave(play) && play.left_run.is_none() {
            let round = play.round;
            self.outbox
                .withdraw(self.area, |body| speaks_in(body, round), out);
        }
    }

    /// A Round that was given up stays closed as far as this seat can help it: what has not left is not sent any
    /// more, and the share is destroyed.
    pub(crate) fn keep_back(&mut self, round: RoundId, out: &mut Out) {
        self.outbox
            .withdraw(self.area, |body| speaks_in(body, round), out);
        if let Some(play) = &self.play {
            out.remove(self.area, share_key(play));
        }
    }

    fn close_phase(&mut self, play: &mut Play, out: &mut Out) {
        let phase = play.sequence.phase().filter(|p| *p != Phase::Releases);
        let Some(phase) = phase else {
            return;
        };
        // Whoever is not in the run comes last: five who say nothing must not hold up the room.
        let roster = play.sequence.roster();
        let rank = roster.iter().position(|l| *l == self.own_leaf().0);
        let rank = rank.unwrap_or(roster.len());
        let Some(live_since) = self.live_since else {
            return;
        };
        let length = play.sequence.phase_ms();
        let watched = live_since
            .max(play.step_began)
            .plus_ms(length.min(CLOSE_CONNECTED_MS));
        let over = Timestamp::from_ms(play.sequence.deadline_ms());
        let stagger = u64::try_from(rank)
            .unwrap_or(u64::MAX)
            .saturating_mul(STAGGER_MS);
        let due = watched.max(over).plus_ms(stagger).max(play.close_after);
        if out.now() < due {
            return out.wake_at(due);
        }
        play.close_after = out.now().plus_ms(RETRY_MS);
        out.wake_at(play.close_after);
        let close = Message::Close(Close {
            ctx: play.sequence.ctx_r(),
            phase,
        });
        self.post_round(play.round, &close, out);
    }
}

/// The vault keeps decisions by the run's context, never by its number.
pub(crate) fn decision_key(ctx: &[u8; 32]) -> Vec<u8> {
    [b"decision/".as_slice(), ctx].concat()
}

fn share_key(play: &Play) -> Vec<u8> {
    [b"share/".as_slice(), &play.sequence.ctx_r()].concat()
}

fn speaks_in(body: &Body, in_round: RoundId) -> bool {
    match body {
        Body::Round { round, .. } => *round == in_round,
        Body::Event(_) => false,
    }
}

/// The text that goes into the run, or why it stays home. Everything else is a blank.
fn choose(
    draft: Option<&Draft>,
    crowd: u16,
    minimum: u16,
    locks: &Locks,
    crowd_of_run: &[u8; 32],
) -> Result<Option<String>, StayedHome> {
    let Some(draft) = draft else { return Ok(None) };
    let text = round::normalise(&draft.text);
    if text.is_empty() {
        return Ok(None);
    }
    if crowd < minimum {
        return Err(StayedHome::CrowdTooSmall { crowd, minimum });
    }
    if !locks.allows(&text_hash(&text), crowd_of_run) {
        return Err(StayedHome::Bound);
    }
    Ok(Some(text))
}

/// Uniform over 0..=JITTER_MS, but for a bias of 2^-58.
fn jitter(out: &mut Out) -> u64 {
    out.ctx.rng.next_u64() % (JITTER_MS + 1)
}
