//! What a coalition of relay and cheats learns from what the honest have shown: which slots are whose,
//! which texts it can read, and who may have written them. Symbolic: cryptography is taken as perfect.

use std::collections::{BTreeMap, BTreeSet};

/// One honest member's part in one run, as the coalition sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Who.
    pub leaf: u32,
    /// With which of its selves.
    pub instance: u8,
    /// The run, by its first view.
    pub run: u32,
    /// The honest of the roster, and with which JOINs they stand in this member's transcript.
    pub peers: BTreeMap<u32, u8>,
    /// The transcript under which its vector stands: equal for those whose pads cancel.
    pub t3: Option<u32>,
    /// How many different vectors it sent under this transcript.
    pub vectors: usize,
    /// What it submitted; none for a blank.
    pub text: Option<u32>,
    /// Its content share is known.
    pub share_shown: bool,
    /// Its blame root is known.
    pub root_shown: bool,
}

/// A text that can be given to fewer people than it was promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmasked {
    /// The text.
    pub text: u32,
    /// Who may have written it.
    pub authors: BTreeSet<u32>,
    /// Who should be possible: the honest of the run in which it is readable.
    pub promised: BTreeSet<u32>,
}

/// A readable run: its texts, and the honest whose sealed slots are told apart by nothing.
struct Shown {
    texts: BTreeMap<u32, u32>,
    promised: BTreeSet<u32>,
}

/// The first text that is given to fewer people than the honest of its run.
pub fn unmasked(facts: &[Fact]) -> Option<Unmasked> {
    let shares = |leaf: u32, instance: u8, run: u32| {
        facts
            .iter()
            .any(|f| (f.leaf, f.instance, f.run) == (leaf, instance, run) && f.share_shown)
    };
    let root = |leaf: u32, instance: u8, run: u32| {
        facts
            .iter()
            .any(|f| (f.leaf, f.instance, f.run) == (leaf, instance, run) && f.root_shown)
    };
    let mut shown = Vec::new();
    for fact in facts.iter().filter(|fact| fact.t3.is_some()) {
        let promised: BTreeSet<u32> = fact.peers.keys().copied().collect();
        let readable = fact.peers.iter().all(|(l, i)| shares(*l, *i, fact.run));
        if !readable {
            continue;
        }
        if promised.len() == 1 {
            let texts = fact
                .text
                .map(|text| (text, fact.leaf))
                .into_iter()
                .collect();
            shown.push(Shown { texts, promised });
            continue;
        }
        let hidden: Vec<(&u32, &u8)> = fact
            .peers
            .iter()
            .filter(|(l, i)| !root(**l, **i, fact.run))
            .collect();
        let own_hidden = hidden.iter().any(|(l, _)| **l == fact.leaf);
        let is_exposed = fact.vectors > 1 || !own_hidden || hidden.len() < 2;
        if let (true, Some(text)) = (is_exposed, fact.text) {
            let authors = BTreeSet::from([fact.leaf]);
            return Some(Unmasked {
                text,
                authors,
                promised,
            });
        }
        let same_pads: Vec<&Fact> = facts
            .iter()
            .filter(|f| {
                f.t3 == fact.t3 && f.run == fact.run && hidden.contains(&(&f.leaf, &f.instance))
            })
            .collect();
        if same_pads.len() == hidden.len()
            && same_pads.first().is_some_and(|first| **first == *fact)
        {
            let texts = same_pads
                .iter()
                .filter_map(|f| Some((f.text?, f.leaf)))
                .collect();
            shown.push(Shown { texts, promised });
        }
    }
    told_apart(&shown)
}

/// Every assignment of authors to the texts of readable runs that fits all of them: a text has one author,
/// wherever it appears, and nobody has two texts in one run.
fn told_apart(shown: &[Shown]) -> Option<Unmasked> {
    let texts: BTreeSet<u32> = shown
        .iter()
        .flat_map(|run| run.texts.keys().copied())
        .collect();
    let texts: Vec<u32> = texts.into_iter().collect();
    let mut possible: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    assign(shown, &texts, &mut BTreeMap::new(), &mut possible);
    shown.iter().find_map(|run| {
        run.texts.keys().find_map(|text| {
            let authors = possible.get(text).cloned().unwrap_or_default();
            (authors != run.promised).then(|| Unmasked {
                text: *text,
                authors,
                promised: run.promised.clone(),
            })
        })
    })
}

