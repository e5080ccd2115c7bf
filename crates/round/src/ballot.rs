//! One answer in one lane. On the wire it is a text of one letter, or a blank, in the smallest slot.

use crate::seal::OpenedSlot;
use crate::text::{Payload, TooLong};

/// Bytes of a ballot's slot.
const SLOT_BYTES: u32 = 64;

/// How somebody answers one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ballot {
    /// Agrees.
    Agree,
    /// Disagrees.
    Disagree,
    /// Has seen it, and says neither.
    Pass,
    /// Gave no answer. Not the same as [`Ballot::Pass`].
    Unanswered,
}

impl Ballot {
    /// Bytes of a ballot's slot.
    pub const SLOT_BYTES: u32 = SLOT_BYTES;

    /// The payload of a lane.
    ///
    /// # Errors
    /// None for the letters that exist; a text that does not fit would be one.
    pub fn payload(self) -> Result<Payload, TooLong> {
        match self.letter() {
            Some(letter) => Payload::text(letter, SLOT_BYTES),
            None => Ok(Payload::blank(SLOT_BYTES)),
        }
    }

    /// Reads an opened slot; `None` is a void one.
    #[must_use]
    pub fn read(slot: &OpenedSlot) -> Option<Self> {
        match slot {
            OpenedSlot::Void => None,
            OpenedSlot::Blank => Some(Self::Unanswered),
            OpenedSlot::Text { text, .. } => [Self::Agree, Self::Disagree, Self::Pass]
                .into_iter()
                .find(|ballot| ballot.letter() == Some(text)),
        }
    }

    fn letter(self) -> Option<&'static str> {
        match self {
            Self::Agree => Some("a"),
            Self::Disagree => Some("d"),
            Self::Pass => Some("p"),
            Self::Unanswered => None,
        }
    }
}
