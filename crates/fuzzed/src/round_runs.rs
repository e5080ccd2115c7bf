//! A run of a few members whose messages are changed, dropped, repeated and reordered on their way
//! into the log, while the members answer to what they see there.

use std::collections::{BTreeMap, BTreeSet};

use round::{
    Cause, Close, Contributor, Entry, GiveUp, Leave, Member, Message, Nogo, OpenedSlot, Payload,
    Phase, RunEnd, Said, Sequence, SequenceState, Terms, Time, Verdict,
};

use crate::script::{Script, TestRng};

/// Members of the opening roster.
const MEMBERS: u32 = 4;
/// Fewest members of a run.
const FLOOR: u16 = 3;
const PHASE_MS: u64 = 3_000;
/// The smallest slot there is.
const SLOT_BYTES: u32 = 64;
/// Entries that a script can bring about; after them only what is said arrives.
const STEPS: usize = 400;

/// Where the log stands at START.
pub const START: Time = Time {
    time_ms: 1_000,
    head: [0x11; 32],
};

/// Any bytes are decisions about what happens to the messages of a run.
pub fn round_run(bytes: &[u8]) {
    let _ = phases(bytes);
}

/// The phases that the runs of such a story come to.
pub fn phases(bytes: &[u8]) -> BTreeSet<Phase> {
    let mut script = Script::new(bytes);
    let lanes = 1 + u16::from(script.byte() % 2);
    let mut table = Table::new(lanes);
    for _ in 0..STEPS {
        if script.is_spent() || table.fold.is_over() {
            break;
        }
        table.disturb(&mut script);
    }
    table.play_to_end();
    table.phases
}

/// A few whole stories: all is well; two copies; one that drops, closes and goes on; a false NOGO about
/// the vectors, and one about the slots; a spoilt vector; a false NOGO whose REVEAL is spoilt.
pub fn scripts() -> Vec<Vec<u8>> {
    let after = |deliveries: usize, rest: &[u8]| [&vec![0; 1 + deliveries], rest].concat();
    vec![
        vec![0],
        vec![1, 0, 0, 0, 0, 0, 4, 0, 5, 0, 3],
        vec![0; 24],
        after(16, &[11, 0, 3]),
        after(13, &[11, 1, 1]),
        after(12, &[7, 0, 0, 0, 100, 1]),
        after(16, &[11, 0, 3, 7, 7, 0, 90, 1]),
    ]
}

/// The messages of one good run, with their entries.
pub fn recorded(lanes: u16) -> Vec<(Entry, Message)> {
    let mut table = Table::new(lanes);
    table.play_to_end();
    table.run_log
}

/// The states that a good run can be stored in.
pub fn stored(lanes: u16) -> Vec<SequenceState> {
    let mut table = Table::new(lanes);
    let mut states = vec![table.fold.checkpoint()];
    while !table.fold.is_over() {
        table.deliver_first();
        states.extend(table.fold.snapshot());
    }
    states
}

/// The frame of all these runs.
pub fn terms(lanes: u16) -> Terms {
    let member = |leaf: u32| Member {
        leaf,
        signature_key: vec![1 + leaf.to_be_bytes()[3]; 32],
    };
    Terms {
        ctx0: [0xC0; 32],
        side: None,
        lanes,
        slot_bytes: SLOT_BYTES,
        phase_ms: PHASE_MS,
        opening: (0..MEMBERS).map(|i| member(i * 2 + 1)).collect(),
        floor: FLOOR,
    }
}

/// A reader of these runs who begins with START.
pub fn reader(lanes: u16) -> Sequence {
    Sequence::begin(terms(lanes), START).expect("these terms can be played")
}

/// Everything around one log.
struct Table {
    fold: Sequence,
    /// Reads the same log, and restarts now and then from what it stored.
    restarting: Sequence,
    /// Since the current run began.
    run_log: Vec<(Entry, Message)>,
    /// Of those, what a node stores.
    stored: Vec<(Entry, Message)>,
    members: BTreeMap<u32, Contributor>,
    /// What is said and not in the log yet.
    pending: Vec<(u32, Vec<u8>)>,
    /// Who said something in this run that its node did not say.
    touched: BTreeSet<u32>,
    released: BTreeSet<u32>,
    refused: BTreeSet<u32>,
    phases: BTreeSet<Phase>,
    now_ms: u64,
    entries: u64,
    rng: TestRng,
}

