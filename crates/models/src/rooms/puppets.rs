//! A hostile convenor and friends of his among the seats want a seat to count behind which there is
//! nobody. The honest confirm the table words only while no such seat is in the room. The fold is real.

use std::hash::{Hash, Hasher};

use room::{Leaf, SideId};
use stateright::{Model, Property};

use super::Room;

/// Who is in the room when it begins.
#[derive(Clone, Copy, Debug)]
pub struct Puppets {
    /// Honest seats of either side.
    pub honest: [u32; 2],
    /// The convenor's friends on either side.
    pub friends: [u32; 2],
    /// Seats without anybody behind them that he may try to seat.
    pub puppets: u32,
    /// How many others he may remove.
    pub removals: u32,
}

/// The room, and who is what in it.
#[derive(Clone, Debug)]
pub struct State {
    room: Room,
    hostile: Vec<Leaf>,
    puppets: Vec<Leaf>,
    removed: u32,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A puppet is seated on a side, vouched for by a hostile seat of it; by nobody where the side is empty.
    Seats(u16, Option<Leaf>),
    /// The convenor removes somebody who is no puppet.
    Removes(Leaf),
    /// A hostile seat confirms the table words.
    Confirms(Leaf),
}

/// What of a seat matters for what can happen: the history of the room does not.
type SeatKey = (u32, Option<u32>, u8, u64, Option<u64>, bool);

impl State {
    fn key(&self) -> (u64, Vec<SeatKey>) {
        let seats = self.room.state.seats().iter().map(|seat| {
            let voucher = seat.voucher.map(|seat| seat.0);
            let counts = seat.counting_since.is_some();
            let heard = (seat.needs, seat.joined, seat.confirmed);
            (seat.leaf.0, voucher, heard.0, heard.1, heard.2, counts)
        });
        (self.room.state.membership(), seats.collect())
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        self.key().hash(into);
    }
}

impl Model for Puppets {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        let mut room = Room::founded();
        let mut hostile = Vec::new();
        for (number, side) in [(0, SideId(0)), (1, SideId(1))] {
            for seat in 0..self.honest[number] + self.friends[number] {
                let voucher = room.leaves_of(side).first().copied();
                let leaf = room.seat(side, voucher).expect("a voucher is enough");
                if seat >= self.honest[number] {
                    hostile.push(leaf);
                }
            }
        }
        for leaf in room.all_leaves() {
            room.confirm(leaf).expect("these are the newest words");
        }
        vec![State {
            room,
            hostile,
            puppets: Vec::new(),
            removed: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        let membership = state.room.state.membership();
        for leaf in state.hostile.iter().chain(&state.puppets) {
            let seat = state.room.state.by_leaf(*leaf);
            let Some(seat) = seat else { continue };
            if seat.confirmed != Some(membership) {
                actions.push(Move::Confirms(*leaf));
            }
            let side = seat.role.side().map_or(0, |side| side.0);
            if (state.puppets.len() as u64) < u64::from(self.puppets) {
                actions.push(Move::Seats(side, Some(*leaf)));
            }
        }
        let may_seat = (state.puppets.len() as u64) < u64::from(self.puppets);
        let empty = [0, 1].into_iter().filter(|side| {
            let seats = state.room.leaves_of(SideId(*side));
            may_seat && seats.is_empty() && self.removals > 0
        });
        actions.extend(empty.map(|side| Move::Seats(side, None)));
        if state.removed < self.removals {
            let leaves = state.room.all_leaves().into_iter().skip(1);
            let others = leaves.filter(|leaf| !state.puppets.contains(leaf));
            actions.extend(others.map(Move::Removes));
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        match action {
            Move::Seats(side, voucher) => {
                let leaf = next.room.seat(SideId(side), voucher).ok()?;
                next.puppets.push(leaf);
            }
            Move::Removes(leaf) => {
                next.room.commit(Vec::new(), vec![leaf]).ok()?;
                next.hostile.retain(|friend| *friend != leaf);
                next.removed += 1;
            }
            Move::Confirms(leaf) => {
                next.room.confirm(leaf).ok()?;
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("eligible: no puppet counts", |_, s| {
                !s.puppets.iter().any(|leaf| s.room.counts(*leaf))
            }),
            Property::<Self>::always("eligible: who counted counts", |model, s| {
                let people = s.room.all_leaves().len() - s.puppets.len() - 1;
                let counting = s
                    .room
                    .state
                    .seats()
                    .iter()
                    .filter(|seat| s.room.counts(seat.leaf));
                let all = model.honest.iter().chain(&model.friends).sum::<u32>();
                let expected = all.saturating_sub(s.removed) as usize;
                people == expected && counting.count() >= expected
            }),
            Property::<Self>::sometimes("every puppet is seated and has confirmed", |model, s| {
                let membership = s.room.state.membership();
                let done = |leaf: &Leaf| {
                    let seat = s.room.state.by_leaf(*leaf);
                    seat.is_some_and(|seat| seat.confirmed == Some(membership))
                };
                s.puppets.len() == model.puppets as usize && s.puppets.iter().all(done)
            }),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Seats(side, voucher) => {
                let who = voucher.map_or("nobody".to_owned(), |leaf| format!("seat {}", leaf.0));
                format!("a puppet is seated on side {side}; {who} vouches for it")
            }
            Move::Removes(leaf) => format!("seat {} is removed", leaf.0),
            Move::Confirms(leaf) => format!("seat {} confirms the table words", leaf.0),
        }
    }
}
