//! The acts of the scene: convene, join, compare words, talk, come and go.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use participant::view::{RoomView, View};
use participant::{Alarm, Command, Notice, Place};
use wire::Timestamp;

use super::draw::Draw;
use super::scene;
use crate::visitor::Visitor;

use super::stage::{Player, Stage, hear};

/// Messages whose way to another screen is timed.
const TIMED_MESSAGES: usize = 200;
const CAUCUS_MESSAGES: usize = 4;
const INVITATION_MS: u64 = 3_600_000;

/// How long a message took from its author to another node's page, each of [`TIMED_MESSAGES`].
pub(super) struct Latency(pub(super) Vec<Duration>);

pub(super) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn live_plenary(view: &View) -> Option<RoomView> {
    view.plenary.clone().filter(|room| room.live)
}

/// The convenor opens the dialogue; each side's first seat joins, then all the others.
pub(super) async fn convene_and_join(stage: &mut Stage) -> anyhow::Result<()> {
    let convenor = stage.convenor()?;
    let command = Command::Convene {
        title: stage.cast.title.clone(),
        sides: stage.cast.sides.clone(),
        name: convenor.name.clone(),
        relay: stage.relay_address(),
        creation: stage.creation_secret(),
    };
    convenor.command(command).await?;
    convenor.until("the plenary", live_plenary).await?;
    let sides = stage.cast.sides.len();
    let names: Vec<String> = stage
        .cast
        .seats
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    // The cast deals seats to sides in turn, so the first ones are of different sides.
    let (first, others) = names.split_at(sides.min(names.len()));
    admit(stage, first).await?;
    admit(stage, others).await?;
    caucuses_are_complete(stage).await
}

/// Invites, approves, and has a seat of the side vouch where there is one.
async fn admit(stage: &Stage, names: &[String]) -> anyhow::Result<()> {
    let convenor = stage.convenor()?;
    for name in names {
        let player = stage.player(name)?;
        let side = u16::try_from(player.side.unwrap_or_default())?;
        let mut notices = convenor.listen()?;
        let expires = now().plus_ms(INVITATION_MS);
        convenor.command(Command::Invite { side, expires }).await?;
        let invitation = hear(&mut notices, "an invitation", |notice| {
            if let Notice::Invited { text, .. } = notice {
                Some(text)
            } else {
                None
            }
        });
        let command = Command::Join {
            invitation: invitation.await?,
            name: name.clone(),
        };
        player.command(command).await?;
    }
    let vouchers = stage.with_side();
    for name in names {
        let request = convenor
            .until("a request", |view| request_of(view, name))
            .await?;
        let side = stage.player(name)?.side;
        let voucher = vouchers.iter().find(|voucher| voucher.side == side);
        let mut notices = match voucher {
            Some(voucher) => Some((voucher, voucher.listen()?)),
            None => None,
        };
        convenor.command(Command::Approve { request }).await?;
        if let Some((voucher, notices)) = &mut notices {
            let approved = |notice| {
                let of = if let Notice::Approved { request, .. } = notice {
                    Some(request)
                } else {
                    None
                };
                (of == Some(request)).then_some(())
            };
            hear(notices, "an approval", approved).await?;
            let asks = |view: &View| view.asking.as_ref().map(|asking| asking.words.join(" "));
            let words = stage.player(name)?.until("its words", asks).await?;
            voucher.command(Command::Vouch { request, words }).await?;
        }
    }
    for name in names {
        stage.player(name)?.until("a seat", live_plenary).await?;
    }
    Ok(())
}

fn request_of(view: &View, name: &str) -> Option<[u8; 32]> {
    view.requests
        .iter()
        .find(|(_, asked, _)| asked == name)
        .map(|(request, ..)| *request)
}

async fn caucuses_are_complete(stage: &Stage) -> anyhow::Result<()> {
    let players = stage.with_side();
    for player in &players {
        let mates = players
            .iter()
            .filter(|other| other.side == player.side)
            .count();
        let complete = |view: &View| {
            let room = view.caucus.as_ref().filter(|room| room.live)?;
            (room.seats.len() == mates).then_some(())
        };
        player.until("its caucus", complete).await?;
    }
    Ok(())
}

/// The six words are equal on every screen; everybody says so.
pub(super) async fn confirm_words(stage: &Stage) -> anyhow::Result<()> {
    let seats = stage.seated();
    let entries = newest(&seats)?;
    let mut words = Vec::new();
    for player in &seats {
        let caught_up = |view: &View| {
            let room = live_plenary(view)?;
            (room.entries >= entries).then_some((room.table_words, room.membership))
        };
        words.push(player.until("the same words", caught_up).await?);
    }
    words.dedup();
    let [(_, membership)] = words[..] else {
        bail!("the table words differ between screens");
    };
    for player in stage.with_side() {
        player.command(Command::ConfirmWords { membership }).await?;
    }
    for player in &seats {
        let counting = |view: &View| {
            let room = live_plenary(view)?;
            let mut sided = room.seats.iter().filter(|seat| seat.side.is_some());
            sided.all(|seat| seat.counts).then_some(())
        };
        player.until("everybody's confirmation", counting).await?;
    }
    Ok(())
}

/// The same in a dialogue in which one seat is a person's, who compares the words on a page.
pub(super) async fn others_confirm_words(stage: &Stage, person: &str) -> anyhow::Result<()> {
    for player in stage.seated() {
        if player.name != person {
            let room = player.plenary().context("a seat without a room")?;
            let membership = room.membership;
            player.command(Command::ConfirmWords { membership }).await?;
        }
    }
    Ok(())
}

