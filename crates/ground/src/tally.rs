//! How one side answered one statement.

/// Ballots of one side on one statement. Who gave none is in none of the three: a blank is no pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// How many agree.
    pub agree: u32,
    /// How many disagree.
    pub disagree: u32,
    /// How many passed; a pass counts as not agreeing.
    pub pass: u32,
}

impl Tally {
    /// How many ballots there are.
    pub fn ballots(self) -> u32 {
        self.agree
            .saturating_add(self.disagree)
            .saturating_add(self.pass)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            agree: self.agree.saturating_add(other.agree),
            disagree: self.disagree.saturating_add(other.disagree),
            pass: self.pass.saturating_add(other.pass),
        }
    }

    /// The same ballots on the statement's opposite.
    #[must_use]
    pub fn flipped(self) -> Tally {
        Tally {
            agree: self.disagree,
            disagree: self.agree,
            pass: self.pass,
        }
    }
}

/// One answer, as a person or a bloc gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// For the statement.
    Agree,
    /// Against it.
    Disagree,
    /// Neither.
    Pass,
}
