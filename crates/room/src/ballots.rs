//! Ballots: answers as they are counted, and which rosters may vote on one statement. Tallies of
//! rosters that overlap can be subtracted: what is left over must never be a handful of people.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{SeatId, StatementKey};
use crate::limits::FLOOR_MIN;
use crate::looks::StatementKeys;
use crate::rules::{Rule, holds};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// How a roster answered one statement.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize,
)]
pub struct Tally {
    /// Seats that agree.
    pub agree: u16,
    /// Seats that disagree.
    pub disagree: u16,
    /// Seats that passed.
    pub pass: u16,
    /// Seats that gave no answer.
    pub unanswered: u16,
    /// Slots that held anything else.
    pub void: u16,
}

impl Tally {
    /// How many slots were counted.
    pub fn slots(&self) -> usize {
        let all = [
            self.agree,
            self.disagree,
            self.pass,
            self.unanswered,
            self.void,
        ];
        all.into_iter().map(usize::from).sum()
    }
}

/// Which rosters have voted on which statements, as far back as the room goes. Rosters are kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Ballots {
    /// Different rosters.
    pub(crate) rosters: Vec<Roster>,
    /// By key, ascending: the places of the rosters that voted.
    pub(crate) voted: Vec<Voted>,
}

/// Who voted, and what was promised to them.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Roster {
    /// Ascending.
    pub(crate) seats: Vec<SeatId>,
    /// The floor of its sequence: among no fewer seats is any answer of it hidden, whoever votes later.
    pub(crate) promise: u16,
    /// The first number that was not given to a seat when it voted last.
    pub(crate) next_seat: u32,
}

impl Roster {
    fn is_sound(&self) -> bool {
        let promises = FLOOR_MIN..=crate::limits::ROSTER_MAX;
        promises.contains(&usize::from(self.promise)) && self.seats.is_sorted_by(|a, b| a < b)
    }
}

/// The rosters that have voted on a statement of this name.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Voted {
    /// Which statement.
    pub(crate) statement: StatementKey,
    /// Places in the list of rosters.
    pub(crate) by: Vec<u16>,
}

impl Ballots {
    /// Whether this roster may vote on this statement: of all rosters that voted and this one, every
    /// cell of the Venn diagram is empty or has at least as many seats as were promised to any of its
    /// rosters, this one with its floor among them. Pairwise differences are not enough: three rosters
    /// isolate one seat. Nor are five: four who stay away with somebody make a cell of five, and know
    /// four answers of it.
    pub fn allows(&self, statement: &StatementKeys, roster: &[SeatId], floor: usize) -> bool {
        if !holds(Rule::BallotCells) {
            return self
                .rosters_of(statement)
                .all(|old| differs_enough(&old.seats, roster));
        }
        let cells = self.cells(statement, roster);
        cells
            .iter()
            .all(|(pattern, cell)| cell.len() >= self.promise(statement, pattern, floor))
    }

    /// Among how many an answer of this seat is hidden for good, were this roster to vote: what was
    /// promised to the rosters that it is in, and to this one.
    pub fn guaranteed(
        &self,
        seat: SeatId,
        statement: &StatementKeys,
        roster: &[SeatId],
        floor: usize,
    ) -> usize {
        let cells = self.cells(statement, roster);
        let own = cells.iter().find(|(_, cell)| cell.contains(&seat));
        own.map_or(0, |(pattern, _)| self.promise(statement, pattern, floor))
    }

    /// The largest promise of the rosters that contain a cell; the last of them is the new one.
    fn promise(&self, statement: &StatementKeys, pattern: &[bool], floor: usize) -> usize {
        if !holds(Rule::CellsKeepPromises) {
            return FLOOR_MIN;
        }
        let old = self
            .rosters_of(statement)
            .map(|old| usize::from(old.promise));
        let promises = old.chain([floor]).zip(pattern);
        let kept = promises.filter_map(|(promise, is_in)| is_in.then_some(promise));
        kept.max().unwrap_or(FLOOR_MIN).max(FLOOR_MIN)
    }

    /// The seats that are in exactly the same rosters as `seat`, itself included, were this roster to
    /// vote on this statement: among so many is its answer hidden.
    pub fn crowd_of(&self, seat: SeatId, statement: &StatementKeys, roster: &[SeatId]) -> usize {
        let cells = self.cells(statement, roster);
        let own = cells.values().find(|cell| cell.contains(&seat));
        own.map_or(0, Vec::len)
    }

