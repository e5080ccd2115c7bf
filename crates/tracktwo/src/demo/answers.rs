//! The Round of answers: everybody casts on every statement, every node counts the same, and pages show
//! what may be shown of it.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use participant::Command;
use participant::view::{Opening, RoomView, View};
use room::RoundId;
use room::limits::FLOOR_MIN;
use round::Ballot;
use serde::Serialize;
use serde_json::Value;

use super::draw::Draw;
use super::rounds::{PHASE_MS, WINDOW_MS};
use super::stage::{Player, Stage};

/// A statement that is voted on.
pub(super) struct Asked {
    /// Its number in the conversation or in the demo.
    pub(super) id: u64,
    /// Its words, as the statement Round showed them.
    pub(super) text: String,
}

/// What is answered, and what everybody answers.
pub(super) struct Ballots {
    /// What it is about.
    pub(super) question: String,
    /// In the order of the lanes.
    pub(super) statements: Vec<Asked>,
    /// By name, in that order.
    pub(super) casts: BTreeMap<String, Vec<Ballot>>,
}

/// How one roster answered: exact, and so for checking alone.
#[derive(Serialize, Default, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    agree: u16,
    disagree: u16,
    pass: u16,
}

/// One statement and what came of it.
#[derive(Serialize)]
pub(super) struct Answered {
    statement_id: u64,
    text: String,
    /// What the runs opened to, by side, or "all".
    tally: BTreeMap<String, Counts>,
    /// What a page shows of it; null where it is hidden.
    shown: BTreeMap<String, Value>,
}

/// Invented answers: each side leans to its own one on each statement, and not everybody answers all.
pub(super) fn invented(stage: &Stage, statements: Vec<Asked>) -> Ballots {
    let mut draw = Draw::new(stage.seed, "answers");
    let leans: Vec<Vec<usize>> = stage
        .cast
        .sides
        .iter()
        .map(|_| statements.iter().map(|_| draw.below(10)).collect())
        .collect();
    let mut casts = BTreeMap::new();
    for player in stage.with_side() {
        let lean = player.side.and_then(|side| leans.get(side));
        let answer = |lean: &usize| match draw.below(12) {
            0 => Ballot::Unanswered,
            1 => Ballot::Pass,
            chance if chance - 2 < *lean => Ballot::Agree,
            _ => Ballot::Disagree,
        };
        let answers = lean.into_iter().flatten().map(answer).collect();
        casts.insert(player.name.clone(), answers);
    }
    Ballots {
        question: "What do you say to what was written?".to_owned(),
        statements,
        casts,
    }
}

/// Holds the Round: one run for each side where every side may have a result, else one for the room.
pub(super) async fn hold(stage: &Stage, ballots: Ballots) -> anyhow::Result<Vec<Answered>> {
    let each_side = each_side(stage);
    let round = open(stage, &ballots).await?;
    let end = Command::EndWindow { round };
    stage.convenor()?.command(end).await?;
    let rosters = match each_side {
        true => stage.cast.sides.len(),
        false => 1,
    };
    let mut results = Vec::new();
    for player in stage.seated() {
        let all = |view: &View| {
            let room = view.plenary.as_ref()?;
            let over = room.round.is_none() && openings(room, round).len() == rosters;
            over.then(|| room.clone())
        };
        let room = player.until("everybody's answers", all).await?;
        let mut openings: Vec<Opening> = openings(&room, round);
        openings.sort_by_key(|opening| opening.side);
        results.push((room, openings));
    }
    let (room, openings) = results.pop().context("somebody is seated")?;
    let same = results.iter().all(|(_, others)| *others == openings);
    ensure!(same, "the nodes show different answers");
    let answered = answered(&room, round, &ballots, &openings)?;
    check(stage, &ballots, each_side, &answered)?;
    Ok(answered)
}

/// One run for each side where every side may have a result.
fn each_side(stage: &Stage) -> bool {
    (0..stage.cast.sides.len()).all(|side| of_side(stage, side).len() >= FLOOR_MIN)
}

/// How the convenor asks.
pub(super) fn open_command(stage: &Stage, ballots: &Ballots) -> Command {
    let texts = ballots.statements.iter().map(|asked| asked.text.clone());
    Command::OpenBallot {
        question: ballots.question.clone(),
        statements: texts.collect(),
        each_side: each_side(stage),
        window_ms: WINDOW_MS,
        phase_ms: PHASE_MS,
        floor: None,
    }
}

