//! One node of the arena: a participant, a disk that may lose what was not yet durable, and a plan
//! of when it stops.

use std::collections::BTreeMap;

use letters::later;
use participant::step::Area;
use participant::{Command, Ctx, Input, MlsError, Participant, Refused, Row, Rows, Step};
use rand_core::Rng as _;
use round::Phase;
use wire::Timestamp;

use super::generator::Generator;
use crate::liars::Liar;
use crate::record::Said;

/// All areas of a vault.
pub type Vault = BTreeMap<Area, Rows>;

/// Where in a step a node stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashPoint {
    /// Nothing of the step is on the disk.
    BeforePersist,
    /// It is, and nothing was sent.
    AfterPersist,
    /// It was sent as well.
    AfterSend,
}

/// A node stops at the `skip`-th durable step from when its run is in `phase`.
#[derive(Clone, Copy, Debug)]
pub struct CrashPlan {
    /// In which phase.
    pub phase: Phase,
    /// How many durable steps are let through.
    pub skip: u32,
    /// Where in that step.
    pub point: CrashPoint,
    /// How long it stays off, ms.
    pub off_ms: u64,
}

/// One node.
pub struct Node {
    /// Whose: 0 is the convenor.
    pub seat: usize,
    /// 0 for the first of that seat; copies have higher numbers.
    pub copy: u32,
    /// The face of the relay that it sees.
    pub view: usize,
    /// None while it is off.
    pub core: Option<Participant>,
    /// What survives a crash.
    pub disk: Vault,
    /// Rows of steps that need not be durable yet.
    unsynced: Vec<Row>,
    /// What cheats in its name.
    pub liar: Option<Liar>,
    /// When it wants to be woken, by its own clock.
    pub wake_at: Option<Timestamp>,
    /// The earliest time for which the arena has promised to wake it.
    pub alarm: Option<Timestamp>,
    /// Connected, and everything was handed over.
    pub live: bool,
    /// No entry reaches it before.
    pub fed_from: Timestamp,
    /// Nothing that it sends arrives before.
    pub sent_until: Timestamp,
    /// It will stop.
    pub crash: Option<CrashPlan>,
    /// Its clock is ahead by so much.
    pub ahead_ms: u64,
    /// Since when it knows that its vault is an older copy, in the record's order.
    pub restored_since: Option<u64>,
    /// Since when its vault is an older copy, with words of its seat in the log that it does not know.
    pub is_older_since: Option<u64>,
    /// It has seen a START.
    pub began: bool,
    /// Which secrets the record has seen last.
    pub seen: Option<([u8; 32], u8)>,
    /// Its build has tables of a later version of Unicode.
    pub has_later_tables: bool,
    /// What it draws from.
    pub rng: Generator,
}

impl Node {
    /// A node that goes on from a vault.
    pub fn load(seat: usize, copy: u32, view: usize, disk: Vault, seed: u64) -> Node {
        let mut node = Node {
            seat,
            copy,
            view,
            core: None,
            disk,
            unsynced: Vec::new(),
            liar: None,
            wake_at: None,
            alarm: None,
            live: false,
            fed_from: Timestamp::from_ms(0),
            sent_until: Timestamp::from_ms(0),
            crash: None,
            ahead_ms: 0,
            restored_since: None,
            is_older_since: None,
            began: false,
            seen: None,
            has_later_tables: false,
            rng: Generator::new(seed),
        };
        node.start();
        node
    }

    /// Somebody cheats in its name.
    pub fn set_liar(&mut self, liar: Option<Liar>) {
        self.liar = liar;
        if let (Some(core), true) = (&mut self.core, self.liar.is_some()) {
            core.mute();
        }
    }

    /// Switches it on.
    pub fn start(&mut self) {
        let loaded = later::with(self.has_later_tables, || {
            Participant::load(self.disk.clone())
        });
        let mut core = loaded.expect("what the core wrote, the core reads");
        if self.liar.is_some() {
            core.mute();
        }
        self.core = Some(core);
    }

    /// Switches it off: what was not durable is there or not, as chance has it.
    pub fn stop(&mut self) {
        self.core = None;
        self.live = false;
        self.wake_at = None;
        if self.rng.next_u32() & 1 == 0 {
            self.sync();
        }
        self.unsynced.clear();
    }

    /// Its own time.
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        now.plus_ms(self.ahead_ms)
    }

    /// Gives one input.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Option<Result<Step, MlsError>> {
        let now = self.clock(now);
        let mut ctx = Ctx {
            now,
            rng: &mut self.rng,
        };
        let core = self.core.as_mut()?;
        Some(later::with(self.has_later_tables, || {
            core.handle(input, &mut ctx)
        }))
    }

    /// Does what its person asks for.
    pub fn command(&mut self, command: Command, now: Timestamp) -> Option<Result<Step, Refused>> {
        let now = self.clock(now);
        let mut ctx = Ctx {
            now,
            rng: &mut self.rng,
        };
        let core = self.core.as_mut()?;
        Some(later::with(self.has_later_tables, || {
            core.command(command, &mut ctx)
        }))
    }

    /// Lets its liar speak, if it has one and that one has something to say.
    pub fn lie(&mut self, now: Timestamp, said: &[Said]) -> Option<Result<Step, MlsError>> {
        let now = self.clock(now);
        let (core, liar) = (self.core.as_mut()?, self.liar.as_mut()?);
        let rng = &mut self.rng;
        let words = later::with(self.has_later_tables, || liar.speak(core, now, said, rng));
        if words.is_empty() {
            return None;
        }
        let mut ctx = Ctx {
            now,
            rng: &mut self.rng,
        };
        Some(later::with(self.has_later_tables, || {
            core.utter(words, &mut ctx)
        }))
    }

    /// When it must be woken, in the arena's time.
    pub fn wakes(&self) -> Option<Timestamp> {
        let lies = self.liar.as_ref().and_then(Liar::wakes);
        let at = [self.wake_at, lies].into_iter().flatten().min()?;
        Some(Timestamp::from_ms(at.ms().saturating_sub(self.ahead_ms)))
    }

    /// Takes a step's rows.
    pub fn keep(&mut self, rows: Vec<Row>, durable: bool) {
        self.unsynced.extend(rows);
        if durable {
            self.sync();
        }
    }

    /// Everything reaches the disk.
    pub fn sync(&mut self) {
        for Row { area, key, value } in self.unsynced.drain(..) {
            let rows = self.disk.entry(area).or_default();
            match value {
                Some(value) => rows.insert(key, value.to_vec()),
                None => rows.remove(&key),
            };
        }
    }

    /// The phase that it is in.
    pub fn phase(&self) -> Option<Phase> {
        let (_, sequence) = self.core.as_ref()?.sequence()?;
        sequence.phase()
    }
}
