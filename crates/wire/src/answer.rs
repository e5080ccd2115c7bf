//! What a relay says: answers to requests, and what it pushes on a subscription.

use crate::Entry;
use crate::codec::flag;
use core::fmt;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// Everything a relay sends.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Reply {
    /// The one answer to a request.
    #[tls_codec(discriminant = 1)]
    Answer {
        /// The request's number.
        id: u32,
        /// The answer.
        answer: Answer,
    },
    /// Something on the subscription.
    #[tls_codec(discriminant = 2)]
    Pushed(Push),
}

/// The answer to a request.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Answer {
    /// The mailbox is there, durably.
    #[tls_codec(discriminant = 1)]
    Created,
    /// The entry (of an append, a rotation or a reset) is there, durably.
    #[tls_codec(discriminant = 2)]
    Appended {
        /// Its place.
        index: u64,
    },
    /// What was read.
    #[tls_codec(discriminant = 3)]
    Entries {
        /// In order, without gaps.
        entries: Vec<Entry>,
        /// Whether this token can read on after the last of them now.
        #[tls_codec(with = "flag")]
        more: bool,
    },
    /// Entries follow as pushes.
    #[tls_codec(discriminant = 4)]
    Subscribed,
    /// Nothing was done.
    #[tls_codec(discriminant = 5)]
    Refused(Refusal),
    /// The grant is there, durably.
    #[tls_codec(discriminant = 6)]
    Granted,
}

/// What a subscription brings, in this order: entries, once `CaughtUp`, entries, at last `Rotated`.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Push {
    /// The next entry.
    #[tls_codec(discriminant = 1)]
    Entry(Entry),
    /// Everything that was there has been sent.
    #[tls_codec(discriminant = 2)]
    CaughtUp {
        /// The index that the mailbox's next entry will have.
        next: u64,
    },
    /// The token reads no further, and the subscription is over.
    #[tls_codec(discriminant = 3)]
    Rotated,
}

/// Why a request was refused.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize,
)]
#[repr(u8)]
pub enum Refusal {
    /// No such mailbox, or a secret without that right: the two look the same.
    Unauthorised = 1,
    /// A mailbox of that name, or a grant of that hash, is there already, made differently.
    Exists = 2,
    /// The bytes have no bucket's size.
    WrongSize = 3,
    /// A limit on mailboxes, grants, bytes, rotations or resets is reached.
    Quota = 4,
    /// The relay could not store it. Nothing was stored; try again later.
    DiskFull = 5,
    /// Too much is waiting. Nothing was stored; try again.
    Busy = 6,
    /// The frame could not be read.
    Malformed = 7,
    /// The frame is of a version that this relay does not know.
    UnknownVersion = 8,
    /// The mailbox was reset a short time ago: for a while only its founder rotates there. Nothing was stored.
    Guarded = 9,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthorised => "the relay knows no such mailbox and token",
            Self::Exists => "the mailbox is there already, made differently",
            Self::WrongSize => "the entry has no allowed size",
            Self::Quota => "the relay's quota is used up",
            Self::DiskFull => "the relay's disk is full",
            Self::Busy => "the relay is busy",
            Self::Malformed => "the relay could not read the request",
            Self::UnknownVersion => "the relay is of another version",
            Self::Guarded => "the relay guards the mailbox after a reset",
        })
    }
}
