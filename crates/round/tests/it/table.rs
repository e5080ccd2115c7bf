//! A table of members around one log, with an rng that repeats.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use round::{
    Close, Contributor, Entry, Member, Message, OpenedSlot, Payload, ReleaseShare, RunEnd, Said,
    Sequence, Terms, Time, Verdict,
};

/// SplitMix64: reproducible, and good for nothing else.
pub struct TestRng(pub u64);

impl TryRng for TestRng {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(z ^ (z >> 31))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}

pub const PHASE_MS: u64 = 3000;
pub const START: Time = Time {
    time_ms: 1_000_000,
    head: [0x11; 32],
};

pub fn terms(n: u32, floor: u16, slot_bytes: u32) -> Terms {
    Terms {
        ctx0: [0xC0; 32],
        side: None,
        lanes: 1,
        slot_bytes,
        phase_ms: PHASE_MS,
        opening: (0..n)
            .map(|i| Member {
                leaf: i * 3 + 1,
                signature_key: vec![i as u8 + 1; 32],
            })
            .collect(),
        floor,
    }
}

/// Everything that stands in the log, and everybody around it.
pub struct Table {
    pub terms: Terms,
    pub fold: Sequence,
    pub log: Vec<(Entry, Message)>,
    pub verdicts: Vec<Verdict>,
    pub members: BTreeMap<u32, Contributor>,
    pub texts: BTreeMap<u32, Vec<String>>,
    pub shares: Vec<ReleaseShare>,
    /// Leaves that say nothing any more.
    pub away: Vec<u32>,
    pub now_ms: u64,
    pub rng: TestRng,
    /// What is said and not yet in the log.
    pub outbox: Vec<(u32, Message)>,
}

impl Table {
    pub fn new(terms: Terms, seed: u64) -> Self {
        let fold = Sequence::begin(terms.clone(), START).unwrap();
        let mut table = Self {
            terms,
            fold,
            log: Vec::new(),
            verdicts: Vec::new(),
            members: BTreeMap::new(),
            texts: BTreeMap::new(),
            shares: Vec::new(),
            away: Vec::new(),
            now_ms: START.time_ms,
            rng: TestRng(seed),
            outbox: Vec::new(),
        };
        table.join_all();
        table
    }

    pub fn leaves(&self) -> Vec<u32> {
        self.terms.opening.iter().map(|m| m.leaf).collect()
    }

    pub fn write(&mut self, leaf: u32, text: &str) {
        self.texts.entry(leaf).or_default().push(text.to_owned());
    }

    pub fn join_all(&mut self) {
        self.members.clear();
        for leaf in self.fold.roster() {
            if self.away.contains(&leaf) {
                continue;
            }
            let (member, join) = Contributor::join(&self.fold, leaf, &mut self.rng).unwrap();
            self.members.insert(leaf, member);
            self.outbox.push((leaf, join));
        }
    }

    pub fn entry(&mut self, from: u32) -> Entry {
        self.now_ms += 1;
        let mut head = [0; 32];
        head[..8].copy_from_slice(&(self.log.len() as u64 + 1).to_be_bytes());
        Entry {
            from: Some(from),
            time_ms: self.now_ms,
            head,
        }
    }

    /// Appends one entry and lets everybody answer.
    pub fn post(&mut self, from: u32, message: Message) -> Verdict {
        let entry = self.entry(from);
        let verdict = self.fold.apply(entry, &message);
        self.log.push((entry, message));
        self.verdicts.push(verdict.clone());
        if matches!(verdict, Verdict::RunEnded(_)) {
            self.outbox.clear();
            // Everybody sees the end first, and wipes.
            self.answer();
            self.join_all();
        }
        self.answer();
        verdict
    }

    fn answer(&mut self) {
        let slot_bytes = self.terms.slot_bytes;
        for (leaf, member) in &mut self.members {
            if self.away.contains(leaf) {
                continue;
            }
            let texts = self.texts.get(leaf).cloned().unwrap_or_default();
            let mut payloads = || {
                texts
                    .iter()
                    .map(|t| Payload::text(t, slot_bytes).unwrap())
                    .collect()
            };
            match member.next(&self.fold, &mut payloads, &mut self.rng) {
                Some(Said::Message(message) | Said::Reveal(message)) => {
                    self.outbox.push((*leaf, message));
                }
                Some(Said::Release(share)) => {
                    self.outbox.push((*leaf, share.message()));
                    self.shares.push(share);
                }
                None => {}
            }
        }
    }

    /// Delivers what is said, in the order given by `pick`, until all is quiet.
    pub fn play_ordered(&mut self, mut pick: impl FnMut(usize) -> usize) -> Option<Verdict> {
        let mut last = None;
        while !self.outbox.is_empty() {
            let at = pick(self.outbox.len()) % self.outbox.len();
            let (from, message) = self.outbox.remove(at);
            last = Some(self.post(from, message));
        }
        last
    }

    pub fn play(&mut self) -> Option<Verdict> {
        self.play_ordered(|_| 0)
    }

    /// Delivers until the fold reaches a phase with nothing of it said in the log.
    pub fn play_to(&mut self, phase: round::Phase) {
        while self.fold.phase() != Some(phase) {
            let (from, message) = self.outbox.remove(0);
            let _ = self.post(from, message);
        }
    }

    /// Delivers until a run ends; `None` where all is quiet before.
    pub fn play_until_run_ends(&mut self) -> Option<RunEnd> {
        while !self.outbox.is_empty() {
            let (from, message) = self.outbox.remove(0);
            if let Verdict::RunEnded(end) | Verdict::BelowFloor(end) = self.post(from, message) {
                return Some(end);
            }
        }
        None
    }

    /// A member goes away once `phase` has begun; what it has not yet said is never said.
    pub fn go_away(&mut self, leaf: u32, phase: round::Phase) {
        self.play_to(phase);
        self.away.push(leaf);
        self.outbox.retain(|(from, _)| *from != leaf);
        assert_eq!(self.play(), Some(Verdict::Counted));
        assert_eq!(self.fold.awaited(), [leaf]);
    }

    /// Lets the phase run out and closes it.
    pub fn close(&mut self, from: u32) -> Verdict {
        self.now_ms = self.now_ms.max(self.fold.deadline_ms());
        let close = Close {
            ctx: self.fold.ctx_r(),
            phase: self.fold.phase().unwrap(),
        };
        self.post(from, Message::Close(close))
    }
}

/// `n` members around 1 KiB slots, each with a text.
pub fn table(n: u32, floor: u16) -> Table {
    let mut table = Table::new(terms(n, floor, 1024), u64::from(n));
    for leaf in table.leaves() {
        table.write(leaf, &format!("from {leaf}"));
    }
    table
}

/// The texts that were opened, sorted, and how many slots were blank and void.
pub fn opened(verdict: &Verdict) -> (Vec<String>, usize, usize) {
    let Verdict::Opened(opened) = verdict else {
        panic!("not opened: {verdict:?}")
    };
    let slots = opened.payloads.iter().flatten();
    let mut texts = Vec::new();
    let (mut blank, mut void) = (0, 0);
    for slot in slots {
        match slot {
            OpenedSlot::Text { text, .. } => texts.push(text.clone()),
            OpenedSlot::Blank => blank += 1,
            OpenedSlot::Void => void += 1,
        }
    }
    texts.sort();
    (texts, blank, void)
}
