//! The liar itself: it follows the run as every member does, and asks its plan at every step.

use std::collections::BTreeSet;

use participant::Participant;
use participant::voice::Words;
use rand_core::CryptoRng;
use room::RoundId;
use round::parts::{self, Drawn, Pair, Shared};
use round::{Collection, Hash, Message, Phase, Sequence};
use wire::Timestamp;

use super::{Cheat, Trick, joins, kems, last_words, slots, talk, vectors, verdicts};
use crate::record::Said;

/// Messages leave this late at most, as honest ones do, ms.
const JITTER_MS: u64 = 50;
/// How long a liar waits for the message of somebody else that it wants to copy, ms.
const PATIENCE_MS: u64 = 10;
/// How often it looks for one.
const TRIES: u32 = 8;

/// One liar.
#[derive(Clone)]
pub struct Liar {
    tricks: Vec<Trick>,
    /// What it writes.
    pub text: String,
    /// It is the copy in another fork, and says otherwise where the plan has it so.
    pub in_other_fork: bool,
    /// It says nothing at all here: a copy in another fork speaks for it.
    pub listens: bool,
    run: Option<LiarRun>,
    pub(super) old_slots: Vec<Vec<u8>>,
    step: Option<(Hash, Phase)>,
    due: Option<Timestamp>,
    tried: u32,
}

/// A liar's secrets of one run.
#[derive(Clone)]
pub(super) struct LiarRun {
    pub(super) ctx: Hash,
    pub(super) leaf: u32,
    pub(super) me: u16,
    pub(super) n: usize,
    pub(super) drawn: Drawn,
    pub(super) sent: Vec<Shared>,
    pub(super) pairs: Vec<Pair>,
    pub(super) lanes: u16,
    /// By lane.
    pub(super) tags: Vec<u64>,
    pub(super) slots: Vec<u16>,
    pub(super) sealed: Vec<Vec<u8>>,
    said: BTreeSet<u8>,
}

/// What a liar has at hand when it speaks.
pub(super) struct Scene<'a> {
    pub(super) round: RoundId,
    pub(super) fold: &'a Sequence,
    pub(super) said: &'a [Said],
    pub(super) rng: &'a mut dyn CryptoRng,
}

impl Liar {
    /// With a plan and a text.
    pub fn new(tricks: Vec<Trick>, text: String) -> Liar {
        Liar {
            tricks,
            text,
            in_other_fork: false,
            listens: false,
            run: None,
            old_slots: Vec::new(),
            step: None,
            due: None,
            tried: 0,
        }
    }

    /// What it does in a phase of a run, if it cheats there.
    fn cheat(&self, phase: Phase, run: u32) -> Option<Cheat> {
        let mut tricks = self.tricks.iter();
        let found = tricks.find(|trick| trick.phase == phase && trick.runs.include(run))?;
        let elsewhere = found.cheat == Cheat::Otherwise && !self.in_other_fork;
        (!elsewhere).then_some(found.cheat)
    }

    /// Whether it waits on for what it wants to copy.
    pub(super) fn is_patient(&self) -> bool {
        self.tried < TRIES
    }

    /// When it must be woken, by its node's clock.
    pub fn wakes(&self) -> Option<Timestamp> {
        self.due
    }

    /// The run it is in, and its content secret there.
    pub fn share(&self) -> Option<(Hash, [u8; 32])> {
        self.run.as_ref().map(|run| (run.ctx, run.drawn.x))
    }

