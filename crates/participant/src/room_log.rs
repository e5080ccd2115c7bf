//! One room as this seat holds it: its MLS group, the fold of its log, what waits to be said.
//! The log is folded one entry at a time; a step's rows describe the room after that entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use room::{Arrival, Effect, Event, Leaf, OpenHash, SeatId, State};
use wire::{CreationRight, FounderSecret, LogHead, MailboxId, Refusal, RelayAddress, Timestamp};

use crate::command::Place;
use crate::commits::Pending;
use crate::cursor::{Cursor, History};
use crate::epoch_keys::EpochKeys;
use crate::fold::After;
use crate::looking::Dark;
use crate::mls::{Group, MlsError};
use crate::moving::{Led, Moving};
use crate::notice::Notice;
use crate::numbers::Numbers;
use crate::out::Out;
use crate::outbox::Outbox;
use crate::own_place::OwnPlace;
use crate::patience::Attempts;
use crate::play::Play;
use crate::post::Seen;
use crate::relay_clock::RelayClock;
use crate::roll::Roll;
use crate::standing::Standing;
use crate::step::{Area, Op, Row, Subscription};
use crate::view::{Message, Opening};

/// One room.
pub(crate) struct RoomLog {
    pub(crate) area: Area,
    pub(crate) place: Place,
    pub(crate) relay: RelayAddress,
    pub(crate) mailbox: MailboxId,
    pub(crate) group: Group,
    pub(crate) keys: EpochKeys,
    pub(crate) state: State,
    pub(crate) cursor: Cursor,
    pub(crate) history: History,
    pub(crate) outbox: Outbox,
    pub(crate) numbers: Numbers,
    pub(crate) pending: Option<Pending>,
    pub(crate) play: Option<Play>,
    pub(crate) founder: Option<FounderSecret>,
    /// Entries of the mailboxes in which this room was before.
    pub(crate) base: u64,
    /// Kept in the plenary alone.
    pub(crate) roll: Roll,
    /// The first index of the present epoch.
    pub(crate) epoch_start: u64,
    /// The log's head before it.
    pub(crate) epoch_head: LogHead,
    /// A reset of the token is due, and is asked for at this time again.
    pub(crate) reset: Option<Timestamp>,
    pub(crate) own_seat: SeatId,
    pub(crate) standing: Standing,
    pub(crate) messages: Vec<Arc<Message>>,
    pub(crate) results: Vec<Arc<Opening>>,
    pub(crate) void_entries: u64,
    pub(crate) relay_clock: RelayClock,
    /// In a caucus: somebody whom the plenary shows as gone can still read here. What is to be said waits.
    pub(crate) gone_sits: bool,
    /// Since when everything in the log is here and the connection lives.
    pub(crate) live_since: Option<Timestamp>,
    /// Since when this seat cannot follow.
    pub(crate) behind_since: Option<Timestamp>,
    /// Since when the relay refuses this seat's token.
    pub(crate) refused_since: Option<Timestamp>,
    /// What waits for the log is to be sent again.
    pub(crate) resend: bool,
    pub(crate) attempts: Attempts,
    /// The place to which this convenor's room may move, and a MOVED on its way.
    pub(crate) own_place: Option<OwnPlace>,
    /// The one that gives way to it.
    pub(crate) left_place: Option<OwnPlace>,
    pub(crate) moving: Option<Moving>,
    /// Who led the room to the relay on which it is, where it was on another one before.
    pub(crate) led: Option<Led>,
    /// How the log is looked for where nothing comes from its relay.
    pub(crate) dark: Dark,
    /// Until then what waits to be said in a caucus waits for colleagues.
    pub(crate) gathers_until: Option<Timestamp>,
    /// Bytes that this node has seen in the mailbox.
    pub(crate) bytes: u64,
    /// Rotations that this node has seen in the mailbox.
    pub(crate) rotations: u64,
    /// The relay takes no more entries there.
    pub(crate) full: bool,
    /// The mailbox is there: known to whoever did not found it.
    pub(crate) exists: bool,
    pub(crate) create_frame: Option<u64>,
    pub(crate) create_again: bool,
    /// The terms to which this process has said READY.
    pub(crate) said_ready: Option<OpenHash>,
    /// Somebody else speaks for this seat in Rounds.
    #[cfg(feature = "liar")]
    pub(crate) muted: bool,
}

