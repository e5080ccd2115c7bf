//! What the lock of a text must be keyed by (I2): histories of readable runs in which everybody submits
//! its first text again wherever the lock allows it. Symbolic: the mirror of `participant::locks`.

use std::collections::BTreeMap;

use round::rules::{Rule, holds};
use stateright::{Model, Property};

use crate::knowledge::{Fact, unmasked};

/// Honest members; one more bit says whether the cheat is in as well.
const HONEST: u32 = 3;

/// What a lock could be keyed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Text to the roster of the run: the rule.
    ToRunRoster,
    /// Text to the roster at START.
    ToOpeningRoster,
    /// Text and question to the roster of the run.
    OfQuestion,
    /// Only texts whose Round was not shown.
    OnlyOfSpoilt,
}

/// One readable run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    opening: u8,
    roster: u8,
    question: u8,
    spoilt: bool,
    /// Who submits its first text in it: a set.
    again: u8,
}

/// What can happen next: another run, in which these write anew although they need not.
pub type Next = (Run, u8);

/// The model.
pub struct Locks {
    lock: Lock,
    runs: usize,
}

impl Locks {
    /// Histories of so many runs.
    pub fn new(lock: Lock, runs: usize) -> Self {
        Self { lock, runs }
    }

    fn allows(&self, before: &Run, now: &Run) -> bool {
        let same = before.roster == now.roster;
        if !holds(Rule::TextBoundToRoster) {
            return true;
        }
        match self.lock {
            Lock::ToRunRoster => same,
            Lock::ToOpeningRoster => before.opening == now.opening,
            Lock::OfQuestion => same || before.question != now.question,
            Lock::OnlyOfSpoilt => same || !before.spoilt,
        }
    }

    /// Who submits its first text in a run: whoever may and does not write anew.
    fn again(&self, history: &[Run], now: &Run, anew: u8) -> u8 {
        let may = |leaf: &u32| {
            let bit = 1 << leaf;
            let mut with = history.iter().filter(|run| run.again & bit > 0);
            now.roster & bit > 0 && anew & bit == 0 && with.all(|run| self.allows(run, now))
        };
        (0..HONEST).filter(may).fold(0, |set, leaf| set | 1 << leaf)
    }

    fn is_unmasked(history: &[Run]) -> bool {
        let facts = (0u32..).zip(history).flat_map(|(number, run)| {
            let honest = (0..HONEST).filter(|leaf| run.roster >> leaf & 1 == 1);
            let peers: BTreeMap<u32, u8> = honest.clone().map(|leaf| (leaf, 0)).collect();
            honest.map(move |leaf| Fact {
                leaf,
                instance: 0,
                run: number,
                peers: peers.clone(),
                t3: Some(number),
                vectors: 1,
                text: Some(match run.again >> leaf & 1 {
                    1 => leaf,
                    _ => 100 * (number + 1) + leaf,
                }),
                share_shown: true,
                root_shown: false,
            })
        });
        unmasked(&facts.collect::<Vec<Fact>>()).is_some()
    }
}

impl Model for Locks {
    type State = Vec<Run>;
    type Action = Next;

    fn init_states(&self) -> Vec<Vec<Run>> {
        vec![Vec::new()]
    }

    fn actions(&self, history: &Vec<Run>, actions: &mut Vec<Next>) {
        if history.len() == self.runs {
            return;
        }
        let rosters = || (1u8..1 << (HONEST + 1)).filter(|set| (set & 7).count_ones() >= 2);
        for opening in rosters() {
            for roster in rosters().filter(|set| set & !opening == 0) {
                for kind in 0u8..4 {
                    let run = Run {
                        opening,
                        roster,
                        question: kind & 1,
                        spoilt: kind & 2 > 0,
                        again: 0,
                    };
                    // Nobody can write anew what it has not written.
                    let anew = if history.is_empty() {
                        0..1
                    } else {
                        0u8..1 << HONEST
                    };
                    actions.extend(anew.map(|anew| (run.clone(), anew & roster)));
                }
            }
        }
        actions.dedup();
    }

    fn next_state(&self, history: &Vec<Run>, (mut run, anew): Next) -> Option<Vec<Run>> {
        run.again = self.again(history, &run, anew);
        Some([history.as_slice(), &[run]].concat())
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "i2: every honest member of the roster may be the author",
                |_, history| !Locks::is_unmasked(history),
            ),
            Property::<Self>::sometimes("a text is shown twice", |_, history| {
                history.len() > 1 && history.iter().all(|run| run.again > 0)
            }),
        ]
    }
}
