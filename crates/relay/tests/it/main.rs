//! The relay over its real transport, and over a disk that fails.

mod client;
mod disk;
mod frames;
mod kill;
mod mailboxes;
mod subscriptions;
mod telling;
