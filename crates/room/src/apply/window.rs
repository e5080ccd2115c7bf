//! A Round from OPEN to START.

use super::{Place, check_takes_part};
use crate::ballots::Roster;
use crate::effect::Effect;
use crate::event::Ready;
use crate::floor::{floor, remember};
use crate::founding::{Role, RoomKind};
use crate::ids::{RoundId, SeatId, SideId};
use crate::limits;
use crate::looks::StatementKeys;
use crate::open_round::{Audience, FailedWhy, Fate, Open, OpenRound, Progress, RoundKind, Run};
use crate::rounds::{Crowd, Outcome};
use crate::rules::{Rule, holds};
use crate::seat::{RosterSeat, Seat};
use crate::state::State;
use crate::void::Void;

impl State {
    pub(super) fn round_opened(
        &mut self,
        sender: &Seat,
        at: Place,
        open: &Open,
    ) -> Result<Effect, Void> {
        self.check_rounds_are_held()?;
        self.check_may_open(sender)?;
        self.check_terms(open)?;
        let round = OpenRound {
            open: open.clone(),
            author: sender.id,
            opened_ms: at.time_ms,
            ends_ms: at.time_ms.saturating_add(open.window_ms),
            brought_forward_ms: None,
            gate_ms: None,
            ready: Vec::new(),
            blocs: Vec::new(),
            progress: Progress::Window,
        };
        let ends_ms = round.ends_ms;
        self.open_round = Some(round);
        Ok(Effect::RoundOpened {
            round: open.id,
            open_hash: open.hash(),
            ends_ms,
        })
    }

    /// Who sits in a caucus is decided by its side alone, and its table words by its founder's friends:
    /// a crowd in which somebody is hidden is made in the plenary and nowhere else.
    fn check_rounds_are_held(&self) -> Result<(), Void> {
        match self.room {
            RoomKind::Plenary => Ok(()),
            RoomKind::Caucus(_) if holds(Rule::RoundsInThePlenaryAlone) => {
                Err(Void::RoundsElsewhere)
            }
            RoomKind::Caucus(_) => Ok(()),
        }
    }

    /// The convenor runs the agenda.
    fn check_may_open(&self, sender: &Seat) -> Result<(), Void> {
        if sender.role != Role::Convenor && holds(Rule::RoundsInThePlenaryAlone) {
            return Err(Void::NotTheConvenor);
        }
        match self.open_round {
            Some(_) => Err(Void::RoundIsOpen),
            None => Ok(()),
        }
    }

    fn check_terms(&self, open: &Open) -> Result<(), Void> {
        if self.ended_rounds.iter().any(|ended| ended.id == open.id) {
            return Err(Void::RoundHeld);
        }
        self.check_audience(open.audience)?;
        self.check_statements(open)?;
        let floors = limits::FLOOR_MIN..=limits::ROSTER_MAX;
        if open
            .floor
            .is_some_and(|asked| !floors.contains(&usize::from(asked)))
        {
            return Err(Void::BadFloor);
        }
        if !(limits::WINDOW_MIN_MS..=limits::WINDOW_MAX_MS).contains(&open.window_ms) {
            return Err(Void::BadWindow);
        }
        if !(limits::PHASE_MIN_MS..=limits::PHASE_MAX_MS).contains(&open.phase_ms) {
            return Err(Void::BadPhase);
        }
        Ok(())
    }

    /// What cannot be remembered must not be voted on: each statement and each side's roster needs a
    /// place.
    fn check_statements(&self, open: &Open) -> Result<(), Void> {
        let RoundKind::Ballot(statements) = &open.kind else {
            return Ok(());
        };
        if !(1..=limits::LANES_MAX).contains(&statements.len()) {
            return Err(Void::BadStatements);
        }
        let keys = open.kind.statement_keys();
        let mut names: Vec<_> = keys.iter().flat_map(StatementKeys::as_slice).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        if names.len() != all {
            return Err(Void::BadStatements);
        }
        match self.ballots.has_room(all, limits::SIDES_MAX) {
            true => Ok(()),
            false => Err(Void::TooManyBallots),
        }
    }

