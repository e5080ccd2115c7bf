//! The vault as its owner handles it: made, opened, closed, and asked for things while it is open.
//! Must never keep a key in memory once it is closed.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use participant::{Command, Refused};
use tokio::{
    runtime::Handle,
    sync::{Mutex as Turn, mpsc, oneshot},
};
use zeroize::Zeroizing;

use crate::{
    driver::{self, Channels, Checkpoints, Driver, Links, Order, Outlook},
    hosting::{self, Hosting},
    pages::{
        desk::{Desk, RelayChoice, Sorry, Wish},
        view::{Relay, Standing},
    },
    settings::Settings,
    unsent::{Place, Texts, Unsent},
    vault::{self, Passphrase, Vault, VaultError},
};

/// Link events and commands that wait for the driver; beyond these, their senders wait.
const WAITING: usize = 256;

/// One vault, open or closed.
pub struct Safe {
    dir: PathBuf,
    checkpoint: Checkpoints,
    pub hosting: Arc<Hosting>,
    pub channels: Channels,
    /// Held while it opens or closes, so that it does one of them at a time.
    seat: Turn<Option<Seat>>,
    wrong: AtomicU32,
    touched: Mutex<Instant>,
}

/// A driver at work.
struct Seat {
    orders: mpsc::Sender<Order>,
    ended: oneshot::Receiver<()>,
}

impl Safe {
    /// A vault in this folder, closed, whether it is there yet or not.
    pub fn new(dir: PathBuf, hosting: Hosting, checkpoint: Checkpoints) -> Self {
        let safe = Self {
            dir,
            checkpoint,
            hosting: Arc::new(hosting),
            channels: Channels::default(),
            seat: Turn::new(None),
            wrong: AtomicU32::new(0),
            touched: Mutex::new(Instant::now()),
        };
        safe.channels.close(safe.closed());
        safe
    }

    /// Makes the vault where there is none, opens it, and goes on where it stands.
    pub async fn enter(&self, passphrase: Passphrase, make: bool) -> Result<(), VaultError> {
        let mut seat = self.seat.lock().await;
        if seat.is_some() {
            return Ok(());
        }
        self.channels.stand(Standing::Opening);
        let opened = self.open(passphrase, make).await;
        let opened = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.channels.close(self.closed());
                return Err(error);
            }
        };
        *seat = Some(opened);
        self.wrong.store(0, Ordering::Relaxed);
        self.touch();
        Ok(())
    }

    async fn open(&self, passphrase: Passphrase, make: bool) -> Result<Seat, VaultError> {
        let dir = self.dir.clone();
        let opening = tokio::task::spawn_blocking(move || {
            vault::contained(|| {
                let mut vault = match make {
                    true => Vault::create(&dir, &passphrase)?,
                    false => Vault::open(&dir, &passphrase)?,
                };
                let participant = driver::load(&mut vault)?;
                let settings = driver::load_settings(&mut vault)?;
                let unsent = Unsent::load(&mut vault)?;
                Ok((vault, participant, settings, unsent))
            })
        });
        let (vault, participant, settings, unsent) = opening
            .await
            .map_err(|error| VaultError::Io(std::io::Error::other(error)))??;
        let outlook = Outlook::new(self.channels.clone(), &participant, settings, unsent);
        let (orders, ordered) = mpsc::channel(WAITING);
        let (happened, events) = mpsc::channel(WAITING);
        let driver = Driver {
            participant,
            vault,
            links: Links::new(happened),
            events,
            orders: ordered,
            outlook,
            checkpoint: self.checkpoint.clone(),
            wake_at: None,
        };
        let ended = run(driver).map_err(VaultError::Io)?;
        Ok(Seat { orders, ended })
    }

    /// Closes the vault; when this returns, its keys are gone from memory.
    pub async fn close(&self) {
        let mut seat = self.seat.lock().await;
        if let Some(Seat { orders, ended }) = seat.take() {
            // An error means that it ended already.
            let _ = orders.send(Order::Stop).await;
            let _ = ended.await;
            self.channels.close(self.closed());
        }
    }

    /// Closes the vault where its owner has been away for as long as they chose.
    pub async fn close_if_alone(&self, now: Instant) {
        let shown = self.channels.now();
        let round = shown
            .view
            .plenary
            .as_ref()
            .and_then(|room| room.round.as_ref());
        let writes = round.is_some_and(|round| round.writes);
        let touched = *self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = now.saturating_duration_since(touched);
        if shown.standing == Standing::Open && closes_by_itself(&shown.settings, writes, alone) {
            self.close().await;
        }
    }

    /// Has the participant carry out a command; when this returns, it is in the vault.
    pub async fn command(&self, command: Command) -> Result<(), Sorry> {
        let (reply, done) = oneshot::channel();
        self.order(Order::Command(Box::new(command), reply), done)
            .await??;
        Ok(())
    }

    async fn order<T>(&self, order: Order, done: oneshot::Receiver<T>) -> Result<T, Sorry> {
        let orders = self
            .seat
            .lock()
            .await
            .as_ref()
            .map(|seat| seat.orders.clone());
        let orders = orders.ok_or(Sorry::Locked)?;
        orders.send(order).await.map_err(|_| Sorry::Locked)?;
        done.await.map_err(|_| Sorry::Locked)
    }

    async fn convene(
        &self,
        title: String,
        sides: Vec<String>,
        name: String,
        relay: RelayChoice,
    ) -> Result<(), Sorry> {
        let (relay, creation) = match relay {
            RelayChoice::There { address, creation } => (address, creation),
            RelayChoice::Here { host, port } => {
                let hosting = self.hosting.clone();
                let begun = tokio::task::spawn_blocking(move || hosting.begin(&host, port)).await;
                let begun = begun.map_err(std::io::Error::other).and_then(|begun| begun);
                let begun = begun.map_err(|error| Sorry::NoRelay(error.to_string()))?;
                self.channels.host(self.relay());
                begun
            }
        };
        self.command(Command::Convene {
            title,
            sides,
            name,
            relay,
            creation,
        })
        .await
    }

    /// What is shown while it is closed.
    fn closed(&self) -> Standing {
        match Vault::exists(&self.dir) {
            true => Standing::Locked,
            false => Standing::NoVault,
        }
    }

    /// What is shown of the relay on this computer.
    pub fn relay(&self) -> Relay {
        self.hosting.listens().map_or(Relay::Elsewhere, Relay::Here)
    }

    async fn enter_with(&self, words: &Zeroizing<String>, make: bool) -> Result<(), Sorry> {
        match self.enter(Passphrase::new(words)?, make).await {
            Err(VaultError::WrongPassphrase) => Err(Sorry::WrongPassphrase(
                self.wrong.fetch_add(1, Ordering::Relaxed).saturating_add(1),
            )),
            entered => Ok(entered?),
        }
    }

    async fn change_passphrase(&self, old: &str, new: &str) -> Result<(), Sorry> {
        let (old, new) = (Passphrase::new(old)?, Passphrase::new(new)?);
        let (reply, done) = oneshot::channel();
        match self
            .order(Order::ChangePassphrase { old, new, reply }, done)
            .await?
        {
            Err(VaultError::WrongPassphrase) => Err(Sorry::WrongPassphrase(0)),
            changed => Ok(changed?),
        }
    }

    async fn keep(&self, settings: Settings) -> Result<(), Sorry> {
        let (reply, done) = oneshot::channel();
        Ok(self.order(Order::Keep(settings, reply), done).await??)
    }
}

