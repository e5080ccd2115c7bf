//! Where the log may go on while nothing comes from its relay. What stands in announced places is judged on
//! the side: the room must never be changed before a MOVED is found that leads on from where this node stands.

use std::collections::BTreeMap;

use room::{Announced, Leaf, Posted};
use wire::{Entry, EntryKind, MailboxId, Timestamp};

use crate::cursor::Cursor;
use crate::epoch_keys::{envelope_in, token_for};
use crate::limits::{DARK_MS, LOOKED_MOVES};
use crate::mls::{Kind, MlsError, Opened};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::own_place::{address_of, names_a_relay};
use crate::participant::Participant;
use crate::post::{Body, Post, Seen};
use crate::room_log::RoomLog;
use crate::rules::{Rule, holds};
use crate::signed::{Signed, start_of_arrival};
use crate::standing::Standing;
use crate::step::Subscription;

/// How the plenary's log is looked for where nothing comes from its relay.
#[derive(Default)]
pub(crate) struct Dark {
    /// Since when nothing comes.
    since: Option<Timestamp>,
    /// For so long that places are looked at.
    pub(crate) searching: bool,
    looked: BTreeMap<MailboxId, Looked>,
    /// Where this node stood when it found that the room had moved, until what led it is folded.
    pub(crate) came_from: Option<Seen>,
    /// A convenor says that the log goes on at a place to which nothing leads from here.
    pub(crate) elsewhere: bool,
    /// The log ends with an entry that took this epoch's token away.
    pub(crate) token_taken: bool,
    /// The relay answers, and refuses this seat's token.
    pub(crate) is_refused: bool,
}

impl Dark {
    /// What a vault remembers of it.
    pub(crate) fn of(token_taken: bool, elsewhere: bool) -> Dark {
        Dark {
            token_taken,
            elsewhere,
            ..Dark::default()
        }
    }
}

/// How far a place was read, as if the log went on there from where this node stands.
pub(crate) struct Looked {
    cursor: Cursor,
    bytes: u64,
    rotations: u64,
    /// MOVEDs that were opened there.
    opened: usize,
    /// Everything that stands there was handed over, and the connection lives.
    is_live: bool,
}

/// What an entry of a place is to whoever looks there.
enum Leads {
    /// The log goes on with it.
    On,
    /// Its convenor says so, and nothing leads there from here.
    Elsewhere,
    Nowhere,
}

impl Looked {
    fn from(cursor: &Cursor, mailbox: &MailboxId) -> Looked {
        Looked {
            cursor: cursor.continued(mailbox),
            bytes: 0,
            rotations: 0,
            opened: 0,
            is_live: false,
        }
    }

    fn pass(&mut self, entry: &Entry, after: Cursor) {
        let bytes = u64::try_from(entry.bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
        let rotates = matches!(entry.kind, EntryKind::Rotate { .. });
        self.rotations = self.rotations.saturating_add(u64::from(rotates));
        self.cursor = after;
    }
}

impl RoomLog {
    /// Since when nothing comes from the relay, and whether to look where the log may go on.
    pub(crate) fn note_darkness(&mut self, out: &mut Out) {
        let reads = matches!(self.standing, Standing::Member | Standing::LeftBehind);
        // Somebody rotated the token away, and the relay says so: whoever may reset undoes it, or does not.
        let is_shut_out = self.dark.token_taken && self.dark.is_refused;
        if self.live_since.is_some() || !reads || is_shut_out {
            return self.leave_the_dark();
        }
        let due = self.dark.since.get_or_insert(out.now()).plus_ms(DARK_MS);
        self.dark.searching = due <= out.now();
        if !self.dark.searching {
            out.wake_at(due);
        }
    }

    /// The relay shows the log. What was read elsewhere was read from where this node stood.
    pub(crate) fn leave_the_dark(&mut self) {
        (self.dark.since, self.dark.searching) = (None, false);
        self.dark.looked.clear();
    }

    /// Whether the log ends, for whoever has this epoch's token, with an entry that took that away.
    pub(crate) fn note_token(&mut self, entry: &Entry) {
        let own = self.keys.token.hash();
        self.dark.token_taken = match entry.kind {
            EntryKind::Append => false,
            EntryKind::Rotate { next } => next != own,
            EntryKind::Reset { token, .. } => token != own,
        };
    }

