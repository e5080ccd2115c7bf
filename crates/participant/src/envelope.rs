//! The outer layer of every log entry: the relay sees a bucket's worth of random bytes, no MLS
//! header and no true length. A mark in the nonce lets a node recognise what it wrote itself.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use wire::MailboxId;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const MARK_BYTES: usize = 12;
/// Version, nonce and tag: what an envelope adds to its padded content.
pub const OVERHEAD: usize = 1 + NONCE_BYTES + 16;

/// Why an entry could not be opened; to the network all of them look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// Sealed under another key: another epoch, or not by a member.
    WrongKey,
    /// Of a version that this program does not know.
    UnknownVersion,
    /// Opened, and then not padded as it must be.
    BadPadding,
}

/// Seals under one key: an epoch's, or an invitation's.
pub struct Envelope {
    key: Zeroizing<[u8; 32]>,
    mailbox: MailboxId,
}

/// Known to this vault alone: marks its own entries, which look random to all others.
pub struct MarkKey(Zeroizing<[u8; 32]>);

impl MarkKey {
    /// From 32 secret bytes.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> MarkKey {
        MarkKey(bytes)
    }

    /// For the vault alone.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn mark(&self, salt: &[u8], content: &[u8]) -> [u8; MARK_BYTES] {
        let mut mark = [0; MARK_BYTES];
        let digest = Sha256::digest(content);
        let info = [b"tracktwo/room/v1/mark".as_slice(), salt, &digest];
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand_multi_info(&info, &mut mark)
            .expect("12 bytes are within what HKDF gives");
        mark
    }

    /// Did this vault, or a copy of it, write the entry that held `content`?
    pub fn wrote(&self, entry: &[u8], content: &[u8]) -> bool {
        let nonce = entry.get(1..1 + NONCE_BYTES).unwrap_or_default();
        let Some((salt, mark)) = nonce.split_at_checked(NONCE_BYTES - MARK_BYTES) else {
            return false;
        };
        mark == self.mark(salt, content)
    }
}

impl Envelope {
    /// `key` must be used for this mailbox only.
    pub fn new(key: Zeroizing<[u8; 32]>, mailbox: MailboxId) -> Envelope {
        Envelope { key, mailbox }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.as_slice().try_into().expect("a key of 32 bytes"))
    }

    /// Pads to a bucket and seals. The nonce is half random, half mark: 96 random bits per key of
    /// one epoch, and the mark differs with the content.
    pub fn seal(
        &self,
        content: &[u8],
        mark: &MarkKey,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, wire::TooLarge> {
        let padded = Zeroizing::new(wire::pad(content, OVERHEAD)?);
        let mut nonce = [0; NONCE_BYTES];
        let (salt, tail) = nonce.split_at_mut(NONCE_BYTES - MARK_BYTES);
        rng.fill_bytes(salt);
        tail.copy_from_slice(&mark.mark(salt, content));
        let payload = Payload {
            msg: &padded,
            aad: self.mailbox.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a bucket is far below the cipher's limit");
        Ok([[VERSION].as_slice(), &nonce, &sealed].concat())
    }

    /// Opens and removes the padding.
    pub fn open(&self, entry: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (version, rest) = entry.split_first().ok_or(Unopened::WrongKey)?;
        if *version != VERSION {
            return Err(Unopened::UnknownVersion);
        }
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(Unopened::WrongKey)?;
        let payload = Payload {
            msg: sealed,
            aad: self.mailbox.as_bytes(),
        };
        let padded = self
            .cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| Unopened::WrongKey)?;
        let content = wire::unpad(&padded).map_err(|_| Unopened::BadPadding)?;
        Ok(Zeroizing::new(content.to_vec()))
    }
}
