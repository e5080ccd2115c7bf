//! One seat in one dialogue: its keys, its rooms, the invitations it gave or holds.
//! One input, one step; what a step says is done by the driver, in its order.

use std::collections::{BTreeMap, BTreeSet};

use room::{RoundId, SeatId};
use tls_codec::{DeserializeBytes as _, Serialize as _};
use wire::{CreationRight, CreationSecret, Entry, MailboxId, Refusal, RelayAddress, Timestamp};

use crate::answers::Answers;
use crate::asking::Asking;
use crate::command::Place;
use crate::copies::Unread;
use crate::drafts::Drafts;
use crate::fold::World;
use crate::founding::Planned;
use crate::guests::{Guest, Lobby};
use crate::held::HeldEntries;
use crate::limits::DOUBTED_SEATS;
use crate::locks::Locks;
use crate::mls::{MlsError, SeatKey, Waiting};
use crate::notice::{Alarm, Declined, Notice, StayedHome};
use crate::out::Out;
use crate::patience::Patience;
use crate::records::{DamagedVault, Rows, load_room};
use crate::relays::Relays;
use crate::retractable::Retractable;
use crate::returned::Returned;
use crate::room_log::{RoomLog, rows_under};
use crate::speak::Desk;
use crate::standing::Standing;
use crate::step::{Area, Ctx, Input, Step, Subscription};
use crate::welcomes::Welcomes;

/// The seat's own rows: keys, locks, invitations.
pub(crate) const SEAT_AREA: Area = 0;
pub(crate) const PLENARY_AREA: Area = 1;
pub(crate) const CAUCUS_AREA: Area = 2;

/// Rows of a key package that waits, and of a group.
pub(crate) const WAITING: &[u8] = b"wait/";

/// What makes this vault a seat.
pub(crate) struct Identity {
    pub(crate) key: SeatKey,
    pub(crate) relays: Relays,
    pub(crate) creation: CreationRight,
}

/// A caucus key package that waits to be added.
pub(crate) struct CaucusGuest {
    pub(crate) key_package: Vec<u8>,
    pub(crate) seen_at: Timestamp,
}

/// One seat's whole protocol core.
pub struct Participant {
    pub(crate) identity: Option<Identity>,
    pub(crate) asking: Option<Asking>,
    pub(crate) plenary: Option<RoomLog>,
    pub(crate) caucus: Option<RoomLog>,
    pub(crate) caucus_waiting: Option<Waiting>,
    pub(crate) welcomes: Welcomes,
    pub(crate) caucus_guests: BTreeMap<SeatId, CaucusGuest>,
    /// When seats came back to the caucus, by signature key.
    pub(crate) came_back: BTreeMap<Vec<u8>, Timestamp>,
    pub(crate) lobbies: BTreeMap<MailboxId, Lobby>,
    pub(crate) guests: BTreeMap<[u8; 32], Guest>,
    pub(crate) removals: BTreeSet<SeatId>,
    /// A caucus that this seat is about to found.
    pub(crate) planned: Option<Planned>,
    pub(crate) without_caucus_since: Option<Timestamp>,
    /// Foundings of a caucus that had no effect.
    pub(crate) foundings: Patience,
    pub(crate) locks: Locks,
    pub(crate) drafts: Drafts,
    pub(crate) answers: Answers,
    pub(crate) retractable: Retractable,
    pub(crate) returned: Returned,
    pub(crate) present: bool,
    /// The last text that stayed home since the program started, and why.
    pub(crate) stayed_home: Option<(RoundId, StayedHome)>,
    /// Why the last request for a seat led to none.
    pub(crate) declined: Option<Declined>,
    pub(crate) alarms: BTreeSet<Alarm>,
    /// By whose entries the alarms about histories and states came.
    pub(crate) doubted: BTreeMap<(Alarm, SeatId), String>,
    pub(crate) held: HeldEntries,
    /// When the plenary may be hurried once more, and when another key package for the caucus published.
    pub(crate) hurries: Patience,
    pub(crate) renewals: Patience,
    pub(crate) unread: Unread,
    next_frame: u64,
}

