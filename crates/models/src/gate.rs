//! Two sides that answer at the same time, in one log whose relay delays nobody. Collection, folds and
//! messages are the real ones; when a share leaves is the mirror of `participant::decide` (`pass_gate`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use round::rules::{Rule, holds};
use round::{Collection, Entry, GiveUp, Message, Phase, Verdict};
use stateright::{Model, Property};

use crate::logs::{Hand, How, Logs, SaidId, Speech, ViewId, World};

/// The cheat is in side 1, with one honest member or two; side 0 are the other honest ones.
const CHEAT: u32 = 4;

/// How large side 1 is: with two, one that leaves ends the side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Two and three members.
    TwoAndThree,
    /// Three and two.
    ThreeAndTwo,
}

impl Sides {
    fn members(self) -> [&'static [u32]; 2] {
        match self {
            Self::TwoAndThree => [&[0, 1], &[2, 3, 4]],
            Self::ThreeAndTwo => [&[0, 1, 2], &[3, 4]],
        }
    }

    fn of(self, leaf: u32) -> usize {
        usize::from(self.members()[1].contains(&leaf))
    }
}

/// Where the log stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    views: [ViewId; 2],
    /// Whose shares are in the log: a set of leaves.
    shown: u8,
    /// Sides that were given up.
    given_up: [bool; 2],
    /// Somebody honest was awaited when its side was given up.
    awaited: Option<u32>,
    runs: [u8; 2],
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A side's runs go on.
    Grows(usize, How, ViewId, Vec<SaidId>),
    /// A share arrives.
    Releases(u32),
    /// The cheat gives a side up.
    GivesUp(usize),
}

/// The model.
pub struct Gate {
    logs: Arc<Logs>,
    sides: Sides,
    runs: u8,
    collections: Mutex<HashMap<State, Collection>>,
}

