//! What a client asks of a relay.

use crate::codec::bytes;
use crate::{
    CreationRight, CreationSecret, FounderHash, FounderSecret, GrantHash, MailboxId, Token,
    TokenHash,
};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// A request with the number by which its answer is known.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Call {
    /// Chosen by the client; 0 is kept for answers to frames that nobody could read.
    pub id: u32,
    /// What is asked.
    pub request: Request,
}

/// What is asked. Everything but `Create` and `Grant` needs a right on the mailbox.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Request {
    /// Makes an empty mailbox. The same request again is answered as the first.
    #[tls_codec(discriminant = 1)]
    Create {
        /// The new mailbox.
        mailbox: MailboxId,
        /// The relay's own secret, or a grant's.
        creation: CreationRight,
        /// The token of its first segment.
        token: TokenHash,
        /// Who may reset it.
        founder: FounderHash,
    },
    /// Adds an entry.
    #[tls_codec(discriminant = 2)]
    Append {
        /// Where to.
        mailbox: MailboxId,
        /// The current segment's token.
        token: Token,
        /// Exactly a bucket's size.
        #[tls_codec(with = "bytes")]
        bytes: Vec<u8>,
    },
    /// Adds an entry and ends the segment. Of many rotations by one token the first one counts.
    #[tls_codec(discriminant = 3)]
    Rotate {
        /// Where to.
        mailbox: MailboxId,
        /// The current segment's token.
        token: Token,
        /// Exactly a bucket's size.
        #[tls_codec(with = "bytes")]
        bytes: Vec<u8>,
        /// The next segment's token.
        next: TokenHash,
        /// The founder's right to what is kept free for its rotations.
        founder: Option<FounderSecret>,
    },
    /// Makes one segment of all segments that begin at an index or later, and of the last one in any
    /// case, and gives it a token: what was rotated away since then is undone.
    #[tls_codec(discriminant = 4)]
    Reset {
        /// Which mailbox.
        mailbox: MailboxId,
        /// The founder's right.
        founder: FounderSecret,
        /// The token of that segment.
        token: TokenHash,
        /// The index.
        from: u64,
    },
    /// Reads entries.
    #[tls_codec(discriminant = 5)]
    Read {
        /// Where from.
        mailbox: MailboxId,
        /// The token of some segment.
        token: Token,
        /// The first index wanted; below the segment's beginning, the segment's beginning.
        from: u64,
        /// How many at most.
        limit: u32,
    },
    /// Has entries pushed, those that are there and those that come. Ends an earlier subscription.
    #[tls_codec(discriminant = 6)]
    Subscribe {
        /// Where from.
        mailbox: MailboxId,
        /// The token of some segment.
        token: Token,
        /// The first index wanted; below the segment's beginning, the segment's beginning.
        from: u64,
    },
    /// Lets whoever holds a grant's secret make a few mailboxes. The same request again is answered as the
    /// first.
    #[tls_codec(discriminant = 7)]
    Grant {
        /// The relay's own secret; a grant gives no grants.
        creation: CreationSecret,
        /// The grant's secret, hashed.
        grant: GrantHash,
        /// How many, up to [`crate::limits::MAX_GRANT_MAILBOXES`]; 0 ends a grant.
        mailboxes: u8,
    },
}
