//! Starting and stopping a relay. It brings its own threads, so that it runs beside anything.

use crate::bounds::Bounds;
use crate::counts::{Counters, Counts};
use crate::limits::{MAX_WAITING_BYTES, MAX_WAITING_REQUESTS, RESERVED_DISK_BYTES};
use crate::log::{Job, Log};
use crate::store::{DiskStore, Store, StoreError};
use crate::transport::{Identity, IdentityError, Shared, serve};
use core::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc, watch};
use wire::{CreationSecret, Fingerprint};

/// Threads for all connections together; the log has one more.
const CONNECTION_THREADS: usize = 2;

/// Time that connections get to end when the relay stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// The folder of the store, in the relay's folder.
pub const STORE_FOLDER: &str = "log";

/// Where a relay listens and keeps its things.
#[derive(Clone, Debug)]
pub struct RelayConfig {
    /// The address to listen at; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The folder of key, creation secret and store. It is made if it is not there.
    pub data: PathBuf,
}

/// The relay could not be started.
#[derive(Debug)]
pub enum StartError {
    /// Its key or creation secret could not be had.
    Identity(IdentityError),
    /// Its store could not be opened.
    Store(StoreError),
    /// It could not listen at that address.
    Listen(std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Listen(error) => write!(
                f,
                "the relay cannot listen there: {error}. Choose another address"
            ),
        }
    }
}

impl std::error::Error for StartError {}

/// A running relay. It stops when it is dropped.
pub struct RelayHandle {
    address: SocketAddr,
    fingerprint: Fingerprint,
    creation: CreationSecret,
    counters: Arc<Counters>,
    running: Option<Running>,
}

struct Running {
    runtime: Runtime,
    log: JoinHandle<()>,
    jobs: mpsc::Sender<Job>,
    stop: watch::Sender<bool>,
}

/// Starts a relay on the store in its folder.
pub fn start(config: RelayConfig) -> Result<RelayHandle, StartError> {
    start_bounded(config, Bounds::default())
}

/// Starts a relay that takes more or less than relays do.
pub fn start_bounded(config: RelayConfig, bounds: Bounds) -> Result<RelayHandle, StartError> {
    let folder = config.data.join(STORE_FOLDER);
    // The store is made before the key: a key without one has lost it.
    if Identity::is_in(&config.data) && !folder.exists() {
        return Err(StartError::Store(StoreError::Damaged));
    }
    std::fs::create_dir_all(&config.data).map_err(|error| StartError::Identity(error.into()))?;
    let store = DiskStore::open(&folder, RESERVED_DISK_BYTES).map_err(StartError::Store)?;
    let identity = identity(&config.data, &store)?;
    start_on(config.listen, identity, Arc::new(store), bounds)
}

/// Starts a relay on another store; its key and creation secret are in `data` all the same.
pub fn start_with(
    listen: SocketAddr,
    data: &Path,
    store: Arc<dyn Store>,
) -> Result<RelayHandle, StartError> {
    let identity = identity(data, store.as_ref())?;
    start_on(listen, identity, store, Bounds::default())
}

fn identity(data: &Path, store: &dyn Store) -> Result<Identity, StartError> {
    let is_fresh = match Identity::is_in(data) {
        true => false,
        false => store.load().map_err(StartError::Store)?.is_empty(),
    };
    Identity::load_or_make(data, is_fresh).map_err(StartError::Identity)
}

fn start_on(
    listen: SocketAddr,
    identity: Identity,
    store: Arc<dyn Store>,
    bounds: Bounds,
) -> Result<RelayHandle, StartError> {
    let Identity {
        tls,
        fingerprint,
        creation,
    } = identity;
    let counters = Arc::new(Counters::default());
    let log = Log::open(
        store.clone(),
        creation.clone(),
        bounds.quotas,
        counters.clone(),
    );
    let log = log.map_err(StartError::Store)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(CONNECTION_THREADS)
        .thread_name("relay")
        .enable_all()
        .build()
        .map_err(StartError::Listen)?;
    let listener = std::net::TcpListener::bind(listen).map_err(StartError::Listen)?;
    listener.set_nonblocking(true).map_err(StartError::Listen)?;
    let address = listener.local_addr().map_err(StartError::Listen)?;
    let listener = {
        let _entered = runtime.enter();
        TcpListener::from_std(listener).map_err(StartError::Listen)?
    };
    let (jobs, waiting) = mpsc::channel(MAX_WAITING_REQUESTS);
    let (stop, stopping) = watch::channel(false);
    let log = std::thread::Builder::new()
        .name("relay-log".to_owned())
        .spawn(move || log.run(waiting))
        .map_err(StartError::Listen)?;
    let room = Arc::new(Semaphore::new(MAX_WAITING_BYTES));
    let shared = Shared {
        store,
        jobs: jobs.clone(),
        counters: counters.clone(),
        room,
        stopping,
        bounds,
    };
    runtime.spawn(serve(listener, tls, shared));
    let running = Some(Running {
        runtime,
        log,
        jobs,
        stop,
    });
    Ok(RelayHandle {
        address,
        fingerprint,
        creation,
        counters,
        running,
    })
}

impl RelayHandle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The key by which nodes know it.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What lets nodes create mailboxes.
    pub fn creation_secret(&self) -> CreationSecret {
        self.creation.clone()
    }

    /// What it holds and has done.
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// Ends all connections, finishes what was accepted, and closes the store.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(Running {
            runtime,
            log,
            jobs,
            stop,
        }) = self.running.take()
        else {
            return;
        };
        stop.send_replace(true);
        // A runtime must not wait for its end on a thread of another runtime, so it gets one of its own.
        let ending = std::thread::spawn(move || {
            let _ = jobs.blocking_send(Job::Stop);
            runtime.shutdown_timeout(STOP_TIMEOUT);
            let _ = log.join();
        });
        let _ = ending.join();
    }
}

impl Drop for RelayHandle {
    fn drop(&mut self) {
        self.end();
    }
}
