//! What a participant tells its pages and its person.

use std::sync::Arc;

use room::{RoundId, SeatId};

use crate::command::Place;
use crate::view::{Message, Opening};

/// Something happened; the view ([`crate::Participant::view`]) has the whole picture.
#[derive(Debug, Clone)]
pub enum Notice {
    /// An invitation, ready to be handed over by hand.
    Invited {
        /// The text to paste.
        text: String,
        /// For which side.
        side: u16,
    },
    /// Somebody with an invitation asks the convenor for a seat.
    Asked {
        /// Names the request.
        request: [u8; 32],
        /// Under which name.
        name: String,
        /// For which side.
        side: u16,
    },
    /// The convenor agreed: a seat of that side may vouch.
    Approved {
        /// Names the request.
        request: [u8; 32],
        /// Under which name.
        name: String,
        /// For which side.
        side: u16,
    },
    /// This seat has joined the room.
    Joined(Place),
    /// The request to join was turned down.
    Declined(Declined),
    /// A message stands in the log.
    Said {
        /// Where.
        place: Place,
        /// The message.
        message: Arc<Message>,
    },
    /// Seats, words, or the Round changed.
    Changed(Place),
    /// A Round's texts are open.
    RoundClosed(Arc<Opening>),
    /// The text of this Round stayed home, and why.
    StayedHome {
        /// Which Round.
        round: RoundId,
        /// Why.
        why: StayedHome,
    },
    /// Whose entry tells of another log or state than this node's: an alarm of its own tells the person.
    Doubted {
        /// Which of the two.
        alarm: Alarm,
        /// Which seat.
        seat: SeatId,
        /// Its name.
        name: String,
    },
    /// Something that the person must know.
    Alarm(Alarm),
}

/// Why a request to join did not lead to a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declined {
    /// The invitation was used before.
    Used,
    /// Its time is over.
    Expired,
    /// What came back is damaged or contradicts itself.
    Damaged,
    /// The room goes by rules that only a newer program knows.
    UpdateProgram,
}

/// Why a blank was given instead of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StayedHome {
    /// The crowd is smaller than the author's own minimum.
    CrowdTooSmall {
        /// How many there are.
        crowd: u16,
        /// How many the author wants.
        minimum: u16,
    },
    /// The text is bound to another crowd.
    Bound,
}

/// What the person must know; each has a sentence of its own on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// The vault is an older copy: nothing is sent any more.
    RestoredCopy,
    /// The relay shows different histories to different seats.
    HistoriesDiffer,
    /// The relay changed what stood in the log.
    LogDamaged,
    /// The room's state differs from what its members say.
    StatesDiffer,
    /// The relay is not the one in the invitation.
    WrongRelayKey,
    /// A newer version of the program is in use in the room.
    UpdateProgram,
    /// The relay's store is full.
    RelayFull,
    /// This seat was removed.
    Removed,
    /// A change of seats cannot be followed on this machine.
    LeftBehind,
    /// A convenor says that the room went on elsewhere, and nothing leads there from where this seat stands.
    MovedAway,
    /// The room has grown too large to be handed to newcomers.
    TooLargeToJoin,
    /// The relay's clock jumped against this machine's: nothing is opened until it is steady.
    ClockJumped,
    /// Somebody of this side asked this seat into a caucus that is not the side's.
    FalseCaucus,
    /// Two of this side led this seat into two groups, of which one cannot be the caucus.
    TwoCaucuses,
}
