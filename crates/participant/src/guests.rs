//! The convenor's half of a join: one mailbox for each invitation, requests, and the commit that
//! seats those who are approved and vouched for.

use std::collections::{BTreeMap, BTreeSet};

use room::limits::KEY_PACKAGE_BYTES_MAX;
use room::{Approved, Event, Name, RequestId, Role, SeatId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::{CreationRight, Entry, FounderSecret, MailboxId, Timestamp, TokenHash};

use crate::asking::{open_lobby, welcome_for};
use crate::commits::{Made, Wanted};
use crate::invitation::Invitation;
use crate::limits::{ADDS_IN_A_COMMIT, DECLINED_REQUESTS, MAILBOXES_OF_A_SEAT};
use crate::lobby::{LobbyMessage, Request};
use crate::mls::{CheckedKeyPackage, MlsError, request_hash};
use crate::notice::{Alarm, Declined, Notice};
use crate::out::Out;
use crate::participant::{Participant, SEAT_AREA};
use crate::patience::Patience;
use crate::records::{DamagedVault, Rows};
use crate::step::{Op, Subscription};

/// One invitation that this convenor gave.
pub(crate) struct Lobby {
    pub(crate) invitation: Invitation,
    founder: FounderSecret,
    next: u64,
    exists: bool,
    create_frame: Option<u64>,
    /// The relay has given the right that the invitation hands over.
    pub(crate) granted: bool,
    grant_frame: Option<u64>,
    /// The relay did not take something of it.
    refused: bool,
    again: Patience,
    /// What is asked for again of its own, so that an answer that is never taken does not put it off.
    pub(crate) ends: Patience,
    /// The right has ended, or is to end by this frame.
    pub(crate) ended: bool,
    pub(crate) end_frame: Option<u64>,
    /// Requests that were turned down.
    declined: u32,
    /// The first request that came; all others are turned down.
    pub(crate) request: Option<[u8; 32]>,
    /// The key of whoever made it.
    pub(crate) guest_key: Vec<u8>,
    /// The answer, until it stands in the log.
    pub(crate) answer: Option<Vec<u8>>,
    /// Nobody else is answered after it.
    last: bool,
    pub(crate) done: bool,
    /// All that its token reads was read, and the connection lives.
    pub(crate) is_read: bool,
    /// Its token reads no further: somebody who holds the invitation has rotated it away.
    rotated: bool,
}

/// Somebody who asks.
pub(crate) struct Guest {
    pub(crate) name: Name,
    pub(crate) role: Role,
    pub(crate) key_package: Vec<u8>,
    pub(crate) lobby: MailboxId,
    /// The convenor has said yes.
    pub(crate) approved: bool,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct LobbyRow {
    invitation: VLBytes,
    founder: [u8; 32],
    next: u64,
    request: Option<[u8; 32]>,
    answer: Option<VLBytes>,
    done: bool8,
    granted: bool8,
    ended: bool8,
    last: bool8,
    guest_key: VLBytes,
}

/// A flag as one byte, 0 or 1.
#[allow(non_camel_case_types)]
type bool8 = u8;

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct GuestRow {
    name: Name,
    role: Role,
    key_package: VLBytes,
    lobby: [u8; 32],
    approved: bool8,
}

pub(crate) fn load_lobbies(rows: &Rows) -> Result<BTreeMap<MailboxId, Lobby>, DamagedVault> {
    let found = rows.iter().filter(|(key, _)| key.starts_with(b"lobby/"));
    let lobbies = found.map(|(_, value)| Lobby::parse(value).ok_or(DamagedVault("lobby")));
    lobbies
        .map(|lobby| lobby.map(|lobby| (lobby.invitation.mailbox, lobby)))
        .collect()
}

pub(crate) fn load_guests(rows: &Rows) -> Result<BTreeMap<[u8; 32], Guest>, DamagedVault> {
    let found = rows.iter().filter(|(key, _)| key.starts_with(b"guest/"));
    let guests = found.map(|(_, value)| Guest::parse(value).ok_or(DamagedVault("guest")));
    guests
        .map(|guest| guest.map(|guest| (request_hash(&guest.key_package), guest)))
        .collect()
}

pub(crate) fn load_removals(rows: &Rows) -> Result<BTreeSet<SeatId>, DamagedVault> {
    let keys = rows
        .keys()
        .filter_map(|key| key.strip_prefix(b"remove/".as_slice()));
    keys.map(|key| {
        let number = key.try_into().map_err(|_| DamagedVault("remove"))?;
        Ok(SeatId(u32::from_be_bytes(number)))
    })
    .collect()
}

pub(crate) fn removal_key(seat: SeatId) -> Vec<u8> {
    [b"remove/".as_slice(), &seat.0.to_be_bytes()].concat()
}

impl Lobby {
    pub(crate) fn new(invitation: Invitation, founder: FounderSecret) -> Lobby {
        Lobby {
            invitation,
            founder,
            next: 0,
            exists: false,
            create_frame: None,
            granted: false,
            grant_frame: None,
            ended: false,
            end_frame: None,
            refused: false,
            again: Patience::default(),
            ends: Patience::default(),
            declined: 0,
            request: None,
            guest_key: Vec::new(),
            answer: None,
            last: false,
            done: false,
            is_read: false,
            rotated: false,
        }
    }

    pub(crate) fn subscription(&self) -> Subscription {
        Subscription {
            relay: self.invitation.relays.first().clone(),
            mailbox: self.invitation.mailbox,
            token: self.invitation.token(),
            from: self.next,
            exists: self.exists,
        }
    }

    /// Asks for the mailbox, and for the right that the invitation hands over, as far as the relay has not
    /// answered yet. Only the relay's own secret gives such a right.
    pub(crate) fn create(&mut self, creation: &CreationRight, out: &mut Out) {
        let mailbox = self.invitation.mailbox;
        if !self.exists {
            let op = Op::Create {
                creation: creation.clone(),
                token: self.invitation.token().hash(),
                founder: self.founder.hash(),
            };
            self.create_frame = Some(out.send(mailbox, op));
        }
        if let (CreationRight::Relay(creation), false) = (creation, self.granted) {
            let op = Op::Grant {
                creation: creation.clone(),
                grant: self.invitation.grant.hash(),
                mailboxes: MAILBOXES_OF_A_SEAT,
            };
            self.grant_frame = Some(out.send(mailbox, op));
        }
    }

    fn may_decline(&self) -> bool {
        self.declined < DECLINED_REQUESTS && self.answer.is_none()
    }

    /// Shown only once the relay knows the right that it hands over.
    pub(crate) fn is_shown(&self) -> bool {
        self.granted && !self.done
    }

    pub(crate) fn lost(&mut self) {
        (self.is_read, self.rotated) = (false, false);
    }

    pub(crate) fn caught_up(&mut self, out: &mut Out) {
        (self.is_read, self.rotated) = (true, false);
        self.resend(out);
    }

    /// Its token reads no further, so all that it reads was read. A mailbox that nobody ever wrote to gives way where
    /// the relay has no place for another one; any other one was rotated away, and an answer waits for the reset.
    pub(crate) fn refused(&mut self) {
        self.is_read = true;
        match self.next {
            0 => (self.exists, self.refused) = (false, true),
            _ => {
                self.rotated = !self.done;
                self.refused |= self.answer.is_some();
            }
        }
    }

    pub(crate) fn on_answer(&mut self, id: u64, well: bool, out: &mut Out) {
        self.refused |= !well;
        if self.create_frame == Some(id) && well {
            self.exists = true;
        }
        if self.grant_frame == Some(id) && well && !self.granted {
            self.granted = true;
            self.store(out);
            out.durable();
            out.notify(Notice::Invited {
                text: self.invitation.to_text(),
                side: self
                    .invitation
                    .role
                    .sits_with()
                    .map_or(u16::MAX, |side| side.0),
            });
        }
    }

    /// What was refused is asked for again, after waiting longer each time.
    pub(crate) fn keep(&mut self, creation: &CreationRight, out: &mut Out) {
        if !self.refused || self.done {
            return;
        }
        let due = self.again.due(out.now());
        if out.now() < due {
            return out.wake_at(due);
        }
        self.refused = false;
        self.again.tried(out.now());
        self.create(creation, out);
        self.resend(out);
    }

    /// The last answer leads to a token that nobody has: the invitation reads it, and opens nothing any more. Where
    /// somebody has rotated the token away, it is put back first: else no answer would ever stand.
    pub(crate) fn resend(&self, out: &mut Out) {
        let Some(bytes) = self.answer.clone() else {
            return;
        };
        let token = self.invitation.token();
        if self.rotated {
            let op = Op::Reset {
                founder: self.founder.clone(),
                token: token.hash(),
                from: 0,
            };
            out.send(self.invitation.mailbox, op);
        }
        let op = match self.last {
            // The same each time, and the hash of no token.
            true => Op::Rotate {
                token,
                bytes,
                next: TokenHash::new(*self.founder.hash().as_bytes()),
                founder: Some(self.founder.clone()),
            },
            false => Op::Append { token, bytes },
        };
        out.send(self.invitation.mailbox, op);
    }

    pub(crate) fn store(&self, out: &mut Out) {
        let row = LobbyRow {
            invitation: self.invitation.to_bytes().into(),
            founder: *self.founder.expose(),
            next: self.next,
            request: self.request,
            answer: self.answer.clone().map(VLBytes::from),
            done: u8::from(self.done),
            granted: u8::from(self.granted),
            ended: u8::from(self.ended),
            last: u8::from(self.last),
            guest_key: self.guest_key.as_slice().into(),
        };
        let key = [b"lobby/".as_slice(), self.invitation.mailbox.as_bytes()].concat();
        out.write(
            SEAT_AREA,
            key,
            row.tls_serialize_detached().expect("below a bucket's size"),
        );
    }

    fn parse(bytes: &[u8]) -> Option<Lobby> {
        let row = LobbyRow::tls_deserialize_exact_bytes(bytes).ok()?;
        let invitation = Invitation::from_bytes(row.invitation.as_slice()).ok()?;
        let founder = FounderSecret::new(row.founder);
        Some(Lobby {
            next: row.next,
            exists: row.next > 0,
            request: row.request,
            answer: row.answer.map(Vec::from),
            done: row.done == 1,
            granted: row.granted == 1,
            ended: row.ended == 1,
            last: row.last == 1,
            guest_key: row.guest_key.into(),
            ..Lobby::new(invitation, founder)
        })
    }
}

impl Guest {
    pub(crate) fn store(&self, out: &mut Out) {
        let row = GuestRow {
            name: self.name.clone(),
            role: self.role,
            key_package: self.key_package.as_slice().into(),
            lobby: *self.lobby.as_bytes(),
            approved: u8::from(self.approved),
        };
        let bytes = row.tls_serialize_detached().expect("below a bucket's size");
        out.write(
            SEAT_AREA,
            guest_key(&request_hash(&self.key_package)),
            bytes,
        );
    }

    fn parse(bytes: &[u8]) -> Option<Guest> {
        let row = GuestRow::tls_deserialize_exact_bytes(bytes).ok()?;
        Some(Guest {
            name: row.name,
            role: row.role,
            key_package: row.key_package.into(),
            lobby: MailboxId::new(row.lobby),
            approved: row.approved == 1,
        })
    }

    /// The event by which the convenor agrees.
    pub(crate) fn approval(&self) -> Event {
        Event::Approved(Approved {
            request: RequestId(request_hash(&self.key_package)),
            name: self.name.clone(),
            role: self.role,
        })
    }

    /// The side that it sits with.
    pub(crate) fn side(&self) -> u16 {
        self.role.sits_with().map_or(u16::MAX, |side| side.0)
    }
}

fn guest_key(request: &[u8; 32]) -> Vec<u8> {
    [b"guest/".as_slice(), request].concat()
}

impl Participant {
    pub(crate) fn on_lobby_entry(
        &mut self,
        mailbox: MailboxId,
        entry: &Entry,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(lobby) = self.lobbies.get_mut(&mailbox) else {
            return Ok(());
        };
        if entry.index < lobby.next {
            return Ok(());
        }
        lobby.next = entry.index.saturating_add(1);
        if lobby.answer.as_deref() == Some(entry.bytes.as_slice()) {
            lobby.answer = None;
            lobby.done = lobby.last;
        }
        lobby.store(out);
        match open_lobby(&lobby.invitation.envelope(), entry) {
            Some(LobbyMessage::Request(request)) => {
                self.on_request(mailbox, request, entry.time, out)
            }
            // This convenor's own answers, and what cannot be read.
            Some(LobbyMessage::Welcome(_) | LobbyMessage::Declined(_)) | None => Ok(()),
        }
    }

    fn on_request(
        &mut self,
        mailbox: MailboxId,
        request: Request,
        time: Timestamp,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let hash = request_hash(request.key_package.as_slice());
        let Some(lobby) = self.lobbies.get_mut(&mailbox) else {
            return Ok(());
        };
        if lobby.request == Some(hash) {
            return Ok(());
        }
        if lobby.request.is_some() {
            return self.decline(mailbox, hash, Declined::Used, out);
        }
        if time > lobby.invitation.expires || lobby.ended {
            return self.decline(mailbox, hash, Declined::Expired, out);
        }
        let name = String::from_utf8(request.name.into())
            .ok()
            .and_then(|n| Name::parse(&n).ok());
        let package = request.key_package.as_slice();
        let fits = package.len() <= KEY_PACKAGE_BYTES_MAX;
        let package = CheckedKeyPackage::parse(package);
        let (Some(name), Ok(package), true) = (name, package, fits) else {
            return self.decline(mailbox, hash, Declined::Damaged, out);
        };
        lobby.request = Some(hash);
        lobby.guest_key = package.signature_key().to_vec();
        lobby.store(out);
        let role = lobby.invitation.role;
        let key_package = request.key_package.into();
        let guest = Guest {
            name,
            role,
            key_package,
            lobby: mailbox,
            approved: false,
        };
        guest.store(out);
        out.durable();
        out.notify(Notice::Asked {
            request: hash,
            name: guest.name.as_str().to_owned(),
            side: guest.side(),
        });
        self.guests.insert(hash, guest);
        Ok(())
    }

    fn decline(
        &mut self,
        mailbox: MailboxId,
        request: [u8; 32],
        why: Declined,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        // Whoever holds the invitation can ask without end; and an answer to the one who came first, which is
        // on its way, gives way to nobody.
        let lobby = self.lobbies.get_mut(&mailbox);
        let Some(lobby) = lobby.filter(|lobby| lobby.may_decline()) else {
            return Ok(());
        };
        lobby.declined = lobby.declined.saturating_add(1);
        self.answer(mailbox, &LobbyMessage::declined(request, why), out)
    }

    pub(crate) fn answer(
        &mut self,
        mailbox: MailboxId,
        message: &LobbyMessage,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(lobby) = self.lobbies.get_mut(&mailbox) else {
            return Ok(());
        };
        let envelope = lobby.invitation.envelope();
        // Whoever made the commit has seen to it that its letters fit.
        let Ok(sealed) = envelope.seal(&message.to_bytes(), out.ctx.rng) else {
            out.notify(Notice::Alarm(Alarm::TooLargeToJoin));
            return Ok(());
        };
        lobby.answer = Some(sealed);
        lobby.last = lobby
            .request
            .is_none_or(|request| !self.guests.contains_key(&request));
        lobby.store(out);
        lobby.resend(out);
        Ok(())
    }

    /// The convenor's standing duty: seats who may be seated, removes who is to be removed.
    pub(crate) fn seat_guests(&mut self, out: &mut Out) -> Result<(), MlsError> {
        let (Some(log), Some(identity)) = (&mut self.plenary, &self.identity) else {
            return Ok(());
        };
        let mut wanted = Wanted::default();
        let mut bad = Vec::new();
        for (hash, guest) in &self.guests {
            if !log.state.may_seat(RequestId(*hash)) || wanted.adds.len() >= ADDS_IN_A_COMMIT {
                continue;
            }
            match CheckedKeyPackage::parse(&guest.key_package) {
                Ok(package) => wanted.adds.push((RequestId(*hash), package)),
                Err(_) => bad.push(RequestId(*hash)),
            }
        }
        let seated = self
            .removals
            .iter()
            .filter_map(|seat| log.state.seat(*seat));
        wanted.removes = seated.map(|seat| seat.leaf.0).collect();
        bad.extend(log.commit(wanted, &identity.key, out)?);
        for request in bad {
            self.turn_away(request, out)?;
        }
        Ok(())
    }

    /// Whom no commit can add: one of them must not keep the others waiting.
    fn turn_away(&mut self, request: RequestId, out: &mut Out) -> Result<(), MlsError> {
        let Some(guest) = self.guests.remove(&request.0) else {
            return Ok(());
        };
        out.remove(SEAT_AREA, guest_key(&request.0));
        out.durable();
        let why = LobbyMessage::declined(request.0, Declined::Damaged);
        self.answer(guest.lobby, &why, out)
    }

    /// The commit that seats them stands: everybody added gets the Welcome and the room's state.
    pub(crate) fn welcome_guests(&mut self, made: &Made, out: &mut Out) -> Result<(), MlsError> {
        let Some(welcome) = &made.welcome else {
            return Ok(());
        };
        for request in &made.requests {
            let Some(guest) = self.guests.remove(&request.0) else {
                continue;
            };
            let Some(log) = &self.plenary else {
                continue;
            };
            let letter = welcome_for(log, request.0, welcome, out)?;
            out.remove(SEAT_AREA, guest_key(&request.0));
            self.answer(guest.lobby, &LobbyMessage::Welcome(letter), out)?;
        }
        Ok(())
    }
}