    /// What its owner must know of the room as it is now.
    pub(crate) fn alarms_of_now(&self) -> impl Iterator<Item = Alarm> + use<> {
        let elsewhere = self.dark.elsewhere.then_some(Alarm::MovedAway);
        self.standing.alarm().into_iter().chain(elsewhere)
    }

    /// Where this node asks beside its own mailbox: at the place that it moves the room to, and, while it
    /// hears nothing, at those that convenors announced.
    pub(crate) fn places_to_look(&self) -> Vec<Subscription> {
        let own = self
            .own_place
            .as_ref()
            .filter(|own| own.wanted || self.is_used_up());
        let own = own.map(|own| (own.relay.clone(), own.mailbox(), own.made.is_some()));
        let announced = self.state.places().iter().filter(|_| self.dark.searching);
        let announced = announced.filter_map(|announced| {
            let mailbox = MailboxId::new(announced.place.mailbox.0);
            Some((address_of(&announced.place.relay)?, mailbox, true))
        });
        let mut places: Vec<Subscription> = Vec::new();
        for (relay, mailbox, exists) in own.into_iter().chain(announced) {
            let Ok(token) = token_for(&self.group, mailbox) else {
                continue;
            };
            let looked = self.dark.looked.get(&mailbox);
            if mailbox != self.mailbox && places.iter().all(|one| one.mailbox != mailbox) {
                places.push(Subscription {
                    relay,
                    mailbox,
                    token,
                    from: looked.map_or(0, |looked| looked.cursor.next),
                    exists: exists && self.dark.searching,
                });
            }
        }
        places
    }

    /// Whether what comes from a place from now on comes live.
    pub(crate) fn note_place(&mut self, mailbox: MailboxId, is_live: bool) {
        let mut places = self.state.places().iter();
        let is_place = places.any(|one| one.place.mailbox.0 == *mailbox.as_bytes());
        if self.dark.searching && is_place && mailbox != self.mailbox {
            let cursor = &self.cursor;
            let looked = self.dark.looked.entry(mailbox);
            let looked = looked.or_insert_with(|| Looked::from(cursor, &mailbox));
            looked.is_live = is_live;
        }
    }

    /// What this entry of a place is to a node that stands where this one does. Nothing is used up by it.
    fn judge_place(
        &mut self,
        announced: &Announced,
        looked: &mut Looked,
        entry: &Entry,
        out: &mut Out,
    ) -> Result<Leads, MlsError> {
        let Some(signed) = self.says_moved(announced, entry) else {
            return Ok(Leads::Nowhere);
        };
        if !holds(Rule::MovesAreJudgedFirst) {
            return Ok(Leads::On);
        }
        // Whether the chain of the place is whole decides no less than what stands in it.
        let Some(after) = looked.cursor.after(entry) else {
            return Ok(Leads::Elsewhere);
        };
        looked.opened = looked.opened.saturating_add(1);
        let looks = looked.opened <= LOOKED_MOVES;
        let post = match looks {
            true => self.post_of_move(&signed, out)?,
            false => None,
        };
        let leads = post.is_some_and(|post| self.leads_on(announced, &post, signed.leaf, &after));
        Ok(match leads {
            true => Leads::On,
            false => Leads::Elsewhere,
        })
    }

    /// Did whoever announced this place say there that the log goes on in it?
    fn says_moved(&self, announced: &Announced, entry: &Entry) -> Option<Signed> {
        let mailbox = MailboxId::new(announced.place.mailbox.0);
        let envelope = envelope_in(&self.group, mailbox).ok()?;
        let signed = Signed::parse(&envelope.open(&entry.bytes).ok()?)?;
        let seat = self.state.seat(announced.seat)?;
        let says = matches!(entry.kind, EntryKind::Append)
            && signed.is_move()
            && signed.leaf == seat.leaf.0
            && signed.is_by(
                &seat.signature_key,
                self.present_epoch(),
                start_of_arrival(&mailbox),
            );
        says.then_some(signed)
    }

