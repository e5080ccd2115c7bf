//! What a room's current epoch gives, beside the MLS messages themselves.

use wire::{MailboxId, Token};
use zeroize::Zeroizing;

use crate::envelope::Envelope;
use crate::mls::{Group, MlsError, ReceivedCommit};
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
    pub(crate) words: Vec<String>,
}

impl EpochKeys {
    pub(crate) fn of(group: &Group, mailbox: MailboxId) -> Result<EpochKeys, MlsError> {
        Ok(EpochKeys {
            envelope: Envelope::new(group.export(ENVELOPE)?, mailbox),
            snapshot: Envelope::new(group.export(SNAPSHOT)?, home_of(group)),
            token: token_for(group, mailbox)?,
            words: table_words(&*group.export(WORDS)?),
        })
    }
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
