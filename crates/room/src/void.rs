//! Why an event has no effect. A void event leaves the state as it was, on
//! every machine alike.

use std::fmt;

/// Why an event, or a commit, has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Void {
    /// A derived event with a sender, or a sent one without.
    WrongSource,
    /// The sender's leaf holds no seat.
    NotSeated,
    /// This exact thing was said or confirmed before.
    Repeated,
    /// Longer than its limit.
    TooLong,
    /// This kind of room has no such event.
    NotInThisRoom,
    /// Only a convenor may do this.
    NotTheConvenor,
    /// There is no such side.
    NoSuchSide,
    /// There is no such seat.
    NoSuchSeat,
    /// A seat or a request has this name already, or one that looks the same.
    NameTaken,
    /// The request was approved before.
    AlreadyApproved,
    /// The request was never approved, or was used.
    NotApproved,
    /// The seat belongs to another side, or to none.
    WrongSide,
    /// Somebody of the side vouched before.
    AlreadyVouched,
    /// Nobody of the side vouched, and the side has seats.
    NotVouched,
    /// The membership changed since the words were read.
    StaleWords,
    /// The newcomer has not said yet that it entered this room.
    NotArrived,
    /// The newcomer entered something else than this room.
    EnteredAnother,
    /// No commit is valid between START and the N-th GO.
    RunIsOn,
    /// Whose last message a Round awaits is not removed before phase 6 has lasted its length.
    IsAwaited,
    /// A seat cannot remove itself.
    OwnSeat,
    /// Who may reset the mailbox is not removed before the room has moved.
    KeeperStays,
    /// Its author has not announced this place, or has moved to it.
    NotAnnounced,
    /// A place or a caucus is in this mailbox.
    MailboxTaken,
    /// The side's caucus is another one than this was to replace.
    OtherCaucus,
    /// This seat founded the caucus before, and others have not yet.
    NotItsTurn,
    /// The leaf is taken.
    LeafTaken,
    /// The signature key is seated already.
    KeyTaken,
    /// The signature key is empty or too long.
    BadSignatureKey,
    /// In a caucus an added seat must bring its name.
    NoName,
    /// No more seats.
    RoomIsFull,
    /// A commit that adds and removes nobody.
    NothingChanges,
    /// A caucus follows the plenary and never goes back.
    FollowsEarlier,
    /// Some seat's program is not known to know this version.
    NotKnownToAll,
    /// Rounds are held in the plenary alone.
    RoundsElsewhere,
    /// Another Round is open.
    RoundIsOpen,
    /// A Round of this name was held.
    RoundHeld,
    /// Nobody of the Round's audience counts yet.
    NobodyCounts,
    /// A floor below the one that always holds, or above the largest roster.
    BadFloor,
    /// No statement, too many, or two that look the same.
    BadStatements,
    /// The room has held so many ballots that it cannot remember who voted on what.
    TooManyBallots,
    /// The writing window is too short or too long.
    BadWindow,
    /// The phases are too short or too long.
    BadPhase,
    /// No such Round is open.
    NoSuchRound,
    /// Only the author of OPEN may bring the end forward.
    NotTheAuthor,
    /// The end was brought forward before.
    BroughtForwardBefore,
    /// The window's end is past. Nobody says that it is later; only a log that goes on after it was shut puts it off.
    WindowIsOver,
    /// The window's end is not yet reached.
    WindowIsOpen,
    /// The side has seats enough for ballots.
    SideHasBallots,
    /// START came before.
    AlreadyStarted,
    /// The sender does not count in Rounds (yet).
    NotCounting,
    /// The sender is not in this Round's audience.
    NotInAudience,
    /// READY binds other terms.
    OtherTerms,
    /// The seat is ready already.
    AlreadyReady,
    /// No run of this Round is on.
    NoRun,
    /// The N-th GO is missing.
    NotReleased,
    /// Not the roster that the runs left.
    WrongRoster,
    /// Fewer seats than the floor.
    BelowFloor,
    /// The numbers of runs, texts and blanks do not fit the roster.
    WrongCount,
}

impl Void {
    /// Every reason, for tests and documents.
    pub const ALL: [Self; 58] = [
        Self::WrongSource,
        Self::NotSeated,
        Self::Repeated,
        Self::TooLong,
        Self::NotInThisRoom,
        Self::NotTheConvenor,
        Self::NoSuchSide,
        Self::NoSuchSeat,
        Self::NameTaken,
        Self::AlreadyApproved,
        Self::NotApproved,
        Self::WrongSide,
        Self::AlreadyVouched,
        Self::NotVouched,
        Self::StaleWords,
        Self::NotArrived,
        Self::EnteredAnother,
        Self::RunIsOn,
        Self::IsAwaited,
        Self::OwnSeat,
        Self::KeeperStays,
        Self::NotAnnounced,
        Self::MailboxTaken,
        Self::OtherCaucus,
        Self::NotItsTurn,
        Self::LeafTaken,
        Self::KeyTaken,
        Self::BadSignatureKey,
        Self::NoName,
        Self::RoomIsFull,
        Self::NothingChanges,
        Self::FollowsEarlier,
        Self::NotKnownToAll,
        Self::RoundsElsewhere,
        Self::RoundIsOpen,
        Self::RoundHeld,
        Self::NobodyCounts,
        Self::BadFloor,
        Self::BadStatements,
        Self::TooManyBallots,
        Self::BadWindow,
        Self::BadPhase,
        Self::NoSuchRound,
        Self::NotTheAuthor,
        Self::BroughtForwardBefore,
        Self::WindowIsOver,
        Self::WindowIsOpen,
        Self::SideHasBallots,
        Self::AlreadyStarted,
        Self::NotCounting,
        Self::NotInAudience,
        Self::OtherTerms,
        Self::AlreadyReady,
        Self::NoRun,
        Self::NotReleased,
        Self::WrongRoster,
        Self::BelowFloor,
        Self::WrongCount,
    ];
}

impl fmt::Display for Void {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Void {}
