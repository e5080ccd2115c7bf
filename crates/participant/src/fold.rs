//! One entry of a room's log: opened, judged, folded. Every member comes to the same result,
//! whatever the entry is; what has no effect is counted and never sent on.

use std::sync::Arc;

use room::{CommitName, Effect, Event, KNOWN_VERSION, Leaf, Posted, State};
use round::rules::{Rule, holds};
use wire::{Entry, EntryKind};

use crate::cursor::{Claim, Cursor};
use crate::locks::Locks;
use crate::mls::{Group, Kind, MlsError, Opened};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::own_place::names_a_relay;
use crate::post::{Body, Post, Seen};
use crate::roll::Roll;
use crate::room_log::RoomLog;
use crate::rules::{Rule as OwnRule, holds as own_rule_holds};
use crate::signed::{Signed, start_of_arrival};
use crate::standing::Standing;
use crate::view::Message;

/// What the rest of the participant must do after an entry.
#[derive(Default)]
pub(crate) struct After {
    /// Events that concern more than this room, with their authors.
    pub(crate) effects: Vec<(Leaf, Event, Effect)>,
    /// This node's own commit stands: those it added must be welcomed.
    pub(crate) welcome: Option<crate::commits::Made>,
    /// The entry is a commit that follows an event of the plenary which is not folded yet: come back later.
    pub(crate) held: Option<CommitName>,
}

impl After {
    /// Both, in order.
    pub(crate) fn and(mut self, then: After) -> After {
        self.effects.extend(then.effects);
        self
    }
}

/// What a room's fold needs from outside the room.
pub(crate) struct World<'a> {
    /// For the plenary itself none.
    pub(crate) plenary: Option<Plenary<'a>>,
    pub(crate) locks: &'a mut Locks,
}

/// What a caucus sees of the plenary.
pub(crate) struct Plenary<'a> {
    pub(crate) roll: &'a Roll,
    /// How many events are folded in.
    pub(crate) events: u64,
}