    /// Says what is due.
    pub fn speak(
        &mut self,
        core: &Participant,
        now: Timestamp,
        said: &[Said],
        rng: &mut dyn CryptoRng,
    ) -> Vec<Words> {
        let (Some((round, fold)), Some(leaf)) = (core.sequence(), core.leaf()) else {
            self.due = None;
            return Vec::new();
        };
        let Some(phase) = fold.phase() else {
            self.due = None;
            return Vec::new();
        };
        if self.step != Some((fold.ctx_r(), phase)) {
            self.step = Some((fold.ctx_r(), phase));
            self.tried = 0;
            let jitter = rng.next_u64() % (JITTER_MS + 1);
            // A commit must follow the head that it names: before anybody else speaks.
            let at_once = self.cheat(phase, fold.run_number()) == Some(Cheat::Commit);
            self.due = Some(now.plus_ms(if at_once { 0 } else { jitter }));
        }
        if self.due.is_none_or(|due| now < due) {
            return Vec::new();
        }
        let cheat = self.cheat(phase, fold.run_number());
        let gate = core.collection().is_some_and(Collection::gate_is_open);
        if phase == Phase::Releases && !gate && cheat.is_none() {
            self.due = Some(now.plus_ms(4 * PATIENCE_MS));
            return Vec::new();
        }
        self.due = None;
        let mut scene = Scene {
            round,
            fold,
            said,
            rng,
        };
        self.begin(leaf, &mut scene);
        let words = self.say(phase, &mut scene);
        if words.is_none() && self.is_patient() {
            self.tried += 1;
            self.due = Some(now.plus_ms(PATIENCE_MS));
        }
        words.unwrap_or_default()
    }

    /// A new run: new secrets.
    fn begin(&mut self, leaf: u32, scene: &mut Scene) {
        let ctx = scene.fold.ctx_r();
        if self.run.as_ref().is_some_and(|run| run.ctx == ctx) {
            return;
        }
        let me = parts::index(scene.fold, leaf);
        self.run = me.map(|me| LiarRun {
            ctx,
            leaf,
            me,
            n: scene.fold.roster().len(),
            drawn: Drawn::new(scene.rng),
            sent: Vec::new(),
            pairs: Vec::new(),
            lanes: scene.fold.terms().lanes,
            tags: Vec::new(),
            slots: Vec::new(),
            sealed: Vec::new(),
            said: BTreeSet::new(),
        });
    }

    /// The words of a phase; `None` where it waits for something to copy.
    fn say(&mut self, phase: Phase, scene: &mut Scene) -> Option<Vec<Words>> {
        let cheat = self.cheat(phase, scene.fold.run_number());
        let mut words = talk::aside(cheat, phase, scene);
        if let Some(mut run) = self.run.take() {
            let said = run.said.contains(&(phase as u8));
            let messages = match said {
                true => Some(Vec::new()),
                false => self.message(&mut run, phase, cheat, scene),
            };
            if messages.is_some() {
                run.said.insert(phase as u8);
            }
            self.run = Some(run);
            let round = scene.round;
            let spoken = messages?.into_iter();
            words.extend(spoken.map(|message| Words::Round(round, Box::new(message))));
        }
        if self.listens {
            words.clear();
        }
        Some(words)
    }

    fn message(
        &mut self,
        run: &mut LiarRun,
        phase: Phase,
        cheat: Option<Cheat>,
        scene: &mut Scene,
    ) -> Option<Vec<Message>> {
        match phase {
            Phase::Joins => joins::say(run, cheat, scene),
            Phase::Kems => kems::say(run, cheat, scene),
            Phase::Slots => slots::say(run, cheat, scene),
            Phase::Vectors => vectors::say(self, run, cheat, scene),
            Phase::Verdicts => verdicts::say(self, run, cheat, scene),
            Phase::Releases => last_words::release(run, cheat),
            Phase::Reveals => last_words::reveal(run, cheat, scene),
        }
    }
}

/// A hash that differs in one bit.
pub(super) fn other(mut hash: Hash) -> Hash {
    hash[0] ^= 1;
    hash
}

/// A number below `n`.
pub(super) fn below(n: usize, rng: &mut dyn CryptoRng) -> usize {
    let drawn = usize::try_from(rng.next_u32()).unwrap_or(0);
    drawn.checked_rem(n).unwrap_or(0)
}
