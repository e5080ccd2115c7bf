//! A member with a changed program, for tests alone: what somebody can do who holds a seat's vault.
//! Must never be part of a program that people run (feature `liar`).

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use wire::{LogHead, MailboxId, Token};

use crate::command::Place;
use crate::envelope::OVERHEAD;
use crate::mls::{Kind, SeatKey};
use crate::participant::{CAUCUS_AREA, PLENARY_AREA, SEAT_AREA};
use crate::post::{Body, Post, Seen};
use crate::records::{Rows, load_room};
use crate::room_log::RoomLog;
use crate::signed::Signed;
use crate::step::Area;

/// One seat's keys to one room, as its vault held them at some moment.
pub struct Rogue {
    log: RoomLog,
    key: SeatKey,
    made: u32,
}

impl Rogue {
    /// Takes a seat's vault as it is.
    pub fn of(vault: &BTreeMap<Area, Rows>, place: Place) -> Rogue {
        let area = match place {
            Place::Plenary => PLENARY_AREA,
            Place::Caucus => CAUCUS_AREA,
        };
        let rows = vault.get(&area).expect("the seat is in the room");
        let seat = vault.get(&SEAT_AREA).expect("the seat has keys");
        let key = seat.get(b"seat/key".as_slice()).expect("a key");
        let log = load_room(area, rows).expect("the vault is whole");
        let log = log.expect("the seat is in the room");
        Rogue {
            made: log.numbers.of_next_own(),
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

    /// The log's head as the vault knows it.
    pub fn head(&self) -> LogHead {
        self.log.cursor.head
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
        let (group, mailbox) = (&self.log.group, self.log.mailbox);
        let signed = Signed::sign(&self.key, group, mailbox, self.made, kind, message);
        self.made = self.made.saturating_add(1);
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
}