impl RoomLog {
    /// Folds the next entry. `held` in the answer means that nothing was done.
    pub(crate) fn on_entry(
        &mut self,
        entry: &Entry,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        if !self.standing.reads() {
            return Ok(After::default());
        }
        if entry.index < self.cursor.next {
            // A reconnected link shows again what stands: nothing new.
            return Ok(After::default());
        }
        let Some(place) = self.cursor.after(entry) else {
            self.stand(Standing::LogDamaged, out);
            self.persist(out)?;
            return Ok(After::default());
        };
        self.log_goes_on(out);
        self.watch_clock(&place, out);
        let signed = self.signed(entry);
        let written_here = |(_, signed): &(Kind, Signed)| !signed.arrives(&entry.kind);
        let place = match signed.as_ref().is_some_and(written_here) {
            true => place.running(),
            false => place,
        };
        let after = self.fold(entry, signed, &place, world, out)?;
        if after.held.is_some() {
            return Ok(after);
        }
        self.note_reset(entry, &place, out);
        let after = self.note_whether_it_is_open(entry, after, &place, out)?;
        self.begin_with_all(&after, &place)?;
        let bytes = u64::try_from(entry.bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
        let rotates = matches!(entry.kind, EntryKind::Rotate { .. });
        self.rotations = self.rotations.saturating_add(u64::from(rotates));
        self.note_token(entry);
        self.cursor = place;
        self.history.note(&self.cursor, self.state.digest());
        if !after.effects.is_empty() {
            self.call_the_roll(out);
            self.note_denials(&after, out);
            self.persist_state(out);
        }
        self.follow_move(&after, out)?;
        self.persist(out)?;
        Ok(after)
    }

    fn fold(
        &mut self,
        entry: &Entry,
        signed: Option<(Kind, Signed)>,
        place: &Cursor,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let Some((kind, signed)) = signed else {
            return self.void(entry, out);
        };
        let own = signed.leaf == self.group.own_leaf();
        if own && !self.numbers.gave(kind, signed.number, &signed.hash()) {
            // Signed with this seat's key, and not by this vault: so by a copy of it.
            if self.standing == Standing::Member && holds(Rule::RestoredCopiesAreSilent) {
                self.silence_restored_copy(out);
            }
            return self.void(entry, out);
        }
        if !self.numbers.admits(signed.leaf, kind, signed.number) {
            if own && !own_rule_holds(OwnRule::RepeatsAreNoCopies) {
                self.silence_restored_copy(out);
            }
            match kind {
                Kind::Message if own => self.outbox.unseal(self.area, signed.number, out),
                Kind::Commit if own => self.drop_pending(signed.number, out)?,
                Kind::Message | Kind::Commit => {}
            }
            return self.void(entry, out);
        }
        match kind {
            Kind::Message => {
                let after = self.on_message(&signed, place, world.locks, out)?;
                match entry.kind {
                    // It was to lead elsewhere, and led nowhere.
                    EntryKind::Rotate { next } if after.effects.is_empty() => {
                        self.take_back(next, out);
                    }
                    EntryKind::Rotate { .. } | EntryKind::Append | EntryKind::Reset { .. } => {}
                }
                Ok(after)
            }
            Kind::Commit => self.on_commit(entry, &signed, place, world, out),
        }
    }

    /// What stands in an entry of this epoch and kind, signed by a seat that is in the room.
    fn signed(&self, entry: &Entry) -> Option<(Kind, Signed)> {
        let content = self.keys.envelope.open(&entry.bytes).ok()?;
        let signed = Signed::parse(&content)?;
        let kind = signed.kind_in(&entry.kind)?;
        let start = match signed.arrives(&entry.kind) {
            true => {
                // For those alone who looked for it there.
                self.dark.came_from?;
                start_of_arrival(&self.mailbox)
            }
            false => self.cursor.start,
        };
        let author = self.state.by_leaf(Leaf(signed.leaf))?;
        signed
            .is_by(&author.signature_key, self.present_epoch(), start)
            .then_some((kind, signed))
    }

    /// The group, and what names its present epoch in signatures.
    pub(crate) fn present_epoch(&self) -> (&Group, &[u8; 32]) {
        (&self.group, &self.keys.signed)
    }

    /// It counts from here on, whatever it says.
    pub(crate) fn count(&mut self, kind: Kind, signed: &Signed, out: &mut Out) {
        let place = (kind, signed.number);
        self.numbers.count(self.area, signed.leaf, place, out);
    }

    /// Another head means that the relay shows two histories, another digest, that two nodes fold
    /// differently; or each, that its author's program says what is not so.
    pub(crate) fn compare(&self, by: Leaf, seen: &Seen, out: &mut Out) {
        match self.history.compare(seen) {
            Claim::Agrees => {}
            Claim::OtherLog => doubt(&self.state, by, Alarm::HistoriesDiffer, out),
            Claim::OtherState => doubt(&self.state, by, Alarm::StatesDiffer, out),
        }
    }

    /// This seat's own words and everybody else's take the same way, but for the library, which does
    /// not open what it sealed itself.
    fn on_message(
        &mut self,
        signed: &Signed,
        place: &Cursor,
        locks: &mut Locks,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        self.count(Kind::Message, signed, out);
        let from = Leaf(signed.leaf);
        if from == self.own_leaf() {
            self.attempts.resends.ease();
            let post = self.outbox.echo(self.area, signed.number, out);
            return match post.or_else(|| self.echo_moved(signed.number, out)) {
                Some(post) => self.on_signed_post(signed, post, place, locks, out),
                None => self.void_post(),
            };
        }
        let incoming = self.group.read(signed.message());
        let Some(incoming) = incoming.filter(|incoming| incoming.kind == Kind::Message) else {
            return self.void_post();
        };
        let Opened::Message(bytes) = self.group.open(incoming, signed.leaf)? else {
            return self.void_post();
        };
        match Post::parse(&bytes) {
            Some(post) => self.on_signed_post(signed, post, place, locks, out),
            None => self.void_post(),
        }
    }

    /// MOVED is signed as what it is, and nothing else is: by that its entry leads out of a mailbox, or into
    /// one for those who looked for it there.
    fn on_signed_post(
        &mut self,
        signed: &Signed,
        post: Post,
        place: &Cursor,
        locks: &mut Locks,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let from = Leaf(signed.leaf);
        let Some(to) = post.moves_to() else {
            return match signed.is_move() {
                true => self.void_post(),
                false => self.on_post(from, post, place, locks, out),
            };
        };
        if !signed.is_move() {
            return self.void_post();
        }
        if to.0 != *self.mailbox.as_bytes() {
            if self.is_shut() {
                // Whoever shut the log would be ahead of everybody in the new one as well.
                return self.void_post();
            }
            return self.on_post(from, post, place, locks, out);
        }
        match self.dark.came_from.take() {
            Some(seen) if seen == post.seen => self.on_body(from, post.body, place, locks, out),
            Some(_) | None => self.void_post(),
        }
    }

    /// Counted, without effect. A void rotation is undone by whoever founded the mailbox.
    pub(crate) fn void(&mut self, entry: &Entry, out: &mut Out) -> Result<After, MlsError> {
        self.void_entries = self.void_entries.saturating_add(1);
        match entry.kind {
            EntryKind::Append | EntryKind::Reset { .. } => {}
            EntryKind::Rotate { next } => self.take_back(next, out),
        }
        Ok(After::default())
    }

    fn on_post(
        &mut self,
        from: Leaf,
        post: Post,
        place: &Cursor,
        locks: &mut Locks,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        self.compare(from, &post.seen, out);
        self.on_body(from, post.body, place, locks, out)
    }

    pub(crate) fn void_post(&mut self) -> Result<After, MlsError> {
        self.void_entries = self.void_entries.saturating_add(1);
        Ok(After::default())
    }

    fn on_body(
        &mut self,
        from: Leaf,
        body: Body,
        place: &Cursor,
        locks: &mut Locks,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        match body {
            Body::Event(bytes) => match Posted::decode(&bytes) {
                Ok(posted) => self.on_event(from, posted, place, out),
                // What this room's version does not know is void, whatever programs know.
                Err(_) => self.void_post(),
            },
            Body::Round { round, message } => {
                self.on_round_message(from, round, &message, place, locks, out)
            }
        }
    }

    fn on_event(
        &mut self,
        from: Leaf,
        posted: Posted,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        if !names_a_relay(posted.event()) || self.takes_own_mailbox(posted.event()) {
            return self.void_post();
        }
        let effect = match self.apply(Some(from), place, posted.event(), out) {
            Ok(effect) => effect,
            Err(_) => return self.void_post(),
        };
        if let Some(text) = posted.text() {
            self.keep_message(from, posted.event(), text.text.as_str(), place, out);
        }
        if let Effect::RoundStarted { round, .. } = effect {
            self.attempts.starts.ease();
            self.begin_play(round, place, out);
        }
        if let Effect::RoundOpened { .. } | Effect::WindowBroughtForward { .. } = effect {
            self.watch_window(place, out);
        }
        if self.state.version() > KNOWN_VERSION {
            self.stand(Standing::UpdateProgram, out);
        }
        self.changed(out);
        Ok(After {
            effects: vec![(from, posted.event().clone(), effect)],
            ..After::default()
        })
    }

    fn keep_message(
        &mut self,
        from: Leaf,
        event: &Event,
        text: &str,
        place: &Cursor,
        out: &mut Out,
    ) {
        let (Some(seat), Event::Said(said)) = (self.state.by_leaf(from), event) else {
            return;
        };
        let message = Arc::new(Message {
            index: self.position(place),
            time_ms: place.time.ms(),
            seat: seat.id,
            name: seat.name.as_str().to_owned(),
            role: seat.role,
            text: text.to_owned(),
            id: said.id,
            reply_to: said.reply_to,
        });
        if self.base > 0 && self.has_read(&message) {
            return;
        }
        let key = [b"msg/".as_slice(), &message.index.to_be_bytes()].concat();
        out.write(self.area, key, crate::records::message_row(&message));
        self.messages.push(Arc::clone(&message));
        out.notify(Notice::Said {
            place: self.place,
            message,
        });
    }

    /// Its author did not see it in the mailbox in which the room was before, and says it again here.
    fn has_read(&self, message: &Message) -> bool {
        self.messages.iter().any(|read| {
            (read.id, read.role) == (message.id, message.role)
                && (&read.name, &read.text) == (&message.name, &message.text)
        })
    }
}

/// Nobody can know from here whether that seat's program or the relay is false, so the person is told by whom it
/// came.
pub(crate) fn doubt(state: &State, by: Leaf, alarm: Alarm, out: &mut Out) {
    if let Some(seat) = state.by_leaf(by) {
        let (seat, name) = (seat.id, seat.name.as_str().to_owned());
        out.notify(Notice::Doubted { alarm, seat, name });
    }
    out.notify(Notice::Alarm(alarm));
}
