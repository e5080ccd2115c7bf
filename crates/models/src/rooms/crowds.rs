//! A relay that drops READYs, and then messages, and lets the log's time leap, to make the crowd around one
//! author small. The fold of the
//! room, the floor and the own minimum are the real ones; `choose_text` of `participant` is mirrored.

use std::hash::{Hash, Hasher};

use room::{
    Audience, Event, FailedWhy, Leaf, RoundFailed, RoundKind, RunEnded, RunReleased, SlotSize,
};
use stateright::{Model, Property};

use super::{HOUR_MS, Room};
use crate::rules::{Own, own_holds};

const DAY_MS: u64 = 24 * HOUR_MS;
/// Seats of the room.
const SEATS: u32 = 12;

/// One Round after the other.
#[derive(Clone, Copy, Debug)]
pub struct Crowds {
    /// How many.
    pub rounds: usize,
}

/// The room between two Rounds.
#[derive(Clone, Debug)]
pub struct State {
    room: Room,
    /// Time of START, seats in the opening roster and in the last run, and whether the author's text left.
    history: Vec<(u64, usize, usize, bool)>,
}

/// What can happen next: another Round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Days after the last one.
    days: u64,
    /// READYs that the relay lets through.
    ready: usize,
    /// Members whose messages it then drops.
    dropped: usize,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.history == other.history
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        self.history.hash(into);
    }
}

impl Model for Crowds {
    type State = State;
    type Action = Next;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            room: Room::of(SEATS),
            history: Vec::new(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Next>) {
        if state.history.len() == self.rounds {
            return;
        }
        for days in [1, 16, 31] {
            for ready in 5..=SEATS as usize {
                let most = ready - room::floor(ready, None);
                actions.extend((0..=most).map(|dropped| Next {
                    days,
                    ready,
                    dropped,
                }));
            }
        }
    }

    fn next_state(&self, state: &State, next: Next) -> Option<State> {
        let mut after = state.clone();
        let room = &mut after.room;
        room.time_ms += next.days * DAY_MS;
        let leaves: Vec<Leaf> = room
            .all_leaves()
            .into_iter()
            .skip(1)
            .take(next.ready)
            .collect();
        room.start(RoundKind::Statement(SlotSize::OneKib), &leaves)
            .ok()?;
        let started = room.time_ms;
        let (round, side) = (room.round(), None);
        let seats = room.state.open_round()?.runs().first()?.roster_seats();
        let absent = seats[seats.len() - next.dropped..].to_vec();
        if !absent.is_empty() {
            let ended = RunEnded {
                round,
                side,
                absent,
                disruptors: Vec::new(),
            };
            room.derive(&Event::RunEnded(ended)).ok()?;
        }
        let crowd = room
            .state
            .open_round()?
            .runs()
            .first()?
            .roster_seats()
            .len();
        // Mirrors `choose_text`: the text leaves only in a crowd that is large enough.
        let minimum = room.state.default_own_minimum(Audience::Room, room.time_ms);
        let leaves = crowd >= minimum || !own_holds(Own::OwnMinimum);
        room.derive(&Event::RunReleased(RunReleased { round, side }))
            .ok()?;
        let why = FailedWhy::GaveUp;
        room.derive(&Event::RoundFailed(RoundFailed { round, side, why }))
            .ok()?;
        after.history.push((started, next.ready, crowd, leaves));
        Some(after)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "crowd: a text leaves among four fifths of the largest crowd of 30 days",
                |_, s| {
                    s.history.iter().all(|(started, _, crowd, leaves)| {
                        let recent = s.history.iter().filter(|(other, ..)| {
                            other <= started && started - other <= 30 * DAY_MS
                        });
                        let largest = recent.map(|(_, opening, ..)| *opening).max().unwrap_or(0);
                        !leaves || *crowd >= 5.max((largest * 4).div_ceil(5))
                    })
                },
            ),
            Property::<Self>::sometimes("a text stays at home", |_, s| {
                s.history.iter().any(|(_, _, _, leaves)| !leaves)
            }),
            // Days are what the relay says: so many Rounds are what everybody was in.
            Property::<Self>::always(
                "crowd: nor does a leap of the log's time make a smaller crowd enough",
                |_, s| {
                    let mut before = Vec::new();
                    s.history.iter().all(|(_, opening, crowd, leaves)| {
                        before.push(*opening);
                        let recent = before.iter().rev().take(8);
                        let largest = recent.copied().max().unwrap_or(0);
                        !leaves || *crowd >= 5.max((largest * 4).div_ceil(5))
                    })
                },
            ),
        ]
    }

    fn format_action(&self, next: &Next) -> String {
        format!(
            "{} days later a Round with {} of {SEATS} READYs, then {} members cut off",
            next.days, next.ready, next.dropped
        )
    }
}
