//! What colluders say: what each would say if it were honest, but for what their plan shares and copies.

use std::collections::BTreeMap;

use rand_core::Rng as _;
use round::parts::{self, Drawn, Pair, Shared};
use round::{Dc, Go, Hash, Kem, Message, Phase, Reveal, Sequence, Slot};

use super::{Deed, Plan};
use crate::logs::{named, seeded};

/// JOINs that are tried for two equal tags.
const TRIES: u16 = 4000;

struct Mate {
    drawn: Drawn,
    sent: Vec<Shared>,
    pairs: Vec<Pair>,
    tag: u64,
}

/// All colluders of a run. The first two share, where the plan says so.
pub(super) struct Mates {
    pub(super) leaves: Vec<u32>,
    each: BTreeMap<u32, Mate>,
}

impl Mates {
    pub(super) fn new(fold: &Sequence, plan: &Plan, leaves: Vec<u32>) -> Self {
        let ctx = match plan.contains(&Deed::KeptSecrets) {
            true => [0; 32],
            false => fold.ctx_r(),
        };
        let mut each: BTreeMap<u32, Mate> = BTreeMap::new();
        let first = leaves.first().copied();
        for leaf in &leaves {
            let mut drawn = Drawn::new(&mut seeded(&ctx, *leaf, 0, 0));
            // Small, so that its negative is easily written.
            drawn.x = small(&ctx, *leaf);
            let friend = first.and_then(|first| each.get(&first));
            if let (Some(friend), true) = (friend, leaves.get(1) == Some(leaf)) {
                let shares = |deed| plan.contains(&deed);
                if shares(Deed::OneRoot) {
                    drawn.root = friend.drawn.root;
                }
                if shares(Deed::OneShare) {
                    drawn.x = friend.drawn.x;
                }
                if shares(Deed::NegatedShare) {
                    drawn.x = negative(&friend.drawn.x);
                }
            }
            let mate = Mate {
                drawn,
                sent: Vec::new(),
                pairs: Vec::new(),
                tag: 0,
            };
            each.insert(*leaf, mate);
        }
        Self { leaves, each }
    }

    /// The shares of all, for RELEASE.
    pub(super) fn shares(&self) -> Vec<(u32, [u8; 32])> {
        let each = self.each.iter();
        each.map(|(leaf, mate)| (*leaf, mate.drawn.x)).collect()
    }

    /// All messages of a phase; nothing from whoever is silent or has no honest word.
    pub(super) fn say(
        &mut self,
        fold: &Sequence,
        plan: &Plan,
        phase: Phase,
        heard: &[(u32, Message)],
    ) -> Vec<(u32, Message)> {
        let each: Vec<u32> = self.leaves.clone();
        let mut said: Vec<(u32, Message)> = Vec::new();
        for leaf in each {
            let own = match phase {
                Phase::Joins => self.join(fold, plan, leaf, (heard, &said)),
                Phase::Kems => self.kem(fold, leaf),
                Phase::Slots => self.slot(fold, leaf),
                Phase::Vectors => self.vector(fold, leaf),
                Phase::Verdicts => go(fold),
                Phase::Reveals => self.reveal(fold, leaf),
                Phase::Releases => None,
            };
            said.extend(own.map(|message| (leaf, message)));
        }
        self.spoil(plan, phase, &mut said, heard);
        said
    }

