//! A Round from OPEN to START.

use super::{Place, check_takes_part};
use crate::effect::Effect;
use crate::event::Ready;
use crate::floor::{floor, remember};
use crate::founding::{Role, RoomKind};
use crate::ids::RoundId;
use crate::limits;
use crate::open_round::{Audience, FailedWhy, Open, OpenRound, Progress, Run};
use crate::rounds::Crowd;
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
        self.check_may_open(sender)?;
        self.check_terms(open)?;
        let round = OpenRound {
            open: open.clone(),
            author: sender.id,
            opened_ms: at.time_ms,
            ends_ms: at.time_ms.saturating_add(open.window_ms),
            brought_forward_ms: None,
            ready: Vec::new(),
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

    /// The convenor runs the plenary's agenda; a caucus runs its own.
    fn check_may_open(&self, sender: &Seat) -> Result<(), Void> {
        if self.room == RoomKind::Plenary && sender.role != Role::Convenor {
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

    /// With nobody who counts, nobody could ever close the window.
    fn check_audience(&self, audience: Audience) -> Result<(), Void> {
        if let Audience::Side(side) = audience {
            self.check_plenary()?;
            if self.side_name(side).is_none() {
                return Err(Void::NoSuchSide);
            }
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
        let round = self.window_of(id)?;
        check_takes_part(sender, round)?;
        if at.time_ms < round.ends_ms {
            return Err(Void::WindowIsOpen);
        }
        let (audience, asked, ready) = (round.open.audience, round.open.floor, round.ready.clone());
        let opening_roster: Vec<RosterSeat> = self
            .counting_seats(audience)
            .filter(|seat| ready.binary_search(&seat.id).is_ok())
            .map(RosterSeat::from)
            .collect();
        let opening = opening_roster.len();
        let fewest = floor(opening, asked);
        if opening < fewest {
            return self.fail(at, id, FailedWhy::BelowFloor);
        }
        if opening > limits::ROSTER_MAX {
            return self.fail(at, id, FailedWhy::TooManySeats);
        }
        self.start_run(at, opening_roster, fewest);
        Ok(Effect::RoundStarted {
            round: id,
            opening,
            floor: fewest,
        })
    }

    fn start_run(&mut self, at: Place, opening_roster: Vec<RosterSeat>, fewest: usize) {
        let Some(round) = self.open_round.as_mut() else {
            return;
        };
        let size = as_u16(opening_roster.len());
        let crowd = Crowd {
            audience: round.open.audience,
            started_ms: at.time_ms,
            size,
        };
        round.progress = Progress::Running(Run {
            opening_roster,
            started_ms: at.time_ms,
            floor: as_u16(fewest),
            runs_ended: 0,
            absent: Vec::new(),
            disruptors: Vec::new(),
        });
        remember(&mut self.crowds, crowd);
    }
}

fn as_u16(seats: usize) -> u16 {
    u16::try_from(seats).expect("at most ROSTER_MAX seats")
}
