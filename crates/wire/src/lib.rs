//! What the relay may see: mailboxes, tokens, log entries, frames, padding and limits.
//! It must never name a person, a side, a room or a plaintext, and it does no IO: time comes in as a value.

mod address;
mod answer;
mod codec;
mod entry;
mod frame;
mod head;
mod id;
pub mod limits;
mod padding;
mod request;
mod secret;
mod timestamp;

pub use address::{Fingerprint, InvalidAddress, RelayAddress};
pub use answer::{Answer, Push, Refusal, Reply};
pub use entry::{Entry, EntryKind};
pub use frame::{InvalidFrame, decode_call, decode_reply, encode_call, encode_reply, frame_size};
pub use head::LogHead;
pub use id::MailboxId;
pub use padding::{InvalidPadding, TooLarge, bucket_for, is_bucket, pad, unpad};
pub use request::{Call, Request};
pub use secret::{
    CreationRight, CreationSecret, FounderHash, FounderSecret, GrantHash, GrantSecret,
    InvalidSecretText, Token, TokenHash,
};
pub use timestamp::Timestamp;
