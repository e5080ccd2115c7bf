//! A member with a changed program, for tests alone: what somebody can do who holds a seat's vault.
//! Must never be part of a program that people run (feature `liar`).

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use room::{
    Added, CaucusWelcome, Event, Founding, Leaf, Name, NewSeat, Place, Posted, RequestId, Role,
    RoomKind, RoundId, SeatId, SeatsChanged, SideId, State,
};
use round::Message;
use tls_codec::Serialize as _;
use wire::{LogHead, MailboxId, Token};

use crate::command;
use crate::cursor::Cursor;
use crate::envelope::OVERHEAD;
use crate::epoch_keys::{envelope_in, snapshot_seal, staged_token, token_for};
use crate::invitation::Invitation;
use crate::limits::NUMBERS_AHEAD;
use crate::lobby::{LobbyMessage, Request, Snapshot, Welcome};
#[cfg(not(feature = "paper"))]
pub use crate::mls::rogue::Oddity;
#[cfg(not(feature = "paper"))]
use crate::mls::rogue::key_package_until;
use crate::mls::rogue::unchecked;
use crate::mls::{CheckedKeyPackage, Group, Kind, ReceivedCommit, SeatKey, request_hash};
use crate::participant::{CAUCUS_AREA, PLENARY_AREA, SEAT_AREA};
use crate::post::{Body, Post, Seen};
use crate::records::{Rows, load_room};
use crate::room_log::RoomLog;
use crate::signed::{Signed, start_of_arrival};
use crate::step::Area;

/// What is wrong with a MOVED in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Nothing is.
    Nothing,
    /// It leads on from a state that is not the room's.
    OtherDigest,
    /// It leads on from another place in the log.
    OtherPlace,
    /// Its number does not count.
    NumberFarAhead,
    /// Its message does not open.
    Unreadable,
}

/// A group of two that a member made, with any id.
pub struct Trap {
    group: Group,
    mailbox: MailboxId,
}

impl Trap {
    /// By which the guest reads and writes.
    pub fn token(&self) -> Token {
        token_for(&self.group, self.mailbox).expect("an epoch")
    }

    /// What stands in an entry of the group's epoch.
    pub fn open(&self, entry: &[u8]) -> Option<Vec<u8>> {
        let envelope = envelope_in(&self.group, self.mailbox).expect("an epoch");
        Some(envelope.open(entry).ok()?.to_vec())
    }

    /// Seals any content for this group's epoch.
    pub fn seal(&self, content: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
        let envelope = envelope_in(&self.group, self.mailbox).expect("an epoch");
        envelope.seal(content, rng).expect("it fits")
    }
}

/// One seat's keys to one room, as its vault held them at some moment.
pub struct Rogue {
    log: RoomLog,
    key: SeatKey,
    /// Its messages and its commits.
    made: [u32; 2],
}

impl Rogue {
    /// Takes a seat's vault as it is.
    pub fn of(vault: &BTreeMap<Area, Rows>, place: command::Place) -> Rogue {
        let area = match place {
            command::Place::Plenary => PLENARY_AREA,
            command::Place::Caucus => CAUCUS_AREA,
        };
        let rows = vault.get(&area).expect("the seat is in the room");
        let seat = vault.get(&SEAT_AREA).expect("the seat has keys");
        let key = seat.get(b"seat/key".as_slice()).expect("a key");
        let log = load_room(area, rows).expect("the vault is whole");
        let log = log.expect("the seat is in the room");
        Rogue {
            made: [Kind::Message, Kind::Commit].map(|kind| log.numbers.of_next_own(kind)),
            key: SeatKey::from_vault(key).expect("a key"),
            log,
        }
    }

    /// Where the room lives.
    pub fn mailbox(&self) -> MailboxId {
        self.log.mailbox
    }

    /// By which its members read and write.
    pub fn token(&self) -> Token {
        self.log.keys.token.clone()
    }

    /// Where this seat sits.
    pub fn leaf(&self) -> Leaf {
        self.log.own_leaf()
    }

    /// The log's head as the vault knows it.
    pub fn head(&self) -> LogHead {
        self.log.cursor.head
    }

