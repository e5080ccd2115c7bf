//! What stands in an envelope of a room: one MLS message, with its author's number and signature.
//! All members share an epoch's keys, and could seal or encrypt each other's words again: whose
//! entry it is, which of its author's it is, and of what kind, is said here and nowhere else.

use sha2::{Digest as _, Sha256};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice,
    VLBytes,
};
use wire::{EntryKind, LogHead, MailboxId};
use zeroize::Zeroizing;

use crate::mls::{Group, Kind, MlsError, SeatKey};
use crate::outbox::EntryHash;

const VERSION: u8 = 1;
const LABEL: &[u8] = b"tracktwo/room/v1/entry";

/// The exporter label of what names an epoch in a signature.
const EPOCH: &str = "tracktwo/room/v1/signed";

/// The number in an entry of MOVED, which is a message, and leads out of a mailbox or into one.
const MOVE: u8 = 3;

/// An entry's content.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct Signed {
    version: u8,
    /// Its author's leaf.
    pub(crate) leaf: u32,
    /// Counts what the author has sealed of this kind in this epoch, from 0.
    pub(crate) number: u32,
    kind: u8,
    message: VLBytes,
    signature: VLBytes,
}

/// What the signature is over. A group's id and the number of an epoch are anybody's choice: what is exported
/// from the epoch is that of this one alone. And where the log goes on in another mailbox nobody knows before then
/// what its first head there is: nothing that was written into that mailbox earlier counts in the log.
#[derive(TlsSerialize, TlsSize)]
struct Statement<'a> {
    label: VLByteSlice<'a>,
    version: u8,
    start: LogHead,
    epoch: [u8; 32],
    leaf: u32,
    number: u32,
    kind: u8,
    message: EntryHash,
}

impl Kind {
    /// Its number in an entry.
    pub(crate) fn code(self) -> u8 {
        match self {
            Kind::Message => 1,
            Kind::Commit => 2,
        }
    }

    pub(crate) fn of_code(code: u8) -> Option<Kind> {
        match code {
            1 => Some(Kind::Message),
            2 => Some(Kind::Commit),
            _ => None,
        }
    }
}

impl Signed {
    /// Signs an MLS message of this node as its `number`th of the epoch.
    pub(crate) fn sign(
        key: &SeatKey,
        group: &Group,
        start: LogHead,
        number: u32,
        kind: Kind,
        message: Vec<u8>,
    ) -> Result<Signed, MlsError> {
        Signed::sign_as(key, group, start, number, kind.code(), message)
    }

    /// Signs a MOVED: the last entry that counts in a mailbox, or, by [`start_of_arrival`], the first in another one.
    pub(crate) fn sign_move(
        key: &SeatKey,
        group: &Group,
        start: LogHead,
        number: u32,
        message: Vec<u8>,
    ) -> Result<Signed, MlsError> {
        Signed::sign_as(key, group, start, number, MOVE, message)
    }

    fn sign_as(
        key: &SeatKey,
        group: &Group,
        start: LogHead,
        number: u32,
        kind: u8,
        message: Vec<u8>,
    ) -> Result<Signed, MlsError> {
        let mut signed = Signed {
            version: VERSION,
            leaf: group.own_leaf(),
            number,
            kind,
            message: message.into(),
            signature: VLBytes::new(Vec::new()),
        };
        let signature = key.sign(&signed.statement(start, *epoch_of(group)?))?;
        signed.signature = signature.into();
        Ok(signed)
    }

    /// Reads a content, whole.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Signed> {
        let signed = Signed::tls_deserialize_exact_bytes(bytes).ok()?;
        (signed.version == VERSION).then_some(signed)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.tls_serialize_detached().expect("far below 2^30 bytes")
    }

    /// What it says it is, where it may stand in an entry of that kind: a commit rotates, a message
    /// does not.
    pub(crate) fn kind_in(&self, entry: &EntryKind) -> Option<Kind> {
        if self.kind == MOVE {
            // Where the room leaves a mailbox nobody writes there any more.
            let stands = !matches!(entry, EntryKind::Reset { .. });
            return stands.then_some(Kind::Message);
        }
        let kind = Kind::of_code(self.kind)?;
        match (entry, kind) {
            (EntryKind::Append, Kind::Message) | (EntryKind::Rotate { .. }, Kind::Commit) => {
                Some(kind)
            }
            (EntryKind::Append | EntryKind::Rotate { .. } | EntryKind::Reset { .. }, _) => None,
        }
    }

    /// Whether it says that the room leaves this mailbox, or arrives in it.
    pub(crate) fn is_move(&self) -> bool {
        self.kind == MOVE
    }

    /// Whether it says that in an entry by which the room arrives.
    pub(crate) fn arrives(&self, entry: &EntryKind) -> bool {
        self.is_move() && matches!(entry, EntryKind::Append)
    }

    /// Is the signature that of the seat with this key, in this epoch of this room, in a mailbox in which its log
    /// began with this head?
    pub(crate) fn is_by(
        &self,
        signature_key: &[u8],
        (group, epoch): (&Group, &[u8; 32]),
        start: LogHead,
    ) -> bool {
        let statement = self.statement(start, *epoch);
        group.is_signed_by(signature_key, &statement, self.signature.as_slice())
    }

    pub(crate) fn message(&self) -> &[u8] {
        self.message.as_slice()
    }

    /// Names what was signed for.
    pub(crate) fn hash(&self) -> EntryHash {
        Sha256::digest(self.message.as_slice()).into()
    }

    fn statement(&self, start: LogHead, epoch: [u8; 32]) -> Vec<u8> {
        let statement = Statement {
            label: VLByteSlice(LABEL),
            version: VERSION,
            start,
            epoch,
            leaf: self.leaf,
            number: self.number,
            kind: self.kind,
            message: self.hash(),
        };
        statement
            .tls_serialize_detached()
            .expect("a fixed and short structure")
    }
}

/// For whom the log went on in this mailbox from elsewhere the entry that led there was written for: also whoever stands
/// elsewhere than its author must see whose it is.
pub(crate) fn start_of_arrival(mailbox: &MailboxId) -> LogHead {
    LogHead::start(mailbox)
}

/// Names the present epoch of this very group, for its members alone.
pub(crate) fn epoch_of(group: &Group) -> Result<Zeroizing<[u8; 32]>, MlsError> {
    group.export(EPOCH)
}
