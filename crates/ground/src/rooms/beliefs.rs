//! What is believed of several results: that nobody changed their mind between some of them, so that
//! people only came or only went. Whoever believes so must be left in doubt as well, by what is told
//! and by what is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::floor::Floor;
use crate::tally::Tally;
use crate::words::{Shown, tallies_of};

use super::together::{Candidates, Worlds};

/// From this many ballots on it is not looked at what else might have been told instead: more than any room
/// has seats (PROTOCOL: SEATS_MAX is 120), and too many tallies to try.
const MANY: u32 = 200;

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
    let could_be = match ballots >= MANY {
        true => shown.could_be(ballots),
        false => tallies_of(ballots).collect(),
    };
    let any = Candidates {
        could_be,
        ballots,
        floor,
    };
    let all: Vec<Candidates> = earlier.iter().cloned().chain([any]).collect();
    // A belief that nothing of this size fits binds nobody.
    let beliefs: Vec<Belief> = beliefs(earlier, ballots)
        .iter()
        .filter_map(|still| Belief::of(all.clone(), still))
        .collect();
    let says_too_much = |shown: &Shown| {
        let mut beliefs = beliefs.iter();
        beliefs.any(|belief| belief.doubt([shown]) == Some(false))
    };
    if beliefs.is_empty() {
        return true;
    }
    if says_too_much(&shown) {
        return false;
    }
    if ballots >= MANY {
        return true;
    }
    let looks: BTreeSet<Shown> = beliefs
        .iter()
        .flat_map(|belief| belief.looks.keys().copied())
        .collect();
    let (mut refused, mut others): (BTreeSet<Shown>, BTreeSet<Shown>) =
        looks.iter().partition(|shown| says_too_much(shown));
    let in_no_doubt = |refused: &BTreeSet<Shown>| {
        let mut beliefs = beliefs.iter();
        beliefs.find(|belief| belief.doubt(refused) == Some(false))
    };
    while let Some(belief) = in_no_doubt(&refused) {
        let could_be = |shown: &&Shown| belief.doubt([*shown]).is_some();
        let Some(more) = others.iter().find(could_be).copied() else {
            return false;
        };
        others.remove(&more);
        refused.insert(more);
    }
    !refused.contains(&shown)
}

/// What somebody takes for true of several results, the last of which may look in several ways.
struct Belief {
    worlds: Worlds,
    /// The last result's tallies by how it would look.
    looks: BTreeMap<Shown, Vec<Tally>>,
}

impl Belief {
    /// None where no world fits.
    fn of(results: Vec<Candidates>, still: &[usize]) -> Option<Belief> {
        let worlds = Worlds::of(results, still)?;
        let mut looks: BTreeMap<Shown, Vec<Tally>> = BTreeMap::new();
        for tally in &worlds.results.last()?.could_be {
            looks.entry(Shown::of(*tally)?).or_default().push(*tally);
        }
        Some(Belief { worlds, looks })
    }

    /// Whether there is doubt left where the last result looks like one of these; none where it cannot.
    fn doubt<'a>(&self, looks: impl IntoIterator<Item = &'a Shown>) -> Option<bool> {
        let (last, before) = self.worlds.results.split_last()?;
        let fitting = looks.into_iter().filter_map(|look| self.looks.get(look));
        let could_be: Vec<Tally> = fitting.flatten().copied().collect();
        if could_be.is_empty() {
            return None;
        }
        let last = Candidates { could_be, ..*last };
        let results = before.iter().cloned().chain([last]).collect();
        let worlds = Worlds::in_places(results, self.worlds.still.clone());
        worlds.map(|worlds| worlds.leave_doubt())
    }
}

/// Between which results somebody may take it that nobody changed their mind: since any of them, or since
/// one of them only.
fn beliefs(earlier: &[Candidates], ballots: u32) -> Vec<Vec<usize>> {
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
        .filter(|still: &Vec<usize>| could_be_still(still, &sizes))
        .collect()
}

/// Where nobody changes their mind as many people differ as the numbers of ballots do. This spares trying
/// what cannot be; that a later floor may be higher is looked at there.
fn could_be_still(still: &[usize], sizes: &[u32]) -> bool {
    let mut sizes: Vec<u32> = still
        .iter()
        .filter_map(|at| sizes.get(*at).copied())
        .collect();
    sizes.sort_unstable();
    sizes
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if b.saturating_sub(*a) >= Floor::FIVE.ballots()))
}
