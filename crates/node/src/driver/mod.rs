//! One task owns one participant: input, step, vault, links, notices, view, in this order.
//! Must never send anything of a step whose rows are not in the vault.

pub(crate) mod links;
mod mirror;
mod outlook;

use std::{sync::Arc, time::Duration};

use participant::{Changes, Command, Ctx, Frame, Input, Notice, Participant, Refused, Step};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};
use wire::Timestamp;

use crate::{
    clock,
    link::LinkEvent,
    pages::view::Alarm,
    randomness::SystemRandom,
    settings::{self, Settings},
    unsent::{self, Place, Texts},
    vault::{self, Passphrase, Vault, VaultError},
};
pub use links::Links;
#[cfg(test)]
pub use mirror::Mirror;
pub use outlook::{Channels, Outlook};

/// After a failed write or a step that could not be taken.
const PAUSE: Duration = Duration::from_secs(1);

/// Inputs that are taken before the pages are told.
const INPUTS_AT_ONCE: usize = 64;

/// Where a step stands; tests end the process here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// The step is known to this process alone.
    BeforePersist,
    /// The step's rows are in the vault, nothing has left.
    AfterPersist,
    /// The step's frames were handed to the links.
    AfterSend,
}

/// Is called at every checkpoint of every step.
pub type Checkpoints = Arc<dyn Fn(Checkpoint) + Send + Sync>;

/// What the node's owner wants of the driver.
pub enum Order {
    /// Something for the participant.
    Command(Box<Command>, oneshot::Sender<Result<(), Refused>>),
    /// Settings to keep.
    Keep(Settings, oneshot::Sender<Result<(), VaultError>>),
    /// What somebody types, to keep.
    Type(Place, Texts, oneshot::Sender<Result<(), VaultError>>),
    /// Another passphrase.
    ChangePassphrase {
        /// What opens the vault now.
        old: Passphrase,
        /// What will open it.
        new: Passphrase,
        /// Takes the outcome.
        reply: oneshot::Sender<Result<(), VaultError>>,
    },
    /// The end.
    Stop,
}

/// The owner of a participant.
pub struct Driver {
    pub participant: Participant,
    pub vault: Vault,
    pub links: Links,
    pub events: mpsc::Receiver<LinkEvent>,
    pub orders: mpsc::Receiver<Order>,
    pub outlook: Outlook,
    pub checkpoint: Checkpoints,
    pub wake_at: Option<Timestamp>,
}

/// The next thing to do.
enum Next {
    Link(LinkEvent),
    Order(Order),
    Wake,
}

/// The driver ends: its owner said so, or is gone.
struct Stopped;

/// Reads the rows of every area, as a participant wants them.
pub fn load(vault: &mut Vault) -> Result<Participant, VaultError> {
    let mut areas = std::collections::BTreeMap::new();
    let areas_of_rooms = vault.areas().into_iter();
    let own = [settings::AREA, unsent::TALK_AREA, unsent::ROUND_AREA];
    for area in areas_of_rooms.filter(|area| !own.contains(area)) {
        let rows = vault.load(area)?;
        areas.insert(
            area,
            rows.into_iter()
                .map(|(key, mut value)| (key, std::mem::take(&mut *value)))
                .collect(),
        );
    }
    Participant::load(areas).map_err(|_| VaultError::Damaged("its rows contradict each other"))
}

/// Reads the owner's choices; where there are none yet, the usual ones.
pub fn load_settings(vault: &mut Vault) -> Result<Settings, VaultError> {
    let rows = vault.load(settings::AREA)?;
    let row = rows.into_iter().find(|(key, _)| key == settings::KEY);
    let Some((_, value)) = row else {
        return Ok(Settings::default());
    };
    serde_json::from_slice(&value).map_err(|_| VaultError::Damaged("its settings cannot be read"))
}