impl Gate {
    /// With at most so many runs of each side.
    pub fn new(sides: Sides, runs: u8) -> Self {
        Self {
            logs: Arc::new(Logs::new(World::plain(4, 1, 2))),
            sides,
            runs,
            collections: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<State, Collection>> {
        self.collections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn collection(&self, state: &State) -> Collection {
        self.known()[state].clone()
    }

    fn outcomes(&self, view: ViewId) -> Arc<Vec<crate::logs::Outcome>> {
        let speech = Speech {
            reached: vec![(Hand::default(), view)],
            left: false,
        };
        self.logs.outcomes(view, &vec![speech; 4])
    }

    fn phase(&self, view: ViewId) -> Option<Phase> {
        self.logs.with(view, |view| view.phase)
    }

    fn share(&self, state: &State, leaf: u32) -> Option<(SaidId, usize)> {
        let side = self.sides.of(leaf);
        let view = state.views[side];
        if !self
            .logs
            .with(view, |view| view.may_release() && view.has(leaf))
        {
            return None;
        }
        let said = self.logs.says(view, leaf, Hand::default())?;
        Some((said, side))
    }

    fn releases(&self, state: &State, gate_is_open: bool, moves: &mut Vec<Move>) {
        for leaf in 0..=CHEAT {
            let Some((_, side)) = self.share(state, leaf) else {
                continue;
            };
            let may = gate_is_open || !holds(Rule::GateBeforeRelease) || leaf == CHEAT;
            if may && state.shown >> leaf & 1 == 0 && !state.given_up[side] {
                moves.push(Move::Releases(leaf));
            }
        }
    }

    /// Whether all shares of a side are in the log: then its texts are read, whatever the fold says.
    fn is_readable(&self, state: &State, side: usize) -> bool {
        let view = state.views[side];
        let roster = self.logs.with(view, |view| view.roster.clone());
        let shown = |leaf: &u32| state.shown >> leaf & 1 == 1 || *leaf == CHEAT;
        self.phase(view) == Some(Phase::Releases) && roster.iter().all(shown)
    }

    /// Whether what a side submits can still change.
    fn is_open(&self, state: &State, side: usize) -> bool {
        let phase = self.phase(state.views[side]);
        !matches!(phase, None | Some(Phase::Releases))
    }

    fn grown(&self, state: &mut State, collection: &mut Collection, action: &Move) {
        match action {
            Move::Grows(side, how, to, by) => {
                let head = self.logs.with(*to, |view| view.sequence.head());
                for said in by {
                    let (from, message) = self.logs.message(*said);
                    let folded = self.fold(collection, *side, from, &message, head);
                    assert_eq!(folded.sequence, *side, "an entry went to another side");
                }
                state.views[*side] = *to;
                if matches!(how, How::Ended { .. }) {
                    state.runs[*side] += 1;
                }
                let (real, phase) = (&collection.sequences()[*side], self.phase(*to));
                assert_eq!(
                    real.phase(),
                    phase,
                    "the collection and its sequence differ"
                );
            }
            Move::Releases(leaf) => {
                if let Some((said, side)) = self.share(state, *leaf) {
                    let (from, message) = self.logs.message(said);
                    let head = collection.sequences()[side].head();
                    let _ = self.fold(collection, side, from, &message, head);
                    state.shown |= 1 << leaf;
                }
            }
            Move::GivesUp(side) => {
                let real = &collection.sequences()[*side];
                let (ctx, head) = (real.ctx_r(), real.head());
                let give_up = Message::GiveUp(GiveUp { ctx });
                let folded = self.fold(
                    collection,
                    *side,
                    self.sides.members()[*side][0],
                    &give_up,
                    head,
                );
                if let Verdict::GaveUp(gave_up) = folded.verdict {
                    state.given_up[*side] = true;
                    state.awaited = gave_up.awaited.into_iter().find(|leaf| *leaf != CHEAT);
                }
            }
        }
    }

    fn fold(
        &self,
        collection: &mut Collection,
        side: usize,
        from: u32,
        message: &Message,
        head: [u8; 32],
    ) -> round::Folded {
        let real = &collection.sequences()[side];
        let waits = matches!(message, Message::Close(_) | Message::GiveUp(_));
        let time_ms = match waits && holds(Rule::PhasesHaveTheirLength) {
            true => real.deadline_ms(),
            false => real.phase_began_ms(),
        };
        let entry = Entry {
            from: Some(from),
            time_ms,
            head,
        };
        collection.apply(entry, message)
    }
}

impl Model for Gate {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        let members = self.sides.members();
        let views = [
            self.logs.start_of_side(0, members[0]),
            self.logs.start_of_side(1, members[1]),
        ];
        let start = State {
            views,
            shown: 0,
            given_up: [false; 2],
            awaited: None,
            runs: [1; 2],
        };
        let terms =
            [0u16, 1].map(|side| self.logs.terms(0, Some(side), members[usize::from(side)]));
        let at = terms[0].1;
        let terms = terms.into_iter().map(|(terms, _)| terms).collect();
        let collection = Collection::begin(terms, at).expect("two sides can be played");
        self.known().insert(start.clone(), collection);
        vec![start]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        for side in 0..2 {
            for outcome in self.outcomes(state.views[side]).iter() {
                let is_end = matches!(outcome.how, How::Ended { .. });
                if outcome.is_timely && (!is_end || state.runs[side] < self.runs) {
                    let by = outcome.by.clone();
                    actions.push(Move::Grows(side, outcome.how.clone(), outcome.to, by));
                }
            }
        }
        let collection = self.collection(state);
        self.releases(state, collection.gate_is_open(), actions);
        for side in 0..2 {
            // By the end of the phase the honest have been heard: the relay delays nobody.
            let waiting = (0..CHEAT).any(|leaf| {
                let own = self.share(state, leaf).is_some_and(|(_, at)| at == side);
                own && state.shown >> leaf & 1 == 0
            });
            let in_time = !waiting || !holds(Rule::PhasesHaveTheirLength);
            let releases = self.phase(state.views[side]) == Some(Phase::Releases);
            if releases && in_time && !state.given_up[side] {
                actions.push(Move::GivesUp(side));
            }
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        let mut collection = self.collection(state);
        self.grown(&mut next, &mut collection, &action);
        self.known().entry(next.clone()).or_insert(collection);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::<Self>::always(
                "gate: no side answers knowing what the other has said",
                |model, s| {
                    (0..2).all(|side| !model.is_readable(s, side) || !model.is_open(s, 1 - side))
                },
            ),
            Property::<Self>::always(
                "p5: nobody honest is awaited when a side is given up",
                |_, s| s.awaited.is_none(),
            ),
            Property::<Self>::sometimes("both sides are readable", |model, s| {
                model.is_readable(s, 0) && model.is_readable(s, 1)
            }),
            Property::<Self>::sometimes("a side is given up", |_, s| s.given_up[1]),
        ];
        if self.sides == Sides::ThreeAndTwo {
            let name = "one side is over and the other readable";
            properties.push(Property::<Self>::sometimes(name, |model, s| {
                model.is_readable(s, 0) && model.phase(s.views[1]).is_none()
            }));
        }
        properties
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Grows(side, how, to, _) => {
                format!(
                    "side {side}: {}",
                    self.logs.told(self.sides.members()[*side][0], how, *to)
                )
            }
            Move::Releases(leaf) => format!("the share of {leaf} arrives"),
            Move::GivesUp(side) => format!("side {side} is given up"),
        }
    }
}
