//! Whole dialogues in a seeded world.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

// What only the real MLS can be made to do.
#[cfg(not(feature = "paper"))]
mod aliased_caucus;
#[cfg(not(feature = "paper"))]
mod asked_again;
#[cfg(not(feature = "paper"))]
mod attack;
mod ballots;
mod between_rooms;
mod blocs;
mod crashes;
mod dialogue;
mod false_states;
mod flood;
#[cfg(not(feature = "paper"))]
mod founding_anew;
#[cfg(not(feature = "paper"))]
mod full_mailbox;
mod given_again;
mod hostile;
mod house;
mod invitations;
mod itself;
#[cfg(not(feature = "paper"))]
mod moving;
#[cfg(not(feature = "paper"))]
mod not_arrived;
#[cfg(not(feature = "paper"))]
mod oddities;
#[cfg(not(feature = "paper"))]
mod pasts;
#[cfg(not(feature = "paper"))]
mod places;
#[cfg(not(feature = "paper"))]
mod protections;
mod relay_time;
mod removing;
#[cfg(not(feature = "paper"))]
mod restarts;
mod returned;
#[cfg(not(feature = "paper"))]
mod rotations;
#[cfg(not(feature = "paper"))]
mod shut_and_quiet;
#[cfg(not(feature = "paper"))]
mod shut_logs;
#[cfg(not(feature = "paper"))]
mod silencing;
mod stage;
#[cfg(not(feature = "paper"))]
mod stopping_a_caucus;
#[cfg(not(feature = "paper"))]
mod waiting_commits;