    fn join(
        &self,
        fold: &Sequence,
        plan: &Plan,
        leaf: u32,
        (heard, said): (&[(u32, Message)], &[(u32, Message)]),
    ) -> Option<Message> {
        let mate = self.each.get(&leaf)?;
        let spot = parts::join_place(fold, leaf)?;
        let mut ek = mate.drawn.ek(&spot);
        let is_second = self.leaves.get(1) == Some(&leaf);
        if is_second && plan.contains(&Deed::HonestKey) {
            ek = heard.iter().find_map(|(_, message)| match message {
                Message::Join(join) => Some(join.ek.as_slice().to_vec()),
                _ => None,
            })?;
        } else if let (true, true, Some((_, Message::Join(friend)))) =
            (is_second, plan.contains(&Deed::FriendsKey), said.first())
        {
            ek = friend.ek.as_slice().to_vec();
        }
        let mut rng = seeded(&spot.ctx, leaf, 0, 2);
        let mut join = mate.drawn.join(&spot, ek, &mut rng);
        if plan.contains(&Deed::OneTag) && self.leaves.last() == Some(&leaf) {
            self.try_heads(fold, leaf, &mut join, said);
        }
        Some(Message::Join(join))
    }

    /// The last JOIN decides T1: its head is changed until the first two have one tag.
    fn try_heads(
        &self,
        fold: &Sequence,
        leaf: u32,
        join: &mut round::Join,
        said: &[(u32, Message)],
    ) {
        let entry = |from: u32| round::Entry {
            from: Some(from),
            time_ms: 0,
            head: fold.head(),
        };
        let mut before = fold.clone();
        for (from, message) in said {
            let _ = before.apply(entry(*from), message);
        }
        for number in 0..TRIES {
            join.head[..2].copy_from_slice(&number.to_be_bytes());
            let mut tried = before.clone();
            let _ = tried.apply(entry(leaf), Message::Join(join.clone()));
            let [Some(t1), ..] = parts::transcripts(&tried) else {
                return;
            };
            let tag = |leaf: &u32| Some(self.each.get(leaf)?.drawn.tag(id(&tried, *leaf)?, &t1, 0));
            let tags: Vec<Option<u64>> = self.leaves.iter().take(2).map(tag).collect();
            if tags.len() == 2 && tags.first() == tags.last() {
                return;
            }
        }
    }

    fn kem(&mut self, fold: &Sequence, leaf: u32) -> Option<Message> {
        let mate = self.each.get_mut(&leaf)?;
        let [Some(t1), ..] = parts::transcripts(fold) else {
            return None;
        };
        let (ciphertexts, sent) = mate.drawn.encapsulate(fold, leaf)?;
        mate.sent = sent;
        mate.tag = mate.drawn.tag(id(fold, leaf)?, &t1, 0);
        Some(Message::Kem(Kem {
            ctx: fold.ctx_r(),
            t1,
            ciphertexts: ciphertexts.into(),
        }))
    }

    fn slot(&mut self, fold: &Sequence, leaf: u32) -> Option<Message> {
        let n = fold.roster().len();
        let mate = self.each.get_mut(&leaf)?;
        mate.pairs = mate.drawn.pairs(fold, leaf, &mate.sent)?;
        let mut sums = parts::powers(mate.tag, n);
        for pair in &mate.pairs {
            pair.pad_sums(0, &mut sums);
        }
        let [_, Some(t2), ..] = parts::transcripts(fold) else {
            return None;
        };
        let ctx = fold.ctx_r();
        Some(Message::Slot(Slot { ctx, t2, sums }))
    }

    fn vector(&self, fold: &Sequence, leaf: u32) -> Option<Message> {
        let mate = self.each.get(&leaf)?;
        let [_, _, Some(t3), _] = parts::transcripts(fold) else {
            return None;
        };
        let lanes = parts::tags(fold)?;
        let slot = parts::rank(lanes.first()?, mate.tag)?;
        let mut e = [0; 32];
        seeded(&fold.ctx_r(), leaf, 0, 3).fill_bytes(&mut e);
        let sealed = parts::seal(fold, 0, slot, mate.tag, "", &e);
        let mut vector = vec![0; fold.roster().len() * sealed.len()];
        let at = usize::from(slot) * sealed.len();
        vector[at..at + sealed.len()].copy_from_slice(&sealed);
        for pair in &mate.pairs {
            pair.pad_vector(&t3, 0, &mut vector);
        }
        Some(Message::Dc(Dc {
            ctx: fold.ctx_r(),
            t3,
            vector: vector.into(),
        }))
    }

