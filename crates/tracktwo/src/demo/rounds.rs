//! The two Rounds of the scene: one with everybody, one in which a seat goes away after START.

use anyhow::{Context as _, ensure};
use participant::view::{Opening, RoundPhase, RoundView, View};
use participant::{Command, Notice};

use super::acts::now;
use super::draw::Draw;
use super::scene;
use super::stage::{Player, Stage, hear};

/// Everybody writes at the same time here; the convenor ends the window when all have.
pub(super) const WINDOW_MS: u64 = 600_000;
pub(super) const PHASE_MS: u64 = 3_000;
const SLOT_BYTES: u32 = 2_048;

/// What happened in a Round, as the scene knows it and as the nodes show it.
pub(super) struct Played {
    pub(super) question: String,
    pub(super) opening: Opening,
    /// What the seats of the final roster wrote, normalised and sorted.
    pub(super) submitted: Vec<String>,
    /// From the window's end to the texts on the last node.
    pub(super) collect_ms: u64,
}

/// A statement Round with all seats; one of them gives nothing.
pub(super) async fn with_everybody(stage: &mut Stage) -> anyhow::Result<Played> {
    let writers: Vec<String> = stage.with_side().iter().map(|p| p.name.clone()).collect();
    let blank = Draw::new(stage.seed, "who leaves it blank").below(writers.len());
    let writing: Vec<&String> = writers
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != blank)
        .map(|(_, name)| name)
        .collect();
    let texts = scene::statements(stage.seed, 0, writing.len());
    let drafts: Vec<(String, String)> = writing.into_iter().cloned().zip(texts).collect();
    let question = scene::questions(stage.seed)[0].clone();
    let round = open(stage, &question, &drafts).await?;
    let (opening, collect_ms) = close(stage, &round, &stage.seated()).await?;
    Ok(played(question, opening, drafts, collect_ms))
}

/// A statement Round of a real conversation: each seat gives the text that is named for it.
pub(super) async fn of_a_conversation(
    stage: &Stage,
    question: &str,
    drafts: Vec<(String, String)>,
) -> anyhow::Result<Played> {
    let round = open(stage, question, &drafts).await?;
    let (opening, collect_ms) = close(stage, &round, &stage.seated()).await?;
    Ok(played(question.to_owned(), opening, drafts, collect_ms))
}

/// A statement Round in which one seat goes away after START: the run is repeated without it, and
/// it catches up when it comes back.
pub(super) async fn with_one_going_away(stage: &mut Stage) -> anyhow::Result<Played> {
    let writers: Vec<String> = stage.with_side().iter().map(|p| p.name.clone()).collect();
    let texts = scene::statements(stage.seed, 1, writers.len());
    let mut drafts: Vec<(String, String)> = writers.iter().cloned().zip(texts).collect();
    let question = scene::questions(stage.seed)[1].clone();
    let away = Draw::new(stage.seed, "who goes away").below(writers.len());
    let away = writers.get(away).context("a seat that goes away")?.clone();
    let round = open(stage, &question, &drafts).await?;
    let mut leaver = stage
        .players
        .remove(&away)
        .context("the seat that goes away")?;
    let others = stage.seated();
    let (closed, gone) = tokio::join!(close(stage, &round, &others), go_after_start(&mut leaver));
    gone?;
    let (opening, collect_ms) = closed?;
    leaver.come_back().await?;
    let caught_up = |view: &View| {
        let room = view.plenary.as_ref()?;
        room.results
            .iter()
            .any(|result| result.round == round.round)
            .then_some(())
    };
    leaver.until("what it missed", caught_up).await?;
    stage.players.insert(away.clone(), leaver);
    drafts.retain(|(name, _)| *name != away);
    Ok(played(question, opening, drafts, collect_ms))
}

async fn go_after_start(leaver: &mut Player) -> anyhow::Result<()> {
    let started = |view: &View| {
        let round = view.plenary.as_ref()?.round.as_ref()?;
        matches!(round.phase, RoundPhase::Collecting { .. }).then_some(())
    };
    leaver.until("START", started).await?;
    leaver.go_away().await;
    Ok(())
}

/// Opens the Round, keeps everybody's draft, and waits until all seats are in.
async fn open(
    stage: &Stage,
    question: &str,
    drafts: &[(String, String)],
) -> anyhow::Result<RoundView> {
    for player in stage.seated() {
        player.command(Command::TakeSeat).await?;
    }
    let convenor = stage.convenor()?;
    let command = Command::OpenRound {
        question: question.to_owned(),
        slot_bytes: SLOT_BYTES,
        window_ms: WINDOW_MS,
        phase_ms: PHASE_MS,
        floor: None,
    };
    convenor.command(command).await?;
    let asked = |view: &View| {
        let round = view.plenary.as_ref()?.round.clone()?;
        (round.question == question).then_some(round)
    };
    for player in stage.seated() {
        let round = player.until("the Round", asked).await?.round;
        let draft = drafts.iter().find(|(name, _)| *name == player.name);
        if let Some((_, text)) = draft {
            let command = Command::Write {
                round,
                text: text.clone(),
                minimum: None,
            };
            player.command(command).await?;
        }
    }
    let everybody = stage.with_side().len();
    let all_in =
        |view: &View| asked(view).filter(|round| usize::from(round.hidden_among) == everybody);
    convenor.until("all seats to be in", all_in).await
}

/// Ends the window and waits for the texts on every node.
async fn close(
    stage: &Stage,
    round: &RoundView,
    players: &[&Player],
) -> anyhow::Result<(Opening, u64)> {
    let mut ears = Vec::new();
    for player in players {
        ears.push(player.listen()?);
    }
    stage
        .convenor()?
        .command(Command::EndWindow { round: round.round })
        .await?;
    let mut openings = Vec::new();
    for ear in &mut ears {
        let closed = |notice| {
            if let Notice::RoundClosed(opening) = notice {
                Some(opening)
            } else {
                None
            }
        };
        openings.push(hear(ear, "the texts", closed).await?);
    }
    let there = now();
    openings.dedup();
    ensure!(openings.len() == 1, "the nodes show different results");
    let opening = openings.pop().context("a result")?;
    let collect_ms = there.ms().saturating_sub(opening.window_end_ms);
    Ok((Opening::clone(&opening), collect_ms))
}

fn played(
    question: String,
    opening: Opening,
    drafts: Vec<(String, String)>,
    collect_ms: u64,
) -> Played {
    let mut submitted: Vec<String> = drafts
        .iter()
        .map(|(_, text)| round::normalise(text))
        .collect();
    submitted.sort();
    Played {
        question,
        opening,
        submitted,
        collect_ms,
    }
}
