//! What the demo prints as its last line: what was said, what came out, how long it took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::acts::Latency;
use super::answers::Answered;
use super::rounds::Played;
use super::stage::{Player, Stage};

/// The JSON object.
#[derive(Serialize)]
pub(super) struct Report {
    seats: Vec<Seat>,
    left: Vec<String>,
    digests: BTreeMap<String, String>,
    caucus_digests: BTreeMap<String, BTreeMap<String, String>>,
    table_words: Vec<String>,
    rounds: Vec<Round>,
    ballots: Vec<Answered>,
    said: Vec<String>,
    messages: usize,
    relay: Relay,
    timings_ms: Timings,
}

#[derive(Serialize)]
struct Seat {
    name: String,
    side: Option<String>,
    /// Whose votes a seat of a replay casts.
    #[serde(skip_serializing_if = "Option::is_none")]
    participant: Option<u64>,
}

#[derive(Serialize)]
struct Round {
    kind: &'static str,
    question: String,
    opening_roster: u16,
    final_roster: u16,
    runs: u32,
    collect_ms: u64,
    blanks: u16,
    submitted: Vec<String>,
    statements: Vec<Statement>,
}

#[derive(Serialize)]
struct Statement {
    text: String,
}

#[derive(Serialize)]
struct Relay {
    mailboxes: u64,
    entries: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct Timings {
    setup: u64,
    message_p50: Option<f64>,
    message_p95: Option<f64>,
    total: u64,
}

impl Report {
    pub(super) fn of(
        stage: &Stage,
        rounds: Vec<Played>,
        ballots: Vec<Answered>,
        latency: Latency,
        setup_ms: u128,
        began: Instant,
    ) -> Report {
        let seated = stage.seated();
        let counts = stage.relay_counts();
        let plenary = |player: &&Player| Some((player.name.clone(), player.plenary()?));
        let rooms: BTreeMap<String, _> = seated.iter().filter_map(plenary).collect();
        Report {
            seats: seated.iter().map(|player| seat(stage, player)).collect(),
            left: stage.left.clone(),
            digests: rooms
                .iter()
                .map(|(n, room)| (n.clone(), room.digest.to_string()))
                .collect(),
            caucus_digests: caucus_digests(stage, &seated),
            table_words: rooms
                .values()
                .next()
                .map(|room| room.table_words.clone())
                .unwrap_or_default(),
            rounds: rounds.into_iter().map(round).collect(),
            ballots,
            said: stage.said.clone(),
            messages: stage.said.len(),
            relay: Relay {
                mailboxes: counts.mailboxes,
                entries: counts.entries,
                bytes: counts.bytes,
            },
            timings_ms: Timings {
                setup: whole_ms(setup_ms),
                message_p50: percentile_ms(&latency, 50),
                message_p95: percentile_ms(&latency, 95),
                total: whole_ms(began.elapsed().as_millis()),
            },
        }
    }
}

fn seat(stage: &Stage, player: &Player) -> Seat {
    let side = player
        .side
        .and_then(|side| stage.cast.sides.get(side).cloned());
    Seat {
        name: player.name.clone(),
        side,
        participant: stage.participants.get(&player.name).copied(),
    }
}

fn caucus_digests(stage: &Stage, seated: &[&Player]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut digests: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for player in seated {
        let caucus = player
            .node
            .as_ref()
            .and_then(|node| node.view().caucus.clone());
        let side = player.side.and_then(|side| stage.cast.sides.get(side));
        if let (Some(side), Some(room)) = (side, caucus) {
            let of_side = digests.entry(side.clone()).or_default();
            of_side.insert(player.name.clone(), room.digest.to_string());
        }
    }
    digests
}

fn round(played: Played) -> Round {
    let opening = played.opening;
    Round {
        kind: "statement",
        question: played.question,
        opening_roster: opening.opening_roster,
        final_roster: opening.final_roster,
        runs: opening.runs,
        collect_ms: played.collect_ms,
        blanks: opening.blanks,
        submitted: played.submitted,
        statements: opening
            .statements
            .into_iter()
            .map(|text| Statement { text })
            .collect(),
    }
}

fn whole_ms(ms: u128) -> u64 {
    u64::try_from(ms).unwrap_or(u64::MAX)
}

/// The nearest-rank percentile, in ms with two decimals; none where nothing was timed.
fn percentile_ms(latency: &Latency, percent: usize) -> Option<f64> {
    let mut sorted: Vec<Duration> = latency.0.clone();
    sorted.sort();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    let found = sorted.get(rank - 1)?;
    Some((found.as_secs_f64() * 100_000.0).round() / 100.0)
}
