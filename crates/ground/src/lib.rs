//! Common ground: what most of every side agrees with, what divides them, what is worth talking about.
//! Tallies in, one report out. Names no file, clock, socket or chance, and no report names a count
//! that the rules of disclosure keep private.

mod category;
mod consultation;
mod floor;
mod html;
mod json;
mod lists;
pub mod polis;
mod report;
mod rooms;
mod statement;
mod tally;
mod words;

pub use consultation::{
    Asking, Axis, Care, Cast, Conversation, Edges, Gap, Groups, Layout, Map, Mapped, PairCounts,
    Pca, Plan, Planted, Scores, SideScore, Sides, Symmetric, Tile, Unordered, Votes, adjusted_rand,
    chance_of_more, leading,
};
pub use floor::Floor;
pub use html::html;
pub use json::{json, shown_json};
pub use report::{
    Answered, Basis, Category, Cell, Consultation, Dissent, DissentKind, Exact, Finding,
    FoundGroups, Headline, Kept, Lists, Lock, Report, SideLine, Told,
};
pub use rooms::{Answer, InvalidRound, Round, Side, Tallies, Telling, publish, publish_all};
pub use statement::{Statement, StatementId};
pub use tally::{Stance, Tally};
pub use words::{Bound, Ends, Percent, Phrase, Shown, Word};