impl Participant {
    /// Rebuilds a seat from its vault: the rows of every area; of an empty vault, a fresh one.
    pub fn load(mut areas: BTreeMap<Area, Rows>) -> Result<Participant, DamagedVault> {
        let seat = areas.remove(&SEAT_AREA).unwrap_or_default();
        let plenary = areas.remove(&PLENARY_AREA).unwrap_or_default();
        let caucus = areas.remove(&CAUCUS_AREA).unwrap_or_default();
        let mut participant = Participant {
            identity: Identity::load(&seat)?,
            asking: Asking::load(&seat, &plenary)?,
            plenary: load_room(PLENARY_AREA, &plenary)?,
            caucus: load_room(CAUCUS_AREA, &caucus)?,
            caucus_waiting: None,
            welcomes: Welcomes::load(&caucus)?,
            caucus_guests: crate::seating::load_caucus_guests(&seat)?,
            came_back: BTreeMap::new(),
            lobbies: crate::guests::load_lobbies(&seat)?,
            guests: crate::guests::load_guests(&seat)?,
            removals: crate::guests::load_removals(&seat)?,
            planned: Planned::load(&seat)?,
            without_caucus_since: None,
            foundings: Patience::default(),
            locks: Locks::load(&seat).ok_or(DamagedVault("lock"))?,
            drafts: Drafts::load(&seat).ok_or(DamagedVault("draft"))?,
            answers: Answers::load(&seat).ok_or(DamagedVault("answers"))?,
            retractable: Retractable::load(&seat).ok_or(DamagedVault("held"))?,
            returned: Returned::load(&seat).ok_or(DamagedVault("returned"))?,
            present: false,
            stayed_home: None,
            declined: None,
            alarms: BTreeSet::new(),
            doubted: BTreeMap::new(),
            held: HeldEntries::default(),
            hurries: Patience::default(),
            renewals: Patience::default(),
            unread: Unread::default(),
            next_frame: 1,
        };
        if let Some(package) = caucus.get(b"key_package".as_slice()) {
            let waiting = Waiting::load(rows_under(&caucus, WAITING), package.clone());
            participant.caucus_waiting = Some(waiting.map_err(|_| DamagedVault("mls"))?);
        }
        let rooms = [&participant.plenary, &participant.caucus];
        let rooms = rooms.into_iter().flatten();
        let alarms = rooms.clone().flat_map(RoomLog::alarms_of_now);
        let alarms: Vec<Alarm> = alarms.collect();
        participant.unread = Unread::all(rooms);
        participant.alarms.extend(alarms);
        Ok(participant)
    }

