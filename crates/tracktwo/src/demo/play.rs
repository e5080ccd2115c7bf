//! The demo with a person in it: they play one seat on its pages, the others answer at a human pace.
//! The convenor is scripted; the writing window waits for the person, ten minutes at most.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use participant::view::{Message, Opening, RoundView, View};
use participant::{Command, Notice, Place};
use tokio::time::{sleep, timeout};

use super::answers::{self, Asked};
use super::draw::Draw;
use super::stage::{Player, Stage};
use super::{acts, scene};

/// Nobody is waited for longer.
const TEN_MINUTES: Duration = Duration::from_secs(600);
const WINDOW_MS: u64 = 600_000;
const PHASE_MS: u64 = 5_000;
const SLOT_BYTES: u32 = 2_048;

/// The scene as a person meets it; it ends with Ctrl-C.
pub(super) async fn with_a_person(stage: &Stage) -> anyhow::Result<()> {
    let you = person(stage)?;
    let mut pace = Draw::new(stage.seed, "the pace of people");
    acts::others_confirm_words(stage, &you.name).await?;
    stage.show_pages(you)?;
    let mut sentences = scene::discussion(stage.seed, 40).into_iter();
    let arrived = |view: &View| view.present.then_some(());
    wait_for(you, arrived).await?;
    for _ in 0..3 {
        somebody_speaks(stage, you, &mut pace, sentences.next()).await?;
    }
    let checked = |view: &View| view.plenary.as_ref()?.words_confirmed.then_some(());
    wait_for(you, checked).await?;
    for (number, question) in (0..).zip(scene::questions(stage.seed)) {
        hold_a_round(stage, you, &mut pace, number, &question).await?;
        for _ in 0..3 {
            somebody_speaks(stage, you, &mut pace, sentences.next()).await?;
        }
    }
    hold_a_round_of_answers(stage, you, &mut pace).await?;
    answer_for_ever(stage, you, &mut pace, sentences).await
}

/// The seat that the person plays: the first one with a side.
fn person(stage: &Stage) -> anyhow::Result<&Player> {
    let seats = stage.with_side();
    seats.into_iter().next().context("somebody is seated")
}

/// Waits for what the person does; whoever does nothing only misses something.
async fn wait_for(you: &Player, done: impl Fn(&View) -> Option<()>) -> anyhow::Result<()> {
    let mut views = you.running()?.views();
    let waiting = async {
        while done(&views.borrow_and_update()).is_none() {
            views.changed().await.context("the node stopped")?;
        }
        anyhow::Ok(())
    };
    match timeout(TEN_MINUTES, waiting).await {
        Ok(done) => done,
        Err(_) => Ok(()),
    }
}

/// A person takes between four and ten seconds to write a sentence.
async fn think(pace: &mut Draw) {
    let more = u64::try_from(pace.below(6_000)).unwrap_or_default();
    sleep(Duration::from_millis(4_000 + more)).await;
}

async fn somebody_speaks(
    stage: &Stage,
    you: &Player,
    pace: &mut Draw,
    sentence: Option<String>,
) -> anyhow::Result<()> {
    let Some(text) = sentence else { return Ok(()) };
    think(pace).await;
    let others = others(stage, you);
    let speaker = others.get(pace.below(others.len()));
    let speaker = speaker.context("somebody speaks")?;
    let place = Place::Plenary;
    speaker.command(Command::Say { place, text }).await
}

fn others<'a>(stage: &'a Stage, you: &Player) -> Vec<&'a Player> {
    let mut others = stage.with_side();
    others.retain(|player| player.name != you.name);
    others
}

