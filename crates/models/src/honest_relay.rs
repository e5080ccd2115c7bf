//! One log, whose relay delays nobody's messages, and cheats who try to hold up the Round (P5). Fold,
//! messages and blame are the real ones, and so is the room that refuses a commit during a run.

use std::sync::Arc;

use stateright::{Model, Property};

use crate::logs::{Hand, How, Logs, Speech, ViewId, World};
use crate::rooms::commit_is_valid_during_a_run;

/// Where the log stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    view: ViewId,
    /// Runs, this one included.
    runs: u32,
    /// Somebody honest was left out.
    left_out: Option<u32>,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// The log grows.
    Grows(How, ViewId),
    /// A seat that is in no run commits to a new epoch, and the run with its context is over.
    Commit(ViewId),
}

/// The model.
pub struct HonestRelay {
    logs: Arc<Logs>,
    /// What the real fold of a room says.
    commits_are_valid: bool,
}

impl HonestRelay {
    /// A world in which nothing has been said.
    pub fn new(world: World) -> Self {
        Self {
            logs: Arc::new(Logs::new(world)),
            commits_are_valid: commit_is_valid_during_a_run(),
        }
    }

    /// P5: N₀ - floor + 2.
    fn most_runs(&self) -> u32 {
        let world = self.logs.world();
        world.honest + world.cheats - u32::from(world.floor) + 2
    }

    fn moves(&self, state: &State) -> Vec<Move> {
        let run = self.logs.with(state.view, |view| view.first);
        let speech = Speech {
            reached: vec![(Hand::default(), state.view)],
            left: false,
        };
        let speech = vec![speech; self.logs.world().honest as usize];
        let outcomes = self.logs.outcomes(state.view, &speech);
        let timely = outcomes.iter().filter(|outcome| outcome.is_timely);
        let mut moves: Vec<Move> = timely.map(|o| Move::Grows(o.how.clone(), o.to)).collect();
        if self.commits_are_valid && !moves.is_empty() {
            moves.push(Move::Commit(run));
        }
        moves
    }
}

impl Model for HonestRelay {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        let everybody: Vec<u32> = self.logs.world().leaves().collect();
        vec![State {
            view: self.logs.start(0, &everybody),
            runs: 1,
            left_out: None,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        if state.runs <= self.most_runs() {
            actions.extend(self.moves(state));
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        match action {
            Move::Grows(how, to) => {
                next.view = to;
                if let How::Ended { out, .. } = how {
                    let world = self.logs.world();
                    next.left_out = out.into_iter().find(|leaf| world.is_honest(*leaf));
                    let goes_on = self.logs.with(to, |view| view.phase.is_some());
                    next.runs += u32::from(goes_on);
                }
            }
            Move::Commit(to) => {
                next.view = to;
                next.runs += 1;
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("p5: at most N0 - floor + 2 runs", |model, s| {
                s.runs <= model.most_runs()
            }),
            Property::<Self>::always("p4: no honest member is left out at all", |_, s| {
                s.left_out.is_none()
            }),
            Property::<Self>::always(
                "p5: the Round goes on until it is released or over",
                |model, s| {
                    let ends = model
                        .logs
                        .with(s.view, |view| view.phase.is_none() || view.may_release());
                    ends || !model.moves(s).is_empty()
                },
            ),
            Property::<Self>::sometimes("the last possible run is released", |model, s| {
                let released = model.logs.with(s.view, |view| view.may_release());
                let world = model.logs.world();
                released && s.runs == 1 + world.cheats.min(model.most_runs() - 2)
            }),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Grows(how, to) => self.logs.told(0, how, *to),
            Move::Commit(_) => "a commit ends the run, and nobody is left out".to_owned(),
        }
    }
}
