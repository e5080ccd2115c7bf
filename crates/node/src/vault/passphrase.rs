//! A passphrase, from the keyboard or a file to the key that wraps the area keys.
//! Must never be printed, compared or kept longer than it takes to derive that key.

use std::{
    fs,
    io::Read,
    path::Path,
    sync::{Mutex, PoisonError},
};

use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::VaultError;
use crate::limits;

/// What some editors put before the first line, and no keyboard types.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What opens a vault. Normalised (NFC), so that every keyboard writes the same bytes.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the words as typed.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit.
    pub fn new(words: &str) -> Result<Self, VaultError> {
        if words.len() > limits::PASSPHRASE_BYTES {
            return Err(VaultError::TooLarge);
        }
        // Room for every expansion, so that no copy is left behind by growing.
        let mut normal = String::with_capacity(words.len().saturating_mul(4));
        normal.extend(words.nfc());
        Ok(Self(Zeroizing::new(normal)))
    }

    /// Reads the first line of a file.
    ///
    /// # Errors
    /// `Io` where it cannot be read or is not UTF-8, `TooLarge` beyond the limit.
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let mut text = Zeroizing::new(String::with_capacity(
            limits::PASSPHRASE_BYTES.saturating_add(2),
        ));
        fs::File::open(path)?
            .take(limits::PASSPHRASE_BYTES as u64 + 2)
            .read_to_string(&mut text)?;
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
        Self::new(text.lines().next().unwrap_or_default())
    }

    /// Whether it may guard a new vault. What opens an old one is not asked.
    ///
    /// # Errors
    /// `ShortPassphrase` where it has fewer letters than the limit; blanks do not count.
    pub(super) fn check_length(&self) -> Result<(), VaultError> {
        let letters = self.0.chars().filter(|letter| !letter.is_whitespace());
        match letters.count() >= limits::PASSPHRASE_LETTERS {
            true => Ok(()),
            false => Err(VaultError::ShortPassphrase),
        }
    }

    /// Argon2id (RFC 9106) with the parameters and salt of a keys file: 32 bytes.
    pub(super) fn derive(
        &self,
        cost: Cost,
        salt: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32));
        let params = params
            .map_err(|_| VaultError::Damaged("the keys file asks for an impossible Argon2id"))?;
        let mut key = Zeroizing::new([0; 32]);
        // One at a time: thirty vaults of a rehearsal would ask for two gibibytes together.
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(self.0.as_bytes(), salt, key.as_mut())
            .map_err(|_| VaultError::Damaged("the keys file asks for an impossible Argon2id"))?;
        Ok(key)
    }
}

static TURN: Mutex<()> = Mutex::new(());

/// What one derivation costs.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// A fifth of a second on a laptop of today.
    pub const TODAY: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// Whether this is a cost that a keys file may ask for.
    pub fn is_within_limits(self) -> bool {
        self.memory_kib <= limits::ARGON2_MEMORY_KIB
            && self.passes <= limits::ARGON2_PASSES
            && self.lanes <= limits::ARGON2_LANES
    }
}
