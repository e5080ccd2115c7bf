//! What is voted on.

use std::cmp::Ordering;

/// Names a statement; ties in every list are broken by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementId(String);

impl StatementId {
    /// Any text; the same statement has the same name in every Round.
    pub fn new(id: impl Into<String>) -> Self {
        StatementId(id.into())
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shorter first, then by bytes: plain numbers stand in their own order, and so do digests.
impl Ord for StatementId {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |id: &Self| id.0.len();
        key(self)
            .cmp(&key(other))
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for StatementId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One statement. The text is what some person wrote: hostile to every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub id: StatementId,
    /// Its words, exactly.
    pub text: String,
}
