//! The hash chain over a mailbox's log. Equal heads mean equal logs: order, times, kinds and bytes.

use crate::{Entry, EntryKind, MailboxId, Timestamp};
use sha2::{Digest as _, Sha256};
use tls_codec::{Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice};

const LABEL: &[u8] = b"tracktwo/wire/v1/head";
const CONTINUED: &[u8] = b"tracktwo/wire/v1/continued";

/// The hash of a log up to some entry.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    TlsSerialize,
    TlsDeserializeBytes,
    TlsSize,
)]
pub struct LogHead([u8; 32]);

/// The head of an empty log.
#[derive(TlsSerialize, TlsSize)]
struct StartInput<'a> {
    version: u8,
    label: VLByteSlice<'a>,
    mailbox: MailboxId,
}

/// The head of an empty log that goes on where another one ended.
#[derive(TlsSerialize, TlsSize)]
struct ContinuedInput<'a> {
    version: u8,
    label: VLByteSlice<'a>,
    mailbox: MailboxId,
    before: LogHead,
}

/// The head after one more entry. The mailbox is bound in by the start.
#[derive(TlsSerialize, TlsSize)]
struct AfterInput<'a> {
    version: u8,
    label: VLByteSlice<'a>,
    previous: LogHead,
    index: u64,
    time: Timestamp,
    kind: EntryKind,
    bytes: VLByteSlice<'a>,
}

impl LogHead {
    /// Takes a head that was stored or received.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The head of the mailbox's log before its first entry.
    pub fn start(mailbox: &MailboxId) -> Self {
        let label = VLByteSlice(LABEL);
        let input = StartInput {
            version: 1,
            label,
            mailbox: *mailbox,
        };
        let encoded = input
            .tls_serialize_detached()
            .expect("a fixed and short structure");
        Self(Sha256::digest(encoded).into())
    }

    /// The head of a mailbox's log before its first entry, where another log with this head goes on there.
    pub fn continued(mailbox: &MailboxId, before: &Self) -> Self {
        let input = ContinuedInput {
            version: 1,
            label: VLByteSlice(CONTINUED),
            mailbox: *mailbox,
            before: *before,
        };
        let encoded = input
            .tls_serialize_detached()
            .expect("a fixed and short structure");
        Self(Sha256::digest(encoded).into())
    }

    /// The head once `entry` follows this one.
    pub fn after(&self, entry: &Entry) -> Self {
        let input = AfterInput {
            version: 1,
            label: VLByteSlice(LABEL),
            previous: *self,
            index: entry.index,
            time: entry.time,
            kind: entry.kind,
            bytes: VLByteSlice(&entry.bytes),
        };
        let encoded = input
            .tls_serialize_detached()
            .expect("an entry is far below 2^30 bytes");
        Self(Sha256::digest(encoded).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TokenHash;

    fn entry() -> Entry {
        let time = Timestamp::from_ms(5);
        Entry {
            index: 4,
            time,
            kind: EntryKind::Append,
            bytes: vec![1; 1024],
        }
    }

    #[test]
    fn every_field_changes_the_head() {
        let start = LogHead::start(&MailboxId::new([1; 32]));
        let head = start.after(&entry());
        assert_eq!(head, start.after(&entry()));
        let next = TokenHash::new([2; 32]);
        let others = [
            Entry {
                index: 5,
                ..entry()
            },
            Entry {
                time: Timestamp::from_ms(6),
                ..entry()
            },
            Entry {
                kind: EntryKind::Rotate { next },
                ..entry()
            },
            Entry {
                kind: EntryKind::Reset {
                    token: next,
                    from: 1,
                },
                ..entry()
            },
            Entry {
                bytes: vec![2; 1024],
                ..entry()
            },
        ];
        assert!(others.iter().all(|other| start.after(other) != head));
        assert_ne!(
            LogHead::start(&MailboxId::new([2; 32])).after(&entry()),
            head
        );
    }

    #[test]
    fn the_chain_detects_a_changed_and_a_dropped_entry() {
        let follow = |entries: &[Entry]| {
            let start = LogHead::start(&MailboxId::new([1; 32]));
            entries.iter().fold(start, |head, entry| head.after(entry))
        };
        let log: Vec<Entry> = (0..4).map(|index| Entry { index, ..entry() }).collect();
        let mut changed = log.clone();
        changed[1].bytes[700] ^= 1;
        assert_ne!(follow(&log), follow(&changed));
        assert_ne!(follow(&log), follow(&log[1..]));
    }
}