/// What a room begins with.
pub(crate) struct Beginning {
    pub(crate) area: Area,
    pub(crate) place: Place,
    pub(crate) relay: RelayAddress,
    pub(crate) mailbox: MailboxId,
    pub(crate) group: Group,
    pub(crate) state: State,
    pub(crate) cursor: Cursor,
    pub(crate) founder: Option<FounderSecret>,
    pub(crate) base: u64,
}

impl RoomLog {
    /// A room that this seat founded or has just joined.
    pub(crate) fn begin(beginning: Beginning, out: &mut Out) -> Result<RoomLog, MlsError> {
        let Beginning {
            area,
            place,
            relay,
            mailbox,
            group,
            state,
            cursor,
            founder,
            base,
        } = beginning;
        let own_seat = state
            .by_leaf(Leaf(group.own_leaf()))
            .map_or(SeatId(u32::MAX), |s| s.id);
        let mut log = RoomLog {
            keys: EpochKeys::beginning(&group, (&relay, mailbox), &cursor, &state)?,
            area,
            place,
            relay,
            mailbox,
            group,
            state,
            cursor,
            history: History::default(),
            outbox: Outbox::default(),
            numbers: Numbers::default(),
            pending: None,
            play: None,
            exists: founder.is_none(),
            founder,
            base,
            full: false,
            own_place: None,
            left_place: None,
            moving: None,
            led: None,
            dark: Dark::default(),
            gathers_until: None,
            bytes: 0,
            rotations: 0,
            roll: Roll::default(),
            epoch_start: cursor.next,
            epoch_head: cursor.head,
            reset: None,
            own_seat,
            standing: Standing::Member,
            messages: Vec::new(),
            results: Vec::new(),
            void_entries: 0,
            relay_clock: RelayClock::default(),
            gone_sits: false,
            live_since: None,
            behind_since: None,
            refused_since: None,
            said_ready: None,
            resend: false,
            attempts: Attempts::default(),
            create_frame: None,
            create_again: false,
            #[cfg(feature = "liar")]
            muted: false,
        };
        log.arrive(out)?;
        Ok(log)
    }

    /// Keeps what was entered, and says which room it is: whoever was handed another than the others have
    /// says by it that it is not in theirs.
    fn arrive(&mut self, out: &mut Out) -> Result<(), MlsError> {
        self.state.await_seated(self.keys.begun_hash());
        self.history.note(&self.cursor, self.state.digest());
        self.call_the_roll(out);
        self.persist_state(out);
        self.persist(out)?;
        let own = self.state.seat(self.own_seat).map(|seat| seat.arrival);
        if let Some(Arrival::Awaited(begun)) = own {
            self.post_event(Event::Arrived(begun), out);
        }
        Ok(())
    }

    /// Another group takes this room's place in the vault; what was read and what waits to be said stays.
    pub(crate) fn wipe(&mut self, out: &mut Out) {
        for key in self.group.rows() {
            out.remove(self.area, [b"mls/".as_slice(), key.as_slice()].concat());
        }
        self.numbers.enter_epoch(self.area, out);
        self.outbox.enter_epoch(self.area, out);
        out.remove(self.area, "pending");
        self.end_play(out);
    }

    /// The place and the library's rows, after every input that touched them.
    pub(crate) fn persist(&mut self, out: &mut Out) -> Result<(), MlsError> {
        for (key, value) in self.group.changes()? {
            let key = [b"mls/".as_slice(), &key].concat();
            out.row(Row {
                area: self.area,
                key,
                value,
            });
        }
        out.write(self.area, "room", crate::records::room_row(self));
        Ok(())
    }

