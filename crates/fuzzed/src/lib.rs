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

/// All of them. `fuzz/fuzz_targets` has a file of the same name for each.
pub const TARGETS: [Target; 21] = [
    target("call", wire_bytes::call, wire_bytes::calls),
    target("reply", wire_bytes::reply, wire_bytes::replies),
    target("entry", wire_bytes::entry, wire_bytes::entries),
    target("padding", wire_bytes::padding, wire_bytes::paddings),
    target("address", wire_bytes::address, wire_bytes::addresses),
    target(
        "round_message",
        round_bytes::round_message,
        round_bytes::messages,
    ),
    target(
        "sequence_state",
        round_bytes::sequence_state,
        round_bytes::states,
    ),
    target(
        "release_share",
        round_bytes::release_share,
        round_bytes::shares,
    ),
    target("round_run", round_runs::round_run, round_runs::scripts),
    target(
        "collection_state",
        collections::collection_state,
        collections::states,
    ),
    target(
        "collection_run",
        collections::collection_run,
        collections::scripts,
    ),
    target("posted", room_events::posted, room_events::events),
    target("room_state", room_events::room_state, room_events::states),
    target(
        "room_events",
        room_events::room_events,
        room_events::scripts,
    ),
    target(
        "invitation",
        invitations::invitation,
        invitations::invitations,
    ),
    target("envelope", invitations::envelope, invitations::envelopes),
    target(
        "lobby_request",
        invitations::lobby_request,
        invitations::scripts,
    ),
    target(
        "lobby_answer",
        invitations::lobby_answer,
        invitations::scripts,
    ),
    target("room_log", room_logs::room_log, room_logs::scripts),
    target(
        "member_posts",
        room_logs::member_posts,
        room_logs::post_scripts,
    ),
    target("vault", vaults::vault, vaults::scripts),
];

const fn target(name: &'static str, body: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, body, seeds }
}
