//! One answer for a whole side. A side too small for ballots agrees on it in its caucus, by name, and
//! any of its seats hands it to the plenary: nobody is hidden, and nobody is meant to be.

use crate::ids::{OpenHash, SeatId, SideId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// How one statement is answered, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Answer {
    /// Nothing was said to it.
    Unanswered = 0,
    /// Agrees.
    Agree = 1,
    /// Disagrees.
    Disagree = 2,
    /// Has seen it, and says neither.
    Pass = 3,
}

/// In a caucus: how its sender would answer for the side. In the plenary: how the side answers.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct BlocAnswer {
    /// The terms of the plenary's Round: its id alone could be given to other statements.
    pub open_hash: OpenHash,
    /// One for each of its statements, in order.
    pub answers: Vec<Answer>,
}

/// What a seat of a caucus last said; a caucus keeps one for each seat.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct BlocVote {
    /// Whose.
    pub seat: SeatId,
    /// What.
    pub vote: BlocAnswer,
}

/// What a side answers in one Round.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Bloc {
    /// Which side.
    pub side: SideId,
    /// Who handed it over.
    pub by: SeatId,
    /// One for each statement, in order.
    pub answers: Vec<Answer>,
}

/// What more than half of `seats` seats say to each of the statements that anybody answered; a pass is
/// an answer, silence is none.
pub(crate) fn agreed(votes: &[&BlocAnswer], seats: usize) -> Vec<Answer> {
    let statements = votes.iter().map(|vote| vote.answers.len()).max();
    let agreed_on = |statement: usize| {
        let all = [Answer::Agree, Answer::Disagree, Answer::Pass].into_iter();
        let mut by_most = all.filter(|answer| {
            let same = |vote: &&&BlocAnswer| vote.answers.get(statement) == Some(answer);
            votes.iter().filter(same).count().saturating_mul(2) > seats
        });
        by_most.next().unwrap_or(Answer::Unanswered)
    };
    (0..statements.unwrap_or(0)).map(agreed_on).collect()
}