    /// By membership in each roster: the seats. Who is in none of them is in no cell.
    fn cells(
        &self,
        statement: &StatementKeys,
        roster: &[SeatId],
    ) -> BTreeMap<Vec<bool>, Vec<SeatId>> {
        let old = self.rosters_of(statement).map(|old| old.seats.as_slice());
        let rosters: Vec<&[SeatId]> = old.chain([roster]).collect();
        let seats: BTreeSet<SeatId> = rosters.iter().flat_map(|r| r.iter().copied()).collect();
        let mut cells: BTreeMap<Vec<bool>, Vec<SeatId>> = BTreeMap::new();
        for seat in seats {
            let pattern = rosters
                .iter()
                .map(|roster| roster.contains(&seat))
                .collect();
            cells.entry(pattern).or_default().push(seat);
        }
        cells
    }

    /// Under any of its names, each once.
    pub(crate) fn rosters_of(&self, statement: &StatementKeys) -> impl Iterator<Item = &Roster> {
        let voted = statement.as_slice().iter().filter_map(|key| {
            let found = self.voted.binary_search_by_key(key, |v| v.statement);
            found.ok().and_then(|at| self.voted.get(at))
        });
        let places: BTreeSet<u16> = voted.flat_map(|voted| voted.by.iter().copied()).collect();
        let rosters = places.into_iter();
        rosters.filter_map(|place| self.rosters.get(usize::from(place)))
    }

    /// Whether so many names of statements and rosters more can be remembered: what cannot be remembered
    /// must not be voted on.
    pub(crate) fn has_room(&self, names: usize, rosters: usize) -> bool {
        self.voted.len().saturating_add(names) <= crate::limits::STATEMENT_NAMES_MAX
            && self.rosters.len().saturating_add(rosters) <= crate::limits::BALLOT_ROSTERS_MAX
    }

    /// The roster's N-th GO stands: from now on its answers may be readable. Texts answer no statement. Where
    /// it has voted before, all its seats are still here: who has come meanwhile is none of them.
    pub(crate) fn remember(&mut self, statements: &[StatementKeys], roster: Roster) {
        if statements.is_empty() {
            return;
        }
        let same = |known: &Roster| known.seats == roster.seats && known.promise == roster.promise;
        let place = match self.rosters.iter().position(same) {
            Some(place) => {
                if let Some(known) = self.rosters.get_mut(place) {
                    known.next_seat = roster.next_seat;
                }
                place
            }
            None => {
                self.rosters.push(roster);
                self.rosters.len().saturating_sub(1)
            }
        };
        let Ok(place) = u16::try_from(place) else {
            return;
        };
        for statement in statements.iter().flat_map(StatementKeys::as_slice) {
            let found = self
                .voted
                .binary_search_by_key(statement, |voted| voted.statement);
            match found {
                Ok(at) => {
                    if let Some(voted) = self.voted.get_mut(at)
                        && !voted.by.contains(&place)
                    {
                        voted.by.push(place);
                    }
                }
                Err(at) => {
                    let voted = Voted {
                        statement: *statement,
                        by: vec![place],
                    };
                    self.voted.insert(at, voted);
                }
            }
        }
    }

    /// What the fold relies on when it goes on from a stored state.
    pub(crate) fn is_sound(&self) -> bool {
        self.has_room(0, 0)
            && self.voted.is_sorted_by(|a, b| a.statement < b.statement)
            && self.rosters.iter().all(Roster::is_sound)
            && self.voted.iter().all(|voted| {
                voted.by.len() <= self.rosters.len()
                    && voted
                        .by
                        .iter()
                        .all(|place| usize::from(*place) < self.rosters.len())
            })
    }
}

/// The weaker rule that three rosters get round: for the canary alone.
fn differs_enough(old: &[SeatId], new: &[SeatId]) -> bool {
    let only = |a: &[SeatId], b: &[SeatId]| a.iter().filter(|seat| !b.contains(seat)).count();
    let apart = only(old, new).saturating_add(only(new, old));
    apart == 0 || apart >= FLOOR_MIN
}
