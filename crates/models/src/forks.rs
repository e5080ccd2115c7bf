//! Every honest member has a log of its own, chosen by the relay; the cheats say whatever they can. Fold,
//! messages, blame and decisions are the real ones; what `participant` does around them is mirrored.

mod member;
mod moves;
mod shown;

use std::sync::Arc;

use round::rules::{Rule, holds};
use stateright::{Model, Property};

use crate::logs::{How, Logs, ViewId, World};
use crate::rules::{Own, own_holds};

pub use member::{Kept, Share, Standing};

/// The size of a model.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Who is there.
    pub world: World,
    /// Runs of one member, over all Rounds.
    pub runs: u8,
    /// Whether a released run can be given up or opened, and another Round follows.
    pub rounds: bool,
    /// Whether shares wait for other sides before they leave.
    pub gate: bool,
    /// How often a copy of a vault may come back that still holds a share.
    pub copies: u8,
    /// Which properties are looked at: those whose name begins so.
    pub asked: &'static str,
}

impl Size {
    /// One Round and no gate.
    pub const fn one_round(world: World, runs: u8) -> Self {
        Self {
            world,
            runs,
            rounds: false,
            gate: false,
            copies: 0,
            asked: "",
        }
    }
}

/// What must never happen, noted where it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// A decision was replaced, or a run joined before the last one was decided.
    Decision,
    /// Blame, or a check of content, called an honest member a disruptor.
    HonestBlamed(u32),
    /// A root was shown in a run without a cheat.
    RootForNothing,
}

/// All members, and what has gone wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    members: Vec<Standing>,
    copies: u8,
    flaw: Option<Flaw>,
}

/// What can happen next, to the member at a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "leaf, run and view say what they are")]
pub enum Move {
    /// A member's log grows.
    Grows { leaf: u32, how: How, to: ViewId },
    /// The other sides are ready: the share leaves.
    GateOpens { leaf: u32 },
    /// Its Round is given up or opened, and another one starts.
    NewRound { leaf: u32, to: ViewId },
    /// It learns of a run's last GO after it has gone on.
    LateGo { leaf: u32, run: usize },
    /// While it waits at the gate a NOGO is shown to it.
    NogoAtTheGate { leaf: u32 },
    /// A copy of its vault from the time at the gate comes back and releases.
    CopyReleases { leaf: u32, run: Option<usize> },
}

/// The model.
pub struct Forks {
    size: Size,
    logs: Arc<Logs>,
}

impl Forks {
    /// A world in which nothing has been said.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            logs: Arc::new(Logs::new(size.world)),
        }
    }
}

impl Model for Forks {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        let everybody: Vec<u32> = self.size.world.leaves().collect();
        let start = self.logs.start(0, &everybody);
        vec![State {
            members: vec![Standing::at(start); self.size.world.honest as usize],
            copies: self.size.copies,
            flaw: None,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        if state.flaw.is_none() {
            for leaf in 0..self.size.world.honest {
                self.moves_of(state, leaf, actions);
            }
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        self.make(&mut next, &action);
        self.forget_the_dead(&mut next);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let broken = [
            Property::<Self>::always(
                "i1: a decision is final and comes before the next JOIN",
                |_, s| s.flaw != Some(Flaw::Decision),
            ),
            Property::<Self>::always(
                "i1: root and share of a run are never both shown",
                |model, s| !model.both_shown(s),
            ),
            Property::<Self>::always(
                "i2: every honest member of the roster may be the author",
                |model, s| model.unmasked(s).is_none(),
            ),
            Property::<Self>::always("p4: no honest member is left out for disruption", |_, s| {
                !matches!(s.flaw, Some(Flaw::HonestBlamed(_)))
            }),
            Property::<Self>::always(
                "a root is shown only where a cheat is in the run",
                |_, s| s.flaw != Some(Flaw::RootForNothing),
            ),
        ];
        let asked = |property: &Property<Self>| property.name.starts_with(self.size.asked);
        let mut properties: Vec<_> = broken.into_iter().filter(asked).collect();
        properties.push(Property::<Self>::sometimes(
            "a run is readable",
            |model, s| model.is_readable(s),
        ));
        if self.size.world.cheats > 0 {
            properties.push(Property::<Self>::sometimes(
                "a root is shown",
                |model, s| model.root_shown(s),
            ));
        }
        properties
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Grows { leaf, how, to } => self.logs.told(*leaf, how, *to),
            Move::GateOpens { leaf } => format!("the share of {leaf} leaves"),
            Move::NewRound { leaf, to } => {
                let roster = self.logs.with(*to, |view| view.roster.clone());
                format!(
                    "in the log of {leaf} the Round is over, and another one starts with {roster:?}"
                )
            }
            Move::LateGo { leaf, run } => {
                format!("{leaf} answers the last GO of an earlier run (its {run}. kept)")
            }
            Move::NogoAtTheGate { leaf } => format!("{leaf} waits at the gate, and answers a NOGO"),
            Move::CopyReleases { leaf, .. } => {
                format!("a copy of the vault of {leaf} from the time at the gate releases")
            }
        }
    }
}

/// Whether a member forgets a run that has ended: else it may still answer it.
fn ended_runs_are_over() -> bool {
    holds(Rule::DecidedBeforeJoin) && holds(Rule::FirstDecisionIsFinal)
}

fn release_is_final() -> bool {
    own_holds(Own::ReleaseIsFinalAtTheGate)
}