fn newest(players: &[&Player]) -> anyhow::Result<u64> {
    let entries = players
        .iter()
        .filter_map(|player| player.plenary().map(|room| room.entries));
    entries.max().context("nobody is seated")
}

/// Everybody talks, in the plenary and in every caucus; each message in the plenary is timed from
/// its author's node to the live page of another.
pub(super) async fn discuss(stage: &mut Stage) -> anyhow::Result<Latency> {
    let mut latencies = Vec::new();
    let mut sentences = scene::discussion(stage.seed, TIMED_MESSAGES + 2);
    // The last one is kept for later; see `a_seat_is_removed`.
    sentences.truncate(TIMED_MESSAGES + 1);
    let welcome = sentences.remove(0);
    say_to_all(stage, stage.convenor()?, &welcome).await?;
    let mut said = vec![welcome];
    {
        let players = stage.seated();
        let mut draw = Draw::new(stage.seed, "who speaks");
        let reader = players.first().context("somebody reads")?;
        let visitor = Visitor::enter(&reader.running()?.launch_url()?).await?;
        let mut page = visitor.follow("table").await?;
        for sentence in sentences {
            let author = loop {
                let author = players
                    .get(draw.below(players.len()))
                    .context("a speaker")?;
                if author.name != reader.name {
                    break author;
                }
            };
            let leaves = Instant::now();
            let command = Command::Say {
                place: Place::Plenary,
                text: sentence.clone(),
            };
            author.command(command).await?;
            page.next_message().await?;
            latencies.push(leaves.elapsed());
            said.push(sentence);
        }
    }
    said.extend(talk_in_caucuses(stage).await?);
    stage.said.extend(said);
    Ok(Latency(latencies))
}

async fn talk_in_caucuses(stage: &Stage) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    for side in 0..stage.cast.sides.len() {
        let mates: Vec<&Player> = stage
            .with_side()
            .into_iter()
            .filter(|player| player.side == Some(side))
            .collect();
        let sentences = scene::caucus_talk(stage.seed, side, CAUCUS_MESSAGES);
        for (sentence, author) in sentences.iter().zip(mates.iter().cycle()) {
            let command = Command::Say {
                place: Place::Caucus,
                text: sentence.clone(),
            };
            author.command(command).await?;
        }
        for mate in &mates {
            let heard_all = |view: &View| {
                let room = view.caucus.as_ref()?;
                (room.messages.len() >= sentences.len()).then_some(())
            };
            mate.until("what its caucus said", heard_all).await?;
        }
        said.extend(sentences);
    }
    Ok(said)
}

/// A newcomer, after all this traffic: seated, in the caucus, and counted.
pub(super) async fn a_seat_joins(stage: &mut Stage) -> anyhow::Result<()> {
    let newcomer = stage.cast.newcomer.as_ref();
    let (name, _) = newcomer.context("somebody comes later")?.clone();
    admit(stage, &[name]).await?;
    caucuses_are_complete(stage).await?;
    confirm_words(stage).await
}

/// One seat is removed, and reads nothing that is said later.
pub(super) async fn a_seat_is_removed(stage: &mut Stage) -> anyhow::Result<()> {
    let mut draw = Draw::new(stage.seed, "who is removed");
    let candidates = stage
        .cast
        .seats
        .get(stage.cast.sides.len()..)
        .unwrap_or_default();
    let (name, _) = candidates
        .get(draw.below(candidates.len()))
        .context("a seat")?
        .clone();
    let seat = stage
        .player(&name)?
        .plenary()
        .context("it is seated")?
        .own_seat;
    stage.convenor()?.command(Command::Remove { seat }).await?;
    let gone = |view: &View| view.alarms.contains(&Alarm::Removed).then_some(());
    stage.player(&name)?.until("its removal", gone).await?;
    stage.left.push(name.clone());
    let mut sentences = scene::discussion(stage.seed, TIMED_MESSAGES + 2);
    let later = sentences.pop().context("one more sentence")?;
    let author = stage
        .with_side()
        .into_iter()
        .next()
        .context("somebody speaks")?;
    say_to_all(stage, author, &later).await?;
    let removed = stage.player(&name)?.running()?.view();
    ensure!(
        heard(&removed, &later).is_none(),
        "the removed seat reads on"
    );
    stage.said.push(later);
    caucuses_are_complete(stage).await
}

fn heard(view: &View, text: &str) -> Option<()> {
    let room = view.plenary.as_ref()?;
    room.messages
        .iter()
        .any(|message| message.text == text)
        .then_some(())
}

/// Says something in the plenary and waits until everybody has it.
async fn say_to_all(stage: &Stage, author: &Player, text: &str) -> anyhow::Result<()> {
    author
        .command(Command::Say {
            place: Place::Plenary,
            text: text.to_owned(),
        })
        .await?;
    for player in stage.seated() {
        player.until("a message", |view| heard(view, text)).await?;
    }
    Ok(())
}

/// Waits until all nodes have folded the same entries, and compares what they made of them.
pub(super) async fn agree(stage: &Stage) -> anyhow::Result<()> {
    let players = stage.seated();
    let entries = newest(&players)?;
    for player in &players {
        let there = |view: &View| live_plenary(view).filter(|room| room.entries >= entries);
        player.until("the end of the log", there).await?;
    }
    let states = players.iter().filter_map(|player| player.plenary());
    let mut states: Vec<_> = states.map(|room| (room.entries, room.digest)).collect();
    states.dedup();
    ensure!(states.len() == 1, "the nodes disagree about the plenary");
    Ok(())
}
