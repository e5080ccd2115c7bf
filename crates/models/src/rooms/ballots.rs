//! Which rosters may vote on one statement: all sequences of Rounds that the real fold of a room admits,
//! and which groups' votes can be computed from their tallies. Nobody's vote changes. Whoever stays away may
//! be of one mind: what was promised to a roster must hold for every group of it.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use room::{Event, Leaf, RoundClosed, RoundKind, RunReleased, SeatId, StatementText, Tally};
use stateright::{Model, Property};

use super::Room;

/// Seats of each block: the members of a block are always together.
const BLOCKS: [usize; 5] = [5, 5, 4, 1, 5];

/// Rounds about one statement.
#[derive(Clone, Copy, Debug)]
pub struct Rosters {
    /// How many.
    pub rounds: usize,
}

/// The room, and which sets of blocks have voted.
#[derive(Clone, Debug)]
pub struct State {
    room: Room,
    voted: BTreeSet<u8>,
    rounds: usize,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        (&self.voted, self.rounds) == (&other.voted, other.rounds)
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        (&self.voted, self.rounds).hash(into);
    }
}

fn leaves_of(blocks: u8) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let mut next = 1;
    for (block, size) in BLOCKS.iter().enumerate() {
        for _ in 0..*size {
            if blocks >> block & 1 == 1 {
                leaves.push(Leaf(next));
            }
            next += 1;
        }
    }
    leaves
}

fn size_of(blocks: u8) -> usize {
    let sizes = BLOCKS.iter().enumerate();
    sizes
        .filter(|(block, _)| blocks >> block & 1 == 1)
        .map(|(_, size)| size)
        .sum()
}

/// One Round about a statement, or none where the fold refuses it.
pub(super) fn vote(room: &mut Room, statement: &str, leaves: &[Leaf]) -> Option<()> {
    let statement = StatementText::parse(statement).ok()?;
    let kind = RoundKind::Ballot(vec![statement]);
    room.start(kind, leaves).ok()?;
    let (round, side) = (room.round(), None);
    room.derive(&Event::RunReleased(RunReleased { round, side }))
        .ok()?;
    let final_roster: Vec<SeatId> = room.state.open_round()?.runs().first()?.roster_seats();
    let unanswered = u16::try_from(final_roster.len()).ok()?;
    let tally = Tally {
        unanswered,
        ..Tally::default()
    };
    let closed = RoundClosed {
        round,
        side,
        runs: 1,
        final_roster,
        statements: Vec::new(),
        blanks: 0,
        tallies: vec![tally],
    };
    room.derive(&Event::RoundClosed(closed)).ok()?;
    Some(())
}

/// The smallest group whose sum of votes follows from the tallies: a set of blocks in their span.
fn smallest_learnt(voted: &BTreeSet<u8>) -> usize {
    let rows: Vec<u8> = voted.iter().copied().collect();
    let rank = rank_of(&rows);
    let groups = 1u8..1 << BLOCKS.len();
    let learnt = groups.filter(|group| rank_of(&[rows.as_slice(), &[*group]].concat()) == rank);
    learnt.map(size_of).min().unwrap_or(usize::MAX)
}

/// A group whose sum of votes follows from the tallies, and that is smaller than the floor of a roster
/// in which all of it is.
fn learnt_below_promise(voted: &BTreeSet<u8>) -> Option<u8> {
    let rows: Vec<u8> = voted.iter().copied().collect();
    let rank = rank_of(&rows);
    let mut groups = 1u8..1 << BLOCKS.len();
    groups.find(|group| {
        let within = rows.iter().filter(|roster| *group & !**roster == 0);
        let promised = within.map(|roster| room::floor(size_of(*roster), None));
        promised
            .max()
            .is_some_and(|promised| size_of(*group) < promised)
            && rank_of(&[rows.as_slice(), &[*group]].concat()) == rank
    })
}

/// Rank of 0/1 rows over the rationals, by elimination without fractions.
fn rank_of(rows: &[u8]) -> usize {
    let wide = |row: &u8| -> Vec<i64> {
        (0..BLOCKS.len())
            .map(|at| i64::from(row >> at & 1))
            .collect()
    };
    let mut rows: Vec<Vec<i64>> = rows.iter().map(wide).collect();
    let mut rank = 0;
    for column in 0..BLOCKS.len() {
        let Some(pivot) = (rank..rows.len()).find(|at| rows[*at][column] != 0) else {
            continue;
        };
        rows.swap(rank, pivot);
        let lead = rows[rank].clone();
        for row in rows.iter_mut().skip(rank + 1) {
            let factor = row[column];
            for (value, above) in row.iter_mut().zip(&lead) {
                *value = *value * lead[column] - above * factor;
            }
        }
        rank += 1;
    }
    rank
}

impl Model for Rosters {
    type State = State;
    type Action = u8;

    fn init_states(&self) -> Vec<State> {
        let seats = BLOCKS.iter().sum::<usize>();
        vec![State {
            room: Room::of(u32::try_from(seats).unwrap_or(0)),
            voted: BTreeSet::new(),
            rounds: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<u8>) {
        if state.rounds < self.rounds {
            let all = 1u8..1 << BLOCKS.len();
            actions.extend(all.filter(|blocks| size_of(*blocks) >= 5));
        }
    }

    fn next_state(&self, state: &State, blocks: u8) -> Option<State> {
        let mut next = state.clone();
        let statement = "The water belongs to both sides.";
        vote(&mut next.room, statement, &leaves_of(blocks))?;
        next.voted.insert(blocks);
        next.rounds += 1;
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "ballots: no group of fewer than five is singled out",
                |_, s| s.voted.is_empty() || smallest_learnt(&s.voted) >= 5,
            ),
            // Four of a block of five that stays away know four of its votes: it is promised more.
            Property::<Self>::always(
                "promise: no group is smaller than what its rosters were promised",
                |_, s| learnt_below_promise(&s.voted).is_none(),
            ),
            Property::<Self>::sometimes("different rosters vote", |_, s| s.voted.len() > 1),
        ]
    }

    fn format_action(&self, blocks: &u8) -> String {
        let numbers: Vec<u32> = leaves_of(*blocks).iter().map(|leaf| leaf.0).collect();
        format!("seats {numbers:?} vote")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_rosters_single_out_what_two_do_not() {
        // 5+5+4, then 5+4+1 and 5+1: differences single out one seat.
        assert_eq!(smallest_learnt(&BTreeSet::from([0b00011])), 10);
        assert_eq!(smallest_learnt(&BTreeSet::from([0b00011, 0b01011])), 1);
        assert_eq!(rank_of(&[0b011, 0b110, 0b101]), 3);
        assert_eq!(rank_of(&[0b011, 0b100, 0b111]), 2);
    }
}
