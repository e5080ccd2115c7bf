//! Answers that a side gives as one: agreed in its caucus, handed to the plenary while people answer.

use super::{Place, check_takes_part};
use crate::bloc::{Answer, Bloc, BlocAnswer, BlocVote, agreed};
use crate::effect::Effect;
use crate::founding::RoomKind;
use crate::ids::{OpenHash, SideId};
use crate::limits;
use crate::open_round::{Audience, RoundKind};
use crate::seat::Seat;
use crate::state::State;
use crate::void::Void;

impl State {
    /// In a caucus: a seat says how it would answer; what it said before is gone.
    pub(super) fn bloc_voted(&mut self, sender: &Seat, vote: &BlocAnswer) -> Result<Effect, Void> {
        if self.room == RoomKind::Plenary {
            return Err(Void::NotInThisRoom);
        }
        if !(1..=limits::LANES_MAX).contains(&vote.answers.len()) {
            return Err(Void::BadStatements);
        }
        self.bloc_votes.retain(|old| old.seat != sender.id);
        let place = self.bloc_votes.partition_point(|old| old.seat < sender.id);
        let vote = BlocVote {
            seat: sender.id,
            vote: vote.clone(),
        };
        self.bloc_votes.insert(place, vote);
        Ok(Effect::BlocVoted { seat: sender.id })
    }

    /// In the plenary: the last answer before the window's end is the side's.
    pub(super) fn bloc_answered(
        &mut self,
        sender: &Seat,
        at: Place,
        answer: &BlocAnswer,
    ) -> Result<Effect, Void> {
        self.check_plenary()?;
        let round = self.window_with(answer.open_hash)?;
        check_takes_part(sender, round)?;
        if at.time_ms >= round.ends_ms {
            return Err(Void::WindowIsOver);
        }
        let asked = match &round.open.kind {
            RoundKind::Ballot(statements) => statements.len(),
            RoundKind::Statement(_) => 0,
        };
        let side = sender.role.side().ok_or(Void::WrongSide)?;
        if round.open.audience != Audience::EachSide || answer.answers.len() != asked {
            return Err(Void::BadStatements);
        }
        if self.has_ballots(side) {
            return Err(Void::SideHasBallots);
        }
        let bloc = Bloc {
            side,
            by: sender.id,
            answers: answer.answers.clone(),
        };
        let Some(round) = self.open_round.as_mut() else {
            return Err(Void::NoSuchRound);
        };
        round.blocs.retain(|old| old.side != side);
        let place = round.blocs.partition_point(|old| old.side < side);
        round.blocs.insert(place, bloc);
        Ok(Effect::BlocAnswered {
            side,
            by: sender.id,
        })
    }

    /// Whether a side has as many counting seats as the open Round's floor asks for.
    pub fn has_ballots(&self, side: SideId) -> bool {
        let asked = self
            .open_round
            .as_ref()
            .and_then(|round| round.open.floor)
            .map_or(0, usize::from);
        self.counting_seats(Audience::Side(side)).count() >= asked.max(limits::FLOOR_MIN)
    }

    /// In a caucus: what its seats last said for the plenary's Rounds, ascending by seat.
    pub fn bloc_votes(&self) -> &[BlocVote] {
        &self.bloc_votes
    }

    /// In a caucus: what more than half of its seats answer to each statement of the plenary's Round.
    pub fn bloc_agreed(&self, open_hash: OpenHash) -> Vec<Answer> {
        let seats = self
            .seats()
            .iter()
            .filter(|seat| seat.role.side().is_some());
        let votes: Vec<&BlocAnswer> = self
            .bloc_votes
            .iter()
            .map(|vote| &vote.vote)
            .filter(|vote| vote.open_hash == open_hash)
            .collect();
        agreed(&votes, seats.count())
    }
}
