//! What the pages may ask of the program behind them, and what it may answer.
//! Must never hold more than one wish of one person: what it means is decided behind it.

use futures_util::future::BoxFuture;
use participant::{Command, Refused};
use wire::{CreationSecret, RelayAddress};
use zeroize::Zeroizing;

use crate::{
    settings::Settings,
    unsent::{Place, Texts},
    vault::VaultError,
};

/// Carries out wishes; the pages show the outcome when the view has changed.
pub trait Desk: Send + Sync {
    /// Done, or why not; nothing is changed then.
    fn carry_out(&self, wish: Wish) -> BoxFuture<'_, Result<(), Sorry>>;

    /// The owner is here: a page was opened, or a form sent.
    fn touch(&self);

    /// Addresses under which others may reach this machine.
    fn own_hosts(&self) -> Vec<String>;
}

/// What a person wants.
pub enum Wish {
    /// Make the vault, with a passphrase.
    Create(Zeroizing<String>),
    /// Open the vault.
    Open(Zeroizing<String>),
    /// Close it: nothing is followed, sent or shown until it is opened again.
    Lock,
    /// Wrap the vault's keys anew.
    ChangePassphrase {
        /// What opens it now.
        old: Zeroizing<String>,
        /// What will open it.
        new: Zeroizing<String>,
    },
    /// Keep what stands in the fields of a place, unsent; empty fields forget it.
    Type(Place, Texts),
    /// Keep these settings.
    Keep(Settings),
    /// Open a dialogue as its convenor.
    Convene {
        /// What it is called.
        title: String,
        /// Its sides.
        sides: Vec<String>,
        /// The convenor's name.
        name: String,
        /// Where its logs lie.
        relay: RelayChoice,
    },
    /// Anything else that the participant does.
    Command(Command),
}

/// Where a dialogue's logs lie.
pub enum RelayChoice {
    /// On this computer, which others reach under this name.
    Here {
        /// Name or address.
        host: String,
        /// The port to listen on.
        port: u16,
    },
    /// On another.
    There {
        /// Where, with its key.
        address: RelayAddress,
        /// What allows to begin a log there.
        creation: CreationSecret,
    },
}

/// Why a wish was not carried out.
#[derive(Debug)]
pub enum Sorry {
    /// The vault is closed.
    Locked,
    /// The passphrase is not the right one; how often that was so.
    WrongPassphrase(u32),
    /// The vault did not do it.
    Vault(VaultError),
    /// The participant did not do it.
    Refused(Refused),
    /// The relay on this computer did not start: what the system said.
    NoRelay(String),
}

impl From<Refused> for Sorry {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<VaultError> for Sorry {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}
