//! Why something was not done, in a sentence: what happened, and what to do.
//! Must never show a bare code, nor a sentence that sends the person away empty-handed.

use axum::response::Response;
use maud::html;
use participant::Refused;
use room::Void;

use super::{
    desk::Sorry,
    layout::{Pen, Sheet, Way},
    visit::Visit,
};
use crate::vault::VaultError;

/// The sentence for the page.
pub fn sentence(pen: Pen<'_>, sorry: &Sorry) -> String {
    match sorry {
        Sorry::Locked => pen.say("sorry-locked"),
        Sorry::WrongPassphrase(tries) => {
            pen.count("sorry-wrong-passphrase", "tries", u64::from(*tries))
        }
        Sorry::NoRelay(why) => pen.name("sorry-no-relay", "why", why),
        Sorry::Vault(error) => vault(pen, error),
        Sorry::Refused(refused) => refusal(pen, refused),
    }
}

fn vault(pen: Pen<'_>, error: &VaultError) -> String {
    match error {
        VaultError::ShortPassphrase => pen.count(
            "sorry-short-passphrase",
            "letters",
            crate::limits::PASSPHRASE_LETTERS as u64,
        ),
        VaultError::InUse => pen.say("sorry-vault-in-use"),
        VaultError::DiskFull => pen.say("alarm-disk-full"),
        VaultError::UnknownVersion(_) => pen.say("sorry-vault-newer"),
        VaultError::Damaged(what) => pen.name("sorry-vault-damaged", "why", what),
        VaultError::TooLarge => pen.say("sorry-vault-too-large"),
        VaultError::WrongPassphrase => pen.count("sorry-wrong-passphrase", "tries", 0),
        VaultError::Missing | VaultError::Exists | VaultError::TooManyAreas => {
            pen.say("sorry-unknown")
        }
        VaultError::Io(error) => pen.name("sorry-vault", "why", &error.to_string()),
    }
}

fn refusal(pen: Pen<'_>, refused: &Refused) -> String {
    pen.say(match refused {
        Refused::AlreadySeated => "sorry-already-seated",
        Refused::NotSeated => "sorry-not-seated",
        Refused::NotAnInvitation => "sorry-not-an-invitation",
        Refused::InvitationOfOlderProgram => "sorry-older-invitation",
        Refused::InvitationOfNewerProgram => "sorry-newer-invitation",
        Refused::InvitationExpired => "sorry-invitation-expired",
        Refused::BadName => "sorry-bad-name",
        Refused::BadText => "sorry-bad-text",
        Refused::Rule(void) => rule(*void),
        Refused::OnlyConvenor => "sorry-only-convenor",
        Refused::Unknown => "sorry-unknown",
        Refused::OtherWords => "sorry-other-request-words",
        Refused::LogShut => "sorry-shut-for-rounds",
        Refused::OtherAnswers => "sorry-other-answers",
        Refused::SomebodyAwaited => "sorry-somebody-awaited",
        Refused::TooLate => "sorry-too-late",
        Refused::RelaySilent => "sorry-relay-silent",
        Refused::NoPlace => "sorry-no-place",
        Refused::NothingAgreed => "sorry-nothing-agreed",
        Refused::TextIsBound => "sorry-text-is-bound",
        Refused::TextTooLong => "sorry-text-too-long",
        Refused::RestoredCopy => "alarm-restored-copy",
        Refused::Removed => "alarm-removed",
        Refused::LeftBehind => "alarm-left-behind",
        Refused::UpdateProgram => "alarm-update-program",
        Refused::Failed(why) => return pen.name("sorry-failed", "why", why),
    })
}

/// The rules that a person at a page can meet; the others are met by damaged programs only.
fn rule(void: Void) -> &'static str {
    match void {
        Void::RunIsOn | Void::IsAwaited => "sorry-run-is-on",
        Void::RoundIsOpen => "sorry-round-is-open",
        Void::NobodyCounts => "sorry-nobody-counts",
        Void::NameTaken => "sorry-name-taken",
        Void::StaleWords => "sorry-stale-words",
        Void::BadFloor => "sorry-bad-floor",
        Void::BadStatements => "sorry-bad-statements",
        Void::TooManyBallots => "sorry-too-many-ballots",
        Void::BadWindow | Void::BadPhase => "sorry-bad-window",
        Void::RoomIsFull => "sorry-room-is-full",
        Void::AlreadyApproved | Void::AlreadyVouched | Void::Repeated => "sorry-done-before",
        Void::NotTheAuthor => "sorry-not-the-author",
        Void::SideHasBallots => "sorry-side-has-ballots",
        Void::NoSuchRound | Void::WindowIsOver | Void::BroughtForwardBefore | Void::RoundHeld => {
            "sorry-round-is-over"
        }
        Void::WrongSide => "sorry-wrong-side",
        Void::NotTheConvenor => "sorry-only-convenor",
        Void::WrongSource
        | Void::NotSeated
        | Void::TooLong
        | Void::NotInThisRoom
        | Void::NoSuchSide
        | Void::NoSuchSeat
        | Void::NotApproved
        | Void::NotVouched
        | Void::NotArrived
        | Void::EnteredAnother
        | Void::OwnSeat
        | Void::KeeperStays
        | Void::NotAnnounced
        | Void::MailboxTaken
        | Void::OtherCaucus
        | Void::NotItsTurn
        | Void::LeafTaken
        | Void::KeyTaken
        | Void::BadSignatureKey
        | Void::NoName
        | Void::NothingChanges
        | Void::FollowsEarlier
        | Void::NotKnownToAll
        | Void::RoundsElsewhere
        | Void::WindowIsOpen
        | Void::AlreadyStarted
        | Void::NotCounting
        | Void::NotInAudience
        | Void::OtherTerms
        | Void::AlreadyReady
        | Void::NoRun
        | Void::NotReleased
        | Void::WrongRoster
        | Void::BelowFloor
        | Void::WrongCount => "sorry-unknown",
    }
}

/// A page of its own, for an act that came from a button and not from a form with words in it.
pub fn page(visit: &Visit, sorry: &Sorry) -> Response {
    let pen = visit.pen();
    let main = html! {
        div.stack.measure {
            h1 { (pen.say("not-done")) }
            p { (sentence(pen, sorry)) }
            p { a.btn href="/table" { (pen.say("go-on")) } }
        }
    };
    let sheet = Sheet {
        title: "not-done",
        way: Way::Table,
        stream: None,
        main,
    };
    sheet.refused(pen, &visit.shown)
}
