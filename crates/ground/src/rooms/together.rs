//! What several results of one side on one statement say together. Whoever has them all, and knows
//! that at least the floor's number of people differ between any two, must be left in doubt about each;
//! also whoever takes it that nobody changed their mind, so that people only came or only went.

use std::collections::BTreeSet;

use crate::tally::Tally;
use crate::words::{Shown, tallies_of};

use super::cells::people_differing;

/// Results below this many ballots must stay ambiguous, whatever is told later; and so must a group of
/// fewer people who came or went between two.
const WORDS_BELOW: u32 = 20;
/// From this many ballots on it is not looked at what else might have been told instead.
const MANY: u32 = 100;
/// From this many on a result is not looked at: a step of one per cent is ten people.
pub const CROWD: u32 = 1_000;

/// Every tally that one result may stand for.
#[derive(Clone)]
pub struct Candidates {
    could_be: Vec<Tally>,
    ballots: u32,
    floor: u32,
}

impl Candidates {
    fn of_nothing(ballots: u32, floor: u32) -> Candidates {
        Candidates {
            could_be: Vec::new(),
            ballots,
            floor,
        }
    }

    fn or(mut self, other: Candidates) -> Candidates {
        self.could_be.extend(other.could_be);
        self
    }

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

/// Whether it may be told, as far as those go who take it that nobody changed their mind between some of
/// the results. A refusal must leave them in doubt as well: so where few looks of a result would be
/// refused, one more is, until all refused ones together say too little (as in Kenthapadi, Mishra and
/// Nissim, "Simulatable auditing", PODS 2005). It depends on nothing but what was told and could be told.
pub fn leaves_the_unchanging_in_doubt(
    earlier: &[Candidates],
    shown: Shown,
    ballots: u32,
    floor: u32,
) -> bool {
    let beliefs = beliefs(earlier, ballots, floor);
    if beliefs.is_empty() {
        return true;
    }
    let doubt = |still: &[usize], looks: &BTreeSet<Shown>| {
        let looks = looks
            .iter()
            .map(|shown| Candidates::of(*shown, ballots, floor));
        let new = looks.fold(Candidates::of_nothing(ballots, floor), Candidates::or);
        let all = earlier.iter().cloned().chain([new]).collect();
        Worlds::of(all, still).map(|worlds| worlds.leave_doubt())
    };
    let says_too_much = |shown: &Shown| {
        let only = BTreeSet::from([*shown]);
        beliefs
            .iter()
            .any(|still| doubt(still, &only) == Some(false))
    };
    if ballots >= MANY {
        return !says_too_much(&shown);
    }
    let looks: BTreeSet<Shown> = tallies_of(ballots).filter_map(Shown::of).collect();
    let (mut refused, mut others): (BTreeSet<Shown>, BTreeSet<Shown>) =
        looks.iter().partition(|shown| says_too_much(shown));
    let in_no_doubt = |refused: &BTreeSet<Shown>| {
        let mut beliefs = beliefs.iter();
        beliefs.find(|still| doubt(still, refused) == Some(false))
    };
    while let Some(still) = in_no_doubt(&refused) {
        let could_be = |shown: &&Shown| doubt(still, &BTreeSet::from([**shown])).is_some();
        let Some(more) = others.iter().find(could_be).copied() else {
            return false;
        };
        others.remove(&more);
        refused.insert(more);
    }
    !refused.contains(&shown)
}

/// Between which results somebody may take it that nobody changed their mind: since any of them, or since
/// one of them only.
fn beliefs(earlier: &[Candidates], ballots: u32, floor: u32) -> Vec<Vec<usize>> {
    let new = earlier.len();
    let sizes: Vec<u32> = earlier
        .iter()
        .map(|one| one.ballots)
        .chain([ballots])
        .collect();
    let since = (0..new).map(|from| (from..=new).collect());
    let pairs = (0..new.saturating_sub(1)).map(|from| vec![from, new]);
    since
        .chain(pairs)
        .filter(|still: &Vec<usize>| could_be_still(still, &sizes, floor))
        .collect()
}

/// Where nobody changes their mind as many people differ as the numbers of ballots do.
fn could_be_still(still: &[usize], sizes: &[u32], floor: u32) -> bool {
    let mut sizes: Vec<u32> = still
        .iter()
        .filter_map(|at| sizes.get(*at).copied())
        .collect();
    sizes.sort_unstable();
    sizes
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if b.saturating_sub(*a) >= floor.min(5)))
}

/// All that may lie behind some results.
struct Worlds {
    results: Vec<Candidates>,
    /// For each, whether it is one of those between which nobody changed their mind.
    still: Vec<bool>,
}

impl Worlds {
    /// None where no world fits.
    fn of(results: Vec<Candidates>, still: &[usize]) -> Option<Worlds> {
        let still = (0..results.len()).map(|at| still.contains(&at)).collect();
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

    fn leave_doubt(&self) -> bool {
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
