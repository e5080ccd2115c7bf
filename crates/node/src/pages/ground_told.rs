//! From what a Round's programs counted to what may be shown of it. This is the only place of the pages
//! that sees exact counts: they must never reach a page but through the report.

use ground::{
    Answer, Cell, Finding, Floor, InvalidRound, Report, Round, Side, Stance, Statement,
    StatementId, Tallies, Tally, Telling, publish_all,
};
use participant::view::{Opening, RoomView};
use room::{RoundId, StatementKeys, StatementText};
use round::Ballot;

use super::brought::{Answers, Brought};

/// One Round of answers, as far as it may be shown.
pub struct Told {
    /// What the page is made of.
    pub report: Report,
    /// For each statement, what was told of it the last time before.
    pub before: Vec<Option<Before>>,
    /// When the Rounds closed that the report may refer to, by their place; ms of log time.
    pub closed_ms: Vec<u64>,
}

/// An earlier result of the same statement.
pub struct Before {
    /// When that Round closed, ms of log time.
    pub closed_ms: u64,
    /// What was told of each side.
    pub cells: Vec<Cell>,
    /// What was told of the whole room.
    pub whole: Option<Cell>,
}

/// What the Round of this number may show, with all that were before it.
///
/// # Errors
/// Where the counts cannot belong together: then nothing is shown.
pub fn told(
    room: &RoomView,
    brought: &[Brought<'_>],
    number: usize,
) -> Result<Option<Told>, InvalidRound> {
    let upto = brought.iter().take(number);
    let all: Vec<&Answers<'_>> = upto
        .filter_map(|round| match round {
            Brought::Texts(_) => None,
            Brought::Answers(answers) => Some(answers),
        })
        .collect();
    let rounds: Result<Vec<Round>, InvalidRound> = all
        .iter()
        .map(|answers| round(&room.sides, answers))
        .collect();
    let rounds = rounds?;
    let mut earlier = publish_all(&rounds);
    let Some(report) = earlier.pop() else {
        return Ok(None);
    };
    let closed = |answers: &&Answers<'_>| answers.openings().map(|one| one.window_end_ms).max();
    let closed_ms: Vec<u64> = all.iter().filter_map(closed).collect();
    Ok(Some(Told {
        before: before(&report, &earlier, &closed_ms),
        report,
        closed_ms,
    }))
}

/// What the page of a Round of answers is made of, for whoever compares it with something else.
///
/// # Errors
/// Where the counts cannot belong together: then nothing is shown.
pub fn common_ground(room: &RoomView, round: RoundId) -> Result<Option<Report>, InvalidRound> {
    let brought = super::brought::brought(room);
    let place = brought.iter().position(|one| one.first().round == round);
    let Some(place) = place else { return Ok(None) };
    let told = told(room, &brought, place.saturating_add(1))?;
    Ok(told.map(|told| told.report))
}

/// The page of an earlier Round shows the same still: nothing is told here that was not told there.
fn before(last: &Report, earlier: &[Report], closed_ms: &[u64]) -> Vec<Option<Before>> {
    let statements = last.statements.iter();
    statements
        .map(|now| {
            let is_same = |one: &&Finding| one.statement.id == now.statement.id;
            let has = |report: &Report| report.statements.iter().any(|one| is_same(&one));
            let place = earlier.iter().rposition(has)?;
            let finding = earlier.get(place)?.statements.iter().find(is_same)?;
            Some(Before {
                closed_ms: closed_ms.get(place).copied()?,
                cells: finding.cells.clone(),
                whole: finding.whole,
            })
        })
        .collect()
}

fn round(sides: &[String], answers: &Answers<'_>) -> Result<Round, InvalidRound> {
    let openings: Vec<&Opening> = answers.openings().collect();
    let asked = openings.iter().find_map(|one| match one.asked.is_empty() {
        true => None,
        false => Some(&one.asked),
    });
    let statements: Vec<Statement> = asked
        .into_iter()
        .flatten()
        .map(|text| statement(text))
        .collect();
    let whole = openings.iter().find(|one| one.side.is_none());
    let tallies = match whole {
        Some(opening) => Tallies::Whole {
            seats: opening.final_roster.into(),
            tallies: opening.tallies.iter().map(tally).collect(),
        },
        None => by_side(sides, &openings, statements.len()),
    };
    Round::new(statements, tallies, floor(&openings))
}

/// Who asks for a larger crowd has reason to fear exposure: results are told from as many answers on.
/// Not from more than eight, or one seat without an answer would hide what nineteen said.
fn floor(openings: &[&Opening]) -> Floor {
    let asked = openings.iter().filter_map(|one| one.floor).max();
    let raised = asked.map(|asked| Floor::raised_to(asked.into()));
    raised.map_or(Floor::FIVE, |raised| raised.min(Floor::EIGHT))
}

/// Of a side whose sequence came to nothing there are no ballots, from no seat.
fn by_side(names: &[String], openings: &[&Opening], statements: usize) -> Tallies {
    let of = |place: u16| openings.iter().find(|one| one.side == Some(place));
    let sides = (0..).zip(names).map(|(place, name)| Side {
        name: name.clone(),
        seats: of(place).map_or(0, |one| one.final_roster.into()),
        telling: Telling::BySide,
    });
    let answer = |at: usize, place: u16| {
        let opening = of(place);
        if let Some(given) = opening.and_then(|one| one.bloc.get(at)) {
            return bloc(*given);
        }
        let counted = opening.and_then(|one| one.tallies.get(at));
        Answer::Ballots(counted.map(tally).unwrap_or_default())
    };
    let row = |at: usize| {
        let places = (0..).zip(names).map(|(place, _)| place);
        places.map(|place| answer(at, place)).collect()
    };
    Tallies::BySide {
        sides: sides.collect(),
        answers: (0..statements).map(row).collect(),
    }
}

/// A side that answers as one and says nothing to a statement is told as having no answer.
fn bloc(given: Ballot) -> Answer {
    match given {
        Ballot::Agree => Answer::Bloc(Stance::Agree),
        Ballot::Disagree => Answer::Bloc(Stance::Disagree),
        Ballot::Pass => Answer::Bloc(Stance::Pass),
        Ballot::Unanswered => Answer::Ballots(Tally::default()),
    }
}

/// The same words have the same name in every Round, as the room's own memory of them.
fn statement(text: &str) -> Statement {
    let parsed = StatementText::parse(text).ok();
    let key = parsed.and_then(|parsed| StatementKeys::of(&parsed).first());
    Statement {
        id: StatementId::new(key.map_or_else(|| text.to_owned(), |key| key.to_string())),
        text: text.to_owned(),
    }
}

fn tally(counted: &room::Tally) -> Tally {
    Tally {
        agree: counted.agree.into(),
        disagree: counted.disagree.into(),
        pass: counted.pass.into(),
    }
}