    /// What a MOVED in a place says, where it would count here. The library opens a message once: it does so on
    /// a copy, and what it used up is put back.
    fn post_of_move(&mut self, signed: &Signed, out: &mut Out) -> Result<Option<Post>, MlsError> {
        let kind = Kind::Message;
        if signed.leaf == self.group.own_leaf() {
            if self.numbers.gave(kind, signed.number, &signed.hash()) {
                return Ok(self.moving_post(signed.number));
            }
            if self.standing == Standing::Member {
                self.silence_restored_copy(out);
            }
            return Ok(None);
        }
        let counts = self.numbers.admits(signed.leaf, kind, signed.number);
        let incoming = self.group.read(signed.message());
        let Some(incoming) = incoming.filter(|one| counts && one.kind == kind) else {
            return Ok(None);
        };
        self.persist(out)?;
        let opened = self.group.open(incoming, signed.leaf)?;
        self.group.go_back()?;
        Ok(match opened {
            Opened::Message(bytes) => Post::parse(&bytes),
            Opened::Commit(_) | Opened::Unreadable | Opened::Nothing => None,
        })
    }

    /// Is it MOVED to this very place, from exactly where this node stands, by somebody who may?
    fn leads_on(&self, announced: &Announced, post: &Post, leaf: u32, after: &Cursor) -> bool {
        let Body::Event(bytes) = &post.body else {
            return false;
        };
        let Ok(posted) = Posted::decode(bytes) else {
            return false;
        };
        let here = post.moves_to() == Some(announced.place.mailbox);
        let event = posted.event();
        let mut ahead = self.state.clone();
        here && post.seen == self.seen()
            && names_a_relay(event)
            && ahead
                .apply(Some(Leaf(leaf)), after.clock.ms(), event)
                .is_ok()
    }

    /// The log goes on at a place, right before the entry that leads there: what stands before that is void, and
    /// uses up nothing of anybody's.
    fn enter_place(
        &mut self,
        announced: &Announced,
        looked: &Looked,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        self.dark.came_from = Some(self.seen());
        let echoes = self.moving.take();
        self.go_to(&announced.place, announced.seat, out)?;
        self.moving = echoes;
        self.cursor = looked.cursor;
        self.history.note(&self.cursor, self.state.digest());
        (self.bytes, self.rotations) = (looked.bytes, looked.rotations);
        self.dark.elsewhere = false;
        self.stand(Standing::Member, out);
        Ok(())
    }

    /// Its owner is told once, and again after it was over.
    fn note_elsewhere(&mut self, out: &mut Out) -> Result<(), MlsError> {
        if std::mem::replace(&mut self.dark.elsewhere, true) {
            return Ok(());
        }
        out.notify(Notice::Alarm(Alarm::MovedAway));
        self.changed(out);
        out.durable();
        self.persist(out)
    }
}

impl Participant {
    /// An entry of a place at which this node looks, because it hears nothing any more.
    pub(crate) fn on_place_entry(
        &mut self,
        mailbox: MailboxId,
        entry: &Entry,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(log) = self.plenary.as_mut().filter(|log| log.dark.searching) else {
            return Ok(());
        };
        let mut places = log.state.places().iter();
        let announced = places.find(|one| one.place.mailbox.0 == *mailbox.as_bytes());
        let Some(announced) = announced.cloned() else {
            return Ok(());
        };
        let looked = log.dark.looked.remove(&mailbox);
        let mut looked = looked.unwrap_or_else(|| Looked::from(&log.cursor, &mailbox));
        if entry.index < looked.cursor.next {
            log.dark.looked.insert(mailbox, looked);
            return Ok(());
        }
        match log.judge_place(&announced, &mut looked, entry, out)? {
            Leads::On => {
                log.enter_place(&announced, &looked, out)?;
                self.on_plenary_entry(entry, out)?;
                // Nothing else tells it: the connection goes on as it was.
                return match looked.is_live {
                    true => self.on_caught_up(mailbox, out),
                    false => Ok(()),
                };
            }
            Leads::Elsewhere => log.note_elsewhere(out)?,
            Leads::Nowhere => {}
        }
        if let Some(after) = looked.cursor.after(entry) {
            looked.pass(entry, after);
        }
        log.dark.looked.insert(mailbox, looked);
        Ok(())
    }
}