    /// With nobody who counts, nobody could ever close the window.
    fn check_audience(&self, audience: Audience) -> Result<(), Void> {
        if let Audience::Side(side) = audience
            && self.side_name(side).is_none()
        {
            return Err(Void::NoSuchSide);
        }
        match self.counting_seats(audience).next() {
            Some(_) => Ok(()),
            None => Err(Void::NobodyCounts),
        }
    }

    /// NOW: once, by the author, and only forward.
    pub(super) fn window_ends(
        &mut self,
        sender: &Seat,
        at: Place,
        round: RoundId,
    ) -> Result<Effect, Void> {
        self.check_rounds_are_held()?;
        let open_round = self.window_of(round)?;
        if open_round.author != sender.id {
            return Err(Void::NotTheAuthor);
        }
        if open_round.brought_forward_ms.is_some() {
            return Err(Void::BroughtForwardBefore);
        }
        if at.time_ms >= open_round.ends_ms {
            return Err(Void::WindowIsOver);
        }
        open_round.brought_forward_ms = Some(at.time_ms);
        open_round.ends_ms = at.time_ms;
        Ok(Effect::WindowBroughtForward {
            round,
            ends_ms: at.time_ms,
        })
    }

    pub(super) fn ready(&mut self, sender: &Seat, ready: &Ready) -> Result<Effect, Void> {
        self.check_rounds_are_held()?;
        let round = self.window_of(ready.round)?;
        check_takes_part(sender, round)?;
        if ready.open_hash != round.open.hash() {
            return Err(Void::OtherTerms);
        }
        match round.ready.binary_search(&sender.id) {
            Ok(_) => Err(Void::AlreadyReady),
            Err(place) => {
                round.ready.insert(place, sender.id);
                Ok(Effect::ReadyCounted {
                    seat: sender.id,
                    ready: round.ready.len(),
                })
            }
        }
    }

    /// START: freezes the opening roster, or ends the Round where it may not run.
    pub(super) fn started(
        &mut self,
        sender: &Seat,
        at: Place,
        id: RoundId,
    ) -> Result<Effect, Void> {
        self.check_rounds_are_held()?;
        let is_shut = self.is_shut();
        let round = self.window_of(id)?;
        check_takes_part(sender, round)?;
        if at.time_ms < round.ends_ms || is_shut {
            return Err(Void::WindowIsOpen);
        }
        let sequences = self.sequences_at_start(at);
        let opening = sequences.iter().map(|run| run.opening_roster.len()).sum();
        if opening > limits::ROSTER_MAX {
            return self.fail(at, id, FailedWhy::TooManySeats);
        }
        let running = |run: &&Run| run.fate == Fate::Running;
        let floor = sequences.iter().filter(running).map(|run| run.floor).min();
        let Some(floor) = floor else {
            let why = sequences.iter().find_map(|run| match &run.fate {
                Fate::Over(outcome) => outcome.failed(),
                Fate::Running | Fate::Released => None,
            });
            return self.fail(at, id, why.unwrap_or(FailedWhy::BelowFloor));
        };
        self.remember_crowds(at, &sequences);
        if let Some(round) = self.open_round.as_mut() {
            // A side that grew while people answered has ballots: nobody speaks for it.
            let has_ballots = |side| {
                sequences
                    .iter()
                    .any(|run| run.side == Some(side) && run.fate == Fate::Running)
            };
            round.blocs.retain(|bloc| !has_ballots(bloc.side));
            round.progress = Progress::Running(sequences);
        }
        Ok(Effect::RoundStarted {
            round: id,
            opening,
            floor: usize::from(floor),
        })
    }

