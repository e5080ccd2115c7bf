//! Who may reset a room's mailbox, and where a room is. A member is hostile, the relay may lose a caucus,
//! and somebody is removed at any moment. The fold of the plenary is real; what programs do is mirrored.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use room::limits::TURNS_END_MS;
use room::{CaucusFounded, CaucusName, Event, Leaf, MailboxName, SideId};
use stateright::{Model, Property};

use super::Room;
use crate::rules::{Own, own_holds};

const SIDE: SideId = SideId(0);
const HOSTILE: Leaf = Leaf(3);
const HONEST: [Leaf; 2] = [Leaf(1), Leaf(2)];

/// A side of two honest seats and a hostile one.
#[derive(Clone, Copy, Debug)]
pub struct Caucuses {
    /// How often a caucus may be founded.
    pub foundings: usize,
    /// How often everybody may wait until turns have run out.
    pub waits: usize,
}

/// One caucus that was founded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Caucus {
    by: Leaf,
    members: BTreeSet<Leaf>,
    /// The relay has lost its log, or its founder has taken it away.
    lost: bool,
}

/// The plenary, and its side's caucuses.
#[derive(Clone, Debug)]
pub struct State {
    room: Room,
    caucuses: Vec<Caucus>,
    /// Foundings of the hostile seat since the last one of an honest seat, or since turns ran out.
    in_a_row: usize,
    /// How often turns had the time to run out.
    waited: usize,
    /// Something was said by the honest while somebody could read it who was gone.
    overheard: bool,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A seat founds the caucus, for the first time or anew.
    Founds(Leaf),
    /// A member adds another one.
    Adds(Leaf, Leaf),
    /// A member removes whoever is gone.
    LetsGo(Leaf),
    /// The relay loses the caucus.
    Lost,
    /// Its founder, who is or was the hostile seat, takes it away.
    TakesAway,
    /// The convenor removes the hostile seat.
    Removes,
    /// So much time passes that no turn is waited for any more.
    Waits,
    /// An honest member says something in its caucus.
    Says(Leaf),
}

impl State {
    fn begun() -> State {
        let mut room = Room::founded();
        let first = room.seat(SIDE, None).expect("a first seat");
        for _ in 0..2 {
            room.seat(SIDE, Some(first)).expect("it is vouched for");
        }
        State {
            room,
            caucuses: Vec::new(),
            in_a_row: 0,
            waited: 0,
            overheard: false,
        }
    }

    fn is_seated(&self, leaf: Leaf) -> bool {
        self.room.state.by_leaf(leaf).is_some()
    }

    /// The caucus that the plenary shows.
    fn shown(&self) -> Option<&Caucus> {
        self.room.state.caucus(SIDE)?;
        self.caucuses.last()
    }

    /// Mirrors `founding_wait_ms`: whether an honest program founds a caucus, sooner or later.
    fn wants_another(&self, leaf: Leaf) -> bool {
        match self.shown() {
            None => true,
            Some(_) if !own_holds(Own::CaucusesAreFoundedAnew) => false,
            Some(caucus) => {
                !self.is_seated(caucus.by) || caucus.lost || !caucus.members.contains(&leaf)
            }
        }
    }

    fn found(&mut self, by: Leaf) -> bool {
        let number = u8::try_from(self.caucuses.len()).unwrap_or(u8::MAX);
        let replaces = self.room.state.caucus(SIDE).map(|caucus| caucus.name);
        let caucus = CaucusName::of(MailboxName([number; 32]));
        let event = Event::CaucusFounded(CaucusFounded { caucus, replaces });
        if self.room.say(by, &event).is_err() {
            return false;
        }
        self.in_a_row = if by == HOSTILE { self.in_a_row + 1 } else { 0 };
        self.caucuses.push(Caucus {
            by,
            members: BTreeSet::from([by]),
            lost: false,
        });
        true
    }

    fn add(&mut self, by: Leaf, added: Leaf) -> bool {
        let seated = self.is_seated(added) && self.is_seated(by);
        let Some(caucus) = self.caucuses.last_mut() else {
            return false;
        };
        let may = seated && !caucus.lost && caucus.members.contains(&by);
        may && caucus.members.insert(added)
    }

    /// Nobody commits away whoever may reset the mailbox: the side founds another one.
    fn let_go(&mut self, by: Leaf) -> bool {
        let gone = !self.is_seated(HOSTILE);
        let Some(caucus) = self.caucuses.last_mut() else {
            return false;
        };
        let may = gone && !caucus.lost && caucus.members.contains(&by) && caucus.by != HOSTILE;
        may && caucus.members.remove(&HOSTILE)
    }

    /// Turns have the time to run out.
    fn wait(&mut self) {
        self.room.time_ms = self.room.time_ms.saturating_add(TURNS_END_MS);
        self.in_a_row = 0;
        self.waited += 1;
    }

