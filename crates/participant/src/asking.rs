//! The newcomer's half of a join: a sealed request, and the Welcome that answers it.

use room::{KNOWN_VERSION, Leaf, RoomKind, State};
use tls_codec::DeserializeBytes as _;
use wire::{Entry, MailboxId, RelayAddress};

use crate::command::Place;
use crate::cursor::Cursor;
use crate::envelope::Envelope;
use crate::epoch_keys::snapshot_seal;
use crate::invitation::Invitation;
use crate::lobby::{LobbyMessage, Request, SNAPSHOT_VERSION, Snapshot, Welcome, declined_for};
use crate::mls::{Group, MlsError, Waiting, request_hash};
use crate::notice::{Declined, Notice};
use crate::out::Out;
use crate::own_place::address_of;
use crate::participant::{PLENARY_AREA, Participant, SEAT_AREA, WAITING};
use crate::patience::Patience;
use crate::play::Play;
use crate::records::{DamagedVault, Rows, play_of};
use crate::room_log::{Beginning, RoomLog, rows_under};
use crate::step::{Area, Op, Row, Subscription};

/// A request on its way.
pub(crate) struct Asking {
    pub(crate) invitation: Invitation,
    pub(crate) name: String,
    waiting: Waiting,
    entry: Vec<u8>,
    next: u64,
    /// How often a relay could not be reached: the next one in order is tried.
    attempt: usize,
    /// The relay did not take the request.
    refused: bool,
    again: Patience,
}

/// A room that a Welcome opened, checked against its own snapshot.
pub(crate) struct Entered {
    pub(crate) group: Group,
    pub(crate) state: State,
    pub(crate) cursor: Cursor,
    pub(crate) relay: RelayAddress,
    pub(crate) mailbox: MailboxId,
    pub(crate) play: Option<Play>,
}

impl Asking {
    /// Makes the key package and seals the request.
    pub(crate) fn begin(
        invitation: Invitation,
        name: &str,
        mut waiting: Waiting,
        out: &mut Out,
    ) -> Result<Asking, MlsError> {
        let request = LobbyMessage::Request(Request {
            name: name.as_bytes().into(),
            key_package: waiting.key_package.as_slice().into(),
        });
        let sealed = invitation.envelope().seal(&request.to_bytes(), out.ctx.rng);
        let entry = sealed.map_err(|_| MlsError::too_large())?;
        out.write(SEAT_AREA, "ask/invitation", invitation.to_bytes());
        out.write(SEAT_AREA, "ask/name", name);
        out.write(SEAT_AREA, "ask/entry", entry.as_slice());
        store_waiting(PLENARY_AREA, &mut waiting, out)?;
        Ok(Asking {
            invitation,
            name: name.to_owned(),
            waiting,
            entry,
            next: 0,
            attempt: 0,
            refused: false,
            again: Patience::default(),
        })
    }

    pub(crate) fn load(seat: &Rows, plenary: &Rows) -> Result<Option<Asking>, DamagedVault> {
        let Some(invitation) = seat.get(b"ask/invitation".as_slice()) else {
            return Ok(None);
        };
        let row = |name: &[u8]| seat.get(name).cloned().ok_or(DamagedVault("ask"));
        let package = plenary
            .get(b"key_package".as_slice())
            .cloned()
            .ok_or(DamagedVault("ask"))?;
        let waiting = Waiting::load(rows_under(plenary, WAITING), package);
        Ok(Some(Asking {
            invitation: Invitation::from_bytes(invitation).map_err(|_| DamagedVault("ask"))?,
            name: String::from_utf8(row(b"ask/name")?).map_err(|_| DamagedVault("ask"))?,
            waiting: waiting.map_err(|_| DamagedVault("mls"))?,
            entry: row(b"ask/entry")?,
            next: 0,
            attempt: 0,
            refused: false,
            again: Patience::default(),
        }))
    }

    pub(crate) fn subscription(&self) -> Subscription {
        Subscription {
            relay: self.relay().clone(),
            mailbox: self.invitation.mailbox,
            token: self.invitation.token(),
            from: self.next,
            exists: true,
        }
    }

    fn relay(&self) -> &RelayAddress {
        self.invitation.relays.of_attempt(self.attempt)
    }

    /// The connection is gone or could not be made: the next relay in order is tried.
    pub(crate) fn lost(&mut self, mailbox: MailboxId) {
        if self.invitation.mailbox == mailbox {
            self.attempt = self.attempt.wrapping_add(1);
        }
    }

    pub(crate) fn refused(&mut self, mailbox: MailboxId) {
        self.refused |= self.invitation.mailbox == mailbox;
    }

    /// A request that was refused is sent again, after waiting longer each time.
    fn keep(&mut self, out: &mut Out) {
        let due = self.again.due(out.now());
        match self.refused {
            true if out.now() < due => out.wake_at(due),
            true => {
                self.refused = false;
                self.again.tried(out.now());
                self.resend(out);
            }
            false => {}
        }
    }

