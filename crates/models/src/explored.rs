//! Runs a model to its end, or to a number of states, and says what was found.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::Hash;
use std::time::Instant;

use stateright::{Checker as _, Expectation, HasDiscoveries, Model};

/// A history that breaks a property.
#[derive(Clone, Debug)]
pub struct Found {
    /// The property, by name.
    pub property: &'static str,
    /// What happened, in order.
    pub steps: Vec<String>,
}

/// What became of one model.
#[derive(Clone, Debug)]
pub struct Report {
    /// Different states that were looked at.
    pub states: usize,
    /// Whether these are all.
    pub exhausted: bool,
    /// Time it took.
    pub seconds: f64,
    /// The first history that breaks a property.
    pub found: Option<Found>,
    /// What should happen in some history and happened in none: then the model shows nothing.
    pub missed: Vec<&'static str>,
}

impl Report {
    /// Whether all was tried, nothing was broken, and the histories that matter were among it.
    pub fn holds(&self) -> bool {
        self.exhausted && self.found.is_none() && self.missed.is_empty()
    }

    /// The property that was broken.
    pub fn broken(&self) -> Option<&'static str> {
        self.found.as_ref().map(|found| found.property)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            states, seconds, ..
        } = self;
        match (&self.found, self.exhausted) {
            (Some(found), _) => {
                writeln!(
                    f,
                    "BROKEN: {} ({states} states, {seconds:.1} s)",
                    found.property
                )?;
                for step in &found.steps {
                    writeln!(f, "    {step}")?;
                }
            }
            (None, true) => write!(f, "holds, exhausted ({states} states, {seconds:.1} s)")?,
            (None, false) => write!(
                f,
                "none found, NOT exhausted ({states} states, {seconds:.1} s)"
            )?,
        }
        if self.missed.is_empty() {
            return Ok(());
        }
        write!(f, "; never happened: {}", self.missed.join(", "))
    }
}

/// Tries every history, breadth first, up to about `limit` steps between states.
pub fn explore<M>(model: M, limit: Option<usize>) -> Report
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + PartialEq + Hash + Send + Sync + fmt::Debug + 'static,
    M::Action: Clone + PartialEq + fmt::Debug + Send + Sync,
{
    explore_asking("", model, limit)
}

/// The same, until a property breaks whose name begins with `asked`: where several break, threads race
/// for which is found first.
pub fn explore_asking<M>(asked: &str, model: M, limit: Option<usize>) -> Report
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + PartialEq + Hash + Send + Sync + fmt::Debug + 'static,
    M::Action: Clone + PartialEq + fmt::Debug + Send + Sync,
{
    let began = Instant::now();
    let properties = model.properties();
    let wanted: Vec<&'static str> = properties
        .iter()
        .filter(|property| property.expectation == Expectation::Sometimes)
        .map(|property| property.name)
        .collect();
    let in_question: BTreeSet<&'static str> = properties
        .iter()
        .filter(|property| property.expectation != Expectation::Sometimes)
        .map(|property| property.name)
        .filter(|name| name.starts_with(asked))
        .collect();
    let enough = HasDiscoveries::AnyOf(in_question.clone());
    let mut checker = model.checker().finish_when(enough);
    if let Some(limit) = limit {
        checker = checker.target_state_count(limit);
    }
    let checker = checker.spawn_bfs().join();
    let discoveries = checker.discoveries();
    let happened: Vec<&'static str> = discoveries.keys().copied().collect();
    let broken = discoveries
        .into_iter()
        .filter(|(name, _)| in_question.contains(name))
        .map(|(name, path)| (name, path.into_vec()))
        .min_by_key(|(_, path)| path.len());
    let found = broken.map(|(name, path)| shortened(checker.model(), name, path));
    let stopped = limit.is_some_and(|limit| checker.state_count() >= limit);
    Report {
        states: checker.unique_state_count(),
        exhausted: found.is_none() && !stopped,
        seconds: began.elapsed().as_secs_f64(),
        missed: match found {
            Some(_) => Vec::new(),
            None => wanted
                .into_iter()
                .filter(|name| !happened.contains(name))
                .collect(),
        },
        found,
    }
}

/// The same history without the steps that it does not need.
fn shortened<M>(
    model: &M,
    property: &'static str,
    path: Vec<(M::State, Option<M::Action>)>,
) -> Found
where
    M: Model,
    M::State: Clone,
    M::Action: Clone + PartialEq + fmt::Debug,
{
    let start = path.first().map(|(state, _)| state.clone());
    let mut actions: Vec<M::Action> = path.into_iter().filter_map(|(_, action)| action).collect();
    let condition = model.property(property).condition;
    let breaks = |actions: &[M::Action]| {
        let end = start
            .clone()
            .and_then(|start| played(model, start, actions));
        end.is_some_and(|end| !condition(model, &end))
    };
    let mut at = actions.len();
    while at > 0 {
        at -= 1;
        let mut fewer = actions.clone();
        fewer.remove(at);
        if breaks(&fewer) {
            actions = fewer;
        }
    }
    Found {
        property,
        steps: actions
            .iter()
            .map(|action| model.format_action(action))
            .collect(),
    }
}

/// The state after these actions, where each of them is possible.
fn played<M>(model: &M, start: M::State, actions: &[M::Action]) -> Option<M::State>
where
    M: Model,
    M::Action: Clone + PartialEq,
{
    let mut possible = Vec::new();
    actions.iter().try_fold(start, |state, action| {
        possible.clear();
        model.actions(&state, &mut possible);
        let is_possible = possible.contains(action).then_some(());
        is_possible.and_then(|()| model.next_state(&state, action.clone()))
    })
}
