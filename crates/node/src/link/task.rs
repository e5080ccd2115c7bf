//! A link's task: connect, serve, and again, with a growing pause.

use super::connect::connect;
use super::session::{Ended, Session};
use super::{Following, LinkEvent, Order, What};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use wire::{MailboxId, RelayAddress};

/// The first pause after a connection was lost, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What a link keeps over all its connections.
pub(super) struct Task {
    pub(super) mailbox: MailboxId,
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
    pub(super) events: mpsc::Sender<LinkEvent>,
    pub(super) following: Option<Following>,
}

/// The owner dropped the link or listens no more.
pub(super) struct Abandoned;

/// Runs until the link is abandoned.
pub(super) async fn run(
    address: RelayAddress,
    mailbox: MailboxId,
    orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::Sender<LinkEvent>,
) {
    let mut task = Task {
        mailbox,
        orders,
        events,
        following: None,
    };
    let mut pause = FIRST_PAUSE;
    while let Ok(again_after) = task.connect_once(&address, pause).await {
        pause = again_after;
    }
}

impl Task {
    /// One connection with the pause after it. Returns the pause after the next one.
    async fn connect_once(
        &mut self,
        address: &RelayAddress,
        pause: Duration,
    ) -> Result<Duration, Abandoned> {
        let connected = self.meanwhile(connect(address)).await?;
        let (why, next_pause) = match connected {
            Ok(socket) => {
                self.tell(What::Connected).await?;
                match Session::run(self, socket).await {
                    Ended::Lost(why) => (What::Lost(why), FIRST_PAUSE),
                    Ended::Abandoned => return Err(Abandoned),
                }
            }
            Err(why) => (why, pause.saturating_mul(2).min(LONGEST_PAUSE)),
        };
        self.tell(why).await?;
        self.meanwhile(sleep_until(Instant::now() + jittered(pause)))
            .await?;
        Ok(next_pause)
    }

    /// Waits for something while there is no connection, and drops what should be sent.
    async fn meanwhile<T>(&mut self, waiting: impl Future<Output = T>) -> Result<T, Abandoned> {
        tokio::pin!(waiting);
        loop {
            tokio::select! {
                done = &mut waiting => return Ok(done),
                order = self.orders.recv() => match order.ok_or(Abandoned)? {
                    Order::Follow(following) => self.following = Some(following),
                    Order::Send { .. } => {}
                },
            }
        }
    }

    /// Hands an event over, as soon as somebody takes it.
    pub(super) async fn tell(&self, what: What) -> Result<(), Abandoned> {
        let event = LinkEvent {
            mailbox: self.mailbox,
            what,
        };
        self.events.send(event).await.map_err(|_| Abandoned)
    }
}

/// Between half and all of the pause, so that many nodes do not come back in step.
fn jittered(pause: Duration) -> Duration {
    let mut random = [0];
    // Without randomness the pause is whole, which harms nobody.
    if getrandom::fill(&mut random).is_err() {
        return pause;
    }
    let [random] = random;
    let half = pause / 2;
    half + half * u32::from(random) / 255
}
