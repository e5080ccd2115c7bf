//! What a room's current epoch gives, beside the MLS messages themselves.

use wire::{MailboxId, Token};
use zeroize::Zeroizing;

use crate::envelope::Envelope;
use crate::mls::{Group, MlsError, ReceivedCommit};
use crate::table_words::table_words;

/// Exporter labels (RFC 9420, section 8.5); the context is the mailbox.
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
            snapshot: Envelope::new(group.export(SNAPSHOT)?, mailbox),
            token: token_from(&group.export(TOKEN)?),
            words: table_words(&*group.export(WORDS)?),
        })
    }
}

/// The token of the epoch that a commit begins.
pub(crate) fn staged_token(group: &Group, commit: &ReceivedCommit) -> Result<Token, MlsError> {
    Ok(token_from(&group.export_staged(commit, TOKEN)?))
}

fn token_from(secret: &Zeroizing<[u8; 32]>) -> Token {
    Token::new(**secret)
}
