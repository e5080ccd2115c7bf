//! Whole dialogues in a seeded world.

mod dialogue;
mod stage;
