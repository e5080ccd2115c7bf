//! Plays seeds: members cheat, the relay lies, nodes stop. Exits with 0 only if every oracle held.
#![allow(
    clippy::indexing_slicing,
    reason = "pairs hold places of cases, and both are made here"
)]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use round::Phase;
use sim::cases::{self, Case};
use sim::house;
use sim::play::{Played, hunt, play};
use sim::report::{Report, pairs};

/// Over how many threads the seeds are spread.
const THREADS: usize = 2;

/// The adversarial simulator.
#[derive(Parser)]
struct Arguments {
    /// First and last seed, for instance 1..200.
    #[arg(long, default_value = "1..200")]
    seeds: String,
    /// Plays rooms under attack instead of one Round.
    #[arg(long)]
    house: bool,
    /// Plays this case alone.
    #[arg(long)]
    case: Option<String>,
    /// Writes one line here for each delivered entry and each decision.
    #[arg(long)]
    trace: Option<PathBuf>,
    /// Names all cases.
    #[arg(long)]
    list: bool,
    /// Tells how often each case was played in each phase.
    #[arg(long)]
    coverage: bool,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if arguments.list {
        names().iter().for_each(|name| println!("{name}"));
        return Ok(ExitCode::SUCCESS);
    }
    let seeds = parse(&arguments.seeds)?;
    if let Some(cases) = of_the_house(&arguments)? {
        return play_houses(seeds, &cases, &arguments);
    }
    let cases = chosen(arguments.case.as_deref())?;
    let mut trace = trace_of(&arguments)?;
    let report = Mutex::new((Report::default(), Vec::new()));
    spread(seeds, &cases, trace.is_some(), |played| {
        let mut report = report.lock().expect("no thread has failed");
        for line in report.0.add(&played) {
            println!("{line}");
        }
        report.1.push((played.seed, played.trace));
    });
    let (mut report, mut lines) = report.into_inner().expect("no thread has failed");
    lines.sort_by_key(|(seed, _)| *seed);
    if let Some(file) = &mut trace {
        for (seed, lines) in &lines {
            for line in lines {
                writeln!(file, "seed {seed} {line}")?;
            }
        }
        file.flush()?;
    }
    if let Some(line) = report.close() {
        println!("{line}");
    }
    if arguments.coverage {
        report.coverage().iter().for_each(|line| println!("{line}"));
    }
    println!("{}", report.line());
    Ok(if report.holds() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn trace_of(arguments: &Arguments) -> Result<Option<BufWriter<File>>> {
    Ok(match &arguments.trace {
        Some(path) => Some(BufWriter::new(
            File::create(path).with_context(|| path.display().to_string())?,
        )),
        None => None,
    })
}

fn names() -> Vec<String> {
    let all = cases::all().into_iter();
    let all = all.chain(cases::canaries()).chain(cases::limits());
    let houses = house::cases::all().into_iter();
    let houses = houses
        .chain(house::canaries::cases())
        .chain(house::cases::limits());
    all.map(|case| case.name.to_owned())
        .chain(houses.map(|case| case.name))
        .collect()
}

/// What is played of the house, where that is asked for.
fn of_the_house(arguments: &Arguments) -> Result<Option<Vec<house::cases::Case>>> {
    let all = house::cases::all();
    let Some(name) = &arguments.case else {
        return Ok(arguments.house.then_some(all));
    };
    let all = all.into_iter();
    let all = all
        .chain(house::canaries::cases())
        .chain(house::cases::limits());
    let chosen: Vec<_> = all.filter(|case| case.name == *name).collect();
    if arguments.house && chosen.is_empty() {
        bail!("there is no case {name}");
    }
    Ok((!chosen.is_empty()).then_some(chosen))
}

fn play_houses(
    (first, last): (u64, u64),
    cases: &[house::cases::Case],
    arguments: &Arguments,
) -> Result<ExitCode> {
    let mut trace = trace_of(arguments)?;
    let report = Mutex::new((house::report::Report::default(), Vec::new()));
    let next = AtomicU64::new(first);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > last {
                        return;
                    }
                    let at = usize::try_from(seed % cases.len() as u64).expect("a small number");
                    let played = house::play::hunt(seed, &cases[at], trace.is_some());
                    let mut report = report.lock().expect("no thread has failed");
                    for line in report.0.add(&played) {
                        println!("{line}");
                    }
                    report.1.push((played.seed, played.trace));
                }
            });
        }
    });
    let (report, mut lines) = report.into_inner().expect("no thread has failed");
    lines.sort_by_key(|(seed, _)| *seed);
    if let Some(file) = &mut trace {
        for (seed, line) in lines
            .iter()
            .flat_map(|(seed, all)| all.iter().map(move |one| (seed, one)))
        {
            writeln!(file, "seed {seed} {line}")?;
        }
        file.flush()?;
    }
    if arguments.coverage {
        report.coverage().iter().for_each(|line| println!("{line}"));
    }
    println!("{}", report.line());
    Ok(match report.holds() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Plays all seeds, on more than one thread.
fn spread((first, last): (u64, u64), cases: &[Case], traced: bool, each: impl Fn(Played) + Sync) {
    let pairs: Vec<(usize, Phase)> = pairs(cases);
    let next = AtomicU64::new(first);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > last {
                        return;
                    }
                    let at = usize::try_from(seed % pairs.len() as u64).expect("a small number");
                    let (case, phase) = pairs[at];
                    let case = &cases[case];
                    let played = if case.name.starts_with("canary-") {
                        hunt(seed, case, phase, traced)
                    } else {
                        play(seed, case, phase, traced)
                    };
                    each(played);
                }
            });
        }
    });
}

fn parse(seeds: &str) -> Result<(u64, u64)> {
    let (first, last) = seeds.split_once("..").unwrap_or((seeds, seeds));
    let range = (first.parse()?, last.trim_start_matches('=').parse()?);
    if range.0 > range.1 {
        bail!("{seeds} holds no seed");
    }
    Ok(range)
}

fn chosen(name: Option<&str>) -> Result<Vec<Case>> {
    let Some(name) = name else {
        return Ok(cases::all());
    };
    let all = cases::all().into_iter();
    let all = all.chain(cases::canaries()).chain(cases::limits());
    let chosen: Vec<Case> = all.filter(|case| case.name == name).collect();
    if chosen.is_empty() {
        bail!("there is no case {name}");
    }
    Ok(chosen)
}
