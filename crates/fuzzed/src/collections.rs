//! A Round of two sides behind one gate, whose messages are changed, dropped, repeated and reordered on
//! their way into the log; and what a node stores of such a Round.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use round::{
    Close, Collection, CollectionState, Contributor, Entry, Folded, GiveUp, Hash, Leave, Member,
    Message, Nogo, Phase, Said, Terms, Verdict,
};

use crate::round_runs::{START, blamed_are_known, judge_lane, payload, seen, terms};
use crate::script::{Script, TestRng};

/// Leaves of the two sides.
const SIDES: [[u32; 3]; 2] = [[1, 3, 5], [7, 9, 11]];
/// Things that a script can bring about; after them only what is said arrives.
const STEPS: usize = 400;

/// A log of two sides, and what a node kept of it on the way.
type Played = (Vec<(Entry, Message)>, Vec<CollectionState>);

/// Those of a good Round.
static GOOD: LazyLock<Played> = LazyLock::new(|| {
    let mut table = Table::new();
    let mut states = vec![table.both.state()];
    while !table.both.is_over() {
        table.deliver(0);
        states.push(table.both.state());
    }
    (table.log, states)
});

/// Any bytes are decisions about what happens to the messages of both sides.
pub fn collection_run(bytes: &[u8]) {
    let _ = phases(bytes);
}

/// The phases that the runs of such a story come to while the gate is shut, and while it is open.
pub fn phases(bytes: &[u8]) -> BTreeSet<(bool, Phase)> {
    let mut script = Script::new(bytes);
    let mut table = Table::new();
    for _ in 0..STEPS {
        if script.is_spent() || table.both.is_over() {
            break;
        }
        table.disturb(&mut script);
    }
    table.play_to_end();
    table.phases
}

/// A stored state, and what a node does with it: it goes on.
pub fn collection_state(bytes: &[u8]) {
    let Ok(state) = CollectionState::decode(bytes) else {
        return;
    };
    assert_eq!(state.encode(), bytes);
    let Ok(mut both) = Collection::restore(&state) else {
        return;
    };
    let again = Collection::restore(&both.state()).expect("what a node stores is whole");
    assert_eq!(again.gate_is_open(), both.gate_is_open());
    for (entry, message) in &GOOD.0 {
        let _ = both.apply(*entry, message);
    }
    let _ = both.drop_out(0);
}

/// A few whole stories: all is well; a false NOGO in one side; restarts, and a side that is dropped.
pub fn scripts() -> Vec<Vec<u8>> {
    vec![
        vec![],
        [&[0; 24], [10, 0, 1, 1].as_slice(), &[0; 4], &[13]].concat(),
        [[0; 5].as_slice(), &[13, 14, 0, 0, 13, 11, 1], &[0; 9]].concat(),
    ]
}

/// Every state of a good Round.
pub fn states() -> Vec<Vec<u8>> {
    GOOD.1.iter().map(CollectionState::encode).collect()
}

/// Everything around one log.
struct Table {
    both: Collection,
    /// Reads the same log, and restarts now and then from what it stored.
    restarting: Collection,
    log: Vec<(Entry, Message)>,
    /// Of those, what a node stores since the present run of its sequence began.
    stored: Vec<(usize, Entry, Message)>,
    members: BTreeMap<u32, Contributor>,
    /// What is said and not in the log yet.
    pending: Vec<(u32, Vec<u8>)>,
    /// Shares that wait behind the gate.
    held: Vec<(u32, Vec<u8>)>,
    /// Who said something in its run that its node did not say.
    touched: BTreeSet<u32>,
    released: BTreeSet<Hash>,
    refused: BTreeSet<Hash>,
    phases: BTreeSet<(bool, Phase)>,
    now_ms: u64,
    entries: u64,
    rng: TestRng,
}

impl Table {
    fn new() -> Self {
        let begin = || {
            let terms = SIDES.iter().zip(0u16..).map(|(leaves, side)| Terms {
                side: Some(side),
                opening: leaves.iter().map(|leaf| member(*leaf)).collect(),
                floor: 2,
                ..terms(1)
            });
            Collection::begin(terms.collect(), START).expect("these terms can be played")
        };
        let mut table = Self {
            both: begin(),
            restarting: begin(),
            log: Vec::new(),
            stored: Vec::new(),
            members: BTreeMap::new(),
            pending: Vec::new(),
            held: Vec::new(),
            touched: BTreeSet::new(),
            released: BTreeSet::new(),
            refused: BTreeSet::new(),
            phases: BTreeSet::new(),
            now_ms: START.time_ms,
            entries: 0,
            rng: TestRng(2),
        };
        (0..SIDES.len()).for_each(|at| table.join_all(at));
        table
    }