    /// One sequence of runs, or one for each side that has seats in it. One that may not run is over
    /// before it begins.
    fn sequences_at_start(&self, at: Place) -> Vec<Run> {
        let Some(round) = &self.open_round else {
            return Vec::new();
        };
        let sides: Vec<Option<SideId>> = match round.open.audience {
            Audience::Room | Audience::Side(_) => vec![None],
            Audience::EachSide => (0..self.sides.len())
                .filter_map(|side| u16::try_from(side).ok())
                .map(|side| Some(SideId(side)))
                .collect(),
        };
        let runs = sides
            .into_iter()
            .map(|side| self.sequence_at_start(at, side));
        runs.filter(|run| run.side.is_none() || !run.opening_roster.is_empty())
            .collect()
    }

    fn sequence_at_start(&self, at: Place, side: Option<SideId>) -> Run {
        let open = self.open_round.as_ref().map(|round| &round.open);
        let ready = self
            .open_round
            .as_ref()
            .map_or(&[][..], |round| &round.ready);
        let audience = match (open, side) {
            (_, Some(side)) => Audience::Side(side),
            (Some(open), None) => open.audience,
            (None, None) => Audience::Room,
        };
        let opening_roster: Vec<RosterSeat> = self
            .counting_seats(audience)
            .filter(|seat| ready.binary_search(&seat.id).is_ok())
            .map(RosterSeat::from)
            .collect();
        let fewest = floor(opening_roster.len(), open.and_then(|open| open.floor));
        let seats: Vec<SeatId> = opening_roster.iter().map(|member| member.seat).collect();
        let why = match opening_roster.len() < fewest {
            true => Some(FailedWhy::BelowFloor),
            false => (!self.may_vote(&seats, fewest)).then_some(FailedWhy::Overlap),
        };
        Run {
            side,
            opening_roster,
            started_ms: at.time_ms,
            floor: as_u16(fewest),
            runs_ended: 0,
            absent: Vec::new(),
            disruptors: Vec::new(),
            fate: why.map_or(Fate::Running, |why| Fate::Over(Outcome::Failed(why))),
        }
    }

    /// Whether these seats may vote on the statements of the open Round; where it has none, yes. The memory
    /// knows seats and not people.
    pub(super) fn may_vote(&self, seats: &[SeatId], floor: usize) -> bool {
        let keys = self
            .open_round
            .as_ref()
            .map(|round| round.open.kind.statement_keys());
        let mut keys = keys.into_iter().flatten();
        keys.all(|key| {
            let mut voted = self.ballots.rosters_of(&key);
            self.ballots.allows(&key, seats, floor)
                && !voted.any(|old| self.may_be_the_gone(seats, old))
        })
    }

    /// Whether somebody who voted in this roster and left may sit here again under another number: a seat
    /// of the same side that came after. Nobody can tell, so it is taken to be so.
    fn may_be_the_gone(&self, seats: &[SeatId], voted: &Roster) -> bool {
        let is_here = |seat: &&SeatId| self.seat(**seat).is_some();
        let gone = voted.seats.iter().filter(|seat| !is_here(seat));
        let sides: Vec<Option<SideId>> = gone.map(|seat| self.membership.side_of(*seat)).collect();
        let mut newcomers = seats.iter().filter(|seat| seat.0 >= voted.next_seat);
        holds(Rule::NewcomersMayBeTheGone)
            && newcomers.any(|seat| {
                let side = self.membership.side_of(*seat);
                sides.iter().any(|gone| gone.is_none() || *gone == side)
            })
    }

    fn remember_crowds(&mut self, at: Place, sequences: &[Run]) {
        let Some(audience) = self.open_round.as_ref().map(|round| round.open.audience) else {
            return;
        };
        for run in sequences.iter().filter(|run| run.fate == Fate::Running) {
            let crowd = Crowd {
                audience: run.side.map_or(audience, Audience::Side),
                started_ms: at.time_ms,
                size: as_u16(run.opening_roster.len()),
                later: 0,
            };
            remember(&mut self.crowds, crowd);
        }
    }
}

fn as_u16(seats: usize) -> u16 {
    u16::try_from(seats).expect("at most SEATS_MAX seats")
}
