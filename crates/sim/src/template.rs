//! A dialogue of N seats with a Round in its writing window, made once and played from ever after.

use std::sync::OnceLock;

use room::RoundId;
use wire::{MailboxId, Timestamp};

use crate::arena::node::Vault;
use crate::host::Host;
use crate::stage::{open_round, seated};

/// The writing window of the Round, ms.
pub const WINDOW_MS: u64 = 60_000;
/// How long a phase of it lasts, ms.
pub const PHASE_MS: u64 = 3_000;
/// Fewest and most seats of a play.
pub const SEATS: std::ops::RangeInclusive<usize> = 5..=12;

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
    pub fn of(n: usize) -> &'static Template {
        static MADE: [OnceLock<Template>; 13] = [const { OnceLock::new() }; 13];
        assert!(SEATS.contains(&n), "no template for {n} seats");
        MADE[n].get_or_init(|| Template::make(n))
    }

    fn make(n: usize) -> Template {
        number_keys_from(1_000_000 * n as u64);
        let mut world = seated(n as u64, n as u64);
        let round = open_round(&mut world, WINDOW_MS, PHASE_MS);
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

/// Keys of new seats and commits are numbered, so that a seed plays the same every time.
pub fn number_keys_from(first: u64) {
    #[cfg(feature = "paper")]
    participant::number_keys_from(first);
    #[cfg(not(feature = "paper"))]
    let _ = first;
}
