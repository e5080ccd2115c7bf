//! Exports of Polis: votes in rows (one for each vote) or in columns (one row for each person),
//! statements, and declared sides. Columns are found by name. Takes bytes, opens nothing.

mod fault;
mod gathering;
mod names;
mod notes;
mod quotes;
mod sides;
mod statements;
mod table;
mod votes;

use std::collections::BTreeMap;
use std::io::Read;

use crate::consultation::{Conversation, Sides};

pub use fault::{Fault, InvalidExport};
pub use notes::{Note, What};
pub use statements::Texts;
pub use votes::Ballots;

/// What was read: the conversation, and how people are called in the file.
#[derive(Debug)]
pub struct Export {
    /// Statements and votes.
    pub conversation: Conversation,
    /// Each person's name in the file, by place.
    people: Vec<String>,
    /// What was left out of the votes, or read in another way than it is written.
    notes: Vec<Note>,
}

/// Which sign agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Agree {
    /// 1, as in exports; where a file speaks against it, it is refused.
    #[default]
    Unsaid,
    /// 1, and somebody said so.
    Plus,
    /// -1, as in Polis' own tables.
    Minus,
}

impl Export {
    /// Reads votes, and texts of statements where there are any. Statements that were moderated out, those
    /// about the person who votes, and those without a vote, are left out.
    ///
    /// # Errors
    /// Where a column is missing, or a line is not what it should be; the error names the line.
    pub fn read<'a>(
        votes: impl Read + 'a,
        texts: Option<&Texts>,
        agree: Agree,
    ) -> Result<Export, InvalidExport> {
        Ballots::read(votes, agree)?.export(texts, agree)
    }

    /// What was left out of the votes, or read in another way than it is written.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Reads declared sides: two columns, `participant` and `side`; and what was left out of them.
    ///
    /// # Errors
    /// Where a column is missing, somebody stands on two sides, a name is written in two ways, or nobody in
    /// the file has voted.
    pub fn sides<'a>(&self, file: impl Read + 'a) -> Result<(Sides, Vec<Note>), InvalidExport> {
        let places: BTreeMap<&str, usize> = self
            .people
            .iter()
            .enumerate()
            .map(|(place, name)| (name.as_str(), place))
            .collect();
        sides::read(file, &places)
    }
}