    /// Identical bytes: the relay takes them once.
    pub(crate) fn resend(&self, out: &mut Out) {
        let op = Op::Append {
            token: self.invitation.token(),
            bytes: self.entry.clone(),
        };
        out.send(self.invitation.mailbox, op);
    }

    pub(crate) fn request(&self) -> [u8; 32] {
        request_hash(&self.waiting.key_package)
    }
}

/// Keeps a key package's private parts until its Welcome comes.
pub(crate) fn store_waiting(
    area: Area,
    waiting: &mut Waiting,
    out: &mut Out,
) -> Result<(), MlsError> {
    for (key, value) in waiting.changes()? {
        let key = [WAITING, &key].concat();
        out.row(Row { area, key, value });
    }
    out.write(area, "key_package", waiting.key_package.as_slice());
    Ok(())
}

/// Its Welcome came: the group has what it held.
pub(crate) fn forget_waiting(area: Area, waiting: &Waiting, out: &mut Out) {
    for key in waiting.rows() {
        out.remove(area, [WAITING, key.as_slice()].concat());
    }
    out.remove(area, "key_package");
}

/// Joins by a Welcome and checks that the snapshot and the group describe one and the same room.
pub(crate) fn enter(waiting: &Waiting, welcome: &Welcome) -> Option<Entered> {
    let group = waiting.join(welcome.welcome.as_slice()).ok()?;
    let seal = snapshot_seal(&group).ok()?;
    let bytes = seal.open_inner(welcome.snapshot.as_slice()).ok()?;
    let snapshot = Snapshot::tls_deserialize_exact_bytes(&bytes).ok()?;
    if snapshot.version != SNAPSHOT_VERSION {
        return None;
    }
    let state = State::decode(snapshot.state.as_slice()).ok()?;
    let cursor = snapshot.place();
    let play = match snapshot.sequence {
        Some(bytes) => Some(play_of(bytes.as_slice(), group.own_leaf())?),
        None => None,
    };
    let play = play.map(|play| play.in_log_of(&state));
    describes(&state, &group).then_some(())?;
    Some(Entered {
        relay: address_of(&snapshot.relay)?,
        mailbox: MailboxId::new(snapshot.mailbox),
        group,
        state,
        cursor,
        play,
    })
}

/// Every leaf is a seat with the same key, and every seat a leaf.
fn describes(state: &State, group: &Group) -> bool {
    let leaves = group.leaves();
    leaves.len() == state.seats().len()
        && leaves.iter().all(|leaf| {
            let seat = state.by_leaf(Leaf(leaf.leaf));
            seat.is_some_and(|seat| seat.signature_key == leaf.signature_key)
        })
}

/// The snapshot of a room's present state, sealed for those who are in its present epoch.
pub(crate) fn welcome_for(
    log: &RoomLog,
    request: [u8; 32],
    welcome: &[u8],
    out: &mut Out,
) -> Result<Welcome, MlsError> {
    let sequence = log.play.as_ref().map(|play| play.to_bytes());
    let place = (log.relay.to_string(), log.mailbox);
    let state = log.state.before_awaiting(log.keys.begun_hash());
    let snapshot = Snapshot::at(place, &log.cursor, &state, sequence);
    let bytes = tls_codec::Serialize::tls_serialize_detached(&snapshot);
    let bytes = bytes.map_err(|_| MlsError::too_large())?;
    let sealed = log.keys.snapshot.seal_inner(&bytes, out.ctx.rng);
    Ok(Welcome {
        request,
        welcome: welcome.into(),
        snapshot: sealed.into(),
    })
}

impl Participant {
    pub(crate) fn on_asking_entry(
        &mut self,
        mailbox: MailboxId,
        entry: &Entry,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(asking) = &mut self.asking else {
            return Ok(());
        };
        if asking.invitation.mailbox != mailbox || entry.index < asking.next {
            return Ok(());
        }
        asking.next = entry.index.saturating_add(1);
        match open_lobby(&asking.invitation.envelope(), entry) {
            Some(LobbyMessage::Welcome(welcome)) if welcome.request == asking.request() => {
                self.on_welcome(&welcome, out)
            }
            Some(LobbyMessage::Declined(refusal)) if refusal.request == asking.request() => {
                out.notify(Notice::Declined(declined_for(refusal.why)));
                self.stop_asking(out);
                Ok(())
            }
            Some(
                LobbyMessage::Request(_) | LobbyMessage::Welcome(_) | LobbyMessage::Declined(_),
            )
            | None => Ok(()),
        }
    }

