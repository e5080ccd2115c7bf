//! Whose commits a caucus does not wait for: one that followed an event of the plenary which had not come is
//! the last of its author's. Whoever is honest has read what it follows.

use crate::ids::Leaf;
use crate::seat::Commits;
use crate::state::State;

impl State {
    /// A commit of this seat stands in the log of its caucus and follows nothing. Called by everybody who
    /// folds it, where it stands in the epoch that it names.
    pub fn deny_commits(&mut self, by: Leaf) {
        let mut seats = self.membership.seats.iter_mut();
        if let Some(seat) = seats.find(|seat| seat.leaf == by) {
            seat.commits = Commits::AreVoid;
        }
    }

    /// Whether a commit of this seat may count, as far as its author goes: known before it is opened, so
    /// that nobody waits for one that cannot.
    pub fn commits_of(&self, by: Leaf) -> Commits {
        match self.by_leaf(by) {
            Some(seat) if !self.awaits(by) => seat.commits,
            Some(_) | None => Commits::AreVoid,
        }
    }
}