    fn join_all(&mut self, at: usize) {
        let sequence = &self.both.sequences()[at];
        for leaf in sequence.roster() {
            let joined = Contributor::join(sequence, leaf, &mut self.rng);
            let (member, join) = joined.expect("a run has just begun");
            self.members.insert(leaf, member);
            self.pending.push((leaf, join.encode()));
        }
    }

    /// One thing happens that the script decides.
    fn disturb(&mut self, script: &mut Script) {
        match script.byte() % 15 {
            0..=4 => self.deliver(0),
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
            7 | 8 => {
                let at = script.below(self.pending.len());
                if let Some((leaf, bytes)) = self.pending.get_mut(at) {
                    self.touched.insert(*leaf);
                    script.spoil(bytes);
                }
            }
            9 => {
                let leaf = somebody(script);
                if let Some((_, message)) = script.choose(&self.log) {
                    let bytes = message.encode();
                    self.touched.insert(leaf);
                    self.post(leaf, &bytes);
                }
            }
            10 => self.forge(script),
            11 => {
                let at = script.below(SIDES.len());
                self.drop_out(at);
            }
            12 => self.close(script.below(SIDES.len())),
            13 => self.restart(),
            _ => self.now_ms += u64::from(script.word()),
        }
    }

    /// A LEAVE, a NOGO or a GIVE-UP that no node said.
    fn forge(&mut self, script: &mut Script) {
        let leaf = somebody(script);
        self.touched.insert(leaf);
        let (_, sequence) = self.both.of_leaf(leaf).expect("somebody of a side");
        let ctx = sequence.ctx_r();
        let message = match script.byte() % 3 {
            0 => Message::GiveUp(GiveUp { ctx }),
            1 => Message::Nogo(Nogo {
                ctx,
                phase: Phase::Vectors,
                evidence: sequence.evidence().unwrap_or([0; 32]),
            }),
            _ => Message::Leave(Leave { ctx }),
        };
        self.post(leaf, &message.encode());
    }

    /// The room forbids the run that has just begun.
    fn drop_out(&mut self, at: usize) {
        if self.both.sequences()[at].phase() != Some(Phase::Joins) {
            return;
        }
        let opened = self.both.drop_out(at);
        assert_eq!(self.restarting.drop_out(at), opened);
        self.assert_readers_agree();
        self.answer();
    }

    /// Somebody of the other side closes the phase, or its own gives up.
    fn close(&mut self, at: usize) {
        let sequence = &self.both.sequences()[at];
        let Some(phase) = sequence.phase() else {
            return;
        };
        self.now_ms = self.now_ms.max(sequence.deadline_ms());
        let ctx = sequence.ctx_r();
        let (from, message) = match phase == Phase::Releases {
            true => (SIDES[at][0], Message::GiveUp(GiveUp { ctx })),
            false => (SIDES[1 - at][0], Message::Close(Close { ctx, phase })),
        };
        self.post(from, &message.encode());
    }

    /// One pending message arrives; where nothing is pending, a phase that can be closed is.
    fn deliver(&mut self, at: usize) {
        if at < self.pending.len() {
            let (leaf, bytes) = self.pending.remove(at);
            self.post(leaf, &bytes);
            return;
        }
        let is_open = self.both.gate_is_open();
        let mut phases = self.both.sequences().iter().map(|one| one.phase());
        let waits = |phase: Phase| is_open || phase != Phase::Releases;
        if let Some(at) = phases.position(|phase| phase.is_some_and(waits)) {
            self.close(at);
        }
    }

    fn play_to_end(&mut self) {
        // Two sides, two runs at most, of seven phases, of a message and a CLOSE from each.
        for _ in 0..2 * 2 * 7 * 8 + STEPS {
            if self.both.is_over() {
                return;
            }
            self.deliver(0);
        }
        panic!("the runs do not come to an end");
    }

