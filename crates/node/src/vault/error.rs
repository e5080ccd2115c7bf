//! What can go wrong with a vault, in words for the person who runs the node.
//! Must never carry a secret or a person's words.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "only over the errors of other crates, which may grow"
)]

use std::{error::Error, fmt, io};

use crate::limits::PASSPHRASE_LETTERS;

/// Why the vault did not do what was asked. Nothing was changed.
#[derive(Debug)]
pub enum VaultError {
    /// There is no vault in this folder.
    Missing,
    /// There is a vault in this folder already.
    Exists,
    /// Another node has this vault open.
    InUse,
    /// The passphrase does not open it.
    WrongPassphrase,
    /// A new passphrase has too few letters.
    ShortPassphrase,
    /// A file is not what was written: which one, and how.
    Damaged(&'static str),
    /// It was written by a newer program.
    UnknownVersion(u8),
    /// The disk has no room left.
    DiskFull,
    /// More areas than there are slots.
    TooManyAreas,
    /// A passphrase, key or value is longer than its limit.
    TooLarge,
    /// Anything else that the system says.
    Io(io::Error),
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("There is no vault in this folder."),
            Self::Exists => f.write_str("There is a vault in this folder already."),
            Self::InUse => f.write_str("The vault is open in another Tracktwo. Close that one, or name another folder with --vault."),
            Self::WrongPassphrase => f.write_str("This passphrase does not open the vault. Nothing was changed; try again."),
            Self::ShortPassphrase => write!(f, "The passphrase is too short: at least {PASSPHRASE_LETTERS} letters, blanks not counted. Nothing was changed."),
            Self::Damaged(what) => write!(f, "The vault is damaged: {what}. Nothing was changed. If you have a copy of the whole folder, put it back: it shows what it knows, and sends nothing once it is found to be old. Otherwise ask the convenor for a new invitation, and use it with a new folder (--vault)."),
            Self::UnknownVersion(version) => write!(f, "The vault was written by a newer Tracktwo (format {version}). Update the program."),
            Self::DiskFull => f.write_str("The disk is full. Nothing was lost; make room, and it goes on by itself."),
            Self::TooManyAreas => f.write_str("The vault holds as many rooms as it can. Wipe one that has ended."),
            Self::TooLarge => f.write_str("This is larger than the vault takes."),
            Self::Io(error) => write!(f, "The vault cannot be read or written: {error}."),
        }
    }
}

impl Error for VaultError {}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<redb::StorageError> for VaultError {
    fn from(error: redb::StorageError) -> Self {
        match error {
            // A file that is another than was written, or ends too early.
            redb::StorageError::Io(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
                ) =>
            {
                Self::Damaged("the file vault.redb")
            }
            redb::StorageError::Io(error) => error.into(),
            redb::StorageError::Corrupted(_) => Self::Damaged("the file vault.redb"),
            other => Self::Io(io::Error::other(other.to_string())),
        }
    }
}

impl From<redb::DatabaseError> for VaultError {
    fn from(error: redb::DatabaseError) -> Self {
        match error {
            redb::DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            redb::DatabaseError::LockProtocolMismatch => Self::InUse,
            redb::DatabaseError::UpgradeRequired(version) => Self::UnknownVersion(version),
            redb::DatabaseError::Storage(error) => error.into(),
            other => Self::Io(io::Error::other(other.to_string())),
        }
    }
}

impl From<redb::TransactionError> for VaultError {
    fn from(error: redb::TransactionError) -> Self {
        match error {
            redb::TransactionError::Storage(error) => error.into(),
            other => Self::Io(io::Error::other(other.to_string())),
        }
    }
}

impl From<redb::CommitError> for VaultError {
    fn from(error: redb::CommitError) -> Self {
        match error {
            redb::CommitError::Storage(error) => error.into(),
            other => Self::Io(io::Error::other(other.to_string())),
        }
    }
}

impl From<redb::TableError> for VaultError {
    fn from(error: redb::TableError) -> Self {
        match error {
            redb::TableError::Storage(error) => error.into(),
            _ => Self::Damaged("the file vault.redb"),
        }
    }
}
