//! Dialogues that are seated, with caucuses and one Round behind them: made once, played from ever after.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use participant::step::Area;
use participant::{Command, Rows};
use relay::core::Quotas;
use wire::Timestamp;

use crate::host::Host;
use crate::stage::{open_round, seated_at};
use crate::template::number_keys_from;
use crate::world::creation;
use crate::{Seat, World};

/// Fewest and most seats beside the convenor.
pub const SEATS: std::ops::RangeInclusive<usize> = 6..=12;

/// What every play with so many seats begins with.
pub struct Template {
    vaults: Vec<BTreeMap<Area, Rows>>,
    host: Host,
    now: Timestamp,
}

/// How much the relay takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relay {
    /// As much as one of ours.
    Large,
    /// A mailbox is full after a few of the largest entries, or after some rotations.
    Small,
    /// The same, and nothing is kept free for rotations and resets: a rule taken out.
    WithoutReserves,
    /// It guards no log after a reset: a rule taken out.
    Unguarded,
}

impl Relay {
    fn quotas(self) -> Quotas {
        const MIB: u64 = 1 << 20;
        let large = Quotas::default();
        match self {
            Relay::Large => large,
            Relay::Small => Quotas {
                mailbox_bytes: 10 * MIB,
                for_rotations: 2 * MIB,
                for_founder: 2 * MIB,
                for_resets: MIB / 4,
                rotations: 200,
                founder_rotations: 140,
                ..large
            },
            Relay::WithoutReserves => Quotas {
                mailbox_bytes: 6 * MIB,
                for_rotations: 0,
                for_founder: 0,
                for_resets: 0,
                ..large
            },
            Relay::Unguarded => Quotas {
                guard_ms: 0,
                ..large
            },
        }
    }
}

impl Template {
    /// The template for `n` seats.
    ///
    /// # Panics
    /// There is none for that many.
    pub fn of(n: usize, relay: Relay) -> &'static Template {
        static MADE: [[OnceLock<Template>; 4]; 13] = [const { [const { OnceLock::new() }; 4] }; 13];
        assert!(SEATS.contains(&n), "no template for {n} seats");
        MADE[n][relay as usize].get_or_init(|| Template::make(n, relay))
    }

    fn make(n: usize, relay: Relay) -> Template {
        number_keys_from((1 << 36) + 1_000_000 * n as u64);
        let host = Host::with(creation(), relay.quotas());
        let mut world = seated_at(host, n as u64, 40 + n as u64);
        let round = open_round(&mut world, 60_000, 3_000);
        for seat in 1..=n {
            let text = format!("What seat {seat} said before");
            let command = Command::Write {
                round,
                text,
                minimum: None,
            };
            world.command(seat, command);
        }
        world.pass(120_000);
        let shown = |seat: &Seat| {
            let results = seat.core().view().plenary.map(|room| room.results.len());
            results == Some(1)
        };
        assert!(world.seats.iter().all(shown), "the first Round opens");
        Template {
            vaults: world.seats.iter().map(|seat| seat.vault.clone()).collect(),
            host: world.host,
            now: world.now,
        }
    }

    /// A world that goes on from here.
    pub fn world(&self, seed: u64) -> World {
        let seats = (0..).zip(&self.vaults).map(|(at, vault)| {
            let seed = seed.wrapping_mul(1_000).wrapping_add(at);
            Seat::going_on(vault.clone(), seed)
        });
        let mut world = World::of(seats.collect(), self.host.clone(), self.now);
        world.run();
        world
    }
}
