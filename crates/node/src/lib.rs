//! The program that one person runs: vault, clock, relay links, pages. All IO of a participant is here.
//! Must never decide what the protocol decides: it carries inputs in and steps out.

mod clock;
mod driver;
pub mod folders;
pub mod hosting;
pub mod limits;
pub mod link;
mod node;
pub mod pages;
pub mod process;
mod randomness;
mod safe;
pub mod settings;
pub mod unsent;
pub mod vault;

const _: () = assert!(!participant::ON_PAPER, "MLS on paper protects nobody");

pub use driver::{Checkpoint, Checkpoints};
pub use node::{Node, NodeConfig, NodeError};
