//! What a room's current epoch gives, beside the MLS messages themselves.

use room::{BegunHash, State};
use sha2::{Digest as _, Sha256};
use tls_codec::{Serialize as _, TlsSerialize, TlsSize, VLBytes};
use wire::{MailboxId, RelayAddress, Token};
use zeroize::Zeroizing;

use crate::cursor::Cursor;
use crate::envelope::Envelope;
use crate::mls::{Group, MlsError, ReceivedCommit};
use crate::signed::epoch_of;
use crate::table_words::table_words;

/// Exporter labels (RFC 9420, section 8.5); the context is the group's id, and of the token the mailbox.
const ENVELOPE: &str = "tracktwo/room/v1/envelope";
const TOKEN: &str = "tracktwo/room/v1/token";
const WORDS: &str = "tracktwo/room/v1/words";
const SNAPSHOT: &str = "tracktwo/room/v1/snapshot";

/// The keys of one epoch.
pub(crate) struct EpochKeys {
    pub(crate) envelope: Envelope,
    pub(crate) snapshot: Envelope,
    pub(crate) token: Token,
    /// What the table words are bound to beside the keys: a `Begun`.
    pub(crate) begun: VLBytes,
    pub(crate) words: Vec<String>,
    /// What names the epoch in signatures.
    pub(crate) signed: Zeroizing<[u8; 32]>,
}

impl EpochKeys {
    /// Those of an epoch that begins at this place with this state. A newcomer is handed both by one member:
    /// whose state is a false one has other words than everybody else.
    pub(crate) fn beginning(
        group: &Group,
        (relay, mailbox): (&RelayAddress, MailboxId),
        place: &Cursor,
        state: &State,
    ) -> Result<EpochKeys, MlsError> {
        let begun = Begun {
            group: group.id().into(),
            relay: *relay.fingerprint.as_bytes(),
            mailbox: *mailbox.as_bytes(),
            start: *place.start.as_bytes(),
            next: place.next,
            head: *place.head.as_bytes(),
            time_ms: place.time.ms(),
            clock_ms: place.clock.ms(),
            digest: state.digest().0,
        };
        let begun = begun.tls_serialize_detached();
        let begun = begun.map_err(|_| MlsError::too_large())?;
        Self::of(group, mailbox, begun.into())
    }

    /// Those of an epoch that began so, in the mailbox where the room is now.
    pub(crate) fn of(
        group: &Group,
        mailbox: MailboxId,
        begun: VLBytes,
    ) -> Result<EpochKeys, MlsError> {
        Ok(EpochKeys {
            envelope: envelope_in(group, mailbox)?,
            snapshot: snapshot_seal(group)?,
            token: token_for(group, mailbox)?,
            words: table_words(&*group.export_for(WORDS, begun.as_slice())?),
            signed: epoch_of(group)?,
            begun,
        })
    }

    /// Names what the epoch began with, for whoever says that it entered there.
    pub(crate) fn begun_hash(&self) -> BegunHash {
        let mut hash = Sha256::new_with_prefix(b"tracktwo/room/v1/begun");
        hash.update(self.begun.as_slice());
        BegunHash(hash.finalize().into())
    }
}

/// The seal of this epoch's entries in a mailbox.
pub(crate) fn envelope_in(group: &Group, mailbox: MailboxId) -> Result<Envelope, MlsError> {
    Ok(Envelope::new(group.export(ENVELOPE)?, mailbox))
}

/// The seal of what those are handed whom this epoch's commit added.
pub(crate) fn snapshot_seal(group: &Group) -> Result<Envelope, MlsError> {
    Ok(Envelope::new(group.export(SNAPSHOT)?, home_of(group)))
}

/// What the table words of an epoch stand for, beside its keys.
#[derive(TlsSerialize, TlsSize)]
struct Begun {
    group: VLBytes,
    relay: [u8; 32],
    mailbox: [u8; 32],
    start: [u8; 32],
    next: u64,
    head: [u8; 32],
    time_ms: u64,
    clock_ms: u64,
    digest: [u8; 32],
}

/// The mailbox in which the room was founded: where it is now a newcomer learns by the snapshot.
pub(crate) fn home_of(group: &Group) -> MailboxId {
    MailboxId::new(group.id().try_into().unwrap_or_default())
}

/// The token of this epoch in a mailbox, where the room is or may be: another relay learns nothing by which
/// it could read or write in this one.
pub(crate) fn token_for(group: &Group, mailbox: MailboxId) -> Result<Token, MlsError> {
    let secret = group.export_for(TOKEN, mailbox.as_bytes())?;
    Ok(token_from(&secret))
}

/// The token of the epoch that a commit begins.
pub(crate) fn staged_token(
    group: &Group,
    mailbox: MailboxId,
    commit: &ReceivedCommit,
) -> Result<Token, MlsError> {
    let secret = group.export_staged(commit, TOKEN, mailbox.as_bytes())?;
    Ok(token_from(&secret))
}

fn token_from(secret: &Zeroizing<[u8; 32]>) -> Token {
    Token::new(**secret)
}