    /// What a relay did not take, of invitations and of an own request.
    pub(crate) fn keep_asking(&mut self, out: &mut Out) {
        if let Some(asking) = &mut self.asking {
            asking.keep(out);
        }
        let Some(identity) = &self.identity else {
            return;
        };
        for lobby in self.lobbies.values_mut() {
            lobby.keep(&identity.creation, out);
        }
        for log in [&mut self.plenary, &mut self.caucus].into_iter().flatten() {
            log.keep_creating(&identity.creation, out);
        }
    }

    pub(crate) fn stop_asking(&mut self, out: &mut Out) {
        self.asking = None;
        for row in ["ask/invitation", "ask/name", "ask/entry"] {
            out.remove(SEAT_AREA, row);
        }
        out.durable();
    }

    fn on_welcome(&mut self, welcome: &Welcome, out: &mut Out) -> Result<(), MlsError> {
        let Some(asking) = self.asking.take() else {
            return Ok(());
        };
        let Asking {
            invitation,
            name,
            waiting,
            ..
        } = asking;
        let Some(entered) = enter(&waiting, welcome) else {
            out.notify(Notice::Declined(Declined::Damaged));
            self.stop_asking(out);
            return Ok(());
        };
        if entered.state.version() > KNOWN_VERSION {
            out.notify(Notice::Declined(Declined::UpdateProgram));
            self.stop_asking(out);
            return Ok(());
        }
        let own = entered.state.by_leaf(Leaf(entered.group.own_leaf()));
        let as_asked =
            own.is_some_and(|seat| seat.name.as_str() == name && seat.role == invitation.role);
        if entered.state.room() != RoomKind::Plenary || !as_asked {
            out.notify(Notice::Declined(Declined::Damaged));
            self.stop_asking(out);
            return Ok(());
        }
        let beginning = Beginning {
            area: PLENARY_AREA,
            place: Place::Plenary,
            relay: entered.relay,
            mailbox: entered.mailbox,
            group: entered.group,
            state: entered.state,
            cursor: entered.cursor,
            founder: None,
            base: 0,
        };
        let mut log = RoomLog::begin(beginning, out)?;
        log.play = entered.play;
        log.persist_play(out);
        forget_waiting(PLENARY_AREA, &waiting, out);
        self.plenary = Some(log);
        self.stop_asking(out);
        out.notify(Notice::Joined(Place::Plenary));
        self.prepare_caucus(out)
    }
}

/// What an entry of an invitation's mailbox says; anybody may have written what cannot be read.
pub(crate) fn open_lobby(envelope: &Envelope, entry: &Entry) -> Option<LobbyMessage> {
    LobbyMessage::parse(&envelope.open(&entry.bytes).ok()?)
}

#[cfg(test)]
mod tests {
    use room::{CaucusWelcome, Event, Posted, SeatId, limits::WELCOME_BYTES_MAX};
    use tls_codec::Serialize as _;

    use super::*;
    use crate::limits::LETTER_BYTES;

    struct Zeros;

    impl rand_core::TryRng for Zeros {
        type Error = core::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(0)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(0)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.fill(0);
            Ok(())
        }
    }

    impl rand_core::TryCryptoRng for Zeros {}

    /// What stands around an application message: MLS, signature, claims.
    const AROUND: usize = 1024;

    #[test]
    fn the_largest_letter_fits_into_an_entry_of_a_lobby_and_of_the_plenary() {
        let envelope = Envelope::new([7; 32].into(), MailboxId::new([1; 32]));
        let welcome = vec![5; LETTER_BYTES / 3];
        let state = vec![6; LETTER_BYTES - welcome.len()];
        let snapshot = Snapshot {
            version: SNAPSHOT_VERSION,
            relay: vec![b'a'; room::limits::RELAY_BYTES_MAX].into(),
            mailbox: [0; 32],
            start: [0; 32],
            next: 0,
            head: [0; 32],
            time_ms: 0,
            clock_ms: 0,
            state: state.into(),
            sequence: None,
        };
        let snapshot = snapshot.tls_serialize_detached().unwrap();
        let letter = Welcome {
            request: [0; 32],
            welcome: welcome.into(),
            snapshot: envelope.seal_inner(&snapshot, &mut Zeros).into(),
        };
        let in_lobby = LobbyMessage::Welcome(letter.clone()).to_bytes();
        assert!(envelope.seal(&in_lobby, &mut Zeros).is_ok());
        let bytes = letter.tls_serialize_detached().unwrap();
        assert!(bytes.len() <= WELCOME_BYTES_MAX);
        let seat = SeatId(1);
        let bytes = bytes.into();
        let posted = Posted::event_alone(Event::CaucusWelcome(CaucusWelcome { seat, bytes }));
        let posted = posted.unwrap().encode();
        assert!(Posted::decode(&posted).is_ok());
        let in_plenary = vec![0; posted.len() + AROUND];
        assert!(envelope.seal(&in_plenary, &mut Zeros).is_ok());
    }
}
