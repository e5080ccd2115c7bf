//! Two convenors, one of them hostile: it founded the plenary's mailbox, may reset it, and may lead the room
//! anywhere. The fold of the plenary is real.

use std::hash::{Hash, Hasher};

use room::{Added, Approved, Event, Leaf, MailboxName, Name, Place, Role, SeatsChanged};
use stateright::{Model, Property};

use super::{CONVENOR, Room, key_of, request_of};

const HOSTILE: Leaf = CONVENOR;
const HONEST: Leaf = Leaf(1);

/// How many moves and announcements there may be.
#[derive(Clone, Copy, Debug)]
pub struct Moves {
    /// So many.
    pub steps: usize,
}

/// The plenary, and whose secret its mailbox follows from.
#[derive(Clone, Debug)]
pub struct State {
    room: Room,
    /// None where nobody can make it.
    maker: Option<Leaf>,
    steps: usize,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A convenor announces its next place.
    Announces(Leaf),
    /// A convenor moves the room to a place of this maker.
    Moves(Leaf, Option<Leaf>),
    /// A convenor removes the other one.
    Removes(Leaf, Leaf),
}

/// Each convenor draws one secret, and so has one place.
fn place(maker: Option<Leaf>) -> Place {
    let number = maker.map_or(99, |leaf| 10 + u8::from(leaf == HONEST));
    Place {
        relay: b"relay.example:1#fingerprint".as_slice().into(),
        mailbox: MailboxName([number; 32]),
    }
}

impl State {
    fn begun() -> State {
        let mut room = Room::founded();
        let request = request_of(HONEST);
        let approved = Approved {
            request,
            name: Name::parse("Another convenor").expect("a short name"),
            role: Role::Convenor,
        };
        room.say(CONVENOR, &Event::Approved(approved))
            .expect("a convenor approves");
        let added = Added {
            leaf: HONEST,
            signature_key: key_of(HONEST),
            request,
            name: None,
        };
        room.commit(vec![added], Vec::new())
            .expect("a convenor needs no voucher");
        State {
            room,
            maker: Some(CONVENOR),
            steps: 0,
        }
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.room.state.digest() == other.room.state.digest() && self.maker == other.maker
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        self.room.state.digest().0.hash(into);
        self.maker.hash(into);
    }
}

impl Model for Moves {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![State::begun()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        if state.steps == self.steps {
            return;
        }
        for by in [HOSTILE, HONEST] {
            actions.push(Move::Announces(by));
            let other = if by == HOSTILE { HONEST } else { HOSTILE };
            actions.push(Move::Removes(by, other));
        }
        // An honest program moves to its own place alone.
        actions.push(Move::Moves(HONEST, Some(HONEST)));
        let places = [Some(HOSTILE), Some(HONEST), None];
        actions.extend(places.map(|maker| Move::Moves(HOSTILE, maker)));
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut after = state.clone();
        after.steps += 1;
        let done = match action {
            Move::Announces(by) => after
                .room
                .say(by, &Event::PlaceAnnounced(place(Some(by))))
                .is_ok(),
            Move::Moves(by, maker) => {
                let moved = after.room.say(by, &Event::Moved(place(maker))).is_ok();
                if moved {
                    after.maker = maker;
                }
                moved
            }
            Move::Removes(by, other) => {
                let change = SeatsChanged {
                    added: Vec::new(),
                    removed: vec![other],
                    by,
                    follows: 0,
                };
                after.room.derive(&Event::SeatsChanged(change)).is_ok()
            }
        };
        done.then_some(after)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "keeper: whoever may reset the room's mailbox is in the room",
                |_, state| state.room.state.seat(state.room.state.keeper()).is_some(),
            ),
            Property::<Self>::always(
                "led: a room is only where whoever led it there can make a mailbox",
                |_, state| {
                    let keeper = state.room.state.seat(state.room.state.keeper());
                    let keeper = keeper.map(|seat| seat.leaf);
                    keeper.is_none() || state.maker == keeper
                },
            ),
            Property::<Self>::sometimes(
                "a founder is removed once the room has moved",
                |_, state| {
                    state.room.state.by_leaf(HOSTILE).is_none() && state.maker == Some(HONEST)
                },
            ),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Announces(by) => format!("convenor {} announces its place", by.0),
            Move::Moves(by, maker) => format!("convenor {} moves to a place of {maker:?}", by.0),
            Move::Removes(by, other) => format!("convenor {} removes {}", by.0, other.0),
        }
    }
}
