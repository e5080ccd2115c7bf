//! The state as bytes: what an inviter hands to a newcomer and a vault keeps.
//! The newcomer compares its digest with the one that the room's events carry.

use crate::founding::check_sides;
use crate::hash::{VERSION, encoded};
use crate::limits;
use crate::open_round::OpenRound;
use crate::state::State;
use std::fmt;
use tls_codec::DeserializeBytes;

/// Why bytes are not a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// A newer program wrote it.
    UnknownVersion(u8),
    /// No program wrote it.
    Damaged,
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion(version) => {
                write!(f, "version {version} is new: update the program")
            }
            Self::Damaged => f.write_str("damaged state of a room"),
        }
    }
}

impl std::error::Error for SnapshotError {}

impl State {
    /// One version byte, then the state.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(encoded(self));
        bytes
    }

    /// Reads what [`State::encode`] wrote. That it is this room's state only
    /// its digest can say.
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (version, rest) = bytes.split_first().ok_or(SnapshotError::Damaged)?;
        if *version != VERSION {
            return Err(SnapshotError::UnknownVersion(*version));
        }
        if rest.len() > limits::SNAPSHOT_BYTES_MAX {
            return Err(SnapshotError::Damaged);
        }
        let state = Self::tls_deserialize_exact_bytes(rest).map_err(|_| SnapshotError::Damaged)?;
        if state.is_sound() {
            Ok(state)
        } else {
            Err(SnapshotError::Damaged)
        }
    }

    /// What the fold relies on when it goes on from here.
    fn is_sound(&self) -> bool {
        let members = &self.membership;
        check_sides(&self.sides).is_ok()
            && members.seats.len() <= limits::SEATS_MAX
            && members.departed.len() <= limits::DEPARTED_MAX
            && members.approvals.len() <= limits::APPROVALS_MAX
            && members.seated.is_sorted_by(|a, b| a.side < b.side)
            && members
                .seated
                .iter()
                .all(|seated| self.side_name(seated.side).is_some())
            && self
                .ballots
                .rosters
                .iter()
                .all(|roster| roster.next_seat <= members.next_seat)
            && self.ended_rounds.len() <= limits::ENDED_ROUNDS_MAX
            && self.ballots.is_sound()
            && self
                .open_round
                .as_ref()
                .is_none_or(OpenRound::has_a_gate_where_it_is_released)
            && self.are_sound_blocs()
            && self.are_sound_places()
            && self.recent_messages.len() <= limits::RECENT_MESSAGES_MAX
            && members.seats.is_sorted_by(|a, b| a.id < b.id)
            && members
                .seats
                .last()
                .is_none_or(|seat| seat.id.0 < members.next_seat)
            && members.seats.iter().all(|seat| self.is_sound_seat(seat))
    }

    /// As short as the fold keeps them, and in its order.
    fn are_sound_blocs(&self) -> bool {
        let mut votes = self.bloc_votes.iter();
        let open = self.open_round.iter().map(|round| &round.blocs);
        let ended = self.ended_rounds.iter().map(|round| &round.blocs);
        let mut blocs = open.chain(ended);
        self.bloc_votes.is_sorted_by(|a, b| a.seat < b.seat)
            && votes.all(|vote| {
                self.seat(vote.seat).is_some() && vote.vote.answers.len() <= limits::LANES_MAX
            })
            && blocs.all(|blocs| {
                blocs.is_sorted_by(|a, b| a.side < b.side)
                    && blocs.len() <= limits::SIDES_MAX
                    && blocs
                        .iter()
                        .all(|bloc| bloc.answers.len() <= limits::LANES_MAX)
            })
    }

    fn is_sound_seat(&self, seat: &crate::seat::Seat) -> bool {
        let holders = self
            .seats()
            .iter()
            .filter(|other| other.leaf == seat.leaf)
            .count();
        let side_exists = seat
            .role
            .sits_with()
            .is_none_or(|side| self.side_name(side).is_some());
        holders == 1 && side_exists
    }
}
