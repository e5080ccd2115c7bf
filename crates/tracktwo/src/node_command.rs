//! `tracktwo`: the node in the foreground, its pages in the browser, until it is told to stop.

use anyhow::{Context as _, bail};
use node::vault::{Passphrase, make_private_folder};
use node::{Node, NodeConfig, folders};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

use crate::door::{Alone, Door};
use crate::own_relay;

/// Arguments of `tracktwo` alone.
#[derive(clap::Args, Debug)]
pub struct NodeArgs {
    /// The folder of your vault; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub vault: Option<PathBuf>,
    /// The port of the pages on this machine; a random one if left out
    #[arg(long, value_name = "P")]
    pub port: Option<u16>,
    /// Only print the address of the pages
    #[arg(long)]
    pub no_browser: bool,
    /// A file with the passphrase in its first line, instead of the page that asks for it
    #[arg(long, value_name = "F")]
    pub passphrase_file: Option<PathBuf>,
}

/// Runs the node until Ctrl-C or SIGTERM.
pub fn run(args: NodeArgs) -> anyhow::Result<()> {
    // Before there is a passphrase in memory.
    node::process::forbid_core_dumps();
    let vault_dir = match args.vault.or_else(folders::usual_vault) {
        Some(dir) => dir,
        None => bail!("this system names no home folder; name the vault's folder with --vault DIR"),
    };
    let passphrase = match &args.passphrase_file {
        None => None,
        Some(file) => Some(
            Passphrase::from_file(file)
                .with_context(|| format!("no passphrase could be read from {}", file.display()))?,
        ),
    };
    make_private_folder(&vault_dir)
        .with_context(|| format!("the folder {} cannot be made", vault_dir.display()))?;
    let _alone = match Alone::with(&vault_dir)? {
        Some(alone) => alone,
        None => return show_again(&vault_dir, !args.no_browser),
    };
    let config = NodeConfig {
        passphrase,
        port: args.port,
        relay_host: Some(Arc::new(own_relay::OwnRelay)),
        ..NodeConfig::locked(vault_dir.clone())
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(config, &vault_dir, !args.no_browser))
}

/// The program runs with this vault already: its pages open once more.
fn show_again(vault_dir: &Path, browser: bool) -> anyhow::Result<()> {
    let door = Door::new(vault_dir);
    let url = door.read().context(
        "Tracktwo runs with this vault already, and its page cannot be found; end it and start it again",
    )?;
    eprintln!("Tracktwo runs with this vault already; its page is opened again.");
    say(&url)?;
    if browser {
        door.open();
    }
    Ok(())
}

async fn serve(config: NodeConfig, vault_dir: &Path, browser: bool) -> anyhow::Result<()> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let node = Node::start(config).await?;
    let mut launches = node.launches();
    let door = Door::new(vault_dir);
    say(&node.launch_url()?)?;
    door.write(&node.launch_url()?)?;
    if browser {
        door.open();
    }
    loop {
        tokio::select! {
            _ = interrupted.recv() => break,
            _ = terminated.recv() => break,
            launched = launches.changed() => match launched {
                // Each opens once: the next browser needs another.
                Ok(()) => door.write(&node.launch_url()?)?,
                Err(_) => break,
            },
        }
    }
    node.stop().await;
    door.remove();
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
