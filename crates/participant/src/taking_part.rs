//! What this seat says in a run, each message once and after the same uniform delay for everybody.
//! Texts, answers and blanks take the same path.

use room::{Audience, RoundKind};
use round::{Ballot, Contributor, Decision, Message, Payload, Phase, Said, Sequence};

use crate::drafts::Draft;
use crate::limits::JITTER_MS;
use crate::locks::{Locks, TextHash, crowd_hash, text_hash};
use crate::notice::{Notice, StayedHome};
use crate::out::Out;
use crate::participant::SEAT_AREA;
use crate::play::Play;
use crate::room_log::RoomLog;
use crate::round_name::room_hash;
use crate::speak::Desk;

/// What goes into the lanes of a run, and what that means for later.
struct Chosen {
    payloads: Vec<Payload>,
    sealed: Option<TextHash>,
    stayed: Option<StayedHome>,
}

impl RoomLog {
    pub(crate) fn play_on(&mut self, desk: &mut Desk, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        notice_step(&mut play, out);
        #[cfg(feature = "liar")]
        if self.muted {
            self.play = Some(play);
            return;
        }
        self.say_release(&mut play, out);
        match play.is_own_run() {
            true => self.say_due(&mut play, desk, out),
            false => self.leave(&mut play, out),
        }
        self.close_phases(&mut play, out);
        self.play = Some(play);
    }