async fn open(stage: &Stage, ballots: &Ballots) -> anyhow::Result<RoundId> {
    for player in stage.seated() {
        player.command(Command::TakeSeat).await?;
    }
    let convenor = stage.convenor()?;
    convenor.command(open_command(stage, ballots)).await?;
    let asked = |view: &View| {
        let round = view.plenary.as_ref()?.round.clone()?;
        (round.question == ballots.question).then_some(round)
    };
    let mut id = None;
    for player in stage.seated() {
        let round = player.until("the Round of answers", asked).await?.round;
        if let Some(answers) = ballots.casts.get(&player.name) {
            let answers = answers.clone();
            let cast = Command::Cast {
                round,
                answers,
                minimum: None,
            };
            player.command(cast).await?;
        }
        id = Some(round);
    }
    let everybody = stage.with_side().len();
    let all_in = |view: &View| {
        let round = asked(view)?;
        (usize::from(round.hidden_among) == everybody).then_some(())
    };
    convenor.until("all seats to be in", all_in).await?;
    id.context("somebody is seated")
}

fn of_side(stage: &Stage, side: usize) -> Vec<&Player> {
    let mut seats = stage.with_side();
    seats.retain(|player| player.side == Some(side));
    seats
}

fn openings(room: &RoomView, round: RoundId) -> Vec<Opening> {
    let of_round = room.results.iter().filter(|one| one.round == round);
    of_round.map(|opening| Opening::clone(opening)).collect()
}

fn answered(
    room: &RoomView,
    round: RoundId,
    ballots: &Ballots,
    openings: &[Opening],
) -> anyhow::Result<Vec<Answered>> {
    let report = node::pages::common_ground(room, round)?;
    let report = report.context("the Round of answers has a page")?;
    let name = |side: Option<u16>| match side {
        Some(side) => room
            .sides
            .get(usize::from(side))
            .cloned()
            .unwrap_or_default(),
        None => "all".to_owned(),
    };
    let mut answered = Vec::new();
    for (lane, asked) in ballots.statements.iter().enumerate() {
        let mut tally = BTreeMap::new();
        for opening in openings {
            let counted = opening.tallies.get(lane).context("a tally for each lane")?;
            let counts = Counts {
                agree: counted.agree,
                disagree: counted.disagree,
                pass: counted.pass,
            };
            tally.insert(name(opening.side), counts);
        }
        let finding = report
            .statements
            .get(lane)
            .context("a finding for each lane")?;
        let sides = room.sides.iter().cloned().zip(&finding.cells);
        let mut shown: BTreeMap<String, Value> = sides
            .map(|(side, cell)| (side, ground::shown_json(*cell)))
            .collect();
        if let Some(whole) = finding.whole {
            shown.insert("all".to_owned(), ground::shown_json(whole));
        }
        answered.push(Answered {
            statement_id: asked.id,
            text: asked.text.clone(),
            tally,
            shown,
        });
    }
    Ok(answered)
}

/// What was opened is what was cast.
fn check(
    stage: &Stage,
    ballots: &Ballots,
    each_side: bool,
    answered: &[Answered],
) -> anyhow::Result<()> {
    for (lane, statement) in answered.iter().enumerate() {
        let mut cast: BTreeMap<String, Counts> = BTreeMap::new();
        for player in stage.with_side() {
            let side = player.side.and_then(|side| stage.cast.sides.get(side));
            let name = side.filter(|_| each_side).map_or("all", String::as_str);
            let counts = cast.entry(name.to_owned()).or_default();
            let answers = ballots.casts.get(&player.name);
            match answers.and_then(|answers| answers.get(lane)) {
                Some(Ballot::Agree) => counts.agree += 1,
                Some(Ballot::Disagree) => counts.disagree += 1,
                Some(Ballot::Pass) => counts.pass += 1,
                Some(Ballot::Unanswered) | None => {}
            }
        }
        ensure!(
            cast == statement.tally,
            "statement {} was not counted as it was answered",
            statement.statement_id
        );
    }
    Ok(())
}
