//! One play: nodes around a relay that has as many faces as its script wants. Everything happens in
//! the order of one queue, so that a seed plays the same every time.

mod asking;
mod generator;
pub mod node;
mod relaying;
mod stepping;
mod view;

use std::collections::BTreeMap;

use chacha20::ChaCha20Rng;
use participant::{Command, Input, Op};
use rand_core::{Rng as _, SeedableRng as _};
use room::RoundId;
use round::Phase;
use wire::{Entry, MailboxId, Timestamp};

use crate::record::Record;
use crate::script::Script;
use crate::template::Template;
use node::{Node, Vault};
use view::View;

/// Something that will happen.
enum Event {
    /// The next entry reaches a node.
    Feed(usize),
    /// A node wanted to be woken.
    Wake(usize),
    /// A request reaches a face of the relay.
    Arrive {
        view: usize,
        op: Op,
        from: Option<(usize, u64)>,
    },
    /// A face shows bytes once more.
    Show { view: usize, bytes: Vec<u8> },
    /// A node is switched on.
    Start(usize),
    /// A connection stands again.
    Connect(usize),
    /// A copy of a vault takes the place of a node's own.
    Restore(usize, Box<Vault>),
    /// What was kept from the first face is shown there.
    ShowHeld,
}

/// One play.
pub struct Arena {
    /// The true time.
    pub now: Timestamp,
    /// All nodes; copies come last.
    pub nodes: Vec<Node>,
    /// What the relay and the network do.
    pub script: Script,
    /// What happened.
    pub record: Record,
    /// The Round that is played.
    pub round: RoundId,
    /// Whether what the script wanted has come about.
    pub struck: bool,
    /// A second Round is played.
    pub played_again: bool,
    leaves: Vec<u32>,
    ends: Timestamp,
    views: Vec<View>,
    others: &'static BTreeMap<MailboxId, Vec<Entry>>,
    mailbox: MailboxId,
    queue: BTreeMap<(u64, u64), Event>,
    tick: u64,
    rng: ChaCha20Rng,
    /// How many first-run messages of each phase have been sent.
    sent: BTreeMap<u8, usize>,
    /// Requests that the first face does not see yet.
    held: Vec<Op>,
    forked: bool,
}

impl Arena {
    /// A template comes to life.
    pub fn new(
        template: &'static Template,
        script: Script,
        seed: u64,
        with_convenor: bool,
    ) -> Arena {
        let rng = ChaCha20Rng::seed_from_u64(seed ^ 0xA7EA);
        let mut arena = Arena {
            now: template.now,
            nodes: Vec::new(),
            script,
            record: Record::default(),
            round: template.round,
            struck: false,
            played_again: false,
            leaves: template.leaves.clone(),
            ends: template.ends,
            views: vec![View::of(template.host.clone(), template.mailbox)],
            others: &template.host.logs,
            mailbox: template.mailbox,
            queue: BTreeMap::new(),
            tick: 0,
            rng,
            sent: BTreeMap::new(),
            held: Vec::new(),
            forked: false,
        };
        let first = usize::from(!with_convenor);
        for (seat, vault) in template.vaults.iter().enumerate().skip(first) {
            let seed = seed.wrapping_mul(64).wrapping_add(seat as u64);
            arena
                .nodes
                .push(Node::load(seat, 0, 0, vault.clone(), seed));
        }
        arena
    }

    /// Connects everybody.
    pub fn begin(&mut self) {
        for node in 0..self.nodes.len() {
            self.connect(node);
        }
    }

    /// Draws a number below `n`.
    pub fn draw(&mut self, n: u64) -> u64 {
        self.rng.next_u64().checked_rem(n).unwrap_or(0)
    }

    fn later(&mut self, ms: u64, event: Event) {
        self.at(self.now.plus_ms(ms), event);
    }

    fn at(&mut self, at: Timestamp, event: Event) {
        self.tick += 1;
        self.queue
            .insert((at.ms().max(self.now.ms()), self.tick), event);
    }

    /// Plays until a time, or until `done`.
    pub fn play_until(&mut self, until: Timestamp, done: impl Fn(&Arena) -> bool) {
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 > until.ms() {
                break;
            }
            let ((at, _), event) = entry.remove_entry();
            self.now = Timestamp::from_ms(at);
            self.happen(event);
            if done(self) {
                return;
            }
        }
        self.now = until.max(self.now);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Feed(node) => self.feed(node),
            Event::Wake(node) => {
                if self.nodes[node].alarm == Some(self.now) {
                    self.nodes[node].alarm = None;
                }
                let due = self.nodes[node].wakes().is_some_and(|at| at <= self.now);
                if due && self.nodes[node].core.is_some() {
                    self.nodes[node].wake_at = None;
                    self.input(node, Input::Woken);
                }
            }
            Event::Arrive { view, op, from } => self.arrive(view, op, from),
            Event::Show { view, bytes } => {
                self.views[view].show(bytes, self.now);
                self.tell(view);
            }
            Event::Start(node) => {
                self.nodes[node].start();
                self.connect(node);
            }
            Event::Connect(node) => self.connect(node),
            Event::ShowHeld => self.show_held(),
            Event::Restore(node, vault) => {
                self.nodes[node].core = None;
                self.nodes[node].disk = *vault;
                self.nodes[node].copy += 1;
                self.nodes[node].start();
                if self.has_unknown_words(node) {
                    let order = self.record.number();
                    self.nodes[node].is_older_since = Some(order);
                }
                self.connect(node);
            }
        }
    }

    /// A person's wish. Whether it was carried out.
    pub fn command(&mut self, node: usize, command: Command) -> bool {
        let now = self.now;
        match self.nodes[node].command(command, now) {
            Some(Ok(step)) => {
                self.finish(node, step);
                true
            }
            Some(Err(why)) => {
                let seat = self.nodes[node].seat;
                self.record
                    .trace(|| format!("seat {seat} is refused: {why:?}"));
                false
            }
            None => false,
        }
    }

    /// The first honest node of a seat.
    pub fn node_of(&self, seat: usize) -> Option<usize> {
        self.nodes.iter().position(|node| node.seat == seat)
    }

    /// How many first-run messages of a phase have been sent.
    fn count(&mut self, phase: Phase) -> usize {
        let count = self.sent.entry(phase as u8).or_default();
        *count += 1;
        *count
    }
}