/// The convenor asks, everybody writes; the window ends soon after the person's text is in.
async fn hold_a_round(
    stage: &Stage,
    you: &Player,
    pace: &mut Draw,
    number: usize,
    question: &str,
) -> anyhow::Result<()> {
    let convenor = stage.convenor()?;
    for player in others(stage, you) {
        player.command(Command::TakeSeat).await?;
    }
    let command = Command::OpenRound {
        question: question.to_owned(),
        slot_bytes: SLOT_BYTES,
        window_ms: WINDOW_MS,
        phase_ms: PHASE_MS,
        floor: None,
    };
    convenor.command(command).await?;
    let others = others(stage, you);
    let texts = scene::statements(stage.seed, number, others.len());
    for (player, text) in others.iter().zip(texts) {
        let round = player
            .until("the Round", |view| asked(view, question))
            .await?;
        let round = round.round;
        let minimum = None;
        let command = Command::Write {
            round,
            text,
            minimum,
        };
        player.command(command).await?;
    }
    let written = |view: &View| {
        let open = asked(view, question);
        // Over without them, or in.
        open.is_none_or(|round| round.draft.is_some()).then_some(())
    };
    wait_for(you, written).await?;
    think(pace).await;
    end_window(convenor).await?;
    let over = |view: &View| asked(view, question).is_none().then_some(());
    convenor.until("the end of the Round", over).await
}

/// What the last Round brought is answered by everybody; it ends soon after the person is through.
async fn hold_a_round_of_answers(
    stage: &Stage,
    you: &Player,
    pace: &mut Draw,
) -> anyhow::Result<()> {
    let results = convenor_results(stage)?;
    let Some(last) = results.iter().rev().find(|one| !one.statements.is_empty()) else {
        return Ok(());
    };
    let written = (1..).zip(last.statements.clone());
    let statements = written.map(|(id, text)| Asked { id, text }).collect();
    let ballots = answers::invented(stage, statements);
    for player in others(stage, you) {
        player.command(Command::TakeSeat).await?;
    }
    let convenor = stage.convenor()?;
    convenor
        .command(answers::open_command(stage, &ballots))
        .await?;
    for player in others(stage, you) {
        let open = |view: &View| asked(view, &ballots.question);
        let round = player.until("the Round of answers", open).await?.round;
        if let Some(answers) = ballots.casts.get(&player.name) {
            let answers = answers.clone();
            let cast = Command::Cast {
                round,
                answers,
                minimum: None,
            };
            player.command(cast).await?;
        }
    }
    let through = |view: &View| {
        let open = asked(view, &ballots.question);
        // Over without them, or every statement seen.
        let done = open.is_none_or(|round| round.answers.len() == round.statements.len());
        done.then_some(())
    };
    wait_for(you, through).await?;
    think(pace).await;
    end_window(convenor).await?;
    let over = |view: &View| asked(view, &ballots.question).is_none().then_some(());
    convenor
        .until("the end of the Round of answers", over)
        .await
}

fn convenor_results(stage: &Stage) -> anyhow::Result<Vec<Arc<Opening>>> {
    let room = stage.convenor()?.plenary();
    Ok(room.context("the convenor is in the room")?.results)
}

async fn end_window(convenor: &Player) -> anyhow::Result<()> {
    let open = convenor.plenary().and_then(|room| room.round);
    if let Some(round) = open {
        let round = round.round;
        // The window may have ended by itself in this very moment.
        let _ = convenor
            .running()?
            .command(Command::EndWindow { round })
            .await;
    }
    Ok(())
}

fn asked(view: &View, question: &str) -> Option<RoundView> {
    let round = view.plenary.as_ref()?.round.clone()?;
    (round.question == question).then_some(round)
}

/// Whatever the person says, somebody answers.
async fn answer_for_ever(
    stage: &Stage,
    you: &Player,
    pace: &mut Draw,
    mut sentences: impl Iterator<Item = String>,
) -> anyhow::Result<()> {
    let mut heard = you.running()?.notices();
    loop {
        let notice = heard.recv().await.context("the node's notices ended")?;
        let Notice::Said { place, message } = notice else {
            continue;
        };
        if message.name != you.name {
            continue;
        }
        let Some(text) = sentences.next() else {
            continue;
        };
        think(pace).await;
        answer(stage, you, pace, (place, &message), text).await?;
    }
}

async fn answer(
    stage: &Stage,
    you: &Player,
    pace: &mut Draw,
    (place, message): (Place, &Message),
    text: String,
) -> anyhow::Result<()> {
    let mut able = others(stage, you);
    able.retain(|player| place == Place::Plenary || player.side == you.side);
    let speaker = able.get(pace.below(able.len()));
    let speaker = speaker.context("somebody answers")?;
    let command = Command::Hold {
        place,
        text,
        reply_to: Some(message.id),
        leaves: acts::now(),
    };
    speaker.command(command).await
}
