//! What looks the same is the same: names that are taken, and statements as the memory of ballots knows
//! them. Words themselves are kept and shown as they were written.

use crate::hash::labelled;
use crate::ids::StatementKey;
use crate::rules::{Rule, holds};
use crate::text::StatementText;

/// The names of one statement, at least one, the first as it is written. Two statements that share a name
/// look the same, but for capitals, marks, blanks and punctuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementKeys(Vec<StatementKey>);

impl StatementKeys {
    /// By what the statement is taken for. One in which nothing looks like a letter or digit is taken as it is.
    pub fn of(text: &StatementText) -> Self {
        let looks = match holds(Rule::LooksAreOne) {
            true => letters::looks_of(text.as_str()),
            false => vec![letters::letters_of(text.as_str())],
        };
        let key = |kind: u8, words: &str| {
            StatementKey(labelled("statement", &(kind, words.as_bytes().to_vec())))
        };
        match looks.is_empty() {
            true => Self(vec![key(0, text.as_str())]),
            false => Self(looks.iter().map(|words| key(1, words)).collect()),
        }
    }

    /// The name by which it goes where one is enough.
    pub fn first(&self) -> Option<StatementKey> {
        self.0.first().copied()
    }

    /// All of them.
    pub fn as_slice(&self) -> &[StatementKey] {
        &self.0
    }

    /// Whether both look the same.
    pub fn shares_with(&self, other: &Self) -> bool {
        self.0.iter().any(|key| other.0.contains(key))
    }
}

/// Whether people take these words for those; where nothing in them looks like a letter, whether they are.
pub(crate) fn look_the_same(one: &str, other: &str) -> bool {
    let (forms, others) = (letters::looks_of(one), letters::looks_of(other));
    one == other || forms.iter().any(|form| others.contains(form))
}
