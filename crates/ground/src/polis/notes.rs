//! What was left out of a file or read in another way than it is written: counted, so that it can be said.

use std::fmt;

/// One thing that was left out or changed, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub what: What,
    /// How often.
    pub count: u64,
    /// The first one, as it stands in the file; empty where there is none to show.
    pub example: String,
}

/// What was left out or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The file is UTF-16.
    Utf16,
    /// Columns are not separated by commas.
    Separator,
    /// Lines without anything in them.
    EmptyLines,
    /// Votes that are written in another way than 1, 0 or -1.
    VotesRewritten,
    /// All votes, because it was said that -1 agrees.
    SignsTurned,
    /// Times with a fraction of zero.
    TimesRewritten,
    /// Votes before the latest of the same person on the same statement.
    Replaced,
    /// The same, where the two are of the same moment and differ.
    SameMoment,
    /// Statements that were moderated out.
    ModeratedOut,
    /// Statements about the person who votes.
    Meta,
    /// Statements on which nobody voted.
    WithoutVotes,
    /// Statements whose text is not in the file of statements.
    WithoutText,
    /// People who voted only on statements that are left out.
    NobodyLeft,
    /// Statements whose own tallies are not those of the votes.
    TalliesDiffer,
    /// States of moderation that are written as words.
    StatesRewritten,
    /// People with a side and without a vote.
    NeverVoted,
    /// People with votes and without a side.
    WithoutSide,
}

impl What {
    /// A name for programs.
    pub fn code(self) -> &'static str {
        match self {
            What::Utf16 => "utf_16",
            What::Separator => "separator",
            What::EmptyLines => "empty_lines",
            What::VotesRewritten => "votes_rewritten",
            What::SignsTurned => "signs_turned",
            What::TimesRewritten => "times_rewritten",
            What::Replaced => "replaced",
            What::SameMoment => "same_moment",
            What::ModeratedOut => "moderated_out",
            What::Meta => "meta",
            What::WithoutVotes => "without_votes",
            What::WithoutText => "without_text",
            What::NobodyLeft => "nobody_left",
            What::TalliesDiffer => "tallies_differ",
            What::StatesRewritten => "states_rewritten",
            What::NeverVoted => "never_voted",
            What::WithoutSide => "without_side",
        }
    }

    fn says(self) -> &'static str {
        match self {
            What::Utf16 => "the file is UTF-16 and was read so",
            What::Separator => "columns are not separated by commas and were read so",
            What::EmptyLines => "empty lines were left out",
            What::VotesRewritten => "votes are written in another way and were read as 1, 0 or -1",
            What::SignsTurned => "votes were read with -1 as agreement, as was asked for",
            What::TimesRewritten => {
                "times have a fraction, which is zero, and were read without it"
            }
            What::Replaced => {
                "votes were left out, because the same person voted on the same statement later"
            }
            What::SameMoment => {
                "of these are of the same moment as the later one and differ from it: the later line counts"
            }
            What::ModeratedOut => "statements were moderated out and are left out",
            What::Meta => "statements are about the person who votes (`is-meta`) and are left out",
            What::WithoutVotes => "statements have no vote and are left out",
            What::WithoutText => "statements have votes and no text in the file of statements",
            What::NobodyLeft => "people voted only on statements that are left out",
            What::TalliesDiffer => {
                "statements have other `agrees` or `disagrees` in the file of statements than there are \
                 votes; the votes count; check that both files are of one conversation and one day"
            }
            What::StatesRewritten => "TRUE or FALSE in `moderated` were read as 1 or 0",
            What::NeverVoted => "people have a side and no vote; they are left out",
            What::WithoutSide => "people have votes and no side; no result holds their votes",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Utf16 | What::Separator => write!(f, "{}", self.what.says())?,
            What::EmptyLines
            | What::VotesRewritten
            | What::SignsTurned
            | What::TimesRewritten
            | What::Replaced
            | What::SameMoment
            | What::ModeratedOut
            | What::Meta
            | What::WithoutVotes
            | What::WithoutText
            | What::NobodyLeft
            | What::TalliesDiffer
            | What::StatesRewritten
            | What::NeverVoted
            | What::WithoutSide => write!(f, "{} {}", self.count, self.what.says())?,
        }
        match self.example.is_empty() {
            true => Ok(()),
            false => write!(f, " (the first: {:?})", self.example),
        }
    }
}

/// Notes while a file is read.
#[derive(Clone, Debug, Default)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// One more of these.
    pub fn add(&mut self, what: What, example: &str) {
        self.add_many(what, 1, example);
    }

    /// So many more of these; none is nothing.
    pub fn add_many(&mut self, what: What, count: u64, example: &str) {
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|note| note.what == what) {
            Some(note) => note.count = note.count.saturating_add(count),
            None => self.0.push(Note {
                what,
                count,
                example: example.to_owned(),
            }),
        }
    }

    /// All of them.
    pub fn into_list(mut self) -> Vec<Note> {
        self.0.sort_by_key(|note| note.what);
        self.0
    }
}
