//! A relay on this computer, for a dialogue whose convenor names no other.
//! Must never know more of a relay than its address: the relay itself is handed in from outside.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use wire::{CreationSecret, Fingerprint, RelayAddress};

/// Starts relays.
pub trait RelayHost: Send + Sync {
    /// Listens there and keeps its logs in this folder, until what it gives is dropped.
    ///
    /// # Errors
    /// Where the port is taken or the folder cannot be used.
    fn host(&self, listen: SocketAddr, folder: &Path) -> io::Result<Box<dyn HostedRelay>>;
}

/// A relay that runs as long as this lives.
pub trait HostedRelay: Send + Sync {
    /// Where it listens.
    fn listens(&self) -> SocketAddr;
    /// Of its key.
    fn fingerprint(&self) -> Fingerprint;
    /// What allows to begin a log on it.
    fn creation_secret(&self) -> CreationSecret;
}

/// The relay of this vault, if it has one. It runs while the vault is closed, too.
pub struct Hosting {
    folder: PathBuf,
    host: Option<Arc<dyn RelayHost>>,
    running: Mutex<Option<Box<dyn HostedRelay>>>,
}

/// The port that is tried first, so that a router can be told of it beforehand.
pub const USUAL_PORT: u16 = 4433;

impl Hosting {
    /// None runs yet.
    pub fn new(vault: &Path, host: Option<Arc<dyn RelayHost>>) -> Self {
        Self {
            folder: vault.join("relay"),
            host,
            running: Mutex::new(None),
        }
    }

    /// Starts the relay that this vault began earlier.
    ///
    /// # Errors
    /// Where its place cannot be read, or its port is taken.
    pub fn resume(&self) -> io::Result<()> {
        let note = self.note();
        if self.host.is_none() || !note.exists() {
            return Ok(());
        }
        let listen = fs::read_to_string(note)?;
        let listen = listen.trim().parse().map_err(io::Error::other)?;
        self.start(listen)
    }

    /// Begins a relay that others reach as `host`, and says how.
    ///
    /// # Errors
    /// Where the port is taken, or the folder cannot be written.
    pub fn begin(&self, host: &str, port: u16) -> io::Result<(RelayAddress, CreationSecret)> {
        if self.running().is_none() {
            self.start(SocketAddr::new(listen_for(host), port))?;
        }
        let running = self.running();
        let relay = running
            .as_ref()
            .ok_or_else(|| io::Error::other("this program cannot run a relay"))?;
        let listens = relay.listens();
        fs::write(self.note(), listens.to_string())?;
        let address = RelayAddress {
            host: host.to_owned(),
            port: listens.port(),
            fingerprint: relay.fingerprint(),
        };
        Ok((address, relay.creation_secret()))
    }

    /// Where it listens, if it runs.
    pub fn listens(&self) -> Option<SocketAddr> {
        self.running().as_ref().map(|relay| relay.listens())
    }

    /// Ends it.
    pub fn stop(&self) {
        self.running().take();
    }

    fn start(&self, listen: SocketAddr) -> io::Result<()> {
        let host = self.host.as_ref();
        let host = host.ok_or_else(|| io::Error::other("this program cannot run a relay"))?;
        fs::create_dir_all(&self.folder)?;
        *self.running() = Some(host.host(listen, &self.folder)?);
        Ok(())
    }

    /// Beside the relay's folder, which is the relay's own.
    fn note(&self) -> PathBuf {
        self.folder.with_file_name("relay-listens")
    }

    /// A thread that panicked while holding the lock left a whole relay behind, or none.
    fn running(&self) -> std::sync::MutexGuard<'_, Option<Box<dyn HostedRelay>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A dialogue among programs of one computer needs no open port.
fn listen_for(host: &str) -> IpAddr {
    match host.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => address,
        Ok(_) | Err(_) if host.eq_ignore_ascii_case("localhost") => Ipv4Addr::LOCALHOST.into(),
        Ok(_) | Err(_) => Ipv4Addr::UNSPECIFIED.into(),
    }
}

/// Addresses of this machine, those that others may reach first.
pub fn own_hosts() -> Vec<String> {
    // A machine that does not tell its addresses is one whose owner types them.
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let mut hosts: Vec<IpAddr> = found.iter().map(if_addrs::Interface::ip).collect();
    hosts.sort_by_key(|host| (host.is_loopback(), host.is_ipv6(), *host));
    hosts.retain(|host| match host {
        IpAddr::V4(_) => true,
        IpAddr::V6(host) => !host.is_unicast_link_local() && !host.is_loopback(),
    });
    hosts.iter().map(ToString::to_string).collect()
}