impl Table {
    fn new(lanes: u16) -> Self {
        let mut table = Self {
            fold: reader(lanes),
            restarting: reader(lanes),
            run_log: Vec::new(),
            stored: Vec::new(),
            members: BTreeMap::new(),
            pending: Vec::new(),
            touched: BTreeSet::new(),
            released: BTreeSet::new(),
            refused: BTreeSet::new(),
            phases: BTreeSet::new(),
            now_ms: START.time_ms,
            entries: 0,
            rng: TestRng(u64::from(lanes)),
        };
        table.join_all();
        table
    }

    fn join_all(&mut self) {
        self.members.clear();
        for leaf in self.fold.roster() {
            let joined = Contributor::join(&self.fold, leaf, &mut self.rng);
            let (member, join) = joined.expect("a run has just begun");
            self.members.insert(leaf, member);
            self.pending.push((leaf, join.encode()));
        }
    }

    /// One thing happens that the script decides.
    fn disturb(&mut self, script: &mut Script) {
        match script.byte() % 16 {
            0..=4 => self.deliver_first(),
            5 => {
                let at = script.below(self.pending.len());
                self.deliver(at);
            }
            6 => {
                let at = script.below(self.pending.len());
                if at < self.pending.len() {
                    self.pending.remove(at);
                }
            }
            7 | 8 => self.change(script),
            9 => self.repeat(script),
            10 => self.close_or_give_up(script),
            11 => self.forge(script),
            12 => {
                let leaf = self.somebody(script);
                self.touched.insert(leaf);
                let bytes = script.bytes(200).to_vec();
                self.post(leaf, &bytes);
            }
            13 | 14 => self.now_ms += PHASE_MS,
            _ => self.restart(),
        }
    }

    /// A pending message is not what its sender's node said.
    fn change(&mut self, script: &mut Script) {
        let at = script.below(self.pending.len());
        let Some((leaf, bytes)) = self.pending.get_mut(at) else {
            return;
        };
        let before = bytes.clone();
        script.spoil(bytes);
        if *bytes != before {
            self.touched.insert(*leaf);
        }
    }

    /// Something of this run again: by its sender, or by somebody else as its own.
    fn repeat(&mut self, script: &mut Script) {
        let at = script.below(self.run_log.len());
        let Some((entry, message)) = self.run_log.get(at) else {
            return;
        };
        let (from, bytes) = (entry.from, message.encode());
        let leaf = self.somebody(script);
        if from != Some(leaf) {
            self.touched.insert(leaf);
        }
        self.post(leaf, &bytes);
    }

    fn close_or_give_up(&mut self, script: &mut Script) {
        let leaf = self.somebody(script);
        let Some(phase) = self.fold.phase() else {
            return;
        };
        if !script.one_in(4) {
            self.now_ms = self.now_ms.max(self.fold.deadline_ms());
        }
        self.post_close(leaf, phase);
    }

    fn post_close(&mut self, leaf: u32, phase: Phase) {
        let ctx = self.fold.ctx_r();
        let message = if phase == Phase::Releases {
            Message::GiveUp(GiveUp { ctx })
        } else {
            Message::Close(Close { ctx, phase })
        };
        self.post(leaf, &message.encode());
    }

    /// A LEAVE or a NOGO that no node said.
    fn forge(&mut self, script: &mut Script) {
        let leaf = self.somebody(script);
        self.touched.insert(leaf);
        let ctx = self.fold.ctx_r();
        let evidence = self.newest_transcript();
        let message = match script.byte() % 4 {
            0 => Message::Leave(Leave { ctx }),
            1 => Message::Nogo(Nogo {
                ctx,
                phase: Phase::Slots,
                evidence,
            }),
            2 => Message::Nogo(Nogo {
                ctx,
                phase: Phase::Vectors,
                evidence,
            }),
            _ => Message::Nogo(Nogo {
                ctx,
                phase: Phase::Vectors,
                evidence: self.fold.evidence().unwrap_or(evidence),
            }),
        };
        self.post(leaf, &message.encode());
    }

