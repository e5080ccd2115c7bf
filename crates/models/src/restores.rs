//! Nodes that restart, and old copies of a vault that come back, on forked logs. Fold, messages, blame and
//! decisions are the real ones; what `participant` keeps in its vault and does after a restart is mirrored.

mod device;
mod moves;
mod shown;

use std::sync::Arc;

use stateright::{Model, Property};

use crate::logs::{How, Logs, ViewId, World};
use device::Member;

/// The size of a model.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Who is there.
    pub world: World,
    /// Runs of the Round.
    pub runs: u8,
    /// How often a process may restart with its vault as it is.
    pub restarts: u8,
    /// How often an old copy of a vault may come back.
    pub restores: u8,
    /// Which properties are looked at: those whose name begins so.
    pub asked: &'static str,
}

/// All members, and what is left of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    members: Vec<Member>,
    restarts: u8,
    restores: u8,
    blamed: Option<u32>,
    undecided: bool,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A member's log grows.
    Grows {
        /// Whose.
        leaf: u32,
        /// By what.
        how: How,
        /// To where.
        to: ViewId,
    },
    /// A member's process starts again: what was in memory is gone.
    Restarts(u32),
    /// A copy of a member's vault comes back, as it was after so many writes.
    ComesBack {
        /// Whose.
        leaf: u32,
        /// Which copy, oldest first.
        copy: usize,
    },
}

/// The model.
pub struct Restores {
    size: Size,
    logs: Arc<Logs>,
}

impl Restores {
    /// A world in which nothing has been said.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            logs: Arc::new(Logs::new(size.world)),
        }
    }
}

impl Model for Restores {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        let everybody: Vec<u32> = self.size.world.leaves().collect();
        let start = self.logs.start(0, &everybody);
        vec![State {
            members: vec![Member::at(start); self.size.world.honest as usize],
            restarts: self.size.restarts,
            restores: self.size.restores,
            blamed: None,
            undecided: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        for leaf in 0..self.size.world.honest {
            self.moves_of(state, leaf, actions);
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        self.make(&mut next, &action);
        if next.restores == 0 {
            next.members
                .iter_mut()
                .for_each(|member| member.copies.clear());
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let broken = [
            Property::<Self>::always("i1: a run is decided before the next JOIN", |_, s| {
                !s.undecided
            }),
            Property::<Self>::always(
                "i1: root and share of a run are never both shown",
                |model, s| !model.both_shown(s),
            ),
            Property::<Self>::always(
                "i2: every honest member of the roster may be the author",
                |model, s| model.unmasked(s).is_none(),
            ),
            Property::<Self>::always(
                "i3: nobody says two things of one kind in one run",
                |model, s| !model.spoke_twice(s),
            ),
            Property::<Self>::always("p4: no honest member is left out for disruption", |_, s| {
                s.blamed.is_none()
            }),
        ];
        let asked = |property: &Property<Self>| property.name.starts_with(self.size.asked);
        let mut properties: Vec<_> = broken.into_iter().filter(asked).collect();
        properties.push(Property::<Self>::sometimes(
            "a run is readable",
            |model, s| model.is_readable(s),
        ));
        if self.size.restarts > 0 {
            properties.push(Property::<Self>::sometimes(
                "a restarted node leaves",
                |_, s| s.members.iter().any(|member| !member.left.is_empty()),
            ));
        }
        properties
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Grows { leaf, how, to } => self.logs.told(*leaf, how, *to),
            Move::Restarts(leaf) => format!("member {leaf} restarts"),
            Move::ComesBack { leaf, copy } => {
                format!("an old copy ({copy}) of the vault of member {leaf} comes back")
            }
        }
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn dbg() {
        round::rules::take_out(Some(round::rules::Rule::RestoredCopiesAreSilent));
        let m = Restores::new(Size {
            world: World::plain(2, 1, 2),
            runs: 2,
            restarts: 1,
            restores: 1,
            asked: "i2",
        });
        let mut s = m.init_states()[0].clone();
        let pick = |s: &State, f: &dyn Fn(&Move) -> bool| {
            let mut a = Vec::new();
            m.actions(s, &mut a);
            let x = a.iter().find(|a| f(a)).cloned();
            println!("{:?}", x);
            if x.is_none() {
                println!("{a:?}");
            }
            m.next_state(s, x.unwrap()).unwrap()
        };
        for _ in 0..5 {
            for l in 0..2 {
                s = pick(
                    &s,
                    &|a| matches!(a, Move::Grows { leaf, how: How::Complete, .. } if *leaf == l),
                );
            }
        }
        println!("{}", m.is_readable(&s));
        s = pick(&s, &|a| matches!(a, Move::ComesBack { leaf: 0, copy: 0 }));
        s = pick(
            &s,
            &|a| matches!(a, Move::Grows { leaf: 0, how: How::Ended { out, .. }, .. } if *out == [1]),
        );
        for _ in 0..5 {
            s = pick(&s, &|a| {
                matches!(
                    a,
                    Move::Grows {
                        leaf: 0,
                        how: How::Complete,
                        ..
                    }
                )
            });
        }
        println!("{:?} {:?}", m.unmasked(&s), s);
    }
}