    fn say_due(&mut self, play: &mut Play, desk: &mut Desk, out: &mut Out) {
        let own = self.own_leaf().0;
        let takes_part =
            |sequence: &Sequence| sequence.roster().contains(&own) && !sequence.has_spoken(own);
        let due = play.speak_at.filter(|_| play.own().is_some_and(takes_part));
        let Some(due) = due else {
            return;
        };
        if out.now() < due {
            return out.wake_at(due);
        }
        let verdict_due = play.own().and_then(Sequence::phase) == Some(Phase::Verdicts);
        if verdict_due && self.relay_clock.has_jumped() {
            // Nothing that opens a run is said by a time that may be false.
            return;
        }
        let joins = play.own().and_then(Sequence::phase) == Some(Phase::Joins);
        let message = match play.contributor.take() {
            None if joins => self.join(play, out),
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
        let (contributor, message) = Contributor::join(play.own()?, own, out.ctx.rng).ok()?;
        self.decide(play, Decision::None, out);
        #[cfg(feature = "liar")]
        crate::voice::leak(self.area, &contributor, out);
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
        let sequence = play.own()?;
        let keys = sequence.roster_keys();
        let room = room_hash(self.group.id());
        let crowd_of_run = crowd_hash(&room, keys.iter().map(Vec::as_slice));
        let (mut sealed, mut stayed) = (None, None);
        let mut payloads = || {
            let chosen = self.choose(sequence, &crowd_of_run, desk);
            (sealed, stayed) = (chosen.sealed, chosen.stayed);
            chosen.payloads
        };
        let said = contributor.next(sequence, &mut payloads, out.ctx.rng)?;
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

    fn choose(&self, sequence: &Sequence, crowd_of_run: &[u8; 32], desk: &Desk) -> Chosen {
        let minimum = self.own_minimum(desk);
        let kind = self.state.open_round().map(|open| &open.open.kind);
        match kind {
            Some(RoundKind::Ballot(_)) => self.choose_answers(minimum, desk),
            Some(RoundKind::Statement(_)) | None => {
                let crowd = u16::try_from(sequence.roster().len()).unwrap_or(u16::MAX);
                let draft = self.open_name().and_then(|name| desk.drafts.of(&name));
                let chosen = choose_text(draft, crowd, minimum, &*desk.locks, crowd_of_run);
                seal_text(chosen, sequence.terms().slot_bytes)
            }
        }
    }

    /// An answer stays home where fewer seats than its owner wants answer in exactly the same rosters.
    fn choose_answers(&self, minimum: u16, desk: &Desk) -> Chosen {
        let name = self.open_name();
        let answers = name.map_or(&[][..], |name| desk.answers.of(&name));
        let open_round = self.state.open_round();
        let keys = open_round.map(|open| open.open.kind.statement_keys());
        let run = open_round.and_then(|open| open.run_with(self.own_seat));
        let roster = run.map(room::Run::roster_seats).unwrap_or_default();
        let lane = |(at, key): (usize, room::StatementKeys)| {
            let crowd = self.state.ballots().crowd_of(self.own_seat, &key, &roster);
            let answer = answers.get(at).copied().unwrap_or(Ballot::Unanswered);
            match crowd >= usize::from(minimum) {
                true => answer,
                false => Ballot::Unanswered,
            }
        };
        let lanes = keys.unwrap_or_default().into_iter().enumerate().map(lane);
        let payloads = lanes.map(|answer| {
            let blank = |_| Payload::blank(Ballot::SLOT_BYTES);
            answer.payload().unwrap_or_else(blank)
        });
        Chosen {
            payloads: payloads.collect(),
            sealed: None,
            stayed: None,
        }
    }

    fn own_minimum(&self, desk: &Desk) -> u16 {
        let name = self.open_name();
        let draft = name.and_then(|name| desk.drafts.of(&name));
        let of_text = draft.and_then(|draft| draft.minimum);
        let kept = of_text.or_else(|| name.and_then(|name| desk.answers.minimum(&name)));
        let usual = || {
            let open_round = self.state.open_round();
            open_round.map_or(0, |round| self.usual_minimum(round.open.audience))
        };
        kept.unwrap_or_else(usual)
    }

    /// The smallest crowd that this seat asks for where its owner wishes nothing else.
    pub(crate) fn usual_minimum(&self, audience: Audience) -> u16 {
        let roster = self.kind_of_roster(audience);
        let now_ms = self.cursor.clock.ms();
        let usual = self.state.default_own_minimum(roster, now_ms);
        u16::try_from(usual).unwrap_or(u16::MAX)
    }

    /// The kind of roster that this seat is in: with one sequence for each side, its own side's.
    pub(crate) fn kind_of_roster(&self, audience: Audience) -> Audience {
        let own = self.state.seat(self.own_seat);
        match (audience, own.and_then(|seat| seat.role.side())) {
            (Audience::EachSide, Some(side)) => Audience::Side(side),
            (Audience::Room | Audience::Side(_) | Audience::EachSide, _) => audience,
        }
    }
}

/// A new phase or run of the own sequence: this seat's message is due within the jitter.
fn notice_step(play: &mut Play, out: &mut Out) {
    let Some(step) = play.own().map(|own| (own.run_number(), own.phase())) else {
        return;
    };
    if step == play.step && play.speak_at.is_some() {
        return;
    }
    play.step = step;
    play.speak_at = Some(out.now().plus_ms(jitter(out)));
}

/// The text that goes into the run, or why it stays home. Everything else is a blank.
fn choose_text(
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

fn seal_text(chosen: Result<Option<String>, StayedHome>, slot_bytes: u32) -> Chosen {
    let (text, stayed) = match chosen {
        Ok(text) => (text, None),
        Err(why) => (None, Some(why)),
    };
    let payload = text.and_then(|text| Some((Payload::text(&text, slot_bytes).ok()?, text)));
    let (payload, sealed) = match payload {
        Some((payload, text)) => (payload, Some(text_hash(&text))),
        None => (Payload::blank(slot_bytes), None),
    };
    Chosen {
        payloads: vec![payload],
        sealed,
        stayed,
    }
}

/// Uniform over 0..=JITTER_MS, but for a bias of 2^-58.
fn jitter(out: &mut Out) -> u64 {
    out.ctx.rng.next_u64() % (JITTER_MS + 1)
}
