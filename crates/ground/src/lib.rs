//! Common ground: what most of every side agrees with, what divides them, what is worth talking about.
//! Tallies in, one report out. Names no file, clock, socket or chance, and no report names a count
//! that the rules of disclosure keep private.

mod category;
mod floor;
mod report;
mod rooms;
mod statement;
mod tally;
mod words;

pub use floor::Floor;
pub use report::{
    Answered, Basis, Category, Cell, Dissent, DissentKind, Finding, Headline, Kept, Lists, Lock,
    Report, SideLine, Told,
};
pub use rooms::{Answer, InvalidRound, Round, Side, Tallies, Telling, publish};
pub use statement::{Statement, StatementId};
pub use tally::{Stance, Tally};
pub use words::{Bound, Ends, Percent, Phrase, Shown, Word};