fn assign(
    shown: &[Shown],
    texts: &[u32],
    so_far: &mut BTreeMap<u32, u32>,
    possible: &mut BTreeMap<u32, BTreeSet<u32>>,
) {
    let Some((text, rest)) = texts.split_first() else {
        for (text, author) in so_far {
            possible.entry(*text).or_default().insert(*author);
        }
        return;
    };
    let runs: Vec<&Shown> = shown
        .iter()
        .filter(|run| run.texts.contains_key(text))
        .collect();
    let everybody: BTreeSet<u32> = shown
        .iter()
        .flat_map(|run| run.promised.iter().copied())
        .collect();
    for author in everybody {
        let fits = runs.iter().all(|run| {
            let wrote_other = run
                .texts
                .keys()
                .any(|other| so_far.get(other) == Some(&author));
            run.promised.contains(&author) && !wrote_other
        });
        if fits {
            so_far.insert(*text, author);
            assign(shown, rest, so_far, possible);
            so_far.remove(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(leaf: u32, run: u32, text: u32) -> Fact {
        Fact {
            leaf,
            instance: 0,
            run,
            peers: BTreeMap::from([(0, 0), (1, 0)]),
            t3: Some(run),
            vectors: 1,
            text: Some(text),
            share_shown: true,
            root_shown: false,
        }
    }

    #[test]
    fn a_readable_run_tells_the_honest_apart_by_nothing() {
        assert_eq!(unmasked(&[fact(0, 1, 10), fact(1, 1, 11)]), None);
    }

    #[test]
    fn a_missing_share_hides_everything() {
        let mut other = fact(1, 1, 11);
        other.share_shown = false;
        let mut own = fact(0, 1, 10);
        own.vectors = 2;
        assert_eq!(unmasked(&[own, other]), None);
    }

    #[test]
    fn a_root_or_a_second_vector_in_a_readable_run_unmasks() {
        let mut other = fact(1, 1, 11);
        other.root_shown = true;
        let found = unmasked(&[fact(0, 1, 10), other]).map(|u| u.authors);
        assert_eq!(found, Some(BTreeSet::from([0])));
        let mut twice = fact(1, 1, 11);
        twice.vectors = 2;
        let found = unmasked(&[fact(0, 1, 10), twice]).map(|u| u.authors);
        assert_eq!(found, Some(BTreeSet::from([1])));
    }

    #[test]
    fn a_text_shown_alone_unmasks_it_elsewhere() {
        let mut alone = fact(0, 2, 10);
        alone.peers = BTreeMap::from([(0, 0)]);
        assert_eq!(unmasked(&[alone.clone()]), None);
        let found = unmasked(&[fact(0, 1, 10), fact(1, 1, 11), alone]).unwrap();
        assert_eq!(found.authors, BTreeSet::from([0]));
    }

    #[test]
    fn one_text_in_two_rosters_unmasks_who_is_in_one_of_them() {
        let three = BTreeMap::from([(0, 0), (1, 0), (2, 0)]);
        let in_all = |leaf, text| Fact {
            peers: three.clone(),
            ..fact(leaf, 1, text)
        };
        let all = [in_all(0, 10), in_all(1, 11), in_all(2, 12)];
        let again = [fact(0, 2, 10), fact(1, 2, 21)];
        let found = unmasked(&[all.as_slice(), &again].concat()).unwrap();
        assert_eq!((found.text, found.authors), (10, BTreeSet::from([0, 1])));
        let anew = [fact(0, 2, 20), fact(1, 2, 21)];
        assert_eq!(unmasked(&[all.as_slice(), &anew].concat()), None);
    }
}
