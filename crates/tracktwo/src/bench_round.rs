//! `tracktwo bench round`: what a run costs one member, phase by phase, against the sum of its
//! primitives timed in the same process. No network and no log: messages go from hand to hand.

mod figures;
mod primitives;
mod run_of_all;
mod thread_time;

use anyhow::{Context as _, ensure};
use round::{Member, Terms};

use figures::Figures;
use primitives::Primitives;
use run_of_all::RunOfAll;

/// Arguments of `tracktwo bench round`.
#[derive(clap::Args, Debug)]
pub struct BenchRoundArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// How many members take part
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub members: u16,
    /// Bytes of a slot: 64 for ballots, 1024, 2048 or 4096 for statements
    #[arg(long, value_name = "S", default_value_t = 1024)]
    pub bytes: u32,
    /// One for statements, one per statement for ballots
    #[arg(long, value_name = "L", default_value_t = 1)]
    pub lanes: u16,
    /// How many runs; the primitives are timed in the midst of each
    #[arg(long, default_value_t = 9)]
    pub runs: u16,
}

/// Measures and prints.
pub fn run(args: BenchRoundArgs) -> anyhow::Result<()> {
    ensure!(args.runs > 0, "at least one run is needed: --runs 1");
    let terms = terms(&args);
    let mut primitives = Primitives::new(&terms);
    let mut runs = Vec::new();
    // One of each that does not count: memory, tables and clock speed have their first time too.
    RunOfAll::play(&terms, 0, || primitives.measure())?;
    primitives.forget();
    for number in 0..args.runs {
        // Another member every time: who encapsulates more, decapsulates less.
        let watched = u32::from(number % args.members);
        // The primitives are timed in the midst of it: a machine's slow seconds slow them alike.
        runs.push(RunOfAll::play(&terms, watched, || primitives.measure())?);
    }
    let figures = Figures::new(&terms, &runs, &primitives).context("nothing was measured")?;
    if args.json {
        println!("{}", figures.json());
    } else {
        print!("{}", figures.table());
    }
    Ok(())
}

fn terms(args: &BenchRoundArgs) -> Terms {
    let member = |leaf| Member {
        leaf,
        signature_key: vec![7; 32],
    };
    Terms {
        ctx0: [3; 32],
        side: None,
        lanes: args.lanes,
        slot_bytes: args.bytes,
        phase_ms: 3_000,
        opening: (0..u32::from(args.members)).map(member).collect(),
        floor: 2,
    }
}
