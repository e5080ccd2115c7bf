//! The keys and values in the store. Every value begins with a version.

use super::StoreError;
use tls_codec::{DeserializeBytes, Serialize, TlsDeserializeBytes, TlsSerialize, TlsSize};
use wire::{MailboxId, TokenHash};

const VERSION: u8 = 1;

/// A stored segment: the index at which it starts, and its token.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(super) struct SegmentRow {
    pub(super) token: TokenHash,
}

/// The key of an entry or segment: mailbox, then index with its highest byte first, so that they sort.
pub(super) fn indexed_key(mailbox: &MailboxId, index: u64) -> [u8; 40] {
    joined(mailbox.as_bytes(), &index.to_be_bytes())
}

/// The key of a content: mailbox, then digest.
pub(super) fn content_key(mailbox: &MailboxId, content: &[u8; 32]) -> [u8; 64] {
    joined(mailbox.as_bytes(), content)
}

fn joined<const N: usize>(first: &[u8; 32], second: &[u8]) -> [u8; N] {
    let mut key = [0; N];
    for (to, from) in key.iter_mut().zip(first.iter().chain(second)) {
        *to = *from;
    }
    key
}

/// Takes a key of [`indexed_key`] apart.
pub(super) fn split_indexed_key(key: &[u8]) -> Result<(MailboxId, u64), StoreError> {
    let (mailbox, index) = key.split_first_chunk().ok_or(StoreError::Damaged)?;
    let index = index.try_into().map_err(|_| StoreError::Damaged)?;
    Ok((MailboxId::new(*mailbox), u64::from_be_bytes(index)))
}

/// Takes the key of a mailbox's row apart.
pub(super) fn mailbox_of_key(key: &[u8]) -> Result<MailboxId, StoreError> {
    key.try_into()
        .map(MailboxId::new)
        .map_err(|_| StoreError::Damaged)
}

/// A value with its version.
pub(super) fn encode<T: Serialize>(row: &T) -> Vec<u8> {
    let mut value = Vec::with_capacity(row.tls_serialized_len().saturating_add(1));
    value.push(VERSION);
    row.tls_serialize(&mut value)
        .expect("writing to memory, with lengths below 2^30");
    value
}

/// Reads a value; another version or trailing bytes are damage.
pub(super) fn decode<T: DeserializeBytes>(value: &[u8]) -> Result<T, StoreError> {
    let (version, row) = value.split_first().ok_or(StoreError::Damaged)?;
    if *version != VERSION {
        return Err(StoreError::Damaged);
    }
    T::tls_deserialize_exact_bytes(row).map_err(|_| StoreError::Damaged)
}