    /// Whether these keys open an entry.
    pub fn reads(&self, entry: &[u8]) -> bool {
        self.log.keys.envelope.open(entry).is_ok()
    }

    /// By which it may reset the mailbox, where it founded it.
    pub fn founder(&self) -> Option<wire::FounderSecret> {
        self.log.founder.clone()
    }

    /// The leaves of all members but this one.
    pub fn others(&self) -> Vec<Leaf> {
        let leaves = self.log.group.leaves().into_iter();
        let others = leaves.filter(|leaf| leaf.leaf != self.log.group.own_leaf());
        others.map(|leaf| Leaf(leaf.leaf)).collect()
    }

    /// What stands in an entry of this epoch.
    pub fn open(&self, entry: &[u8]) -> Vec<u8> {
        let content = self.log.keys.envelope.open(entry);
        content.expect("an entry of this epoch").to_vec()
    }

    /// Seals a content into a bucket of one's choice, at least as large as it needs.
    pub fn seal(&self, content: &[u8], bucket: usize, rng: &mut dyn CryptoRng) -> Vec<u8> {
        let mut padded = wire::pad(content, OVERHEAD).expect("it fits");
        padded.resize(bucket.saturating_sub(OVERHEAD).max(padded.len()), 0);
        self.log.keys.envelope.seal_padded(&padded, rng)
    }

    /// The MLS message in a content.
    pub fn mls_message(&self, content: &[u8]) -> Vec<u8> {
        let signed = Signed::parse(content).expect("a content that somebody signed");
        signed.message().to_vec()
    }

    /// Signs any bytes as this seat's next entry.
    pub fn sign(&mut self, kind: Kind, message: Vec<u8>) -> Vec<u8> {
        let (group, start) = (&self.log.group, self.log.cursor.start);
        let [messages, commits] = &mut self.made;
        let made = match kind {
            Kind::Message => messages,
            Kind::Commit => commits,
        };
        let signed = Signed::sign(&self.key, group, start, *made, kind, message);
        *made = made.saturating_add(1);
        signed.expect("the key signs").to_bytes()
    }

    /// An application message with any plaintext, as a content.
    pub fn say(&mut self, plaintext: &[u8]) -> Vec<u8> {
        let message = self.log.group.encrypt(&self.key, plaintext);
        self.sign(Kind::Message, message.expect("the group encrypts"))
    }

    /// An event's bytes, whatever they are, as a content.
    pub fn post_event(&mut self, event: &[u8]) -> Vec<u8> {
        let seen = Seen {
            next: self.log.cursor.next,
            head: self.log.cursor.head,
            digest: self.log.state.digest(),
        };
        let body = Body::Event(event.to_vec());
        self.say(&Post { seen, body }.to_bytes())
    }

    /// An entry whose author says that it has read another log than everybody's.
    pub fn claim_another_log(&mut self, rng: &mut dyn CryptoRng) -> Vec<u8> {
        let seen = Seen {
            head: LogHead::new([0xEE; 32]),
            ..self.log.seen()
        };
        let posted = Posted::event_alone(Event::Speaks(room::KNOWN_VERSION));
        let body = Body::Event(posted.expect("nothing derived").encode());
        let content = self.say(&Post { seen, body }.to_bytes());
        self.seal(&content, 0, rng)
    }

    /// A message of a Round, as a content.
    pub fn say_round(&mut self, round: RoundId, message: &Message) -> Vec<u8> {
        let body = Body::Round {
            round,
            message: message.encode(),
        };
        let seen = self.log.seen();
        self.say(&Post { seen, body }.to_bytes())
    }

    /// An event of the room, as a content.
    pub fn say_event(&mut self, event: Event) -> Vec<u8> {
        let posted = Posted::event_alone(event).expect("no message and nothing derived");
        self.post_event(&posted.encode())
    }

    /// An event that leads out of this mailbox, as a content that says so.
    pub fn say_moved(&mut self, event: Event) -> Vec<u8> {
        let posted = Posted::event_alone(event).expect("nothing derived");
        let post = Post {
            seen: self.log.seen(),
            body: Body::Event(posted.encode()),
        };
        let message = self.log.group.encrypt(&self.key, &post.to_bytes());
        let (group, start) = (&self.log.group, self.log.cursor.start);
        let message = message.expect("the group encrypts");
        let [messages, _] = &mut self.made;
        let signed = Signed::sign_move(&self.key, group, start, *messages, message);
        *messages = messages.saturating_add(1);
        signed.expect("the key signs").to_bytes()
    }

