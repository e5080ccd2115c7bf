//! Nodes with real vaults, on real links to a real relay.

mod dialogue;
mod living;