    /// Bytes under somebody's name come into the log.
    fn post(&mut self, from: u32, bytes: &[u8]) {
        let Ok(message) = Message::decode(bytes) else {
            return;
        };
        self.now_ms += 1;
        self.entries += 1;
        let mut head = [0; 32];
        head[..8].copy_from_slice(&self.entries.to_be_bytes());
        let entry = Entry {
            from: Some(from),
            time_ms: self.now_ms,
            head,
        };
        let was_open = self.both.gate_is_open();
        let folded = self.both.apply(entry, &message);
        assert_eq!(self.restarting.apply(entry, &message), folded);
        self.assert_readers_agree();
        self.judge(&folded, &message, was_open);
        self.log.push((entry, message.clone()));
        let at = folded.sequence;
        if !matches!(folded.verdict, Verdict::Void(_)) {
            self.stored.push((at, entry, message));
        }
        if matches!(folded.verdict, Verdict::RunEnded(_) | Verdict::AllGo) {
            self.stored.retain(|(sequence, ..)| *sequence != at);
        }
        self.answer();
        if let Verdict::RunEnded(_) = folded.verdict {
            // A spoilt message that is still on its way may name no run at all.
            let pending = &self.pending;
            let speaks = |leaf: &u32| pending.iter().any(|(from, _)| from == leaf);
            self.touched
                .retain(|leaf| !SIDES[at].contains(leaf) || speaks(leaf));
            self.join_all(at);
        }
    }

    fn answer(&mut self) {
        for (leaf, member) in &mut self.members {
            let (_, sequence) = self.both.of_leaf(*leaf).expect("a member of a side");
            let mut payloads = || vec![payload(*leaf, 0)];
            let said = match member.next(sequence, &mut payloads, &mut self.rng) {
                Some(Said::Message(message)) => message,
                Some(Said::Reveal(message)) => {
                    self.refused.insert(sequence.ctx_r());
                    message
                }
                Some(Said::Release(share)) => {
                    self.released.insert(sequence.ctx_r());
                    self.held.push((*leaf, share.message().encode()));
                    continue;
                }
                None => continue,
            };
            self.pending.push((*leaf, said.encode()));
        }
        let both = self.released.intersection(&self.refused).count();
        assert_eq!(both, 0, "one run was released and revealed");
        if self.both.gate_is_open() {
            self.pending.append(&mut self.held);
        }
    }

    /// What must hold whoever cheats.
    fn judge(&self, folded: &Folded, message: &Message, was_open: bool) {
        let is_open = self.both.gate_is_open();
        assert_eq!(folded.gate_opened, is_open && !was_open);
        let decided = |phase: Option<Phase>| matches!(phase, None | Some(Phase::Releases));
        let mut phases = self.both.sequences().iter().map(|one| one.phase());
        assert_eq!(is_open, phases.all(decided), "the gate is where it must be");
        match (&folded.verdict, message) {
            (Verdict::Opened(opened), _) => {
                assert!(was_open, "a side was opened behind the gate");
                for (slots, lane) in opened.payloads.iter().zip(0u16..) {
                    judge_lane(&self.touched, &opened.roster, lane, slots);
                }
            }
            (Verdict::GaveUp(_), _) | (Verdict::Counted, Message::Release(_)) => {
                assert!(was_open, "a side was released behind the gate");
            }
            (Verdict::RunEnded(end) | Verdict::BelowFloor(end), _) => {
                assert!(!end.out.is_empty(), "a run failed and nobody is out");
                blamed_are_known(end, &self.touched);
                let of_one_side = |(leaf, _): &(u32, _)| SIDES[folded.sequence].contains(leaf);
                assert!(end.out.iter().all(of_one_side));
            }
            (
                Verdict::Void(_)
                | Verdict::Counted
                | Verdict::SenderAbsent(_)
                | Verdict::PhaseDone(_)
                | Verdict::Disturbed(_)
                | Verdict::AllGo,
                _,
            ) => {}
        }
    }

    /// A node begins again from what it stored.
    fn restart(&mut self) {
        let bytes = self.restarting.state().encode();
        let state = CollectionState::decode(&bytes).expect("what was stored is read");
        assert_eq!(state, self.restarting.state());
        let mut again = Collection::restore(&state).expect("what was stored is whole");
        for (at, entry, message) in &self.stored {
            if self.restarting.sequences()[*at].snapshot().is_none() {
                let _ = again.apply(*entry, message);
            }
        }
        self.restarting = again;
        self.assert_readers_agree();
    }

    fn assert_readers_agree(&mut self) {
        let is_open = self.both.gate_is_open();
        assert_eq!(self.restarting.gate_is_open(), is_open);
        for (one, other) in self
            .both
            .sequences()
            .iter()
            .zip(self.restarting.sequences())
        {
            assert_eq!(seen(one), seen(other));
            self.phases
                .extend(one.phase().map(|phase| (is_open, phase)));
        }
    }
}

fn member(leaf: u32) -> Member {
    Member {
        leaf,
        signature_key: vec![1 + leaf.to_be_bytes()[3]; 32],
    }
}

fn somebody(script: &mut Script) -> u32 {
    let side = script.choose(&SIDES).expect("not empty");
    *script.choose(side).expect("not empty")
}