    /// By which whoever looks for the room in a place asks there.
    pub fn token_at(&self, mailbox: MailboxId) -> Token {
        token_for(&self.log.group, mailbox).expect("an epoch")
    }

    /// By which this seat makes the place that it announced.
    pub fn place_founder(&self) -> Option<wire::FounderSecret> {
        let own = self.log.own_place.as_ref();
        own.map(|own| own.founder.clone())
    }

    /// The place that the room knows as this seat's.
    pub fn announced(&self) -> Option<Place> {
        self.log.state.place_of(self.log.own_seat).cloned()
    }

    /// MOVED of this seat in a place, sealed: as its program would say it, or with a lie.
    pub fn moved_at(&mut self, place: &Place, lie: Lie, rng: &mut dyn CryptoRng) -> Vec<u8> {
        let posted = Posted::event_alone(Event::Moved(place.clone())).expect("nothing derived");
        let mut seen = self.log.seen();
        match lie {
            Lie::OtherDigest => seen.digest.0 = [7; 32],
            Lie::OtherPlace => seen.next = seen.next.saturating_sub(1),
            Lie::Nothing | Lie::NumberFarAhead | Lie::Unreadable => {}
        }
        let body = Body::Event(posted.encode());
        let post = Post { seen, body }.to_bytes();
        let message = match lie {
            Lie::Unreadable => vec![7; 300],
            Lie::Nothing | Lie::OtherDigest | Lie::OtherPlace | Lie::NumberFarAhead => {
                let message = self.log.group.encrypt(&self.key, &post);
                message.expect("the group encrypts")
            }
        };
        let [messages, _] = &mut self.made;
        let number = match lie {
            Lie::NumberFarAhead => messages.saturating_add(NUMBERS_AHEAD),
            Lie::Nothing | Lie::OtherDigest | Lie::OtherPlace | Lie::Unreadable => *messages,
        };
        *messages = messages.saturating_add(1);
        let mailbox = MailboxId::new(place.mailbox.0);
        let start = start_of_arrival(&mailbox);
        let signed = Signed::sign_move(&self.key, &self.log.group, start, number, message);
        self.seal_at(mailbox, &signed.expect("the key signs").to_bytes(), rng)
    }

    /// Any words of this seat in a place, as if the room went on there from here.
    pub fn said_at(&mut self, place: &Place, rng: &mut dyn CryptoRng) -> Vec<u8> {
        self.say_at(place, b"anything", rng)
    }

    /// A message of a Round in a place, as if the room went on there from here.
    pub fn round_at(
        &mut self,
        place: &Place,
        round: RoundId,
        message: &Message,
        rng: &mut dyn CryptoRng,
    ) -> Vec<u8> {
        let message = message.encode();
        let body = Body::Round { round, message };
        let seen = self.log.seen();
        self.say_at(place, &Post { seen, body }.to_bytes(), rng)
    }

    fn say_at(&mut self, place: &Place, words: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
        let mailbox = MailboxId::new(place.mailbox.0);
        let message = self.log.group.encrypt(&self.key, words);
        let [messages, _] = &mut self.made;
        let message = message.expect("the group encrypts");
        let (group, number) = (&self.log.group, *messages);
        let start = self.log.cursor.continued(&mailbox).start;
        let signed = Signed::sign(&self.key, group, start, number, Kind::Message, message);
        *messages = messages.saturating_add(1);
        self.seal_at(mailbox, &signed.expect("the key signs").to_bytes(), rng)
    }

    fn seal_at(&self, mailbox: MailboxId, content: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
        let envelope = envelope_in(&self.log.group, mailbox).expect("an epoch");
        envelope.seal(content, rng).expect("it fits")
    }

