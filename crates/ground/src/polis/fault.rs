//! What is wrong with a file, where, and what to do.

use std::fmt;

/// What is wrong, at which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidExport {
    /// The first line of a file is 1; a line break inside quotes counts as well.
    pub line: u64,
    /// What.
    pub fault: Fault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file, or its first line, is empty.
    Empty,
    /// Neither of the two forms of votes.
    NoForm,
    /// A column that has to be there is not.
    NoColumn(&'static str),
    /// The line ends before this column.
    Short(&'static str),
    /// A field is not UTF-8.
    NoText(&'static str),
    /// A field is empty.
    NoName(&'static str),
    /// Not a vote.
    NoVote(String),
    /// Not a time in milliseconds.
    NoTime(String),
    /// Not a state of moderation.
    NoModeration(String),
    /// This stands in an earlier line as well.
    Twice(String),
    /// This person stands on another side in an earlier line.
    TwoSides(String),
    /// The file has no vote on any statement that is left in.
    NoVotes,
    /// Nobody in the file of sides has voted.
    NobodyVoted,
    /// More than can be counted.
    TooMany,
    /// Not CSV, or not readable: what the reader says.
    Unreadable(String),
}

impl Fault {
    pub(super) fn at(self, line: u64) -> InvalidExport {
        InvalidExport { line, fault: self }
    }
}

impl InvalidExport {
    pub(super) fn of(error: csv::Error) -> InvalidExport {
        let line = error.position().map_or(0, csv::Position::line);
        Fault::Unreadable(error.to_string()).at(line)
    }
}

impl fmt::Display for InvalidExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "{}", self.fault)
    }
}

impl std::error::Error for InvalidExport {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => write!(f, "there is nothing here; export the votes again"),
            Fault::NoForm => write!(
                f,
                "these columns are of neither form of votes; votes.csv has `comment-id`, `voter-id` \
                 and `vote`, participants-votes.csv has `participant` and one column for each statement"
            ),
            Fault::NoColumn(name) => {
                write!(f, "there is no column `{name}`; name it in the first line")
            }
            Fault::Short(name) => write!(
                f,
                "the line ends before the column `{name}`; complete it or take it out"
            ),
            Fault::NoText(name) => {
                write!(f, "`{name}` is not UTF-8; save the file as UTF-8")
            }
            Fault::NoName(name) => write!(f, "`{name}` is empty; fill it in or take the line out"),
            Fault::NoVote(value) => write!(
                f,
                "{value:?} is no vote; 1 is agree, -1 disagree, 0 pass; correct it or take it out"
            ),
            Fault::NoTime(value) => write!(
                f,
                "{value:?} is no time in milliseconds; correct it, or leave the column `timestamp` \
                 out: then the later line counts"
            ),
            Fault::NoModeration(value) => write!(
                f,
                "{value:?} is no state of moderation; 1 is in, 0 undecided, -1 out; correct it"
            ),
            Fault::Twice(name) => write!(
                f,
                "{name:?} stands in an earlier line as well; take one of the two out"
            ),
            Fault::TwoSides(name) => write!(
                f,
                "{name:?} stands on another side in an earlier line; take one of the two out"
            ),
            Fault::NoVotes => write!(
                f,
                "there is no vote on any statement that was not moderated out; nothing can be analysed"
            ),
            Fault::NobodyVoted => write!(
                f,
                "nobody in the file of sides has voted; its `participant` must be the votes' \
                 `voter-id` or `participant`"
            ),
            Fault::TooMany => write!(f, "there is more here than can be counted; split the file"),
            Fault::Unreadable(why) => write!(f, "it cannot be read: {why}"),
        }
    }
}
