//! `tracktwo demo`: a whole dialogue of simulated participants, each a real node with its own
//! vault, over real TLS connections to a real relay.

mod acts;
mod answers;
mod draw;
mod names;
mod play;
mod relay_sizes;
mod replay;
mod report;
mod rounds;
mod scene;
mod sentences;
mod stage;

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, ensure};

use answers::Asked;
use replay::Replay;
use report::Report;
use stage::Stage;

/// Arguments of `tracktwo demo`.
#[derive(clap::Args, Debug)]
pub struct DemoArgs {
    /// Play the scene and end, without pages to look at
    #[arg(long)]
    headless: bool,
    /// Print one JSON object as the last line
    #[arg(long)]
    json: bool,
    /// How many sides
    #[arg(long, default_value_t = 2)]
    sides: usize,
    /// How many seats with a side; the convenor is one more
    #[arg(long, default_value_t = 12)]
    seats: usize,
    /// Chooses names, texts and who leaves; never a key
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave the relay's data in DIR/relay and each vault in DIR/nodes/NAME
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Replay a real conversation: the folder of a Polis export with comments.csv and
    /// participants-votes.csv
    #[arg(long, value_name = "DIR", requires = "headless")]
    replay: Option<PathBuf>,
}

/// Seats with a side at least: one may go away in the second Round, and five must remain.
const SEATS_MIN: usize = 6;
/// As many as one Round can hold.
const SEATS_MAX: usize = 100;
const SIDES: std::ops::RangeInclusive<usize> = 2..=5;

/// Plays the scene.
pub fn run(args: DemoArgs) -> anyhow::Result<()> {
    ensure!(
        args.seats >= SEATS_MIN,
        "a demo needs at least {SEATS_MIN} seats with a side, because one of them goes away in \
         the second Round and no Round runs with fewer than five; ask for --seats {SEATS_MIN} or more"
    );
    ensure!(
        args.seats <= SEATS_MAX,
        "a Round holds at most {SEATS_MAX} seats; ask for fewer"
    );
    ensure!(
        SIDES.contains(&args.sides),
        "a dialogue has two to five sides"
    );
    let replay = args.replay.as_ref();
    let replay = replay.map(|folder| replay::read(folder, args.seats, args.sides));
    let replay = replay.transpose()?;
    let folder = Folder::new(args.keep.as_ref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let played = runtime.block_on(play(&args, replay, &folder));
    runtime.shutdown_background();
    if let (true, Some(report)) = (args.json, played?) {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
        out.flush()?;
    }
    Ok(())
}

async fn play(
    args: &DemoArgs,
    replay: Option<Replay>,
    folder: &Folder,
) -> anyhow::Result<Option<Report>> {
    let began = Instant::now();
    let mut cast = names::cast(args.seed, args.seats, args.sides);
    if replay.is_some() {
        cast.newcomer = None;
    }
    let mut stage = Stage::open(args.seed, cast, &folder.path).await?;
    say("The relay is up; everybody takes a seat.");
    acts::convene_and_join(&mut stage).await?;
    if !args.headless {
        return play_with_a_person(stage, folder).await;
    }
    let setup_ms = began.elapsed().as_millis();
    say("Everybody is seated, and the table words are the same on every screen.");
    acts::confirm_words(&stage).await?;
    if let Some(replay) = replay {
        return play_a_conversation(stage, replay, folder, setup_ms, began).await;
    }
    let latency = acts::discuss(&mut stage).await?;
    say("The discussion is done; the first Round opens.");
    let first = rounds::with_everybody(&mut stage).await?;
    acts::a_seat_joins(&mut stage).await?;
    acts::a_seat_is_removed(&mut stage).await?;
    say("One seat joined, one was removed; the second Round opens.");
    let second = rounds::with_one_going_away(&mut stage).await?;
    say("What was written is answered now.");
    let written = (1..).zip(second.opening.statements.clone());
    let asked = written.map(|(id, text)| Asked { id, text }).collect();
    let ballots = answers::invented(&stage, asked);
    let ballots = answers::hold(&stage, ballots).await?;
    acts::agree(&stage).await?;
    say("Every node has come to the same state.");
    let report = Report::of(
        &stage,
        vec![first, second],
        ballots,
        latency,
        setup_ms,
        began,
    );
    stage.close(folder.kept).await?;
    Ok(Some(report))
}

/// One statement Round and one Round of answers, with what real people once wrote and voted.
async fn play_a_conversation(
    mut stage: Stage,
    replay: Replay,
    folder: &Folder,
    setup_ms: u128,
    began: Instant,
) -> anyhow::Result<Option<Report>> {
    let mut drafts = Vec::new();
    let mut casts = BTreeMap::new();
    for (side, people) in replay.sides.iter().enumerate() {
        let names = stage.cast.seats.iter().filter(|(_, of)| *of == side);
        for ((name, _), person) in names.zip(people) {
            let text = replay.statements.get(&person.submits);
            drafts.push((name.clone(), text.cloned().unwrap_or_default()));
            casts.insert(
                name.clone(),
                person.answers(replay.statements.keys().copied()),
            );
            stage.participants.insert(name.clone(), person.id);
        }
    }
    let first = rounds::of_a_conversation(&stage, "What was said?", drafts).await?;
    say("What was written is answered now.");
    let statements = replay.statements.into_iter();
    let ballots = answers::Ballots {
        question: "What do you say to what was written?".to_owned(),
        statements: statements.map(|(id, text)| Asked { id, text }).collect(),
        casts,
    };
    let ballots = answers::hold(&stage, ballots).await?;
    acts::agree(&stage).await?;
    say("Every node has come to the same state.");
    let latency = acts::Latency(Vec::new());
    let report = Report::of(&stage, vec![first], ballots, latency, setup_ms, began);
    stage.close(folder.kept).await?;
    Ok(Some(report))
}

/// A person plays one seat, until Ctrl-C.
async fn play_with_a_person(stage: Stage, folder: &Folder) -> anyhow::Result<Option<Report>> {
    say("Two pages open: the convenor's, to look at, and one participant's, which you play.");
    say("Everybody else is simulated and answers at a human pace. Press Ctrl-C to end.");
    tokio::select! {
        ended = play::with_a_person(&stage) => ended?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    stage.close(folder.kept).await?;
    Ok(None)
}

/// Progress belongs on a terminal, and nowhere when piped.
fn say(line: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("{line}");
    }
}

/// Where the demo's files lie; a folder that nobody asked to keep goes at the end.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn new(keep: Option<&PathBuf>) -> anyhow::Result<Folder> {
        let temporary =
            || std::env::temp_dir().join(format!("tracktwo-demo-{}", std::process::id()));
        let path = keep.cloned().unwrap_or_else(temporary);
        std::fs::create_dir_all(&path)
            .with_context(|| format!("the folder {} cannot be made", path.display()))?;
        let used = ["relay", "nodes"]
            .iter()
            .any(|name| path.join(name).exists());
        ensure!(
            !used,
            "{} holds an earlier demo; name another folder",
            path.display()
        );
        Ok(Folder {
            path,
            kept: keep.is_some(),
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            // A folder for temporary files that stays behind does no harm.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
