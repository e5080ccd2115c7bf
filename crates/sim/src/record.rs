//! Everything that happened, for the oracles: what was said, what was written, what was secret.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::arena::node::Vault;
use participant::Row;
use participant::step::Area;
use participant::voice::Waits;
use round::parts::Secrets;
use round::{Ballot, Hash, Message, Phase, Sequence};
use wire::Timestamp;

/// One message that left a node. Whoever sees the network has it, shown or not.
#[derive(Clone)]
pub struct Said {
    /// Its place among all that happened.
    pub order: u64,
    /// Which node.
    pub node: usize,
    /// Whose.
    pub seat: usize,
    /// Whether its program is the honest one.
    pub honest: bool,
    /// Which of its seat's vaults it goes on from: copies that came back have higher numbers.
    pub copy: u32,
    /// The message.
    pub message: Arc<Message>,
}

/// One row that an honest node wrote.
pub struct Written {
    /// Its place among all that happened: rows of one transaction have one.
    pub order: u64,
    /// Which node.
    pub node: usize,
    /// Which part of the vault.
    pub area: Area,
    /// Its key.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
}

/// What is public about a run.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// Its number.
    pub number: u32,
    /// Its roster, ascending.
    pub leaves: Vec<u32>,
    /// Its roster by index.
    pub by_index: Vec<u32>,
    /// Answers are collected, not texts.
    pub is_ballot: bool,
}

/// What an entry's bytes hold.
#[derive(Clone)]
pub struct Content {
    /// Who wrote it.
    pub seat: usize,
    /// What it says in a Round.
    pub message: Option<Arc<Message>>,
}

/// All that happened.
#[derive(Default)]
pub struct Record {
    /// By time.
    pub said: Vec<Said>,
    /// By time.
    pub rows: Vec<Written>,
    /// Of honest nodes, by node and run.
    pub secrets: BTreeMap<(usize, Hash), Secrets>,
    /// Content secrets of liars, by run, leaf and node.
    pub liar_shares: BTreeMap<(Hash, u32, usize), [u8; 32]>,
    /// By context.
    pub runs: BTreeMap<Hash, RunFacts>,
    /// Shares that an honest node gave before every sequence had its GOs.
    pub early_releases: Vec<usize>,
    /// Honest nodes that took a change of seats for valid while a run was on.
    pub commits_in_runs: Vec<usize>,
    /// What the core of an honest node could not go on from.
    pub errors: Vec<String>,
    /// One line for each delivered entry and each decision, if anybody wants them.
    pub trace: Option<Vec<String>>,
    contents: BTreeMap<[u8; 32], Content>,
    order: u64,
}

