//! The program that one person runs: vault, clock, relay links, pages. All IO of a participant is here.
//! Must never decide what the protocol decides: it carries inputs in and steps out.

pub mod limits;
pub mod link;
pub mod pages;
pub mod vault;
