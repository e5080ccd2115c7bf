//! One simulated node: a participant, a vault in memory, connections that can be cut.

use std::collections::{BTreeMap, BTreeSet};

use chacha20::ChaCha20Rng;
use participant::voice::Words;
use participant::{
    Command, Ctx, Frame, Input, MlsError, Notice, Participant, Place, Refused, Row, Rows, Step,
    Subscription,
};
use rand_core::SeedableRng;
use wire::{MailboxId, Timestamp, Token};

/// What a seat has told its person, in order.
pub type Heard = Vec<Notice>;

/// One node.
pub struct Seat {
    /// None while it is switched off.
    pub participant: Option<Participant>,
    /// All that survives a crash.
    pub vault: BTreeMap<u16, Rows>,
    /// Everything that was shown.
    pub heard: Heard,
    /// Frames on their way out.
    pub outgoing: Vec<Frame>,
    /// When it wants to be woken.
    pub wake_at: Option<Timestamp>,
    /// Mailboxes whose connection stands.
    pub connected: BTreeSet<MailboxId>,
    /// Mailboxes for which everything was handed over.
    pub caught_up: BTreeSet<MailboxId>,
    /// Mailboxes that the relay does not let it read.
    pub refused: BTreeSet<MailboxId>,
    /// By which token each mailbox is followed.
    pub followed: BTreeMap<MailboxId, Token>,
    /// How many frames it has wanted to send.
    pub sent: u64,
    /// Cut off from the relay.
    pub offline: bool,
    rng: ChaCha20Rng,
}

impl Seat {
    /// A fresh vault.
    pub fn new(seed: u64) -> Seat {
        Seat::going_on(BTreeMap::new(), seed)
    }

    /// A node that goes on from a vault.
    pub fn going_on(vault: BTreeMap<u16, Rows>, seed: u64) -> Seat {
        let mut seat = Seat {
            participant: None,
            vault,
            heard: Vec::new(),
            outgoing: Vec::new(),
            wake_at: None,
            connected: BTreeSet::new(),
            caught_up: BTreeSet::new(),
            refused: BTreeSet::new(),
            followed: BTreeMap::new(),
            sent: 0,
            offline: false,
            rng: ChaCha20Rng::seed_from_u64(seed),
        };
        seat.start();
        seat
    }

    /// Switches the node off at once: what is not in the vault is gone.
    pub fn crash(&mut self) {
        self.participant = None;
        self.outgoing.clear();
        self.wake_at = None;
        self.disconnect();
    }

    /// Switches the node on.
    pub fn start(&mut self) {
        let loaded = Participant::load(self.vault.clone());
        self.participant = Some(loaded.expect("the vault is whole"));
    }

    /// Cuts the connections; the core is told.
    pub fn disconnect(&mut self) {
        let was: Vec<MailboxId> = std::mem::take(&mut self.connected).into_iter().collect();
        self.caught_up.clear();
        self.refused.clear();
        self.followed.clear();
        for mailbox in was {
            if self.participant.is_some() {
                self.input(Input::Lost { mailbox }, Timestamp::from_ms(0));
            }
        }
    }

    /// One connection breaks.
    pub fn lose(&mut self, mailbox: MailboxId, now: Timestamp) {
        self.connected.remove(&mailbox);
        self.caught_up.remove(&mailbox);
        self.refused.remove(&mailbox);
        self.followed.remove(&mailbox);
        self.input(Input::Lost { mailbox }, now);
    }

    /// Connections that are not asked for any more are closed.
    pub fn close_links(&mut self, wanted: &[Subscription]) {
        let asked = |mailbox: &MailboxId| wanted.iter().any(|one| one.mailbox == *mailbox);
        self.connected.retain(asked);
        self.caught_up.retain(asked);
        self.refused.retain(asked);
        self.followed.retain(|mailbox, _| asked(mailbox));
    }

    /// The running core.
    pub fn core(&self) -> &Participant {
        self.participant.as_ref().expect("the node is on")
    }

    /// Hands over one input and keeps the step.
    pub fn input(&mut self, input: Input, now: Timestamp) {
        let step = self.step(input, now).expect("the core goes on");
        self.keep(step);
    }

    fn step(&mut self, input: Input, now: Timestamp) -> Result<Step, MlsError> {
        let mut ctx = Ctx {
            now,
            rng: &mut self.rng,
        };
        self.participant
            .as_mut()
            .expect("the node is on")
            .handle(input, &mut ctx)
    }

    /// Does what the person asks for.
    pub fn command(&mut self, command: Command, now: Timestamp) -> Result<(), Refused> {
        let mut ctx = Ctx {
            now,
            rng: &mut self.rng,
        };
        let step = self
            .participant
            .as_mut()
            .expect("the node is on")
            .command(command, &mut ctx)?;
        self.keep(step);
        Ok(())
    }

    /// Says anything in a room, as a member with a changed program.
    pub fn utter(&mut self, place: Place, words: Vec<Words>, now: Timestamp) {
        let mut ctx = Ctx {
            now,
            rng: &mut self.rng,
        };
        let core = self.participant.as_mut().expect("the node is on");
        let step = core.utter_in(place, words, &mut ctx);
        self.keep(step.expect("the group encrypts"));
    }

    fn keep(&mut self, step: Step) {
        for Row { area, key, value } in step.persist.rows {
            let rows = self.vault.entry(area).or_default();
            match value {
                Some(value) => rows.insert(key, value.to_vec()),
                None => rows.remove(&key),
            };
        }
        self.sent += u64::try_from(step.send.len()).expect("a few frames");
        self.outgoing.extend(step.send);
        self.heard.extend(step.notify);
        self.wake_at = step.wake_at;
    }
}
