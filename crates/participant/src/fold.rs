//! One entry of a room's log: opened, judged, folded. Every member comes to the same result,
//! whatever the entry is; what has no effect is counted and never sent on.

use std::sync::Arc;

use room::{Effect, Event, Leaf, Posted};
use wire::{Entry, EntryKind};
use zeroize::Zeroizing;

use crate::commits::ForeignCommit;
use crate::cursor::{Claim, Cursor};
use crate::envelope::MarkKey;
use crate::locks::Locks;
use crate::mls::{MlsError, Opened};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::outbox::{Echo, entry_hash};
use crate::post::{Body, InvalidPost, Post};
use crate::roll::Roll;
use crate::room_log::{RoomLog, Standing};
use crate::view::Message;

/// What the rest of the participant must do after an entry.
#[derive(Default)]
pub(crate) struct After {
    /// Events that concern more than this room, with their authors.
    pub(crate) effects: Vec<(Leaf, Event, Effect)>,
    /// This node's own commit stands: those it added must be welcomed.
    pub(crate) welcome: Option<crate::commits::Made>,
    /// The entry names a place of the plenary's log that is not folded yet: come back later.
    pub(crate) held: bool,
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
    pub(crate) mark: &'a MarkKey,
    /// The plenary's roll and how far it goes; for the plenary itself none.
    pub(crate) plenary: Option<(&'a Roll, u64)>,
    pub(crate) locks: &'a mut Locks,
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
        let Ok(place) = self.cursor.after(entry) else {
            self.stand(Standing::LogDamaged, out);
            self.persist(out)?;
            return Ok(After::default());
        };
        let after = self.fold(entry, &place, world, out)?;
        if after.held {
            return Ok(after);
        }
        self.cursor = place;
        self.history.note(&self.cursor, self.state.digest());
        if !after.effects.is_empty() {
            self.call_the_roll(out);
            self.persist_state(out);
        }
        self.persist(out)?;
        Ok(after)
    }

    fn fold(
        &mut self,
        entry: &Entry,
        place: &Cursor,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let Ok(content) = self.keys.envelope.open(&entry.bytes) else {
            return self.void(entry, out);
        };
        match self.group.open(&content) {
            Ok(Opened::Own) => self.on_own(entry, &content, place, world, out),
            Ok(Opened::Application { leaf, bytes }) => match entry.kind {
                EntryKind::Append => self.on_post(Leaf(leaf), &bytes, place, world.locks, out),
                EntryKind::Rotate { .. } | EntryKind::Reset { .. } => self.void(entry, out),
            },
            Ok(Opened::Commit { leaf, aad, commit }) => {
                let foreign = ForeignCommit {
                    by: Leaf(leaf),
                    aad,
                    commit,
                };
                self.on_foreign_commit(entry, place, foreign, world, out)
            }
            Err(_) => self.void(entry, out),
        }
    }

    /// Counted, without effect. A void rotation is undone by whoever founded the mailbox.
    pub(crate) fn void(&mut self, entry: &Entry, out: &mut Out) -> Result<After, MlsError> {
        self.void_entries = self.void_entries.saturating_add(1);
        match entry.kind {
            EntryKind::Append | EntryKind::Reset { .. } => {}
            EntryKind::Rotate { .. } => self.reset_rotation(out),
        }
        Ok(After::default())
    }

    fn on_own(
        &mut self,
        entry: &Entry,
        content: &Zeroizing<Vec<u8>>,
        place: &Cursor,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        if self
            .pending
            .as_ref()
            .is_some_and(|p| p.entry_hash == entry_hash(&entry.bytes))
        {
            return self.on_own_commit(entry, place, world, out);
        }
        match self.outbox.echo(self.area, &entry.bytes, out) {
            Echo::Of(body) if entry.kind == EntryKind::Append => {
                self.on_body(self.own_leaf(), body, place, world.locks, out)
            }
            Echo::Of(_) | Echo::Repeated => self.void(entry, out),
            Echo::Unknown => {
                // Only this vault or a copy of it can make the mark: anything else is a forgery
                // by another member, who must not be able to silence this seat.
                if world.mark.wrote(&entry.bytes, content) && self.standing == Standing::Member {
                    self.silence_restored_copy(out);
                }
                self.void(entry, out)
            }
        }
    }

    fn on_post(
        &mut self,
        from: Leaf,
        bytes: &[u8],
        place: &Cursor,
        locks: &mut Locks,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let post = match Post::parse(bytes) {
            Ok(post) => post,
            Err(InvalidPost::Damaged) => return self.void_post(),
            Err(InvalidPost::UnknownKind) => return self.stop_for_update(out),
        };
        match self.history.compare(&post.seen) {
            Claim::Agrees => {}
            Claim::OtherLog => out.notify(Notice::Alarm(Alarm::HistoriesDiffer)),
            Claim::OtherState => out.notify(Notice::Alarm(Alarm::StatesDiffer)),
        }
        self.on_body(from, post.body, place, locks, out)
    }

    pub(crate) fn void_post(&mut self) -> Result<After, MlsError> {
        self.void_entries = self.void_entries.saturating_add(1);
        Ok(After::default())
    }

    fn stop_for_update(&mut self, out: &mut Out) -> Result<After, MlsError> {
        self.stand(Standing::UpdateProgram, out);
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
                Err(error) if error.needs_update() => self.stop_for_update(out),
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
        let effect = match self
            .state
            .apply(Some(from), place.time.ms(), posted.event())
        {
            Ok(effect) => effect,
            Err(_) => return self.void_post(),
        };
        if let Some(text) = posted.text() {
            self.keep_message(from, posted.event(), text.text.as_str(), place, out);
        }
        if let Effect::RoundStarted { round, .. } = effect {
            self.begin_play(round, place, out);
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
            index: place.next.saturating_sub(1),
            time_ms: place.time.ms(),
            seat: seat.id,
            name: seat.name.as_str().to_owned(),
            side: seat.role.side().map(|side| side.0),
            text: text.to_owned(),
            id: said.id,
            reply_to: said.reply_to,
        });
        let key = [b"msg/".as_slice(), &message.index.to_be_bytes()].concat();
        out.write(self.area, key, crate::records::message_row(&message));
        self.messages.push(Arc::clone(&message));
        out.notify(Notice::Said {
            place: self.place,
            message,
        });
    }
}