    /// The logs that the driver must follow now.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        // Whoever is removed from the plenary goes from the caucus too, by what it does not read any more.
        let plenary = self.plenary.as_ref();
        let seated = plenary.is_some_and(|log| log.standing != Standing::Removed);
        let caucus = self.caucus.as_ref();
        let caucus = caucus.filter(|_| seated && !self.held.is_full());
        let rooms = self.plenary.iter().chain(caucus);
        let rooms = rooms
            .filter(|log| log.standing.reads())
            .map(RoomLog::subscription);
        let places = self.plenary.iter().flat_map(RoomLog::places_to_look);
        let lobbies = self.lobbies.values().filter(|lobby| !lobby.done);
        let asking = self.asking.iter().map(Asking::subscription);
        let wanted = rooms
            .chain(places)
            .chain(lobbies.map(Lobby::subscription))
            .chain(asking);
        Subscription::one_each(wanted)
    }

    /// Takes one input. An error means that the step must not be used: the driver drops this
    /// participant and loads it again from the vault, which has nothing of the failed step.
    pub fn handle(&mut self, input: Input, ctx: &mut Ctx) -> Result<Step, MlsError> {
        self.step(ctx, |this, out| this.take(input, out))
    }

    /// Gives `act` a step to fill, and then says what has become due.
    pub(crate) fn step<E: From<MlsError>>(
        &mut self,
        ctx: &mut Ctx,
        act: impl FnOnce(&mut Participant, &mut Out) -> Result<(), E>,
    ) -> Result<Step, E> {
        let mut next_frame = self.next_frame;
        let mut out = Out::new(ctx, &mut next_frame);
        self.unread.start(out.now());
        act(self, &mut out)?;
        self.silence_copy(&mut out);
        self.settle(&mut out)?;
        let mut step = out.finish();
        if self.is_copy() {
            step.send.clear();
        }
        self.next_frame = next_frame;
        self.remember(&step);
        Ok(step)
    }

    /// What a page has to show longer than for a moment.
    fn remember(&mut self, step: &Step) {
        let rooms = [&self.plenary, &self.caucus].into_iter().flatten();
        let now: Vec<Alarm> = rooms.flat_map(RoomLog::alarms_of_now).collect();
        for passing in [Alarm::Removed, Alarm::LeftBehind, Alarm::MovedAway] {
            let stays = now.contains(&passing);
            self.alarms.retain(|known| stays || *known != passing);
        }
        for notice in &step.notify {
            match notice {
                Notice::Alarm(alarm) => drop(self.alarms.insert(*alarm)),
                Notice::Doubted { alarm, seat, name } if self.doubted.len() < DOUBTED_SEATS => {
                    self.doubted.insert((*alarm, *seat), name.clone());
                }
                Notice::StayedHome { round, why } => self.stayed_home = Some((*round, *why)),
                Notice::Declined(why) => self.declined = Some(*why),
                Notice::Invited { .. }
                | Notice::Asked { .. }
                | Notice::Approved { .. }
                | Notice::Joined(_)
                | Notice::Said { .. }
                | Notice::Changed(_)
                | Notice::Doubted { .. }
                | Notice::RoundClosed(_) => {}
            }
        }
    }

    fn take(&mut self, input: Input, out: &mut Out) -> Result<(), MlsError> {
        match input {
            Input::Connected { mailbox } => self.on_connected(mailbox, out),
            Input::Log { mailbox, entry } => self.on_entry(mailbox, entry, out),
            Input::CaughtUp { mailbox } => self.on_caught_up(mailbox, out),
            Input::Lost { mailbox } => {
                if let Some(asking) = &mut self.asking {
                    asking.lost(mailbox);
                }
                if let Some(log) = &mut self.plenary {
                    log.note_place(mailbox, false);
                }
                if let Some(log) = self.room_mut(mailbox) {
                    log.lost();
                } else if let Some(lobby) = self.lobbies.get_mut(&mailbox) {
                    lobby.lost();
                }
                Ok(())
            }
            Input::Refused { mailbox } => {
                // All that the token reads was read.
                self.unread.read(mailbox, out.now());
                if let Some(log) = &mut self.plenary {
                    log.note_place(mailbox, false);
                }
                if let Some(log) = self.room_mut(mailbox) {
                    log.refused(out);
                    log.may_have_given_way();
                } else if let Some(lobby) = self.lobbies.get_mut(&mailbox) {
                    lobby.refused();
                }
                Ok(())
            }
            Input::Answer {
                mailbox,
                id,
                result,
            } => self.on_answer(mailbox, id, result, out),
            Input::WrongKey { .. } => {
                out.notify(Notice::Alarm(Alarm::WrongRelayKey));
                Ok(())
            }
            Input::Woken => Ok(()),
        }
    }

    pub(crate) fn room_mut(&mut self, mailbox: MailboxId) -> Option<&mut RoomLog> {
        let rooms = [&mut self.plenary, &mut self.caucus];
        rooms
            .into_iter()
            .flatten()
            .find(|log| log.mailbox == mailbox)
    }

    pub(crate) fn room(&self, place: Place) -> Option<&RoomLog> {
        match place {
            Place::Plenary => self.plenary.as_ref(),
            Place::Caucus => self.caucus.as_ref(),
        }
    }

    fn on_connected(&mut self, mailbox: MailboxId, out: &mut Out) -> Result<(), MlsError> {
        let Some(identity) = &self.identity else {
            return Ok(());
        };
        let creation = identity.creation.clone();
        if let Some(log) = self.room_mut(mailbox) {
            log.create(&creation, out);
        } else if let Some(lobby) = self.lobbies.get_mut(&mailbox) {
            lobby.create(&creation, out);
        }
        Ok(())
    }

    pub(crate) fn on_caught_up(
        &mut self,
        mailbox: MailboxId,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        if !self.held.is_empty() && self.is_caucus(mailbox) {
            // Not all that stands is folded: it goes on with the plenary.
            return Ok(());
        }
        let now = out.now();
        self.unread.read(mailbox, now);
        if let Some(log) = &mut self.plenary {
            log.note_place(mailbox, true);
        }
        if let Some(log) = self.room_mut(mailbox) {
            log.log_goes_on(out);
            log.live_since = Some(now);
            log.resend = true;
            log.changed(out);
        } else if let Some(lobby) = self.lobbies.get_mut(&mailbox) {
            lobby.caught_up(out);
        } else if let Some(asking) = &self.asking {
            asking.resend(out);
        }
        Ok(())
    }

    fn is_place(&self, mailbox: MailboxId) -> bool {
        let mut places = self.plenary.iter().flat_map(|log| log.state.places());
        places.any(|one| one.place.mailbox.0 == *mailbox.as_bytes())
    }

    fn is_caucus(&self, mailbox: MailboxId) -> bool {
        self.caucus
            .as_ref()
            .is_some_and(|log| log.mailbox == mailbox)
    }

    fn on_entry(
        &mut self,
        mailbox: MailboxId,
        entry: Entry,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        if self
            .plenary
            .as_ref()
            .is_some_and(|log| log.mailbox == mailbox)
        {
            self.on_plenary_entry(&entry, out)?;
            self.retry_held(out)
        } else if self.is_caucus(mailbox) {
            self.on_caucus_entry(entry, out)
        } else if self.is_place(mailbox) {
            self.on_place_entry(mailbox, &entry, out)
        } else if self.lobbies.contains_key(&mailbox) {
            self.on_lobby_entry(mailbox, &entry, out)
        } else {
            self.on_asking_entry(mailbox, &entry, out)
        }
    }

    pub(crate) fn on_plenary_entry(
        &mut self,
        entry: &Entry,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(log) = &mut self.plenary else {
            return Ok(());
        };
        let mut world = World {
            plenary: None,
            locks: &mut self.locks,
        };
        let own = log.own_place.as_ref();
        let own = own.map(|own| (own.mailbox(), own.creation.clone()));
        let after = log.on_entry(entry, &mut world, out)?;
        if let (Some((mailbox, creation)), Some(identity)) = (own, &mut self.identity)
            && log.mailbox == mailbox
        {
            // Whom this convenor invites from now on comes to where the room is.
            identity.move_to(log.relay.clone(), creation, out);
        }
        if let (Standing::Removed, Some(caucus)) = (log.standing, &mut self.caucus) {
            caucus.live_since = None;
        }
        self.return_drafts(out);
        self.after_plenary(after, out)
    }

    /// After a Round its draft is gone; where it did not appear (the Round brought no texts, this seat was
    /// absent, its text stayed home) its author gets it back, out of reach of any Round.
    fn return_drafts(&mut self, out: &mut Out) {
        let Some(log) = &self.plenary else { return };
        let open = log.open_name();
        let over = self.drafts.keep_only(SEAT_AREA, open, out);
        self.answers.keep_only(SEAT_AREA, open, out);
        for (name, text) in over {
            out.durable();
            match log.appeared(&name, &text) {
                true => self.returned.write_anew(SEAT_AREA, &text, out),
                false => self.returned.keep(SEAT_AREA, name, text, out),
            }
        }
    }

    fn on_answer(
        &mut self,
        mailbox: MailboxId,
        id: u64,
        result: Result<u64, Refusal>,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        if self.on_grant_ended(id, result.is_ok(), out) {
            return Ok(());
        }
        if let Err(Refusal::DiskFull | Refusal::Quota) = result {
            out.notify(Notice::Alarm(Alarm::RelayFull));
        }
        if let Some(lobby) = self.lobbies.get_mut(&mailbox) {
            lobby.on_answer(id, result.is_ok(), out);
        }
        if let (Some(asking), Err(_)) = (&mut self.asking, &result) {
            asking.refused(mailbox);
        }
        self.on_place_answer(mailbox, id, result, out);
        let Some(log) = self.room_mut(mailbox) else {
            return Ok(());
        };
        if log.create_frame == Some(id) {
            log.on_created(&result);
        }
        log.full |= result == Err(Refusal::Quota);
        if result.is_ok() {
            return Ok(());
        }
        if result == Err(Refusal::Guarded) && log.attempts.guard.is_of(id) {
            log.on_guarded(out);
            return Ok(());
        }
        // The entry that ends the epoch may be on its way here; otherwise the same bytes again.
        log.resend = true;
        Ok(())
    }

    /// Duties, and whatever is due now; every later due time ends up in the step's `wake_at`.
    fn settle(&mut self, out: &mut Out) -> Result<(), MlsError> {
        for log in [&mut self.plenary, &mut self.caucus].into_iter().flatten() {
            log.notice_refusal(out);
        }
        if !self.may_begin(out) {
            return Ok(());
        }
        self.keep_asking(out);
        self.seat_guests(out)?;
        self.end_grants(out);
        self.close_lobbies(out)?;
        self.keep_places(out)?;
        self.keep_welcomes(out)?;
        self.keep_founding(out);
        self.look_who_sits(out);
        self.keep_caucus(out)?;
        self.gather(out);
        self.renew_caucus(out)?;
        self.hurry_plenary(out);
        self.let_go(out);
        let Some(identity) = &self.identity else {
            return Ok(());
        };
        let mut desk = Desk {
            key: &identity.key,
            locks: &mut self.locks,
            drafts: &mut self.drafts,
            answers: &self.answers,
            present: self.present,
        };
        for log in [&mut self.plenary, &mut self.caucus].into_iter().flatten() {
            log.keep_reset(out);
            log.speak(&mut desk, out)?;
        }
        Ok(())
    }
}