    /// A commit by this seat, as a content, and the token of the epoch that it would begin.
    pub fn commit(&mut self, adds: &[Vec<u8>], removes: &[Leaf], follows: u64) -> (Vec<u8>, Token) {
        let (adds, removes) = (packages(adds), leaves(removes));
        let aad = self.log.aad(follows);
        let made = self.log.group.commit(&self.key, &adds, &removes, aad);
        let made = made.expect("the library commits");
        let token = staged_token(&self.log.group, self.log.mailbox, &ReceivedCommit::Pending);
        let token = token.expect("a commit is pending");
        (self.sign(Kind::Commit, made.commit), token)
    }

    /// A commit that puts another signature key into this seat's own leaf.
    #[cfg(not(feature = "paper"))]
    pub fn commit_with_another_key(
        &mut self,
        adds: &[Vec<u8>],
        removes: &[Leaf],
        follows: u64,
    ) -> Vec<u8> {
        let another = SeatKey::generate().expect("there is randomness");
        let aad = self.log.aad(follows);
        let keys = (&self.key, &another);
        let adds = packages(adds);
        let group = &mut self.log.group;
        let commit = group.commit_with_another_key(keys, &adds, &leaves(removes), aad);
        self.sign(Kind::Commit, commit)
    }

    /// A commit that removes somebody and does something that no room uses.
    #[cfg(not(feature = "paper"))]
    pub fn odd_commit(&mut self, oddity: Oddity, removes: &[Leaf]) -> Vec<u8> {
        let aad = self.log.aad(0);
        let group = &mut self.log.group;
        let commit = group.odd_commit(&self.key, oddity, &leaves(removes), aad);
        self.sign(Kind::Commit, commit)
    }

    /// Up to which event of the plenary a caucus' commit may follow now.
    pub fn follows(&self) -> u64 {
        self.log.roll.last_change()
    }

    /// A key package of this seat that ends at a time, in seconds since 1970.
    #[cfg(not(feature = "paper"))]
    pub fn key_package_until(&self, not_after: u64) -> Vec<u8> {
        key_package_until(&self.key, not_after)
    }

    /// A Welcome, as an event of the plenary, into a caucus of this seat's making: a stranger founded it
    /// under a colleague's name.
    pub fn false_caucus(
        &self,
        guest: (SeatId, &[u8]),
        colleague: &str,
        side: SideId,
        rng: &mut dyn CryptoRng,
    ) -> Event {
        let stranger = SeatKey::generate().expect("there is randomness");
        self.welcome_into(guest, (&stranger, colleague), None, side, rng)
    }

    /// The same into one that this seat founded in its own name, and says to be in this mailbox.
    pub fn another_caucus(
        &self,
        guest: (SeatId, &[u8]),
        mailbox: Option<MailboxId>,
        side: SideId,
        rng: &mut dyn CryptoRng,
    ) -> Event {
        let own = self.log.state.seat(self.log.own_seat).expect("a seat");
        let name = own.name.as_str().to_owned();
        self.welcome_into(guest, (&self.key, &name), mailbox, side, rng)
    }

    /// The same, and what its maker keeps of the group.
    pub fn trap(
        &self,
        guest: (SeatId, &[u8]),
        mailbox: MailboxId,
        side: SideId,
        rng: &mut dyn CryptoRng,
    ) -> (Event, Trap) {
        let own = self.log.state.seat(self.log.own_seat).expect("a seat");
        let name = own.name.as_str().to_owned();
        let id = *mailbox.as_bytes();
        let founder = (&self.key, name.as_str());
        let (event, group) = self.welcome_and_group(&id, guest, founder, Some(mailbox), side, rng);
        (event, Trap { group, mailbox })
    }

    /// CAUCUS-FOUNDED that names any mailbox.
    pub fn founds(&self, mailbox: MailboxId, side: SideId) -> Event {
        Event::CaucusFounded(room::CaucusFounded {
            caucus: crate::founding::name_of(mailbox),
            replaces: self.log.state.caucus(side).map(|caucus| caucus.name),
        })
    }

    fn welcome_into(
        &self,
        guest: (SeatId, &[u8]),
        founder: (&SeatKey, &str),
        mailbox: Option<MailboxId>,
        side: SideId,
        rng: &mut dyn CryptoRng,
    ) -> Event {
        self.welcome_into_group(&[77; 32], guest, founder, mailbox, side, rng)
    }

