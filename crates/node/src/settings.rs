//! What a person chose for this program, as one row of the vault.
//! Must never hold anything of a dialogue.

use serde::{Deserialize, Serialize};

/// The vault's area for the node's own rows; the participant never sees it.
pub const AREA: u16 = 200;

/// The row's key.
pub const KEY: &[u8] = b"settings";

/// Choices of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Minutes without the owner after which the vault closes; nothing for never.
    pub lock_after_minutes: Option<u16>,
    /// The ten sentences were read, and the rule card accepted.
    pub at_the_door: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lock_after_minutes: Some(30),
            at_the_door: false,
        }
    }
}
