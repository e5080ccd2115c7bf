//! What a convenor makes of a memory that knows seats and statements, where people know persons and what they
//! read: he asks again in letters that look the same, and has a side come again under new numbers.

use std::hash::{Hash, Hasher};

use room::{Leaf, SideId};
use stateright::{Model, Property};

use super::Room;
use super::ballots::vote;

/// The first as it is written, the second looks the same.
const STATEMENTS: [&str; 2] = ["The water is ours.", "The w\u{430}t\u{435}r is ours."];
const RIVER: SideId = SideId(0);

/// Rounds about one statement, of one side.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// So many people, half of them on either side.
    pub people: u32,
    /// So many Rounds.
    pub rounds: usize,
}

/// The room, where each person of the side sits, and which of them have voted.
#[derive(Clone, Debug)]
pub struct State {
    room: Room,
    seats: Vec<Leaf>,
    voted: Vec<Voted>,
    /// After so many votes.
    came_again: Option<usize>,
}

/// Which statement, and who answered it.
type Voted = (usize, Vec<bool>);

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The statement is asked, as it is or in other letters, while one person is away, or nobody.
    Asks(usize, Option<usize>),
    /// Everybody of a side is removed and comes again.
    ComesAgain,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        (&self.voted, self.came_again) == (&other.voted, other.came_again)
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        (&self.voted, self.came_again).hash(into);
    }
}

impl State {
    fn come_again(&mut self) -> Option<()> {
        let river = self.room.leaves_of(RIVER);
        self.room.commit(Vec::new(), river.clone()).ok()?;
        for seat in self.seats.iter_mut().filter(|seat| river.contains(seat)) {
            let voucher = self.room.leaves_of(RIVER).first().copied();
            *seat = self.room.seat(RIVER, voucher).ok()?;
        }
        for leaf in self.room.all_leaves() {
            self.room.confirm(leaf).ok()?;
        }
        self.came_again = Some(self.voted.len());
        Some(())
    }
}

impl Model for Memory {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        let room = Room::of(self.people);
        let seats = room.leaves_of(RIVER);
        vec![State {
            room,
            seats,
            voted: Vec::new(),
            came_again: None,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        if state.voted.len() < self.rounds {
            for words in 0..STATEMENTS.len() {
                let away = [None, Some(0), Some(1)];
                actions.extend(away.map(|away| Move::Asks(words, away)));
            }
        }
        if state.came_again.is_none() {
            actions.push(Move::ComesAgain);
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        match action {
            Move::Asks(words, away) => {
                let persons = next.seats.iter().enumerate();
                let here = persons.filter(|(person, _)| Some(*person) != away);
                let leaves: Vec<Leaf> = here.map(|(_, leaf)| *leaf).collect();
                vote(&mut next.room, STATEMENTS.get(words)?, &leaves)?;
                let persons = 0..next.seats.len();
                let voted = persons.map(|person| Some(person) != away);
                next.voted.push((words, voted.collect()));
            }
            Move::ComesAgain => next.come_again()?,
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("memory: no two tallies differ by one person", |_, s| {
                s.voted.iter().all(|(_, one)| {
                    s.voted.iter().all(|(_, other)| {
                        let both = one.iter().zip(other);
                        both.filter(|(a, b)| a != b).count() != 1
                    })
                })
            }),
            Property::<Self>::sometimes("the same people answer twice", |_, s| s.voted.len() > 1),
            Property::<Self>::sometimes("who came again answers", |_, s| {
                s.came_again.is_some_and(|before| s.voted.len() > before)
            }),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Asks(words, away) => {
                let away = away.map_or("nobody".to_owned(), |person| format!("person {person}"));
                format!("statement {words} is asked, and {away} is away")
            }
            Move::ComesAgain => "the river side is removed and comes again".into(),
        }
    }
}
