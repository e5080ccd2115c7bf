//! The blind relay: append-only logs of opaque entries, kept durably and served over WebSocket and TLS 1.3.
//! It knows no person, side, room or plaintext (it depends on `wire` alone), and it prints and logs nothing:
//! [`Counts`] are all that it tells its host.
#![forbid(clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]

mod bounds;
pub mod core;
mod counts;
mod feed;
pub mod limits;
mod log;
mod start;
pub mod store;
mod transport;

pub use bounds::{Bounds, Crowd, Pace};
pub use counts::Counts;
pub use start::{
    RelayConfig, RelayHandle, STORE_FOLDER, StartError, start, start_bounded, start_with,
};