impl Safe {
    async fn keep_typed(&self, place: Place, texts: Texts) -> Result<(), Sorry> {
        let (reply, done) = oneshot::channel();
        Ok(self.order(Order::Type(place, texts, reply), done).await??)
    }
}

impl Desk for Safe {
    fn carry_out(&self, wish: Wish) -> BoxFuture<'_, Result<(), Sorry>> {
        Box::pin(async move {
            match wish {
                Wish::Create(words) => self.enter_with(&words, true).await,
                Wish::Open(words) => self.enter_with(&words, false).await,
                Wish::Lock => {
                    self.close().await;
                    Ok(())
                }
                Wish::ChangePassphrase { old, new } => self.change_passphrase(&old, &new).await,
                Wish::Type(place, texts) => self.keep_typed(place, texts).await,
                Wish::Keep(settings) => self.keep(settings).await,
                Wish::Convene {
                    title,
                    sides,
                    name,
                    relay,
                } => self.convene(title, sides, name, relay).await,
                Wish::Command(command) => self.command(command).await,
            }
        })
    }

    fn touch(&self) {
        *self.touched.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn own_hosts(&self) -> Vec<String> {
        hosting::own_hosts()
    }
}

/// Never while a Round is open in which this seat writes: its text would stay out.
fn closes_by_itself(settings: &Settings, writes: bool, alone: Duration) -> bool {
    let allowed = settings.lock_after_minutes.map(u64::from);
    let allowed = allowed.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    !writes && allowed.is_some_and(|allowed| alone >= allowed)
}

/// What a caller of the program itself is told.
pub fn refused(sorry: Sorry) -> Refused {
    match sorry {
        Sorry::Refused(refused) => refused,
        Sorry::Vault(error) => Refused::Failed(error.to_string()),
        Sorry::NoRelay(why) => Refused::Failed(why),
        Sorry::Locked | Sorry::WrongPassphrase(_) => {
            Refused::Failed("the vault is closed".to_owned())
        }
    }
}

/// A thread of its own: the vault waits for the disk, and the links of other nodes must not wait with it.
fn run(driver: Driver) -> std::io::Result<oneshot::Receiver<()>> {
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

#[cfg(test)]
mod tests;