impl Driver {
    /// Runs until it is stopped.
    pub async fn run(mut self) {
        // Nothing but the end can come of an error here.
        let _: Result<(), Stopped> = self.work().await;
        // What need not be durable is read again after a crash; after an orderly end it need not be.
        let _ = self.vault.commit(&[], true);
    }

    async fn work(&mut self) -> Result<(), Stopped> {
        self.take(Input::Woken).await?;
        self.outlook.publish(&self.participant);
        loop {
            let mut next = Some(self.next().await?);
            for _ in 0..INPUTS_AT_ONCE {
                let Some(now) = next else { break };
                self.carry_out(now).await?;
                next = self.waiting()?;
            }
            if let Some(left) = next {
                self.carry_out(left).await?;
            }
            self.outlook.publish(&self.participant);
            self.forget_past_rounds();
        }
    }

    /// Where the vault cannot do it now, the next event finds it again.
    fn forget_past_rounds(&mut self) {
        let open = self.outlook.open_round();
        let unsent = &mut self.outlook.unsent;
        let _ = unsent.forget_other_rounds(&mut self.vault, open);
    }

    /// Waits for whatever comes first.
    async fn next(&mut self) -> Result<Next, Stopped> {
        let pause = self
            .wake_at
            .map(|at| clock::until(at).max(Duration::from_millis(1)));
        tokio::select! {
            order = self.orders.recv() => order.map(Next::Order).ok_or(Stopped),
            event = self.events.recv() => event.map(Next::Link).ok_or(Stopped),
            () = sleep(pause.unwrap_or_default()), if pause.is_some() => Ok(Next::Wake),
        }
    }

    /// What is there without waiting.
    fn waiting(&mut self) -> Result<Option<Next>, Stopped> {
        use mpsc::error::TryRecvError::{Disconnected, Empty};
        match self.orders.try_recv() {
            Ok(order) => return Ok(Some(Next::Order(order))),
            Err(Empty) => {}
            Err(Disconnected) => return Err(Stopped),
        }
        Ok(self.events.try_recv().ok().map(Next::Link))
    }

    async fn carry_out(&mut self, next: Next) -> Result<(), Stopped> {
        match next {
            Next::Wake => self.take(Input::Woken).await,
            Next::Order(Order::Stop) => Err(Stopped),
            Next::Order(Order::Command(command, reply)) => self.command(*command, reply).await,
            Next::Order(Order::Keep(settings, reply)) => {
                // Who asked may have gone away; it is done all the same.
                let kept = self.keep(settings);
                self.outlook.publish(&self.participant);
                let _ = reply.send(kept);
                Ok(())
            }
            Next::Order(Order::Type(place, texts, reply)) => {
                let kept = self.outlook.unsent.keep(&mut self.vault, place, texts);
                self.outlook.publish(&self.participant);
                let _ = reply.send(kept);
                Ok(())
            }
            Next::Order(Order::ChangePassphrase { old, new, reply }) => {
                let _ = reply.send(self.vault.change_passphrase(&old, &new));
                Ok(())
            }
            Next::Link(event) => {
                self.outlook.hear(&event);
                match links::input(event) {
                    Some(input) => self.take(input).await,
                    None => Ok(()),
                }
            }
        }
    }

    fn keep(&mut self, settings: Settings) -> Result<(), VaultError> {
        let value = serde_json::to_vec(&settings).map_err(|error| VaultError::Io(error.into()))?;
        let row = vault::Row {
            area: settings::AREA,
            key: settings::KEY.to_vec(),
            value: Some(value.into()),
        };
        self.vault.commit(&[row], true)?;
        self.outlook.settings = settings;
        Ok(())
    }

    async fn take(&mut self, input: Input) -> Result<(), Stopped> {
        let step = self.participant.handle(
            input,
            &mut Ctx {
                now: clock::now(),
                rng: &mut SystemRandom,
            },
        );
        match step {
            Ok(step) => self.follow_through(step).await,
            Err(_) => self.start_again().await,
        }
    }

