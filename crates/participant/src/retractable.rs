//! Named messages that can still be taken back: in the vault and nowhere else, until their time.
//! Must never leave this machine from here: what is due goes to the outbox in one transaction.

use std::collections::BTreeMap;

use room::{MessageId, MessageText, Posted, Text};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use wire::Timestamp;
use zeroize::Zeroizing;

use crate::command::{Place, Refused};
use crate::limits::STALE_MS;
use crate::out::Out;
use crate::participant::{Participant, SEAT_AREA};
use crate::post::Body;
use crate::records::Rows;
use crate::standing::Standing;

/// One message, and when it leaves.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) place: Place,
    pub(crate) id: MessageId,
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) text: String,
    pub(crate) leaves: Timestamp,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct HeldRow {
    caucus: u8,
    id: [u8; 16],
    reply_to: Option<[u8; 16]>,
    text: VLBytes,
    leaves_ms: u64,
}

/// In order of speaking, by number.
#[derive(Default)]
pub(crate) struct Retractable(BTreeMap<u64, Held>);

fn row_key(number: u64) -> Vec<u8> {
    [b"held/".as_slice(), &number.to_be_bytes()].concat()
}

impl Retractable {
    pub(crate) fn load(rows: &Rows) -> Option<Retractable> {
        let mut found = BTreeMap::new();
        for (key, value) in rows {
            if let Some(number) = key.strip_prefix(b"held/".as_slice()) {
                found.insert(
                    u64::from_be_bytes(number.try_into().ok()?),
                    Held::parse(value)?,
                );
            }
        }
        Some(Retractable(found))
    }

    /// All that waits, the oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u64, &Held)> {
        self.0.iter().map(|(number, held)| (*number, held))
    }

    pub(crate) fn clear(&mut self, out: &mut Out) {
        for number in std::mem::take(&mut self.0).into_keys() {
            out.remove(SEAT_AREA, row_key(number));
        }
    }

    fn put(&mut self, held: Held, out: &mut Out) {
        // No number is given again: an open page may still show the message that had it.
        let last = self.0.last_key_value();
        let after = last.map_or(0, |(last, _)| last.saturating_add(1));
        let number = after.max(out.now().ms());
        out.write(SEAT_AREA, row_key(number), held.to_bytes());
        self.0.insert(number, held);
    }

    fn take(&mut self, number: u64, out: &mut Out) -> Option<Held> {
        let held = self.0.remove(&number)?;
        out.remove(SEAT_AREA, row_key(number));
        Some(held)
    }
}

impl Held {
    fn to_bytes(&self) -> Vec<u8> {
        let row = HeldRow {
            caucus: u8::from(self.place == Place::Caucus),
            id: self.id.0,
            reply_to: self.reply_to.map(|id| id.0),
            text: self.text.as_bytes().into(),
            leaves_ms: self.leaves.ms(),
        };
        row.tls_serialize_detached()
            .expect("a message is far shorter than 2^30 bytes")
    }

    fn parse(bytes: &[u8]) -> Option<Held> {
        let row = HeldRow::tls_deserialize_exact_bytes(bytes).ok()?;
        Some(Held {
            place: if row.caucus == 1 {
                Place::Caucus
            } else {
                Place::Plenary
            },
            id: MessageId(row.id),
            reply_to: row.reply_to.map(MessageId),
            text: String::from_utf8(row.text.into()).ok()?,
            leaves: Timestamp::from_ms(row.leaves_ms),
        })
    }
}

impl Participant {
    /// Keeps a message until its time; the text is checked now, so that nothing fails later.
    pub(crate) fn hold_message(
        &mut self,
        place: Place,
        text: &str,
        reply_to: Option<MessageId>,
        leaves: Timestamp,
        out: &mut Out,
    ) -> Result<(), Refused> {
        MessageText::parse(text).map_err(|_| Refused::BadText)?;
        self.speaking(place)?;
        let mut id = [0; 16];
        out.ctx.rng.fill_bytes(&mut id);
        let held = Held {
            place,
            id: MessageId(id),
            reply_to,
            text: text.to_owned(),
            leaves,
        };
        self.retractable.put(held, out);
        Ok(())
    }

    /// Takes a message back, as long as it is here.
    pub(crate) fn take_back(&mut self, number: u64, out: &mut Out) -> Result<(), Refused> {
        let taken = self.retractable.take(number, out);
        taken.map(|_| ()).ok_or(Refused::TooLate)
    }

    /// Hands what is due to its room's outbox. In a room where this seat may not speak it stays.
    pub(crate) fn let_go(&mut self, out: &mut Out) {
        let waiting: Vec<(u64, Timestamp, Place)> = self
            .retractable
            .all()
            .map(|(number, held)| (number, held.leaves, held.place))
            .collect();
        for (number, leaves, place) in waiting {
            if out.now() < leaves {
                out.wake_at(leaves);
                continue;
            }
            if leaves.plus_ms(STALE_MS) < self.unread.started() {
                // It may have been taken back since this vault was copied: its author decides.
                continue;
            }
            let log = match place {
                Place::Plenary => self.plenary.as_mut(),
                Place::Caucus => self.caucus.as_mut(),
            };
            let Some(log) = log.filter(|log| log.standing == Standing::Member) else {
                continue;
            };
            let Some(held) = self.retractable.take(number, out) else {
                continue;
            };
            let Ok(text) = MessageText::parse(&held.text) else {
                continue;
            };
            let mut salt = Zeroizing::new([0; 32]);
            out.ctx.rng.fill_bytes(salt.as_mut_slice());
            let text = Text { salt: *salt, text };
            let posted = Posted::message(held.id, held.reply_to, text);
            log.outbox.push(log.area, Body::Event(posted.encode()), out);
        }
    }
}
