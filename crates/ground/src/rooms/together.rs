//! What several results of one side on one statement say together. Whoever has them all, and knows
//! that at least the floor's number of people differ between any two, must be left in doubt about each;
//! also whoever takes it that nobody changed their mind, so that people only came or only went.

use std::collections::BTreeSet;

use crate::tally::Tally;
use crate::words::Shown;

use super::cells::people_differing;

/// Results below this many ballots must stay ambiguous, whatever is told later; and so must a group of
/// fewer people who came or went between two.
const WORDS_BELOW: u32 = 20;
/// From this many on a result is not looked at: a step of one per cent is ten people.
pub const CROWD: u32 = 1_000;

/// Every tally that one result may stand for.
#[derive(Clone)]
pub struct Candidates {
    pub could_be: Vec<Tally>,
    pub ballots: u32,
    /// What was asked for when it was told.
    pub floor: u32,
}

impl Candidates {
    /// `floor` is what was asked for when it was told.
    pub fn of(shown: Shown, ballots: u32, floor: u32) -> Candidates {
        Candidates {
            could_be: shown.could_be(ballots),
            ballots,
            floor,
        }
    }
}

/// Whether all results stay ambiguous for whoever knows nothing of the people. It depends on nothing that
/// is not shown; a refusal may as well mean that few people differ, and so tells nothing.
pub fn stay_ambiguous(earlier: &[Candidates], new: &Candidates) -> bool {
    let all: Vec<Candidates> = earlier.iter().chain([new]).cloned().collect();
    Worlds::of(all, &[]).is_some_and(|worlds| worlds.leave_doubt())
}

/// All that may lie behind some results.
pub struct Worlds {
    /// Oldest first.
    pub results: Vec<Candidates>,
    /// For each, whether it is one of those between which nobody changed their mind.
    pub still: Vec<bool>,
}

impl Worlds {
    /// None where no world fits.
    pub fn of(results: Vec<Candidates>, still: &[usize]) -> Option<Worlds> {
        let still = (0..results.len()).map(|at| still.contains(&at)).collect();
        Worlds::in_places(results, still)
    }

    /// The same, with a word for each result whether it is one of those.
    pub fn in_places(results: Vec<Candidates>, still: Vec<bool>) -> Option<Worlds> {
        let mut worlds = Worlds { results, still };
        worlds.drop_what_has_no_partner();
        worlds.fits(&mut Vec::new()).then_some(worlds)
    }

    fn may_be_together(&self, (i, a): (usize, Tally), (k, b): (usize, Tally)) -> bool {
        let is_still = |at: usize| self.still.get(at).copied().unwrap_or(false);
        let later = self.results.get(i.max(k)).map_or(0, |one| one.floor);
        let nobody_changed = is_within(a, b) || is_within(b, a);
        let may_have_changed = !is_still(i) || !is_still(k);
        (may_have_changed || nobody_changed) && people_differing(a, b) >= later
    }

    fn drop_what_has_no_partner(&mut self) {
        for at in 0..self.results.len() {
            let partners = |tally: &Tally| {
                let others = self.results.iter().enumerate().filter(|(k, _)| *k != at);
                others.into_iter().all(|(k, other)| {
                    let mut could_be = other.could_be.iter();
                    could_be.any(|b| self.may_be_together((at, *tally), (k, *b)))
                })
            };
            let could_be = self.results.get(at).map(|one| one.could_be.clone());
            let left = could_be.into_iter().flatten().filter(partners).collect();
            if let Some(one) = self.results.get_mut(at) {
                one.could_be = left;
            }
        }
    }

    /// Whether there is a world with these tallies in these places.
    fn fits(&self, fixed: &mut Vec<(usize, Tally)>) -> bool {
        let is_free = |at: &usize| fixed.iter().all(|(place, _)| place != at);
        let Some(at) = (0..self.results.len()).find(is_free) else {
            return true;
        };
        let could_be = self.results.get(at).map_or(&[][..], |one| &one.could_be);
        for tally in could_be {
            let here = (at, *tally);
            if fixed.iter().all(|other| self.may_be_together(*other, here)) {
                fixed.push(here);
                let fits = self.fits(fixed);
                let _ = fixed.pop();
                if fits {
                    return true;
                }
            }
        }
        false
    }

    /// Whether each result, and whoever came or went between two, stays ambiguous.
    pub fn leave_doubt(&self) -> bool {
        let each = self.results.iter().enumerate().all(|(at, one)| {
            let could_be = one.could_be.iter();
            let fitting = could_be.filter(|tally| self.fits(&mut vec![(at, **tally)]));
            one.ballots >= WORDS_BELOW || are_ambiguous(fitting.copied())
        });
        each && self
            .neighbours()
            .all(|(less, more)| self.difference_leaves_doubt(less, more))
    }

    /// Those between which nobody changed their mind, each with the next larger one.
    fn neighbours(&self) -> impl Iterator<Item = (usize, usize)> {
        let places = self.results.iter().zip(&self.still).enumerate();
        let mut still: Vec<(u32, usize)> = places
            .filter(|(_, (_, still))| **still)
            .map(|(at, (one, _))| (one.ballots, at))
            .collect();
        still.sort_unstable();
        let larger = still.clone().into_iter().skip(1);
        still
            .into_iter()
            .zip(larger)
            .map(|((_, less), (_, more))| (less, more))
    }

    /// Of those who came or went.
    fn difference_leaves_doubt(&self, less: usize, more: usize) -> bool {
        let (Some(fewer), Some(all)) = (self.results.get(less), self.results.get(more)) else {
            return true;
        };
        if all.ballots.saturating_sub(fewer.ballots) >= WORDS_BELOW {
            return true;
        }
        let pairs = fewer
            .could_be
            .iter()
            .flat_map(|a| all.could_be.iter().map(move |b| (*a, *b)));
        let differences = pairs.filter_map(|(a, b)| {
            let may = self.may_be_together((less, a), (more, b));
            let fits = may && self.fits(&mut vec![(less, a), (more, b)]);
            fits.then(|| without(b, a)).flatten()
        });
        are_ambiguous(differences)
    }
}

fn is_within(part: Tally, all: Tally) -> bool {
    without(all, part).is_some()
}

fn without(all: Tally, part: Tally) -> Option<Tally> {
    Some(Tally {
        agree: all.agree.checked_sub(part.agree)?,
        disagree: all.disagree.checked_sub(part.disagree)?,
        pass: all.pass.checked_sub(part.pass)?,
    })
}

/// Three tallies with two values of agree and two of disagree; stops as soon as it has seen them.
fn are_ambiguous(tallies: impl Iterator<Item = Tally>) -> bool {
    let (mut seen, mut agree, mut disagree) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for tally in tallies {
        seen.insert(tally);
        agree.insert(tally.agree);
        disagree.insert(tally.disagree);
        if seen.len() >= 3 && agree.len() >= 2 && disagree.len() >= 2 {
            return true;
        }
    }
    false
}
