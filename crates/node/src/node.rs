//! A node: a vault, a participant, its links and its pages, from start to stop.
//! Must never hand out the participant itself: commands in, views and notices out.

use std::{error::Error, fmt, io, net::SocketAddr, path::PathBuf, sync::Arc, thread};

use participant::{Command, Notice, Refused, view::View};
use tokio::{
    runtime::Handle,
    sync::{broadcast, mpsc, oneshot, watch},
};

use crate::{
    driver::{self, Checkpoints, Driver, Links, Order, Outlook},
    pages::{Hours, Pages, PagesConfig},
    process,
    vault::{Passphrase, Vault, VaultError},
};

/// Link events and commands that wait for the driver; beyond these, their senders wait.
const WAITING: usize = 256;

/// What a node needs to start.
pub struct NodeConfig {
    /// The vault's folder; where there is none, a vault is made.
    pub vault_dir: PathBuf,
    /// What opens it.
    pub passphrase: Passphrase,
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
            vault_dir,
            passphrase,
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
    orders: mpsc::Sender<Order>,
    views: watch::Receiver<Arc<View>>,
    notices: broadcast::Sender<Notice>,
    pages: Pages,
    ended: oneshot::Receiver<()>,
}

impl Node {
    /// Opens or makes the vault, follows its logs, serves the pages.
    ///
    /// # Errors
    /// Where the vault does not open, or the port is taken.
    pub async fn start(config: NodeConfig) -> Result<Self, NodeError> {
        process::forbid_core_dumps();
        let NodeConfig {
            vault_dir,
            passphrase,
            port,
            numeric_host,
            checkpoint,
        } = config;
        let opening = tokio::task::spawn_blocking(move || {
            let mut vault = match Vault::exists(&vault_dir) {
                true => Vault::open(&vault_dir, &passphrase)?,
                false => Vault::create(&vault_dir, &passphrase)?,
            };
            let participant = driver::load(&mut vault)?;
            Ok::<_, VaultError>((vault, participant))
        });
        let (vault, participant) = opening
            .await
            .map_err(|error| VaultError::Io(io::Error::other(error)))??;
        let outlook = Outlook::new(&participant);
        let pages = PagesConfig { port, numeric_host };
        let pages = Pages::start(pages, outlook.shown(), Hours::of_this_machine())
            .await
            .map_err(NodeError::Pages)?;
        let (orders, ordered) = mpsc::channel(WAITING);
        let (happened, events) = mpsc::channel(WAITING);
        let (views, notices) = (outlook.views(), outlook.notices());
        let links = Links::new(happened);
        let driver = Driver {
            participant,
            vault,
            links,
            events,
            orders: ordered,
            outlook,
            checkpoint,
            wake_at: None,
        };
        let ended = run(driver).map_err(|error| NodeError::Vault(VaultError::Io(error)))?;
        Ok(Self {
            orders,
            views,
            notices,
            pages,
            ended,
        })
    }

    /// Has the participant carry out a command; when this returns, it is in the vault.
    ///
    /// # Errors
    /// Why it was not carried out; nothing is changed then.
    pub async fn command(&self, command: Command) -> Result<(), Refused> {
        let (reply, done) = oneshot::channel();
        let stopped = || Refused::Failed("the node has stopped".to_owned());
        self.orders
            .send(Order::Command(Box::new(command), reply))
            .await
            .map_err(|_| stopped())?;
        done.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// The dialogue as it stands.
    pub fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    /// Every later view, the newest whenever one looks.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.clone()
    }

    /// What happens from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// A URL that opens the pages once, in one browser.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn launch_url(&self) -> io::Result<String> {
        self.pages.launch_url()
    }

    /// Where the pages are served.
    pub fn pages_address(&self) -> SocketAddr {
        self.pages.address()
    }

    /// Ends everything; when this returns, the vault is closed.
    pub async fn stop(self) {
        // An error means that it ended already.
        let _ = self.orders.send(Order::Stop).await;
        let _ = self.ended.await;
        self.pages.stop().await;
    }
}

/// A thread of its own: the vault waits for the disk, and the links of other nodes must not wait with it.
fn run(driver: Driver) -> io::Result<oneshot::Receiver<()>> {
    let (end, ended) = oneshot::channel();
    let runtime = Handle::current();
    thread::Builder::new()
        .name("seat".to_owned())
        .spawn(move || {
            runtime.block_on(driver.run());
            // An error means that nobody waits for the end.
            let _ = end.send(());
        })?;
    Ok(ended)
}
