//! Whether a Round asks for a text or for answers to statements. A sentence about either is one message.

use participant::view::{Opening, RoundView};

use super::{
    layout::Pen,
    words::Argument::{self, Number, Text},
};

/// What everybody gives in a Round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One text each.
    Texts,
    /// An answer to each statement.
    Answers,
}

impl Kind {
    /// Of an open Round.
    pub fn of(round: &RoundView) -> Self {
        Self::of_asked(round.statements.len() as u64)
    }

    /// Of one that is over.
    pub fn of_ended(ended: &Opening) -> Self {
        Self::of_asked(ended.asked.len() as u64)
    }

    /// By how many statements were asked about.
    pub fn of_asked(statements: u64) -> Self {
        match statements {
            0 => Self::Texts,
            1.. => Self::Answers,
        }
    }

    /// For a sentence that has two forms; the one about texts is the usual one.
    pub fn argument(self) -> (&'static str, Argument<'static>) {
        let kind = match self {
            Self::Texts => "texts",
            Self::Answers => "answers",
        };
        ("kind", Text(kind))
    }
}

impl Pen<'_> {
    /// A sentence about what a Round of this kind brings.
    pub fn of_kind(&self, id: &str, kind: Kind) -> String {
        self.say_with(id, &[kind.argument()])
    }

    /// The same, with a text.
    pub fn name_of_kind(&self, id: &str, kind: Kind, name: &'static str, text: &str) -> String {
        self.say_with(id, &[kind.argument(), (name, Text(text))])
    }

    /// The same, with a number.
    pub fn count_of_kind(&self, id: &str, kind: Kind, name: &'static str, number: u64) -> String {
        self.say_with(id, &[kind.argument(), (name, Number(number))])
    }
}
