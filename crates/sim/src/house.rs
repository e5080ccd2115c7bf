//! Rooms under attack, by seeds: a dialogue with hostile members, a relay with moods, machines that stop.
//! Afterwards honest people must be able to use their rooms again, without whoever was removed.

pub mod attacks;
pub mod canaries;
pub mod cases;
mod machines;
pub mod oracle;
pub mod people;
pub mod play;
mod poison;
pub mod report;
mod shut_phases;
pub mod template;

use std::collections::{BTreeMap, BTreeSet};

use participant::rogue::Rogue;
use participant::step::Area;
use participant::{Place, Rows};
use wire::{MailboxId, Token};

use crate::World;
use crate::cases::Draw;

/// One dialogue that is played.
pub struct House {
    /// Its nodes and its relay.
    pub world: World,
    /// Seats beside the convenor.
    pub n: usize,
    /// Seats whose owners have changed programs.
    pub hostile: Vec<usize>,
    /// What the seed decides.
    pub draw: Draw,
    /// What honest people have said: place, seat, words.
    pub said: Vec<(Place, usize, String)>,
    /// Where the rooms of the hostile were, and what their vaults held, when they were removed.
    pub kept: Vec<Kept>,
    /// How far ahead the relay's clock was at most. Until time has caught up, who comes and goes in a caucus
    /// cannot be compared with the plenary.
    pub ahead_ms: u64,
    /// Honest seats that followed a clock which ran away, and were not told.
    pub untold: BTreeSet<usize>,
    /// Honest seats that did not hear what was said while a room was shut again and again.
    pub unheard: BTreeSet<usize>,
    /// Honest seats that were left out of a Round whose phase was closed behind a log that was shut.
    pub left_out: BTreeSet<usize>,
    /// Most requests that a node wanted to send within an hour.
    pub busiest: u64,
    /// What happened, for whoever reads it.
    pub trace: Option<Vec<String>>,
}

/// What a hostile member has of a room after its removal.
pub struct Kept {
    /// Whose.
    pub seat: usize,
    /// Of which room.
    pub place: Place,
    /// Its vault.
    pub vault: BTreeMap<Area, Rows>,
    /// Where the room was.
    pub mailbox: MailboxId,
    /// By this it was read and written.
    pub token: Token,
    /// How long that log was when everybody honest knew of the removal.
    pub since: Option<usize>,
}

impl House {
    /// All seats that follow the protocol, the convenor among them.
    pub fn honest(&self) -> Vec<usize> {
        let all = 0..self.world.seats.len();
        all.filter(|seat| !self.hostile.contains(seat)).collect()
    }

    /// Those of them that sit in the caucus of this seat.
    pub fn colleagues(&self, seat: usize) -> Vec<usize> {
        let honest = self.honest().into_iter();
        honest
            .filter(|other| *other > 0 && other % 2 == seat % 2)
            .collect()
    }

    /// Where a room is, as a seat knows it.
    pub fn mailbox(&self, seat: usize, place: Place) -> Option<MailboxId> {
        let core = self.world.seats.get(seat)?.participant.as_ref()?;
        core.room_mailbox(place)
    }

    /// Where a room is, and by which token, as a seat knows it.
    pub fn subscription(&self, seat: usize, place: Place) -> Option<(MailboxId, Token)> {
        let core = self.world.seats.get(seat)?.participant.as_ref()?;
        let mailbox = core.room_mailbox(place)?;
        let mut all = core.subscriptions().into_iter();
        let followed = all.find(|one| one.mailbox == mailbox)?;
        Some((mailbox, followed.token))
    }

    /// The keys of a hostile seat to a room, as its vault holds them now.
    pub fn rogue(&self, seat: usize, place: Place) -> Option<Rogue> {
        self.mailbox(seat, place)?;
        Some(Rogue::of(&self.world.seats[seat].vault, place))
    }

    /// From where on whoever was removed may read nothing: once everybody honest knows.
    pub fn note_who_is_gone(&mut self) {
        for at in 0..self.kept.len() {
            let Kept {
                seat,
                mailbox,
                since,
                ..
            } = &self.kept[at];
            if since.is_none() && self.is_gone_from_plenary(*seat) {
                let log = self.world.host.logs.get(mailbox).map(Vec::len);
                self.kept[at].since = Some(log.unwrap_or(0));
            }
        }
    }

    /// One line of the trace.
    pub fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            let line = line();
            trace.push(format!("{} ms: {line}", self.world.now.ms()));
        }
    }

    /// How everybody honest stands, for the trace.
    pub fn note_circumstances(&mut self) {
        for seat in self.honest() {
            for place in [Place::Plenary, Place::Caucus] {
                let core = self.world.seats[seat].participant.as_ref();
                let stands = core.and_then(|core| core.circumstances(place));
                self.note(|| format!("seat {seat} {place:?}: {}", stands.unwrap_or_default()));
            }
        }
        if self.trace.is_some() {
            let logs = self.world.host.logs.clone();
            for (mailbox, log) in &logs {
                for entry in log.iter().rev().take(12) {
                    let (index, ms, size) = (entry.index, entry.time.ms(), entry.bytes.len());
                    let kind = entry.kind;
                    self.note(|| format!("{mailbox:?} {index} at {ms}: {size} bytes, {kind:?}"));
                }
            }
        }
    }

    /// Time passes, by portions of at most an hour, in which nobody may send without end.
    pub fn pass(&mut self, ms: u64) {
        const HOUR_MS: u64 = 3_600_000;
        let mut left = ms;
        while left > 0 {
            let portion = left.min(HOUR_MS);
            let before: Vec<u64> = self.world.seats.iter().map(|seat| seat.sent).collect();
            self.world.pass(portion);
            let sent = self.world.seats.iter().zip(before);
            let most = sent.map(|(seat, before)| seat.sent - before).max();
            self.busiest = self.busiest.max(most.unwrap_or(0));
            left -= portion;
        }
    }
}