    async fn command(
        &mut self,
        command: Command,
        reply: oneshot::Sender<Result<(), Refused>>,
    ) -> Result<(), Stopped> {
        let step = self.participant.command(
            command,
            &mut Ctx {
                now: clock::now(),
                rng: &mut SystemRandom,
            },
        );
        let done = match step {
            Ok(step) => {
                self.follow_through(step).await?;
                Ok(())
            }
            Err(Refused::Failed(why)) => {
                self.start_again().await?;
                Err(Refused::Failed(why))
            }
            Err(refused) => Err(refused),
        };
        // Whoever asked looks at once at what came of it.
        self.outlook.publish(&self.participant);
        // Who asked may have gone away; it is done, or refused, all the same.
        let _ = reply.send(done);
        Ok(())
    }

    /// A step, in its order.
    async fn follow_through(&mut self, step: Step) -> Result<(), Stopped> {
        let Step {
            persist,
            send,
            notify,
            wake_at,
        } = step;
        (self.checkpoint)(Checkpoint::BeforePersist);
        self.persist(persist).await?;
        (self.checkpoint)(Checkpoint::AfterPersist);
        // New links first: a frame may be meant for one of them.
        self.follow();
        self.send(send);
        (self.checkpoint)(Checkpoint::AfterSend);
        self.wake_at = wake_at;
        self.tell(notify);
        Ok(())
    }

    /// Writes the rows, however long it takes: until they are in the vault, this node says nothing.
    async fn persist(&mut self, changes: Changes) -> Result<(), Stopped> {
        let Changes { rows, durable } = changes;
        if rows.is_empty() && !durable {
            return Ok(());
        }
        let row = |row: participant::Row| vault::Row {
            area: row.area,
            key: row.key,
            value: row.value,
        };
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        while let Err(error) = self.vault.commit(&rows, durable) {
            let alarm = if matches!(error, VaultError::DiskFull) {
                Alarm::DiskFull
            } else {
                Alarm::VaultFailed
            };
            self.outlook.alarm(Some(alarm), &self.participant);
            self.pause(&error.to_string()).await?;
        }
        self.outlook.alarm(None, &self.participant);
        Ok(())
    }

    /// While the vault cannot be written, nothing is begun: commands are refused, logs wait at the relay.
    async fn pause(&mut self, why: &str) -> Result<(), Stopped> {
        let pause = sleep(PAUSE);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => return Ok(()),
                order = self.orders.recv() => match order {
                    None | Some(Order::Stop) => return Err(Stopped),
                    Some(Order::Command(_, reply)) => drop(reply.send(Err(Refused::Failed(why.to_owned())))),
                    // Their senders hear that nothing came of it.
                    Some(Order::Keep(..) | Order::Type(..) | Order::ChangePassphrase { .. }) => {}
                },
            }
        }
    }

    fn follow(&mut self) {
        let wanted = self.participant.subscriptions();
        let mailboxes = wanted.iter().map(|wanted| wanted.mailbox).collect();
        self.outlook.follows(&mailboxes);
        self.links.follow(wanted);
    }

    fn send(&self, frames: Vec<Frame>) {
        for frame in frames {
            self.links.send(frame);
        }
    }

    fn tell(&self, notices: Vec<Notice>) {
        for notice in notices {
            self.outlook.tell(notice);
        }
    }

    /// The participant could not take a step and must not be used: the vault has what it was before.
    async fn start_again(&mut self) -> Result<(), Stopped> {
        self.links.close();
        self.pause("the program has to read its vault again; try once more")
            .await?;
        loop {
            match load(&mut self.vault) {
                Ok(participant) => {
                    self.participant = participant;
                    self.outlook.alarm(None, &self.participant);
                    break;
                }
                Err(error) => {
                    self.outlook
                        .alarm(Some(Alarm::VaultFailed), &self.participant);
                    self.pause(&error.to_string()).await?;
                }
            }
        }
        // What the old links still had to say was for the old participant.
        while self.events.try_recv().is_ok() {}
        self.follow();
        self.wake_at = Some(clock::now());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
