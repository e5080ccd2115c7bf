//! The command line: one binary with the node, the relay, the demo and the benchmarks in it.

mod bench_ground;
mod bench_relay;
mod bench_room;
mod bench_round;
mod demo;
mod door;
mod ground_command;
mod node_command;
mod own_relay;
mod relay_command;
mod visitor;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The Chatham House Rule, enforced by cryptography.
#[derive(Parser)]
#[command(name = "tracktwo", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    node: node_command::NodeArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Plays a whole dialogue of simulated participants over a real relay
    Demo(demo::DemoArgs),
    /// Runs the blind relay
    Relay(relay_command::RelayArgs),
    /// Finds what all sides share, in a Polis export
    Ground(ground_command::GroundArgs),
    /// Measures what the documents quote
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// The analysis of a consultation, with three planted sides
    Ground(bench_ground::BenchGroundArgs),
    /// Durable appends per second, over TLS and at the store alone
    Relay(bench_relay::BenchRelayArgs),
    /// The Table's page and its live update, with a full room and a long discussion
    Room(bench_room::BenchRoomArgs),
    /// A Round's arithmetic for one member, against the sum of its primitives
    Round(bench_round::BenchRoundArgs),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        None => node_command::run(arguments.node),
        Some(Command::Demo(args)) => demo::run(args),
        Some(Command::Relay(args)) => relay_command::run(args),
        Some(Command::Ground(args)) => ground_command::run(args),
        Some(Command::Bench {
            what: Bench::Ground(args),
        }) => bench_ground::run(args),
        Some(Command::Bench {
            what: Bench::Relay(args),
        }) => bench_relay::run(args),
        Some(Command::Bench {
            what: Bench::Room(args),
        }) => bench_room::run(args),
        Some(Command::Bench {
            what: Bench::Round(args),
        }) => bench_round::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tracktwo: {error:#}");
            ExitCode::FAILURE
        }
    }
}