    fn welcome_into_group(
        &self,
        id: &[u8; 32],
        guest: (SeatId, &[u8]),
        founder: (&SeatKey, &str),
        mailbox: Option<MailboxId>,
        side: SideId,
        rng: &mut dyn CryptoRng,
    ) -> Event {
        self.welcome_and_group(id, guest, founder, mailbox, side, rng)
            .0
    }

    fn welcome_and_group(
        &self,
        id: &[u8; 32],
        (guest, key_package): (SeatId, &[u8]),
        founder: (&SeatKey, &str),
        mailbox: Option<MailboxId>,
        side: SideId,
        rng: &mut dyn CryptoRng,
    ) -> (Event, Group) {
        let mut group = Group::found(founder.0, id).expect("a group");
        let adds = packages(&[key_package.to_vec()]);
        let made = group.commit(founder.0, &adds, &[], Vec::new());
        let welcome = made.expect("the library commits").welcome;
        group.merge(ReceivedCommit::Pending).expect("it is merged");
        let request = request_hash(key_package);
        let state = self.state_of_two(founder, (guest, &adds, request), side);
        let mailbox = mailbox.unwrap_or(MailboxId::new([77; 32]));
        let place = (self.log.relay.to_string(), mailbox);
        let snapshot = Snapshot::at(place, &Cursor::start(&mailbox), &state, None);
        let seal = snapshot_seal(&group).expect("an epoch");
        let snapshot = snapshot.tls_serialize_detached().expect("a small state");
        let letter = Welcome {
            request,
            welcome: welcome.expect("somebody was added").into(),
            snapshot: seal.seal_inner(&snapshot, rng).into(),
        };
        let bytes = letter.tls_serialize_detached().expect("a small letter");
        let event = Event::CaucusWelcome(CaucusWelcome {
            seat: guest,
            bytes: bytes.into(),
        });
        (event, group)
    }

    /// The state of a caucus in which its founder and a guest sit.
    fn state_of_two(
        &self,
        (key, called): (&SeatKey, &str),
        (guest, adds, request): (SeatId, &[CheckedKeyPackage], [u8; 32]),
        side: SideId,
    ) -> State {
        let state = &self.log.state;
        let name = state.seat(guest).expect("a seat").name.clone();
        let mut caucus = State::found(Founding {
            room: RoomKind::Caucus(side),
            title: state.title().clone(),
            sides: state.sides().to_vec(),
            rule_card: state.rule_card(),
            founder: NewSeat {
                name: Name::parse(called).expect("a name"),
                role: Role::Side(side),
                leaf: Leaf(0),
                signature_key: key.public().to_vec(),
            },
        })
        .expect("a caucus");
        let added = Added {
            leaf: Leaf(1),
            signature_key: adds
                .iter()
                .flat_map(|add| add.signature_key().to_vec())
                .collect(),
            request: RequestId(request),
            name: Some(name),
        };
        let change = SeatsChanged {
            added: vec![added],
            removed: Vec::new(),
            by: Leaf(0),
            follows: 0,
        };
        let seated = caucus.apply(None, 1, &Event::SeatsChanged(change));
        seated.expect("the guest is seated");
        caucus
    }
}

/// A request for a seat with any key package, as an entry of the invitation's mailbox.
pub fn request(
    invitation: &str,
    name: &str,
    key_package: &[u8],
    rng: &mut dyn CryptoRng,
) -> (MailboxId, Token, Vec<u8>) {
    let Ok(invitation) = Invitation::parse(invitation) else {
        panic!("an invitation");
    };
    let request = LobbyMessage::Request(Request {
        name: name.as_bytes().into(),
        key_package: key_package.into(),
    });
    let entry = invitation.envelope().seal(&request.to_bytes(), rng);
    let entry = entry.expect("it fits");
    (invitation.mailbox, invitation.token(), entry)
}

fn packages(bytes: &[Vec<u8>]) -> Vec<CheckedKeyPackage> {
    bytes.iter().map(|bytes| unchecked(bytes)).collect()
}

fn leaves(leaves: &[Leaf]) -> Vec<u32> {
    leaves.iter().map(|leaf| leaf.0).collect()
}
