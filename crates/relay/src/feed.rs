//! New entries on their way to subscribers: encoded once, shared by all connections of a mailbox.

use crate::core::NewEntry;
use crate::limits::MAX_FEED_ENTRIES;
use std::collections::BTreeMap;
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::Bytes;
use wire::{EntryKind, MailboxId, Push, Reply, encode_reply};

/// What a live subscription receives.
#[derive(Clone, Debug)]
pub(crate) enum Published {
    /// An entry, in its frame.
    Entry(Bytes),
    /// The token ends here.
    End,
}

pub(crate) type Feed = broadcast::Receiver<Published>;

/// The mailboxes that somebody follows at their live end.
#[derive(Debug, Default)]
pub(crate) struct Feeds(BTreeMap<MailboxId, broadcast::Sender<Published>>);

impl Feeds {
    /// A feed of everything that is published from now on.
    pub(crate) fn follow(&mut self, mailbox: MailboxId) -> Feed {
        let new = || broadcast::channel(MAX_FEED_ENTRIES).0;
        self.0.entry(mailbox).or_insert_with(new).subscribe()
    }

    /// Publishes an entry that is durable. Everybody who follows holds the token that was current before it.
    pub(crate) fn publish(&mut self, new: NewEntry) {
        let NewEntry {
            mailbox,
            entry,
            content: _,
            ends_token,
        } = new;
        let Some(feed) = self.0.get(&mailbox) else {
            return;
        };
        if feed.receiver_count() == 0 {
            self.0.remove(&mailbox);
            return;
        }
        // The token that a reset took away reads nothing of it, not even the reset.
        let taken_away = ends_token && matches!(entry.kind, EntryKind::Reset { .. });
        if !taken_away {
            let frame = encode_reply(&Reply::Pushed(Push::Entry(entry)));
            // An error only means that the last follower has just gone.
            let _ = feed.send(Published::Entry(frame.into()));
        }
        if ends_token {
            let _ = feed.send(Published::End);
        }
    }
}