    /// What honest programs come to when they are left alone: nobody does anything about whoever does not
    /// take its turn. Where all others have had theirs, they wait.
    fn left_alone(&self) -> State {
        let mut after = self.clone();
        let stuck = |state: &State| {
            let mut all = HONEST.into_iter();
            let wants = all.any(|leaf| state.wants_another(leaf));
            wants && HONEST.into_iter().all(|leaf| !state.clone().found(leaf))
        };
        if stuck(&after) {
            after.wait();
        }
        for _ in 0..8 {
            let mut all = HONEST.into_iter();
            let founds = all.find(|leaf| after.wants_another(*leaf) && after.clone().found(*leaf));
            let added = HONEST.into_iter().any(|by| {
                let mut others = HONEST.into_iter();
                others.any(|added| added != by && after.add(by, added))
            });
            let let_go = HONEST.into_iter().any(|by| after.let_go(by));
            if let Some(leaf) = founds.filter(|_| !added && !let_go) {
                after.found(leaf);
            }
        }
        after
    }

    fn comes_together(&self) -> bool {
        let after = self.left_alone();
        let is_gone = !after.is_seated(HOSTILE);
        after.shown().is_some_and(|caucus| {
            let all = HONEST.iter().all(|leaf| caucus.members.contains(leaf));
            let rid = !is_gone || !caucus.members.contains(&HOSTILE);
            all && rid && !caucus.lost && after.is_seated(caucus.by)
        })
    }

    fn says(&mut self, by: Leaf) -> bool {
        let gone = !self.is_seated(HOSTILE);
        let Some(caucus) = self.caucuses.last() else {
            return false;
        };
        let heard = gone && caucus.members.contains(&HOSTILE);
        let quiet = heard && own_holds(Own::NobodySpeaksToTheGone);
        let may = caucus.members.contains(&by) && !caucus.lost && !quiet;
        self.overheard |= may && heard;
        may
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let key = |state: &State| {
            let time_ms = state.room.time_ms;
            (state.room.state.digest(), time_ms, state.overheard)
        };
        key(self) == key(other) && self.caucuses == other.caucuses
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        self.room.state.digest().0.hash(into);
        self.room.time_ms.hash(into);
        self.caucuses.hash(into);
        self.overheard.hash(into);
    }
}

impl Model for Caucuses {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![State::begun()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        let all = || HONEST.into_iter().chain([HOSTILE]);
        if state.caucuses.len() < self.foundings {
            let wants = all().filter(|leaf| *leaf == HOSTILE || state.wants_another(*leaf));
            actions.extend(wants.map(Move::Founds));
        }
        for by in all() {
            let others = all().filter(|other| *other != by);
            actions.extend(others.map(|other| Move::Adds(by, other)));
        }
        actions.extend(HONEST.map(Move::LetsGo));
        actions.extend(HONEST.map(Move::Says));
        actions.extend([Move::Lost, Move::TakesAway, Move::Removes]);
        if state.waited < self.waits {
            actions.push(Move::Waits);
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut after = state.clone();
        let happened = match action {
            Move::Founds(leaf) => after.found(leaf),
            Move::Adds(by, added) => after.add(by, added),
            Move::LetsGo(by) => after.let_go(by),
            Move::Lost => after
                .caucuses
                .last_mut()
                .is_some_and(|caucus| !std::mem::replace(&mut caucus.lost, true)),
            Move::TakesAway => after.caucuses.last_mut().is_some_and(|caucus| {
                caucus.by == HOSTILE && !std::mem::replace(&mut caucus.lost, true)
            }),
            Move::Removes => after.room.commit(Vec::new(), vec![HOSTILE]).is_ok(),
            Move::Says(by) => after.says(by),
            Move::Waits => {
                after.wait();
                true
            }
        };
        happened.then_some(after)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "together: left alone, the honest of a side come together in one caucus",
                |_, state| state.comes_together(),
            ),
            Property::<Self>::always(
                "turns: no seat takes its side's caucus three times in a row before turns run out",
                |_, state| state.in_a_row < 3,
            ),
            Property::<Self>::always("gone: nobody who is gone hears anything", |_, state| {
                !state.overheard
            }),
            Property::<Self>::sometimes("a removed founder takes its caucus away", |_, state| {
                let last = state.caucuses.last();
                !state.is_seated(HOSTILE) && last.is_some_and(|one| one.lost && one.by == HOSTILE)
            }),
            Property::<Self>::sometimes("a hostile member founds one after another", |_, state| {
                state.caucuses.iter().any(|one| one.by == HOSTILE) && state.caucuses.len() > 1
            }),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Founds(leaf) => format!("seat {} founds the caucus", leaf.0),
            Move::Adds(by, added) => format!("seat {} adds seat {}", by.0, added.0),
            Move::LetsGo(by) => format!("seat {} removes whoever is gone", by.0),
            Move::Lost => "the relay loses the caucus".into(),
            Move::TakesAway => "its founder takes it away".into(),
            Move::Removes => "the convenor removes seat 3".into(),
            Move::Says(by) => format!("seat {} says something", by.0),
            Move::Waits => "turns run out".into(),
        }
    }
}
