//! The outer layer of every log entry: the relay sees a bucket's worth of random bytes, no MLS
//! header and no true length.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use wire::MailboxId;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
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

impl Envelope {
    /// `key` must be used for this mailbox only.
    pub fn new(key: Zeroizing<[u8; 32]>, mailbox: MailboxId) -> Envelope {
        Envelope { key, mailbox }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.as_slice().try_into().expect("a key of 32 bytes"))
    }

    /// Pads to the smallest bucket and seals, under a nonce drawn at random.
    pub fn seal(&self, content: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, wire::TooLarge> {
        let padded = Zeroizing::new(wire::pad(content, OVERHEAD)?);
        Ok(self.seal_padded(&padded, rng))
    }

    /// Seals what travels inside another envelope, which pads.
    pub fn seal_inner(&self, content: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
        self.seal_padded(content, rng)
    }

    /// Opens what [`Envelope::seal_inner`] sealed.
    pub fn open_inner(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        self.open_padded(sealed)
    }

    pub(crate) fn seal_padded(&self, padded: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let payload = Payload {
            msg: padded,
            aad: self.mailbox.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a bucket is far below the cipher's limit");
        [[VERSION].as_slice(), &nonce, &sealed].concat()
    }

    /// Opens and removes the padding.
    pub fn open(&self, entry: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let padded = self.open_padded(entry)?;
        let content = wire::unpad(&padded, OVERHEAD).map_err(|_| Unopened::BadPadding)?;
        Ok(Zeroizing::new(content.to_vec()))
    }

    fn open_padded(&self, entry: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
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
        self.cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| Unopened::WrongKey)
    }
}
