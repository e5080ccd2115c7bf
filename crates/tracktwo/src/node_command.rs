//! `tracktwo`: the node in the foreground, its pages in the browser, until it is told to stop.

use anyhow::{Context as _, bail};
use node::vault::{Passphrase, make_private_folder};
use node::{Node, NodeConfig, folders};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

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

async fn serve(config: NodeConfig, vault_dir: &Path, browser: bool) -> anyhow::Result<()> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let node = Node::start(config).await?;
    let url = node.launch_url()?;
    writeln!(io::stdout(), "{url}")?;
    io::stdout().flush()?;
    let door = if browser {
        open_browser(vault_dir, &node.launch_url()?)
    } else {
        None
    };
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    node.stop().await;
    if let Some(door) = door {
        // Its token is void now, whether it goes or not.
        let _ = fs::remove_file(door);
    }
    Ok(())
}

/// Other users of this machine can read a command line: the browser gets a file that only its owner can read.
fn open_browser(vault_dir: &Path, url: &str) -> Option<PathBuf> {
    let door = vault_dir.join("open.html");
    let opened = make_private_folder(vault_dir).and_then(|()| write_door(&door, url));
    let opened = opened.and_then(|()| {
        let program = if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        Command::new(program)
            .arg(&door)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    });
    if opened.is_err() {
        eprintln!("No browser could be opened: open the address above in one.");
    }
    Some(door)
}

fn write_door(door: &Path, url: &str) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(door)?;
    write!(
        file,
        "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url={url}\"><a href=\"{url}\">Tracktwo</a>"
    )
}
