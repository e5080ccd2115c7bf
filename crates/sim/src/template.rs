//! A dialogue of N seats with a Round in its writing window, made once and played from ever after.

use std::sync::OnceLock;

use participant::Command;
use room::RoundId;
use wire::{MailboxId, Timestamp};

use crate::arena::node::Vault;
use crate::host::Host;
use crate::stage::{open_round, open_with, seated};

/// The writing window of the Round, ms.
pub const WINDOW_MS: u64 = 60_000;
/// How long a phase of it lasts, ms.
pub const PHASE_MS: u64 = 3_000;
/// Fewest and most seats of a play.
pub const SEATS: std::ops::RangeInclusive<usize> = 5..=12;

/// What is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One text from everybody.
    Statement,
    /// Answers to [`STATEMENTS`], one roster.
    Ballot,
    /// The same, one roster for each side.
    BallotEachSide,
}

/// What is voted on.
pub const STATEMENTS: [&str; 2] = ["One bridge.", "A ferry at night."];

/// What every play with N seats begins with.
pub struct Template {
    /// By seat; 0 is the convenor.
    pub vaults: Vec<Vault>,
    /// The relay.
    pub host: Host,
    /// The plenary.
    pub mailbox: MailboxId,
    /// The true time.
    pub now: Timestamp,
    /// The Round.
    pub round: RoundId,
    /// When its window ends.
    pub ends: Timestamp,
    /// Leaves by seat.
    pub leaves: Vec<u32>,
}

impl Template {
    /// The template for `n` seats.
    ///
    /// # Panics
    /// There is none for that many.
    pub fn of(n: usize, kind: Kind) -> &'static Template {
        static MADE: [[OnceLock<Template>; 3]; 13] = [const { [const { OnceLock::new() }; 3] }; 13];
        assert!(SEATS.contains(&n), "no template for {n} seats");
        MADE[n][kind as usize].get_or_init(|| Template::make(n, kind))
    }

    fn make(n: usize, kind: Kind) -> Template {
        number_keys_from(1_000_000 * n as u64);
        let mut world = seated(n as u64, n as u64);
        let round = match opening(kind, WINDOW_MS) {
            None => open_round(&mut world, WINDOW_MS, PHASE_MS),
            Some(command) => open_with(&mut world, command),
        };
        let view = world.seats[0].core().view();
        let open = view.plenary.and_then(|room| room.round);
        let ends = open.map_or(0, |round| round.window_end_ms);
        let subscriptions = world.seats[0].core().subscriptions();
        let mailbox = subscriptions.first().expect("there is a plenary").mailbox;
        let leaf = |seat: &crate::Seat| seat.core().leaf().expect("it is seated");
        Template {
            leaves: world.seats.iter().map(leaf).collect(),
            vaults: world.seats.iter().map(|seat| seat.vault.clone()).collect(),
            host: world.host,
            mailbox,
            now: world.now,
            round,
            ends: Timestamp::from_ms(ends),
        }
    }
}

/// The command that opens such a Round; a statement Round is opened by the stage itself.
pub fn opening(kind: Kind, window_ms: u64) -> Option<Command> {
    let each_side = match kind {
        Kind::Statement => return None,
        Kind::Ballot => false,
        Kind::BallotEachSide => true,
    };
    Some(Command::OpenBallot {
        question: "How shall we cross?".into(),
        statements: STATEMENTS.map(String::from).to_vec(),
        each_side,
        window_ms,
        phase_ms: PHASE_MS,
        floor: None,
    })
}

/// Keys of new seats and commits are numbered, so that a seed plays the same every time.
pub fn number_keys_from(first: u64) {
    #[cfg(feature = "paper")]
    participant::number_keys_from(first);
    #[cfg(not(feature = "paper"))]
    let _ = first;
}
