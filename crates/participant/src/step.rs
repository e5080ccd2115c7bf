//! What goes into the core and what comes out: one input, one step.
//! A core never does IO: the driver commits `persist` before anything of `send` leaves.

use std::collections::BTreeSet;

use rand_core::CryptoRng;
use wire::{
    CreationRight, CreationSecret, Entry, FounderHash, FounderSecret, GrantHash, MailboxId,
    Refusal, Timestamp, Token, TokenHash,
};
use zeroize::Zeroizing;

use crate::notice::Notice;

/// The two things that a pure core may not find for itself.
pub struct Ctx<'a> {
    /// This machine's clock. Deadlines are judged by the log's times, never by this one.
    pub now: Timestamp,
    /// Cryptographic randomness.
    pub rng: &'a mut dyn CryptoRng,
}

/// A part of the vault with a key of its own, so that it can be forgotten by itself.
pub type Area = u16;

/// One row of the vault: written, or removed where `value` is none.
pub struct Row {
    /// Which part of the vault.
    pub area: Area,
    /// At most 256 bytes.
    pub key: Vec<u8>,
    /// Plaintext: the vault seals it.
    pub value: Option<Zeroizing<Vec<u8>>>,
}

/// What a step writes, in one transaction.
#[derive(Default)]
pub struct Changes {
    /// In order; a later row of the same key wins.
    pub rows: Vec<Row>,
    /// Whether it must be on the disk before the step's other parts happen. What need not be is
    /// read again from the relay after a crash.
    pub durable: bool,
}

/// Everything the caller must do after one input, in field order.
#[must_use]
#[derive(Default)]
pub struct Step {
    /// Written in one transaction, before anything below happens.
    pub persist: Changes,
    /// Handed to the links; what is lost on the way is asked for again after `CaughtUp`.
    pub send: Vec<Frame>,
    /// For the pages and the person.
    pub notify: Vec<Notice>,
    /// When to come back with [`Input::Woken`] at the latest, if nothing else happens.
    pub wake_at: Option<Timestamp>,
}

/// One request to the relay.
pub struct Frame {
    /// For which mailbox.
    pub mailbox: MailboxId,
    /// Comes back in [`Input::Answer`].
    pub id: u64,
    /// The request.
    pub op: Op,
}

/// What a frame asks for.
pub enum Op {
    /// A new mailbox.
    Create {
        /// The relay's own secret, or a grant's.
        creation: CreationRight,
        /// Whoever shows the token reads and writes.
        token: TokenHash,
        /// Whoever shows the founder's secret may reset.
        founder: FounderHash,
    },
    /// The right to make a few mailboxes, for somebody who is to be invited.
    Grant {
        /// The relay's own secret.
        creation: CreationSecret,
        /// The grant's secret, hashed.
        grant: GrantHash,
        /// How many.
        mailboxes: u8,
    },
    /// One entry.
    Append {
        /// The epoch's token.
        token: Token,
        /// Exactly a bucket long.
        bytes: Vec<u8>,
    },
    /// A commit: from here on another token reads and writes.
    Rotate {
        /// The epoch's token.
        token: Token,
        /// Exactly a bucket long.
        bytes: Vec<u8>,
        /// The next epoch's token, hashed.
        next: TokenHash,
        /// The founder's secret, where this node has it.
        founder: Option<FounderSecret>,
    },
    /// Puts the right token back where a rotation named a wrong one.
    Reset {
        /// The founder's secret.
        founder: FounderSecret,
        /// The current epoch's token, hashed.
        token: TokenHash,
        /// The first index that it reads.
        from: u64,
    },
}

/// What can happen to a participant.
pub enum Input {
    /// The connection to the relay stands.
    Connected {
        /// Whose log.
        mailbox: MailboxId,
    },
    /// The next entry of a log, in order, each once (the core checks the chain).
    Log {
        /// Whose log.
        mailbox: MailboxId,
        /// The entry.
        entry: Entry,
    },
    /// All that stands in the log has been handed over, and the connection is live.
    CaughtUp {
        /// Whose log.
        mailbox: MailboxId,
    },
    /// The relay does not let the token read on.
    Refused {
        /// Whose log.
        mailbox: MailboxId,
    },
    /// The connection to the relay is gone.
    Lost {
        /// Whose log.
        mailbox: MailboxId,
    },
    /// The relay's answer to a frame.
    Answer {
        /// Whose log.
        mailbox: MailboxId,
        /// The frame's id.
        id: u64,
        /// The entry's index, or the refusal.
        result: Result<u64, Refusal>,
    },
    /// The relay shows another key than the invitation's.
    WrongKey {
        /// Whose log.
        mailbox: MailboxId,
    },
    /// `wake_at` has come.
    Woken,
}

/// A log that the driver must follow from `from` on, showing `token`.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Where.
    pub relay: wire::RelayAddress,
    /// Which log.
    pub mailbox: MailboxId,
    /// The key to it.
    pub token: Token,
    /// The first index that the core does not have.
    pub from: u64,
    /// Whether the mailbox exists already: until then the driver only connects.
    pub exists: bool,
}

impl Subscription {
    /// A mailbox is followed by one token. Where two rooms claim one, the first has it: a link that changes
    /// between two tokens would read by neither, and ask without end.
    #[must_use]
    pub fn one_each(wanted: impl IntoIterator<Item = Subscription>) -> Vec<Subscription> {
        let mut taken = BTreeSet::new();
        let is_first = |wanted: &Subscription| taken.insert(wanted.mailbox);
        wanted.into_iter().filter(is_first).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_followed_by_one_token_and_the_first_has_it() {
        let wanted = |mailbox: u8, token: u8| Subscription {
            relay: wire::RelayAddress {
                host: "192.0.2.1".into(),
                port: 1,
                fingerprint: wire::Fingerprint::new([1; 32]),
            },
            mailbox: MailboxId::new([mailbox; 32]),
            token: Token::new([token; 32]),
            from: 0,
            exists: true,
        };
        let all = [wanted(1, 1), wanted(2, 2), wanted(1, 3), wanted(3, 4)];
        let one_each = Subscription::one_each(all);
        let tokens = one_each.iter().map(|one| one.token.hash());
        let expected = [1, 2, 4].map(|token| Token::new([token; 32]).hash());
        assert_eq!(tokens.collect::<Vec<_>>(), expected);
    }
}
