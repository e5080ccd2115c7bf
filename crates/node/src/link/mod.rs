//! The relay's client: one connection and one task a mailbox, nothing shared between two of them.
//! It keeps itself connected, and hands over what the relay says; it decides nothing and stores nothing.

mod connect;
mod session;
mod task;
#[cfg(test)]
mod tests;

use core::fmt;
use tokio::sync::mpsc;
use wire::{Entry, MailboxId, Refusal, RelayAddress, Request, Token};

/// Something that happened on a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkEvent {
    /// The link's mailbox.
    pub mailbox: MailboxId,
    /// What happened.
    pub what: What,
}

/// What can happen on a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// The connection stands. What the link follows is asked for again by itself.
    Connected,
    /// The next entry of what is followed.
    Entry(Entry),
    /// All that was there has been handed over. Once after every subscription to a token that is current.
    CaughtUp {
        /// The index of the mailbox's next entry. Lower than what is followed: the relay lost entries.
        next: u64,
    },
    /// The token reads no further; what comes next must be followed with another one.
    TokenEnded,
    /// The relay does not let this token read. The link asks again every second.
    FollowRefused(Refusal),
    /// The answer to what was sent under this id.
    Answer {
        /// The id given to [`Link::send`].
        id: u64,
        /// The index of the entry (0 for a new mailbox), or why nothing was done.
        result: Result<u64, Refusal>,
    },
    /// The connection is gone or could not be made, and what was unanswered stays so. The link tries again.
    Lost(Lost),
    /// Whoever answers at that address has another key than the pinned one. The link tries again.
    WrongKey,
}

/// Why there is no connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lost {
    /// Nobody answers at the address, or not in time.
    Unreachable,
    /// The other end closed the connection.
    Closed,
    /// The other end fell silent.
    Silent,
    /// The other end does not speak this protocol, or could not read what was sent.
    NotUnderstood,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the relay cannot be reached",
            Self::Closed => "the relay closed the connection",
            Self::Silent => "the relay does not answer any more",
            Self::NotUnderstood => "the relay and this program do not understand each other",
        })
    }
}

/// A connection to one mailbox that keeps itself up. Dropping it ends it.
#[derive(Debug)]
pub struct Link {
    orders: mpsc::UnboundedSender<Order>,
}

/// What the owner of a link wants.
#[derive(Debug)]
enum Order {
    Follow(Following),
    Send { id: u64, request: Request },
}

/// What is followed: by which token, and the first index that was not handed over yet.
#[derive(Clone, Debug)]
struct Following {
    token: Token,
    from: u64,
}

impl Link {
    /// Begins to connect. Must be called within a Tokio runtime. While nobody takes the events, nothing is read.
    pub fn open(
        address: RelayAddress,
        mailbox: MailboxId,
        events: mpsc::Sender<LinkEvent>,
    ) -> Self {
        let (orders, received) = mpsc::unbounded_channel();
        tokio::spawn(task::run(address, mailbox, received, events));
        Self { orders }
    }

    /// Has entries from index `from` on handed over, now and after every reconnection, each of them once.
    /// Takes the place of what was followed before.
    pub fn follow(&self, token: Token, from: u64) {
        let _ = self.orders.send(Order::Follow(Following { token, from }));
    }

    /// Sends a request that changes something. While there is no connection it is dropped without a word:
    /// its owner keeps it and sends it again after [`What::CaughtUp`].
    pub fn send(&self, id: u64, request: Request) {
        let _ = self.orders.send(Order::Send { id, request });
    }
}
