//! The names of things in a room. Numbers and hashes with a purpose, so that
//! one cannot be passed for another.

use std::fmt;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            TlsSerialize, TlsDeserializeBytes, TlsSize,
        )]
        pub struct $name(pub $inner);
    };
}

macro_rules! bytes {
    ($(#[$doc:meta])* $name:ident($length:literal)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            TlsSerialize, TlsDeserializeBytes, TlsSize,
        )]
        pub struct $name(pub [u8; $length]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

number! {
    /// A person's place in this room, in order of joining, never used again.
    SeatId(u32)
}
number! {
    /// The place of a side in the list given at the founding.
    SideId(u16)
}
number! {
    /// The sender's place in the MLS tree (RFC 9420); free to be used again
    /// after a removal, which is why the state speaks of seats.
    Leaf(u32)
}
number! {
    /// Which rules a room's fold goes by: what a later version added is void before it.
    RoomVersion(u16)
}
bytes! {
    /// Chosen at random by whoever opens the Round.
    RoundId(16)
}
bytes! {
    /// Chosen at random by whoever says the message.
    MessageId(16)
}
bytes! {
    /// Names somebody who asks for a seat: the hash of the key package.
    RequestId(32)
}
bytes! {
    /// Names a mailbox at a relay.
    MailboxName(32)
}
bytes! {
    /// Names a caucus to those who do not sit in it: the hash of its mailbox.
    CaucusName(32)
}
bytes! {
    /// What a room is where an epoch of it begins: hash of place, relay, mailbox and state.
    BegunHash(32)
}
bytes! {
    /// Names a commit of a caucus to those who do not sit in it: the hash of what its author signed.
    CommitName(32)
}
bytes! {
    /// SHA-256 over the whole state of a room.
    Digest(32)
}
bytes! {
    /// Names what a statement that is voted on is taken for: see [`crate::StatementKeys`].
    StatementKey(32)
}
bytes! {
    /// SHA-256 over the bytes of an [`crate::Open`]: what READY binds.
    OpenHash(32)
}