impl Identity {
    fn load(rows: &Rows) -> Result<Option<Identity>, DamagedVault> {
        let Some(key) = rows.get(b"seat/key".as_slice()) else {
            return Ok(None);
        };
        let row = |name: &[u8]| rows.get(name).ok_or(DamagedVault("seat"));
        let relays = Relays::of_lines(row(b"seat/relay")?);
        let creation = CreationRight::tls_deserialize_exact_bytes(row(b"seat/creation")?);
        Ok(Some(Identity {
            key: SeatKey::from_vault(key).map_err(|_| DamagedVault("seat"))?,
            relays: relays.ok_or(DamagedVault("seat"))?,
            creation: creation.map_err(|_| DamagedVault("seat"))?,
        }))
    }

    /// Mailboxes are made at another relay from now on.
    fn move_to(&mut self, relay: RelayAddress, creation: CreationSecret, out: &mut Out) {
        self.relays = self.relays.beginning_with(relay);
        self.creation = CreationRight::Relay(creation);
        self.store(out);
    }

    fn store(&self, out: &mut Out) {
        out.write(SEAT_AREA, "seat/relay", self.relays.to_lines());
        let right = self.creation.tls_serialize_detached().expect("33 bytes");
        out.write(SEAT_AREA, "seat/creation", right);
    }

    /// A new seat's keys, on the way into the vault.
    pub(crate) fn generate(
        relays: Relays,
        creation: CreationRight,
        out: &mut Out,
    ) -> Result<Identity, MlsError> {
        let key = SeatKey::generate()?;
        out.write(SEAT_AREA, "seat/key", key.to_vault()?.to_vec());
        out.durable();
        let identity = Identity {
            key,
            relays,
            creation,
        };
        identity.store(out);
        Ok(identity)
    }
}