impl Record {
    /// The place of what happens next.
    pub fn number(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    /// Notes the rows of a step.
    pub fn note_rows(&mut self, order: u64, node: usize, seat: usize, honest: bool, rows: &[Row]) {
        for row in rows {
            let Some(value) = &row.value else { continue };
            self.note_content(seat, &row.key, value);
            if !honest {
                continue;
            }
            if let (true, Some(decision)) = (row.key.starts_with(b"decision/"), value.first()) {
                self.trace(|| format!("{order} node {node} seat {seat} decides {decision}"));
            }
            self.rows.push(Written {
                order,
                node,
                area: row.area,
                key: row.key.clone(),
                value: value.to_vec(),
            });
        }
    }

    fn note_content(&mut self, seat: usize, key: &[u8], value: &[u8]) {
        let Some(waits) = Waits::of_row(key, value) else {
            return;
        };
        if let Some(name) = waits.entry.as_deref().and_then(name_of) {
            let message = waits.said.map(|(_, message)| Arc::new(message));
            self.contents.insert(name, Content { seat, message });
        }
    }

    /// What an entry's bytes hold.
    pub fn content(&self, entry: &[u8]) -> Option<&Content> {
        self.contents.get(&name_of(entry)?)
    }

    /// The entries that wait in a vault.
    pub fn waits_in(&self, vault: &Vault) -> Vec<Vec<u8>> {
        let rows = vault.values().flatten();
        let waits = rows.filter_map(|(key, value)| Waits::of_row(key, value)?.entry);
        waits.collect()
    }

    /// Notes a message that leaves a node.
    pub fn note_said(
        &mut self,
        order: u64,
        (node, copy): (usize, u32),
        honest: bool,
        content: &Content,
    ) {
        let Some(message) = &content.message else {
            return;
        };
        self.said.push(Said {
            order,
            node,
            seat: content.seat,
            honest,
            copy,
            message: Arc::clone(message),
        });
    }

    /// Notes a run that a node is in.
    pub fn note_run(&mut self, fold: &Sequence) {
        self.runs.entry(fold.ctx_r()).or_insert_with(|| RunFacts {
            number: fold.run_number(),
            leaves: fold.roster(),
            by_index: round::parts::roster(fold),
            is_ballot: fold.terms().slot_bytes == Ballot::SLOT_BYTES,
        });
    }

    /// Notes what an honest contributor has, keeping what it had.
    pub fn note_secrets(&mut self, node: usize, new: Secrets) {
        match self.secrets.get_mut(&(node, new.ctx)) {
            None => drop(self.secrets.insert((node, new.ctx), new)),
            Some(old) => {
                old.step = new.step;
                old.root = old.root.or(new.root);
                old.x = old.x.or(new.x);
                if !new.pairs.is_empty() {
                    old.pairs = new.pairs;
                }
                if !new.tags.is_empty() {
                    old.tags = new.tags;
                }
                if !new.own.is_empty() {
                    old.own = new.own;
                }
            }
        }
    }

    /// Writes a line, if anybody reads them.
    pub fn trace(&mut self, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.trace {
            lines.push(line());
        }
    }

    /// Notes something delivered.
    pub fn trace_delivery(
        &mut self,
        now: Timestamp,
        node: usize,
        seat: usize,
        entry: &wire::Entry,
    ) {
        if self.trace.is_none() {
            return;
        }
        let content = self.content(&entry.bytes);
        let what = match content.map(|c| (c.seat, c.message.as_deref())) {
            None => "something else".to_owned(),
            Some((by, None)) => format!("an event by seat {by}"),
            Some((by, Some(message))) => format!("{} by seat {by}", kind(message)),
        };
        let (at, index) = (now.ms(), entry.index);
        let line = format!("{at} node {node} seat {seat} reads {index}: {what}");
        self.trace(|| line);
    }
}

/// An entry is known by the random part of its nonce and some of its ciphertext.
fn name_of(entry: &[u8]) -> Option<[u8; 32]> {
    entry.get(1..33)?.try_into().ok()
}

/// The kind of a message.
pub fn kind(message: &Message) -> &'static str {
    match message {
        Message::Join(_) => "JOIN",
        Message::Kem(_) => "KEM",
        Message::Slot(_) => "SLOT",
        Message::Dc(_) => "DC",
        Message::Go(_) => "GO",
        Message::Nogo(_) => "NOGO",
        Message::Release(_) => "RELEASE",
        Message::Close(_) => "CLOSE",
        Message::Leave(_) => "LEAVE",
        Message::GiveUp(_) => "GIVE-UP",
        Message::Reveal(_) => "REVEAL",
    }
}

/// The phase to which a message belongs.
pub fn phase_of(message: &Message) -> Option<Phase> {
    match message {
        Message::Join(_) => Some(Phase::Joins),
        Message::Kem(_) => Some(Phase::Kems),
        Message::Slot(_) => Some(Phase::Slots),
        Message::Dc(_) => Some(Phase::Vectors),
        Message::Go(_) | Message::Nogo(_) => Some(Phase::Verdicts),
        Message::Release(_) => Some(Phase::Releases),
        Message::Reveal(_) => Some(Phase::Reveals),
        Message::Close(_) | Message::Leave(_) | Message::GiveUp(_) => None,
    }
}