    /// T3, once somebody named it: what a NOGO about phase 3 must show.
    fn newest_transcript(&self) -> [u8; 32] {
        let said = self.run_log.iter().rev().find_map(|(_, message)| {
            let Message::Dc(dc) = message else {
                return None;
            };
            Some(dc.t3)
        });
        said.unwrap_or([0; 32])
    }

    /// Somebody of the opening roster.
    fn somebody(&self, script: &mut Script) -> u32 {
        let opening = &self.fold.terms().opening;
        opening[script.below(opening.len())].leaf
    }

    fn deliver_first(&mut self) {
        self.deliver(0);
    }

    /// One pending message arrives; where nothing is pending, somebody closes the phase.
    fn deliver(&mut self, at: usize) {
        if at < self.pending.len() {
            let (leaf, bytes) = self.pending.remove(at);
            self.post(leaf, &bytes);
            return;
        }
        if let Some(phase) = self.fold.phase() {
            self.now_ms = self.now_ms.max(self.fold.deadline_ms());
            let leaf = self.fold.terms().opening[0].leaf;
            self.post_close(leaf, phase);
        }
    }

    fn play_to_end(&mut self) {
        // Five runs at most, of seven phases, of a message and a CLOSE from each, and what is left.
        for _ in 0..5 * 7 * 8 + STEPS {
            if self.fold.is_over() {
                return;
            }
            self.deliver_first();
        }
        panic!("the runs do not come to an end");
    }

    fn entry(&mut self, from: u32) -> Entry {
        self.now_ms += 1;
        self.entries += 1;
        let mut head = [0; 32];
        head[..8].copy_from_slice(&self.entries.to_be_bytes());
        Entry {
            from: Some(from),
            time_ms: self.now_ms,
            head,
        }
    }

    /// Bytes under somebody's name come into the log. What is no message is void for every reader.
    fn post(&mut self, from: u32, bytes: &[u8]) {
        let Ok(message) = Message::decode(bytes) else {
            return;
        };
        assert_eq!(message.encode(), bytes);
        let entry = self.entry(from);
        let verdict = self.fold.apply(entry, &message);
        assert_eq!(self.restarting.apply(entry, &message), verdict);
        self.assert_readers_agree();
        self.phases.extend(self.fold.phase());
        self.run_log.push((entry, message.clone()));
        if !matches!(verdict, Verdict::Void(_)) {
            self.stored.push((entry, message));
        }
        self.judge(&verdict);
        self.answer();
        if let Verdict::RunEnded(_) = verdict {
            self.begin_run();
        }
    }

    fn begin_run(&mut self) {
        self.run_log.clear();
        self.stored.clear();
        // A spoilt message that is still on its way may name no run at all.
        let pending = &self.pending;
        self.touched
            .retain(|leaf| pending.iter().any(|(from, _)| from == leaf));
        self.released.clear();
        self.refused.clear();
        self.join_all();
    }

    fn answer(&mut self) {
        let (fold, rng) = (&self.fold, &mut self.rng);
        for (leaf, member) in &mut self.members {
            let lanes = fold.terms().lanes;
            let mut payloads = || (0..lanes).map(|lane| payload(*leaf, lane)).collect();
            let message = match member.next(fold, &mut payloads, rng) {
                Some(Said::Message(message)) => message,
                Some(Said::Reveal(message)) => {
                    self.refused.insert(*leaf);
                    message
                }
                Some(Said::Release(share)) => {
                    self.released.insert(*leaf);
                    share.message()
                }
                None => continue,
            };
            if matches!(message, Message::Nogo(_)) {
                self.refused.insert(*leaf);
            }
            self.pending.push((*leaf, message.encode()));
        }
        let both = self.released.intersection(&self.refused).count();
        assert_eq!(both, 0, "somebody released a run that it had refused");
    }

