//! The smallest number of ballots of one side on one statement that may be shown.

/// At least five. It can be raised and never lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Floor(u32);

impl Floor {
    /// What holds everywhere.
    pub const FIVE: Floor = Floor(5);
    /// Where exposure is dangerous.
    pub const EIGHT: Floor = Floor(8);

    /// A raised floor; what is below five gives five.
    pub fn raised_to(ballots: u32) -> Floor {
        Floor(ballots.max(Floor::FIVE.0))
    }

    /// How many ballots it takes.
    pub fn ballots(self) -> u32 {
        self.0
    }
}

impl Default for Floor {
    fn default() -> Self {
        Floor::FIVE
    }
}