    pub(crate) fn persist_state(&self, out: &mut Out) {
        out.write(self.area, "state", self.state.encode());
    }

    pub(crate) fn call_the_roll(&mut self, out: &mut Out) {
        if self.place == Place::Plenary {
            self.roll.follow(self.area, &self.state, out);
        }
    }

    /// What colleagues say of commits in their caucus.
    pub(crate) fn note_denials(&mut self, after: &After, out: &mut Out) {
        let own = self.state.seat(self.own_seat);
        let own = own.and_then(|seat| seat.role.side());
        for (_, event, effect) in &after.effects {
            if let (Event::NotYet(commit), Effect::NotYet { side, .. }) = (event, effect)
                && own == Some(*side)
            {
                self.roll.deny(self.area, *commit, self.state.events(), out);
            }
        }
    }

    pub(crate) fn subscription(&self) -> Subscription {
        Subscription {
            relay: self.relay.clone(),
            mailbox: self.mailbox,
            token: self.keys.token.clone(),
            from: self.cursor.next,
            exists: self.exists,
        }
    }

    /// The founder's node makes the mailbox; the same request again changes nothing. Its first
    /// token is that of the epoch in which the group was founded.
    pub(crate) fn create(&mut self, creation: &CreationRight, out: &mut Out) {
        if let (Some(founder), false) = (&self.founder, self.exists) {
            let op = Op::Create {
                creation: creation.clone(),
                token: self.keys.token.hash(),
                founder: founder.hash(),
            };
            self.create_frame = Some(out.send(self.mailbox, op));
        }
    }

    /// Nobody else can have made it: its name follows from this seat's secret.
    pub(crate) fn on_created(&mut self, result: &Result<u64, Refusal>) {
        self.exists |= matches!(result, Ok(_) | Err(Refusal::Exists));
        self.create_again = !self.exists;
        self.create_frame = None;
        // What has just been made is not full, whatever the relay said when it had no place for it.
        self.full &= !self.exists;
    }

    /// A mailbox that nobody ever wrote to gives way where the relay has no place for another one. Whoever made
    /// it makes it again; nobody else can.
    pub(crate) fn may_have_given_way(&mut self) {
        if self.founder.is_some() && self.cursor.next == 0 {
            self.exists = false;
            self.create_again = true;
        }
    }

    /// A mailbox that the relay did not make is asked for again.
    pub(crate) fn keep_creating(&mut self, creation: &CreationRight, out: &mut Out) {
        if !self.create_again || self.exists {
            return;
        }
        let due = self.attempts.creates.due(out.now());
        if out.now() < due {
            return out.wake_at(due);
        }
        self.create_again = false;
        self.attempts.creates.tried(out.now());
        self.create(creation, out);
    }

    /// Connected, caught up, and allowed to speak.
    pub(crate) fn may_speak(&self) -> bool {
        self.live_since.is_some() && self.standing == Standing::Member
    }

    /// What this node would claim to have seen now.
    pub(crate) fn seen(&self) -> Seen {
        Seen {
            next: self.cursor.next,
            head: self.cursor.head,
            digest: self.state.digest(),
        }
    }

    /// Where an entry stands among all that this seat has read in the room, whatever mailbox it was in.
    pub(crate) fn position(&self, place: &Cursor) -> u64 {
        self.base.saturating_add(place.next.saturating_sub(1))
    }

    /// The relay refuses what members append, because the mailbox has as much as it may have.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    pub(crate) fn own_leaf(&self) -> Leaf {
        Leaf(self.group.own_leaf())
    }

    pub(crate) fn changed(&self, out: &mut Out) {
        out.notify(Notice::Changed(self.place));
    }
}

/// Rows of one kind, with their prefix cut off.
pub(crate) fn rows_under(
    rows: &BTreeMap<Vec<u8>, Vec<u8>>,
    prefix: &[u8],
) -> BTreeMap<Vec<u8>, Vec<u8>> {
    rows.iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(prefix)?.to_vec(), value.clone())))
        .collect()
}
