//! A side that answers as one: what its caucus says by name, what of it goes to the plenary, and what
//! stands there when the Round is over.

use std::sync::Arc;

use room::{Answer, Bloc, BlocAnswer, Effect, Event, Leaf, OpenHash, OpenRound, RoundId, Void};
use round::Ballot;

use crate::command::{Place, Refused};
use crate::cursor::Cursor;
use crate::out::Out;
use crate::participant::Participant;
use crate::play::Play;
use crate::records::{opening_key, opening_row};
use crate::room_log::RoomLog;
use crate::view::{BlocView, Holding, Opening};

impl Participant {
    /// Says in the caucus how this seat would answer for its side.
    pub(crate) fn vote_as_bloc(
        &mut self,
        round: RoundId,
        answers: &[Ballot],
        out: &mut Out,
    ) -> Result<(), Refused> {
        let (open_hash, asked) = self.asked(round)?;
        if answers.len() > asked {
            return Err(Refused::Unknown);
        }
        let answers = answers.iter().map(|answer| by_name(*answer));
        let rest = std::iter::repeat(Answer::Unanswered);
        let answers = answers.chain(rest).take(asked).collect();
        let event = Event::BlocVoted(BlocAnswer { open_hash, answers });
        self.say_event(Place::Caucus, event, out)
    }

    /// Hands to the plenary what the caucus agrees on, where that is what the person saw.
    pub(crate) fn answer_as_bloc(
        &mut self,
        round: RoundId,
        agreed: &[Ballot],
        out: &mut Out,
    ) -> Result<(), Refused> {
        let (open_hash, asked) = self.asked(round)?;
        let caucus = self.speaking(Place::Caucus)?;
        let mut answers = caucus.state.bloc_agreed(open_hash);
        if answers.iter().all(|answer| *answer == Answer::Unanswered) {
            return Err(Refused::NothingAgreed);
        }
        answers.resize(asked, Answer::Unanswered);
        if ballots(&answers) != agreed {
            return Err(Refused::OtherAnswers);
        }
        let event = Event::BlocAnswered(BlocAnswer { open_hash, answers });
        self.say_event(Place::Plenary, event, out)
    }

    /// Which Round is open in the plenary under that id, and about how many statements it asks.
    fn asked(&mut self, round: RoundId) -> Result<(OpenHash, usize), Refused> {
        let plenary = self.speaking(Place::Plenary)?;
        let open = plenary.state.open_round();
        let open = open.filter(|open| open.open.id == round);
        let open = &open.ok_or(Refused::Unknown)?.open;
        Ok((open.hash(), open.kind.statements().len()))
    }

    /// None where this seat's side has ballots, or is not asked.
    pub(crate) fn show_bloc(&self, log: &RoomLog, open_round: &OpenRound) -> Option<BlocView> {
        let side = log.state.seat(log.own_seat)?.role.side()?;
        let open = &open_round.open;
        let asked = open.kind.statements().len();
        let is_asked = open.audience == room::Audience::EachSide && asked > 0;
        if !is_asked || log.place != Place::Plenary || log.state.has_ballots(side) {
            return None;
        }
        let caucus = self.caucus.as_ref()?;
        let open_hash = open.hash();
        let votes = caucus.state.bloc_votes().iter();
        let votes = votes.filter(|vote| vote.vote.open_hash == open_hash);
        let mut agreed = caucus.state.bloc_agreed(open_hash);
        agreed.resize(asked, Answer::Unanswered);
        let posted = open_round.blocs.iter().find(|bloc| bloc.side == side);
        let numbered = |vote: &room::BlocVote| {
            let seat = caucus.state.seat(vote.seat);
            let number = seat.map_or(vote.seat, |seat| self.number_of(seat));
            (number, ballots(&vote.vote.answers))
        };
        let own = votes.clone().find(|vote| vote.seat == caucus.own_seat);
        Some(BlocView {
            seats: u16::try_from(caucus.state.seats().len()).unwrap_or(u16::MAX),
            own: own.map_or_else(Vec::new, |vote| ballots(&vote.vote.answers)),
            votes: votes.map(numbered).collect(),
            agreed: ballots(&agreed),
            posted: posted.map_or_else(Vec::new, |bloc| ballots(&bloc.answers)),
            posted_by: posted.map(|bloc| bloc.by),
        })
    }
}

impl RoomLog {
    /// Applies an event. Where it ends a Round, what sides answered as one is a result like others.
    pub(crate) fn apply(
        &mut self,
        from: Option<Leaf>,
        place: &Cursor,
        event: &Event,
        out: &mut Out,
    ) -> Result<Effect, Void> {
        let open_round = self.state.open_round();
        let with_blocs = open_round.filter(|round| !round.blocs.is_empty()).cloned();
        let effect = self.state.apply(from, place.clock.ms(), event)?;
        if let (Some(round), None) = (with_blocs, self.state.open_round()) {
            // A Round that does not run ends at its START.
            let held = self.play.as_ref().and_then(Play::held);
            for bloc in &round.blocs {
                let held = held.unwrap_or_else(|| self.start_context(&round.open, place));
                let opening = Arc::new(opening(&round, held, bloc, place));
                let key = opening_key(&opening);
                out.write(self.area, key, opening_row(&opening));
                self.results.push(opening);
            }
        }
        Ok(effect)
    }
}

fn opening(round: &OpenRound, held: Holding, bloc: &Bloc, place: &Cursor) -> Opening {
    let asked = round.open.kind.statements().iter();
    Opening {
        round: round.open.id,
        held,
        side: Some(bloc.side.0),
        one_side: None,
        question: round.open.question.as_str().to_owned(),
        floor: round.open.floor,
        opening_roster: 0,
        final_roster: 0,
        runs: 0,
        blanks: 0,
        statements: Vec::new(),
        asked: asked.map(|text| text.as_str().to_owned()).collect(),
        tallies: Vec::new(),
        bloc: ballots(&bloc.answers),
        absent: Vec::new(),
        disruptors: Vec::new(),
        window_end_ms: place.shown_ms(round.ends_ms),
        opened_ms: place.time.ms(),
    }
}

fn by_name(answer: Ballot) -> Answer {
    match answer {
        Ballot::Agree => Answer::Agree,
        Ballot::Disagree => Answer::Disagree,
        Ballot::Pass => Answer::Pass,
        Ballot::Unanswered => Answer::Unanswered,
    }
}

fn ballots(answers: &[Answer]) -> Vec<Ballot> {
    let ballot = |answer: &Answer| match answer {
        Answer::Agree => Ballot::Agree,
        Answer::Disagree => Ballot::Disagree,
        Answer::Pass => Ballot::Pass,
        Answer::Unanswered => Ballot::Unanswered,
    };
    answers.iter().map(ballot).collect()
}
