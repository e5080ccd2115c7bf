//! `tracktwo bench ground`: the analysis of a consultation with three planted sides, from packed
//! votes. Shuffles and bootstraps, and the reading of CSV, are timed apart.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use ground::polis::{Agree, Export};
use ground::{
    Conversation, Floor, Mapped, Plan, Planted, Stance, Statement, StatementId, adjusted_rand,
};

/// Arguments of `tracktwo bench ground`.
#[derive(clap::Args, Debug)]
pub struct BenchGroundArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// How many people vote
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub people: usize,
    /// On how many statements
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub statements: usize,
    /// The chance that a person votes on a statement
    #[arg(long, value_name = "P", default_value_t = 0.02)]
    pub density: f64,
    /// Other votes for other seeds
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// Measures and prints.
pub fn run(args: BenchGroundArgs) -> anyhow::Result<()> {
    ensure!(
        args.density > 0.0 && args.density <= 1.0,
        "--density is a chance: above 0, at most 1"
    );
    ensure!(
        args.people > 0 && args.statements > 0,
        "somebody has to vote on something: --people and --statements above 0"
    );
    let plan = Plan {
        people: args.people,
        statements: args.statements,
        density: args.density,
        seed: args.seed,
    };
    let Planted { votes, sides } = plan.plant();
    let statements = (0..args.statements).map(|place| Statement {
        id: StatementId::new(place.to_string()),
        text: String::new(),
    });
    let conversation = Conversation::new(statements.collect(), votes)
        .context("the planted votes are on other statements")?;

    let began = Instant::now();
    let mapped = Mapped::of(conversation.votes());
    let mut analysis = began.elapsed();
    let began = Instant::now();
    let groups = mapped.groups(conversation.votes());
    let null = began.elapsed();
    let began = Instant::now();
    let report = conversation.report(&mapped, &groups, None, Floor::FIVE);
    analysis += began.elapsed();
    // Before any CSV is read: what the analysis itself needs, votes included.
    let peak = peak_rss_bytes();
    drop(report);

    let (found, planted): (Vec<usize>, Vec<usize>) = groups
        .of
        .iter()
        .zip(&sides)
        .map(|(found, planted)| (found.unwrap_or(0), *planted))
        .unzip();
    let agreement = adjusted_rand(&found, &planted);
    let read = read(&conversation)?;
    print(
        &args,
        conversation.votes().votes(),
        [analysis, null, read],
        peak,
        agreement,
    )
}

fn print(
    args: &BenchGroundArgs,
    votes: usize,
    [analysis, null, read]: [Duration; 3],
    peak: Option<u64>,
    agreement: f64,
) -> anyhow::Result<()> {
    let ms = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let figures = serde_json::json!({
        "people": args.people,
        "statements": args.statements,
        "votes": votes,
        "analysis_ms": ms(analysis),
        "null_ms": ms(null),
        "read_ms": ms(read),
        "peak_rss_bytes": peak,
        "adjusted_rand": (agreement * 1e4).round() / 1e4,
    });
    if args.json {
        println!("{figures}");
        return Ok(());
    }
    let object = figures.as_object().context("figures are one object")?;
    for (name, figure) in object {
        println!("{name}: {figure}");
    }
    Ok(())
}

/// How long it takes to read the same votes from a file.
fn read(conversation: &Conversation) -> anyhow::Result<Duration> {
    let path = std::env::temp_dir().join(format!("tracktwo-bench-{}.csv", std::process::id()));
    let _gone = Gone(path.clone());
    write(conversation, &path)
        .with_context(|| format!("{} could not be written; make room there", path.display()))?;
    let file = File::open(&path).context("the votes that were just written are gone")?;
    let began = Instant::now();
    let export = Export::read(file, None, Agree::Unsaid)?;
    let took = began.elapsed();
    ensure!(
        export.conversation.votes().votes() == conversation.votes().votes(),
        "what was read is not what was written"
    );
    Ok(took)
}

fn write(conversation: &Conversation, path: &Path) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "timestamp,comment-id,voter-id,vote")?;
    for (person, votes) in conversation.votes().iter().enumerate() {
        for cast in votes {
            let vote = match cast.stance() {
                Stance::Agree => 1,
                Stance::Disagree => -1,
                Stance::Pass => 0,
            };
            let time = 1_795_000_000_000_u64 + person as u64;
            writeln!(file, "{time},{},{person},{vote}", cast.statement())?;
        }
    }
    file.flush()
}

/// A file that goes when this does, also after an error.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            eprintln!("tracktwo: {} is left over: {error}", self.0.display());
        }
    }
}

/// The most memory this process has had, where the system tells it.
fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
