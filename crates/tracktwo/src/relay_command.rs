//! `tracktwo relay`: the blind relay in the foreground, until it is told to stop.

use anyhow::Context as _;
use relay::{Counts, RelayConfig, RelayHandle};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use wire::RelayAddress;

/// How often the counts are told, if they have changed.
const TELL_EVERY: Duration = Duration::from_secs(600);

/// Arguments of `tracktwo relay`.
#[derive(clap::Args, Debug)]
pub struct RelayArgs {
    /// Where to listen, for example 0.0.0.0:4433; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Where the relay keeps its key, its creation secret and its logs
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

/// Runs the relay until Ctrl-C or SIGTERM.
pub fn run(args: RelayArgs) -> anyhow::Result<()> {
    let RelayArgs { listen, data } = args;
    let folder = data.display().to_string();
    let relay = relay::start(RelayConfig { listen, data })
        .with_context(|| format!("no relay at {listen} with the folder {folder}"))?;
    introduce(&relay)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(until_told_to_stop(&relay))?;
    eprintln!("{}", relay.counts());
    relay.stop();
    Ok(())
}

/// Prints what an invitation needs, each on its own line.
fn introduce(relay: &RelayHandle) -> anyhow::Result<()> {
    let (at, fingerprint) = (relay.address(), relay.fingerprint());
    let address = RelayAddress {
        host: at.ip().to_string(),
        port: at.port(),
        fingerprint,
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "address: {address}")?;
    writeln!(out, "fingerprint: {fingerprint}")?;
    writeln!(
        out,
        "creation secret: {}",
        *relay.creation_secret().to_text()
    )?;
    out.flush()?;
    if at.ip().is_unspecified() {
        let host = at.ip();
        eprintln!("In the address, put the name under which others reach this machine for {host}.");
    }
    Ok(())
}

async fn until_told_to_stop(relay: &RelayHandle) -> anyhow::Result<()> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut every = tokio::time::interval(TELL_EVERY);
    let mut told = Counts::default();
    loop {
        tokio::select! {
            _ = interrupted.recv() => return Ok(()),
            _ = terminated.recv() => return Ok(()),
            _ = every.tick() => {
                let counts = relay.counts();
                if counts != told {
                    eprintln!("{counts}");
                    told = counts;
                }
            }
        }
    }
}
