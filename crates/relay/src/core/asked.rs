//! Requests sorted by what the log does with them; secrets and bytes are hashed on the way.

use super::{ContentDigest, Write};
use wire::{EntryKind, MailboxId, Request, TokenHash};

/// A request that reads.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// By which right.
    pub token: TokenHash,
    /// From which index.
    pub from: u64,
    /// Once, with so many entries at most; or all that come.
    pub limit: Option<u32>,
}

/// A request, by what the log's thread does with it.
#[derive(Debug)]
pub enum Asked {
    /// It changes something.
    Write(Write),
    /// It reads.
    Reading(Reading),
}

impl From<Request> for Asked {
    /// Does the hashing, on the thread of the connection.
    fn from(request: Request) -> Self {
        #[rustfmt::skip]
        let asked = match request {
            Request::Create { mailbox, creation, token, founder } => {
                Self::Write(Write::Create { mailbox, creation, token, founder })
            }
            Request::Grant { creation, grant, mailboxes } => {
                Self::Write(Write::Grant { creation, grant, mailboxes })
            }
            Request::Append { mailbox, token, bytes } => {
                let content = ContentDigest::of(&EntryKind::Append, &bytes);
                let token = token.hash();
                Self::Write(Write::Append { mailbox, token, bytes, content })
            }
            Request::Rotate { mailbox, token, bytes, next, founder } => {
                let content = ContentDigest::of(&EntryKind::Rotate { next }, &bytes);
                let token = token.hash();
                let founder = founder.map(|founder| founder.hash());
                Self::Write(Write::Rotate { mailbox, token, bytes, content, next, founder })
            }
            Request::Reset { mailbox, founder, token, from } => {
                Self::Write(Write::Reset { mailbox, founder: founder.hash(), token, from })
            }
            Request::Read { mailbox, token, from, limit } => {
                Self::reading(mailbox, token.hash(), from, Some(limit))
            }
            Request::Subscribe { mailbox, token, from } => {
                Self::reading(mailbox, token.hash(), from, None)
            }
        };
        asked
    }
}

impl Asked {
    fn reading(mailbox: MailboxId, token: TokenHash, from: u64, limit: Option<u32>) -> Self {
        Self::Reading(Reading {
            mailbox,
            token,
            from,
            limit,
        })
    }
}
