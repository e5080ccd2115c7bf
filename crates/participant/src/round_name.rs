//! Which Round something in the vault was written for. A Round's id is chosen by whoever opens it, in
//! whichever room: alone it names nothing. The room and all terms together name one Round.

use room::OpenHash;
#[cfg(feature = "liar")]
use room::RoundId;
use sha2::{Digest as _, Sha256};

use crate::room_log::RoomLog;

/// One Round of one room, by the hash of its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoundName {
    /// The room's MLS group id, hashed.
    pub room: [u8; 32],
    /// What READY binds.
    pub open: OpenHash,
}

impl RoundName {
    /// The key of a row that belongs to it.
    pub(crate) fn row_key(&self, prefix: &[u8]) -> Vec<u8> {
        [prefix, &self.room, &self.open.0].concat()
    }

    /// Of a row's key, without its prefix.
    pub(crate) fn parse(bytes: &[u8]) -> Option<RoundName> {
        let (room, open) = bytes.split_first_chunk::<32>()?;
        Some(RoundName {
            room: *room,
            open: OpenHash(open.try_into().ok()?),
        })
    }
}

/// Names a room in the vault: its mailbox may change, its group does not.
pub(crate) fn room_hash(group: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(b"tracktwo/vault/v1/room")
        .chain_update(group)
        .finalize()
        .into()
}

impl RoomLog {
    /// What was written for the Round with these terms is found by this.
    pub(crate) fn name_of(&self, open: OpenHash) -> RoundName {
        RoundName {
            room: room_hash(self.group.id()),
            open,
        }
    }

    /// The Round that is open here.
    pub(crate) fn open_name(&self) -> Option<RoundName> {
        let open_round = self.state.open_round()?;
        Some(self.name_of(open_round.open.hash()))
    }

    /// The Round that is open here, where its id is this one.
    #[cfg(feature = "liar")]
    pub(crate) fn open_name_of(&self, id: RoundId) -> Option<RoundName> {
        let open_round = self.state.open_round()?;
        (open_round.open.id == id).then(|| self.name_of(open_round.open.hash()))
    }
}
