//! Where a room's log is: places that convenors announced, and the mailboxes in which the sides founded
//! their caucuses. The room knows them as bytes, and never asks whether anybody answers there.

use crate::hash::labelled;
use crate::ids::{CaucusName, MailboxName, SeatId, SideId};
use crate::limits;
use crate::rules::{Rule, holds};
use crate::state::State;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes};

/// A mailbox at a relay. Its name follows from a secret of whoever announces it, so that nobody else can
/// make a mailbox there.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Place {
    /// The relay's address as text.
    pub relay: VLBytes,
    /// Which mailbox.
    pub mailbox: MailboxName,
}

/// Where the plenary may move, and whose place that is.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Announced {
    /// Who announced it.
    pub seat: SeatId,
    /// Where.
    pub place: Place,
}

/// A side's seat founds the side's caucus, for the first time or anew.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct CaucusFounded {
    /// Its name.
    pub caucus: CaucusName,
    /// The caucus in whose place it comes; none where the side has none yet.
    pub replaces: Option<CaucusName>,
}

/// The one caucus that a side has.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Caucus {
    /// Whose.
    pub side: SideId,
    /// Which.
    pub name: CaucusName,
    /// Who founded it.
    pub by: SeatId,
    /// The log's clock when it was founded, ms.
    pub since_ms: u64,
    /// Seats of the side that founded it since turns began anew, the last one at the end.
    pub turns: Vec<SeatId>,
}

impl CaucusName {
    /// The name of the caucus that was founded in this mailbox, which is its group's id as well. The other
    /// sides and the relay's host cannot tell by it which mailbox it is.
    pub fn of(mailbox: MailboxName) -> Self {
        Self(labelled("caucus", &mailbox))
    }
}

impl State {
    /// Who founded the mailbox that the log is in, and may reset it.
    pub fn keeper(&self) -> SeatId {
        self.membership.keeper
    }

    /// Places that convenors announced, by seat.
    pub fn places(&self) -> &[Announced] {
        &self.places
    }

    /// The place that a seat announced and has not moved to.
    pub fn place_of(&self, seat: SeatId) -> Option<&Place> {
        let mut places = self.places.iter();
        Some(&places.find(|announced| announced.seat == seat)?.place)
    }

    /// The caucus that a side has now.
    pub fn caucus(&self, side: SideId) -> Option<&Caucus> {
        self.caucuses.iter().find(|caucus| caucus.side == side)
    }

    /// From which time of the log's clock on this seat may found its side's caucus. One that founded it does
    /// so again only once everybody else has, so that one who does nothing else holds the others up once; but
    /// nobody waits longer than `TURNS_END_MS` for a seat that does not take its turn, nor at all where whoever
    /// founded the present one is gone.
    pub fn may_found_caucus_from(&self, seat: SeatId) -> Option<u64> {
        let side = self.seat(seat)?.role.side()?;
        let Some(caucus) = self.caucus(side) else {
            return Some(0);
        };
        let is_orphan = self.seat(caucus.by).is_none() && holds(Rule::TurnsRunOut);
        let is_its_turn = !caucus.turns.contains(&seat) || self.all_had_their_turn(caucus);
        if is_orphan || is_its_turn || !holds(Rule::FoundersTakeTurns) {
            return Some(0);
        }
        // In a log that is shut nobody else could take its turn.
        let runs_out = holds(Rule::TurnsRunOut) && !self.is_shut();
        runs_out.then(|| caucus.since_ms.saturating_add(limits::TURNS_END_MS))
    }

    pub(crate) fn all_had_their_turn(&self, caucus: &Caucus) -> bool {
        let mut seats = self.seats().iter();
        seats.all(|seat| seat.role.side() != Some(caucus.side) || caucus.turns.contains(&seat.id))
    }

    /// As the fold keeps them: in order, once each, and of seats that are in the room.
    pub(crate) fn are_sound_places(&self) -> bool {
        let mut turns = self.caucuses.iter().flat_map(|caucus| &caucus.turns);
        self.seat(self.keeper()).is_some()
            && self.places.is_sorted_by(|a, b| a.seat < b.seat)
            && self.places.iter().all(|one| self.seat(one.seat).is_some())
            && self.caucuses.is_sorted_by(|a, b| a.side < b.side)
            && self
                .caucuses
                .iter()
                .all(|caucus| self.side_name(caucus.side).is_some())
            && turns.all(|seat| self.seat(*seat).is_some())
    }
}
