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
    /// Columns beyond those of the first line.
    Long,
    /// A quotation mark that is never closed.
    Unclosed,
    /// Something between a closing quotation mark and the end of its field.
    BehindQuote,
    /// UTF-16 that ends within a letter, or has what is no letter.
    CutUtf16,
    /// The file of what people called important: no votes.
    Importance,
    /// Polis' own table of votes, in which -1 agrees.
    RawTable,
    /// Votes of several conversations.
    TwoConversations(String),
    /// The tallies in this column fit the votes only when agreement and disagreement are exchanged.
    OtherSign(&'static str),
    /// Not one statement of the votes is in the file of statements.
    OtherStatements,
    /// Not a number of votes.
    NoCount(String),
    /// Neither true nor false.
    NoMeta(String),
    /// Nobody of this name has voted; somebody did under the same number, written in another way.
    OtherName(String, String),
    /// One side, written in two ways.
    TwoSpellings(String, String),
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
        let said = error.to_string();
        // What the look at quotation marks found comes through the reader of the table.
        if let csv::ErrorKind::Io(error) = error.into_kind()
            && let Ok(found) = error.downcast::<InvalidExport>()
        {
            return found;
        }
        Fault::Unreadable(said).at(line)
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
            Fault::NoColumn(name) => {
                write!(f, "there is no column `{name}`; name it in the first line")
            }
            Fault::Short(name) => write!(
                f,
                "the line ends before the column `{name}`; complete it or take it out"
            ),
            Fault::NoText(name) => write!(f, "`{name}` is not UTF-8; save the file as UTF-8"),
            Fault::NoName(name) => write!(f, "`{name}` is empty; fill it in or take the line out"),
            Fault::OtherSign(column) => write!(
                f,
                "the numbers in `{column}` fit the votes only if -1 agrees; say --agree=-1 if it does, or \
                 --agree=1 if those numbers are wrong"
            ),
            Fault::OtherName(name, meant) => write!(
                f,
                "nobody called {name:?} has voted, and {meant:?} has; write the name as in the votes"
            ),
            Fault::TwoSpellings(one, other) => write!(
                f,
                "{other:?} is written {one:?} in an earlier line; write the side in one way"
            ),
            Fault::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Fault::Twice(value)
            | Fault::TwoSides(value)
            | Fault::TwoConversations(value)
            | Fault::NoVote(value)
            | Fault::NoTime(value)
            | Fault::NoModeration(value)
            | Fault::NoCount(value)
            | Fault::NoMeta(value) => write!(f, "{value:?} {}", self.says()),
            Fault::Empty
            | Fault::NoForm
            | Fault::Long
            | Fault::Unclosed
            | Fault::BehindQuote
            | Fault::CutUtf16
            | Fault::Importance
            | Fault::RawTable
            | Fault::OtherStatements
            | Fault::NoVotes
            | Fault::NobodyVoted
            | Fault::TooMany => write!(f, "{}", self.says()),
        }
    }
}

const NO_FORM: &str = "these columns are of neither form of votes (columns are separated by comma, semicolon or \
    tab); votes.csv has `comment-id`, `voter-id` and `vote`, participants-votes.csv has `participant` and one \
    column for each statement";
const LONG: &str = "the line has more columns than the first one; put quotation marks around a text that holds \
    what separates columns";
const UNCLOSED: &str = "a quotation mark opens here and is never closed, so that the rest of the file would be \
    one text; close it";
const BEHIND_QUOTE: &str = "something stands behind the quotation mark that closes the text which begins here; \
    a mark inside of a text is written twice";
const IMPORTANCE: &str = "`n-important` says that this is the file of what people called important, and holds \
    no votes; take votes.csv or participants-votes.csv";
const RAW_TABLE: &str = "`zid`, `pid`, `tid` and `created` are columns of Polis' own table of votes, in which -1 \
    agrees; say --agree=-1, or --agree=1 if somebody has turned the signs already";
const OTHER_STATEMENTS: &str = "not one `comment-id` of the votes is in the file of statements; take both files \
    of the same conversation";
const NO_TIME: &str = "is no time in milliseconds; correct it, or leave the column `timestamp` out: then the \
    later line counts";
const NO_COUNT: &str =
    "is no number of votes; correct it, or take the columns `agrees` and `disagrees` out";
const NOBODY_VOTED: &str = "nobody in the file of sides has voted; its `participant` must be the votes' \
    `voter-id` or `participant`";

impl Fault {
    /// The sentence of those that have one, whatever they hold.
    fn says(&self) -> &'static str {
        match self {
            Fault::Empty => "there is nothing here; export the votes again",
            Fault::NoForm => NO_FORM,
            Fault::Long => LONG,
            Fault::Unclosed => UNCLOSED,
            Fault::BehindQuote => BEHIND_QUOTE,
            Fault::CutUtf16 => "this is UTF-16 that is cut or damaged; save it as UTF-8",
            Fault::Importance => IMPORTANCE,
            Fault::RawTable => RAW_TABLE,
            Fault::OtherStatements => OTHER_STATEMENTS,
            Fault::NoVotes => {
                "there is no vote on any statement that is left in; nothing can be analysed"
            }
            Fault::NobodyVoted => NOBODY_VOTED,
            Fault::TooMany => "there is more here than can be counted; split the file",
            Fault::Twice(_) => "stands in an earlier line as well; take one of the two out",
            Fault::TwoSides(_) => {
                "stands on another side in an earlier line; take one of the two out"
            }
            Fault::TwoConversations(_) => {
                "is another conversation than that of the lines before; keep the lines of one `zid` only"
            }
            Fault::NoVote(_) => {
                "is no vote; 1 is agree, -1 disagree, 0 pass; correct it or take it out"
            }
            Fault::NoTime(_) => NO_TIME,
            Fault::NoModeration(_) => {
                "is no state of moderation; 1 is in, 0 undecided, -1 out; correct it"
            }
            Fault::NoCount(_) => NO_COUNT,
            Fault::NoMeta(_) => "is neither true nor false; correct it",
            Fault::NoColumn(_)
            | Fault::Short(_)
            | Fault::NoText(_)
            | Fault::NoName(_)
            | Fault::OtherSign(_)
            | Fault::OtherName(..)
            | Fault::TwoSpellings(..)
            | Fault::Unreadable(_) => "cannot be read",
        }
    }
}