    /// What must hold whoever cheats.
    fn judge(&self, verdict: &Verdict) {
        match verdict {
            Verdict::RunEnded(end) | Verdict::BelowFloor(end) => self.judge_end(end),
            Verdict::Opened(opened) => {
                assert_eq!(opened.payloads.len(), usize::from(self.fold.terms().lanes));
                for (slots, lane) in opened.payloads.iter().zip(0u16..) {
                    judge_lane(&self.touched, &opened.roster, lane, slots);
                }
            }
            Verdict::AllGo => {
                let waiting = self.fold.roster().len();
                assert_eq!(
                    self.fold.awaited().len(),
                    waiting,
                    "nobody has released yet"
                );
            }
            Verdict::Disturbed(_) => {
                assert!(self.released.is_empty(), "disturbed after a release");
            }
            Verdict::Void(_)
            | Verdict::Counted
            | Verdict::SenderAbsent(_)
            | Verdict::PhaseDone(_)
            | Verdict::GaveUp(_) => {}
        }
    }

    fn judge_end(&self, end: &RunEnd) {
        assert!(!end.out.is_empty(), "a run failed and nobody is out");
        let most = MEMBERS - u32::from(FLOOR) + 1;
        assert!(end.run <= most, "run {} of {most}", end.run);
        blamed_are_known(end, &self.touched);
    }

    /// A node begins again: from the run's beginning and what it stored, or from the last phase.
    fn restart(&mut self) {
        if self.fold.is_over() {
            return;
        }
        self.restarting = match self.restarting.snapshot() {
            Some(snapshot) => through_bytes(&snapshot),
            None => {
                let mut fold = through_bytes(&self.restarting.checkpoint());
                for (entry, message) in &self.stored {
                    let _ = fold.apply(*entry, message);
                }
                fold
            }
        };
        self.assert_readers_agree();
    }

    fn assert_readers_agree(&self) {
        assert_eq!(seen(&self.restarting), seen(&self.fold));
    }
}

/// What readers of one log agree about.
pub fn seen(fold: &Sequence) -> impl PartialEq + std::fmt::Debug + use<> {
    let place = (fold.ctx_r(), fold.run_number(), fold.phase());
    // Once nothing can happen any more there is no deadline to keep.
    let deadline_ms = (!fold.is_over()).then(|| fold.deadline_ms());
    let times = (deadline_ms, fold.is_over());
    let members = (fold.roster(), fold.awaited());
    (place, times, members, fold.evidence())
}

/// Who is blamed for more than silence said something that its node did not say.
pub fn blamed_are_known(end: &RunEnd, touched: &BTreeSet<u32>) {
    for (leaf, cause) in &end.out {
        let blamed = match cause {
            Cause::HistoriesDiffer
            | Cause::Malformed
            | Cause::CopiedShare
            | Cause::SharedTag
            | Cause::Left
            | Cause::Disruptor(_) => true,
            Cause::Silent => false,
        };
        let honest = !touched.contains(leaf);
        assert!(!(blamed && honest), "leaf {leaf} is out for {cause:?}");
    }
}

/// Who said only what its node says is heard, and nobody is heard twice.
pub fn judge_lane(touched: &BTreeSet<u32>, roster: &[u32], lane: u16, slots: &[OpenedSlot]) {
    assert_eq!(slots.len(), roster.len());
    let texts: Vec<&str> = slots
        .iter()
        .filter_map(|slot| match slot {
            OpenedSlot::Text { text, .. } => Some(text.as_str()),
            OpenedSlot::Blank | OpenedSlot::Void => None,
        })
        .collect();
    for leaf in roster {
        let own = text_of(*leaf, lane);
        let heard = texts.iter().filter(|text| **text == own).count();
        let expected = usize::from(!touched.contains(leaf));
        assert!(heard == 1 || heard == expected, "{own}: {heard} times");
    }
}

fn text_of(leaf: u32, lane: u16) -> String {
    format!("{leaf} in {lane}")
}

/// What a member says.
pub fn payload(leaf: u32, lane: u16) -> Payload {
    Payload::text(&text_of(leaf, lane), SLOT_BYTES).expect("a short text")
}

fn through_bytes(state: &SequenceState) -> Sequence {
    let bytes = state.encode();
    let read = SequenceState::decode(&bytes).expect("what was stored is read");
    assert_eq!(read, *state);
    Sequence::restore(read).expect("what was stored is whole")
}
