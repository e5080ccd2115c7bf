//! A node: a vault, a participant, its links and its pages, from start to stop.
//! Must never hand out the participant itself: commands in, views and notices out.

use std::{
    error::Error,
    fmt, io,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use participant::{Command, Notice, Refused, view::View};
use tokio::{
    sync::{broadcast, watch},
    task::JoinHandle,
};

use crate::{
    driver::Checkpoints,
    hosting::{Hosting, RelayHost},
    pages::{Hours, Pages, PagesConfig, view::Relay},
    process,
    safe::{self, Safe},
    vault::{Passphrase, Vault, VaultError},
};

/// How often it is looked whether the owner has gone away.
const LOOK_AROUND: Duration = Duration::from_secs(5);

/// What a node needs to start.
pub struct NodeConfig {
    /// The vault's folder; where there is none, a vault is made.
    pub vault_dir: PathBuf,
    /// What opens it; without one the pages ask.
    pub passphrase: Option<Passphrase>,
    /// Starts a relay on this computer when a convenor wants one.
    pub relay_host: Option<Arc<dyn RelayHost>>,
    /// The pages' port; a random one by default.
    pub port: Option<u16>,
    /// Whether the pages also answer under `127.0.0.1`.
    pub numeric_host: bool,
    /// Called at every step's checkpoints, so that tests can end the process there.
    pub checkpoint: Checkpoints,
}

impl NodeConfig {
    /// With everything else as usual.
    pub fn new(vault_dir: PathBuf, passphrase: Passphrase) -> Self {
        Self {
            passphrase: Some(passphrase),
            ..Self::locked(vault_dir)
        }
    }

    /// Closed, until somebody opens it on a page.
    pub fn locked(vault_dir: PathBuf) -> Self {
        Self {
            vault_dir,
            passphrase: None,
            relay_host: None,
            port: None,
            numeric_host: false,
            checkpoint: Arc::new(|_| {}),
        }
    }
}

/// Why a node did not start.
#[derive(Debug)]
pub enum NodeError {
    /// The vault did not open.
    Vault(VaultError),
    /// The pages could not be served; the port may be taken.
    Pages(io::Error),
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(error) => error.fmt(f),
            Self::Pages(error) => {
                write!(
                    f,
                    "The pages cannot be served: {error}. Leave --port out, or name another one."
                )
            }
        }
    }
}

impl Error for NodeError {}

impl From<VaultError> for NodeError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

/// A running node. Dropping it stops it; `stop` also waits for the end.
pub struct Node {
    safe: Arc<Safe>,
    pages: Pages,
    watch: JoinHandle<()>,
}

impl Node {
    /// Serves the pages; with a passphrase, opens or makes the vault and follows its logs as well.
    ///
    /// # Errors
    /// Where the vault does not open, or the port is taken.
    pub async fn start(config: NodeConfig) -> Result<Self, NodeError> {
        process::forbid_core_dumps();
        let NodeConfig {
            vault_dir,
            passphrase,
            relay_host,
            port,
            numeric_host,
            checkpoint,
        } = config;
        let hosting = Hosting::new(&vault_dir, relay_host);
        let make = !Vault::exists(&vault_dir);
        let safe = Arc::new(Safe::new(vault_dir, hosting, checkpoint));
        resume_relay(&safe).await;
        if let Some(passphrase) = passphrase {
            safe.enter(passphrase, make).await?;
        }
        let pages = PagesConfig { port, numeric_host };
        let shown = safe.channels.shown();
        let pages = Pages::start(pages, shown, Hours::of_this_machine(), safe.clone())
            .await
            .map_err(NodeError::Pages)?;
        let watch = tokio::spawn(close_when_alone(safe.clone()));
        Ok(Self { safe, pages, watch })
    }

    /// Has the participant carry out a command; when this returns, it is in the vault.
    ///
    /// # Errors
    /// Why it was not carried out; nothing is changed then.
    pub async fn command(&self, command: Command) -> Result<(), Refused> {
        self.safe.command(command).await.map_err(safe::refused)
    }

    /// The dialogue as it stands.
    pub fn view(&self) -> Arc<View> {
        self.views().borrow().clone()
    }

    /// Every later view, the newest whenever one looks.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.safe.channels.views()
    }

    /// What happens from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.safe.channels.notices().subscribe()
    }

    /// A URL that opens the pages once, in one browser.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn launch_url(&self) -> io::Result<String> {
        self.pages.launch_url()
    }

    /// Tells whenever a launch URL was used: whoever keeps one ready makes another.
    pub fn launches(&self) -> watch::Receiver<u64> {
        self.pages.launches()
    }

    /// Where the pages are served.
    pub fn pages_address(&self) -> SocketAddr {
        self.pages.address()
    }

    /// Ends everything; when this returns, the vault is closed.
    pub async fn stop(self) {
        self.watch.abort();
        // The streams first: a page that is open keeps what somebody types on it, and is not blanked.
        self.pages.stop().await;
        self.safe.close().await;
        let hosting = self.safe.hosting.clone();
        // It ends in its own time; where that failed, the process ends it.
        let _ = tokio::task::spawn_blocking(move || hosting.stop()).await;
    }
}

/// A relay that cannot start keeps nobody from reading what is here: the pages say so.
async fn resume_relay(safe: &Arc<Safe>) {
    let hosting = safe.hosting.clone();
    let resumed = tokio::task::spawn_blocking(move || hosting.resume()).await;
    let relay = match resumed
        .map_err(io::Error::other)
        .and_then(|resumed| resumed)
    {
        Ok(()) => safe.relay(),
        Err(error) => Relay::Failed(error.to_string()),
    };
    safe.channels.host(relay);
}

async fn close_when_alone(safe: Arc<Safe>) {
    let mut look = tokio::time::interval(LOOK_AROUND);
    loop {
        look.tick().await;
        safe.close_if_alone(Instant::now()).await;
    }
}
