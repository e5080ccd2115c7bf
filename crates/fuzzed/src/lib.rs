//! What the fuzzers and the smoke test run: one function for each decoder and each fold, from bytes
//! of anybody to no panic and no contradiction. Tests only; nothing here is part of the program.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a fuzzed function fails loudly"
)]

mod dialogue;
mod script;

pub mod collections;
pub mod invitations;
pub mod room_events;
pub mod room_logs;
pub mod round_bytes;
pub mod round_runs;
pub mod vaults;
pub mod wire_bytes;

pub use script::{Script, TestRng};

/// One thing that is fuzzed.
pub struct Target {
    /// As `cargo fuzz` knows it.
    pub name: &'static str,
    /// Takes any bytes, and panics where something that must hold does not.
    pub body: fn(&[u8]),
    /// Good inputs, to be changed.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

macro_rules! targets {
    ($($module:ident: $($name:ident($seeds:ident))*;)*) => {
        /// All of them. `fuzz/fuzz_targets` has a file of the same name for each.
        pub const TARGETS: &[Target] = &[$($(Target {
            name: stringify!($name),
            body: $module::$name,
            seeds: $module::$seeds,
        }),*),*];
    };
}

targets! {
    wire_bytes: call(calls) reply(replies) entry(entries) padding(paddings) address(addresses);
    round_bytes: round_message(messages) sequence_state(states) release_share(shares);
    round_runs: round_run(scripts);
    collections: collection_state(states) collection_run(scripts);
    room_events: posted(events) room_state(states) room_events(scripts);
    invitations: invitation(invitations) envelope(envelopes) lobby_request(scripts)
        lobby_answer(scripts);
    room_logs: room_log(scripts) member_posts(post_scripts);
    vaults: vault(scripts);
}