    fn reveal(&self, fold: &Sequence, leaf: u32) -> Option<Message> {
        Some(Message::Reveal(Reveal {
            ctx: fold.ctx_r(),
            evidence: parts::charge(fold)?,
            root: self.each.get(&leaf)?.drawn.root,
        }))
    }

    /// What the plan changes about messages that are right.
    fn spoil(
        &self,
        plan: &Plan,
        phase: Phase,
        said: &mut Vec<(u32, Message)>,
        heard: &[(u32, Message)],
    ) {
        let mut found = said.clone();
        let [first, second, ..] = &mut found[..] else {
            return;
        };
        for deed in plan.iter().copied() {
            match (deed, phase) {
                (Deed::CopiedCiphertexts, Phase::Kems)
                | (Deed::CopiedSums, Phase::Slots)
                | (Deed::CopiedVector, Phase::Vectors)
                | (Deed::FriendsRoot, Phase::Reveals) => second.1 = first.1.clone(),
                (Deed::HonestCiphertexts, Phase::Kems) => {
                    let mut kems = heard.iter().filter(|(_, m)| matches!(m, Message::Kem(_)));
                    if let Some((_, message)) = kems.next() {
                        first.1 = message.clone();
                    }
                }
                (Deed::CancellingSums, Phase::Slots) => {
                    add(&mut first.1, 1);
                    add(&mut second.1, round::M61 - 1);
                }
                (Deed::WrongSum, Phase::Slots) => add(&mut first.1, 1),
                (Deed::CancellingVectors, Phase::Vectors) => {
                    flip(&mut first.1, 1);
                    flip(&mut second.1, 1);
                }
                (Deed::Damage, Phase::Vectors) => flip(&mut first.1, 64),
                _ => {}
            }
        }
        if phase == Phase::Reveals && plan.contains(&Deed::NoRoot) {
            found.remove(0);
        }
        *said = found;
    }
}

fn id(fold: &Sequence, leaf: u32) -> Option<Hash> {
    parts::join_place(fold, leaf).map(|spot| spot.id)
}

fn go(fold: &Sequence) -> Option<Message> {
    let [.., Some(t4)] = parts::transcripts(fold) else {
        return None;
    };
    let ctx = fold.ctx_r();
    Some(Message::Go(Go { ctx, t4 }))
}

/// An odd number below 2^64, as a scalar's bytes.
fn small(ctx: &Hash, leaf: u32) -> [u8; 32] {
    let drawn = named("small", &[ctx.as_slice(), &leaf.to_be_bytes()].concat());
    let mut x = [0; 32];
    x[..8].copy_from_slice(&drawn[..8]);
    x[0] |= 1;
    x
}

/// The order of the group less x.
fn negative(x: &[u8; 32]) -> [u8; 32] {
    const ORDER: [u8; 32] = [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut out = [0; 32];
    let mut borrow = 0i16;
    for ((to, order), byte) in out.iter_mut().zip(ORDER).zip(x) {
        let rest = i16::from(order) - i16::from(*byte) - borrow;
        borrow = i16::from(rest < 0);
        *to = u8::try_from(rest.rem_euclid(256)).expect("below 256");
    }
    out
}

fn add(message: &mut Message, by: u64) {
    if let Message::Slot(slot) = message {
        slot.sums[0] = (slot.sums[0] + by) % round::M61;
    }
}

/// Flips a byte in the first slots.
fn flip(message: &mut Message, step: usize) {
    if let Message::Dc(dc) = message {
        let mut vector = dc.vector.as_slice().to_vec();
        let all = step > 1;
        let flipped = vector.iter_mut().step_by(step.max(1));
        let many = if all { usize::MAX } else { 1 };
        flipped.take(many).for_each(|byte| *byte ^= 1);
        dc.vector = vector.into();
    }
}
