//! One run: the honest say what the real contributor says, the colluders what their plan says.

use std::collections::BTreeMap;

use round::rules::with_narrow_tags;
use round::{
    Cause, Close, Contributor, Entry, Leave, Message, Nogo, Payload, Phase, Release, Said,
    Sequence, Verdict, parts,
};

use super::mates::Mates;
use super::{Deed, HONEST, Plan};
use crate::logs::seeded;

/// Bits of a tag where colluders try JOINs until two of theirs are equal.
const NARROW: u32 = 6;

/// How a run ended.
pub(super) enum End {
    Texts,
    Without(Vec<(u32, Cause)>),
}

struct Run<'a> {
    fold: Sequence,
    plan: &'a Plan,
    honest: BTreeMap<u32, (Contributor, Vec<Message>)>,
    mates: Mates,
    entries: u64,
    heard: Vec<(u32, Message)>,
}

/// Plays the current run to its end.
pub(super) fn play(fold: Sequence, plan: &Plan) -> (Sequence, End) {
    match plan.contains(&Deed::OneTag) {
        true => with_narrow_tags(NARROW, || Run::new(fold, plan).play()),
        false => Run::new(fold, plan).play(),
    }
}

impl<'a> Run<'a> {
    fn new(fold: Sequence, plan: &'a Plan) -> Self {
        let roster = fold.roster();
        let mut honest = BTreeMap::new();
        for leaf in roster.iter().copied().filter(|leaf| *leaf < HONEST) {
            let mut rng = seeded(&fold.ctx_r(), leaf, 0, 0);
            let joined = Contributor::join(&fold, leaf, &mut rng);
            let (member, join) = joined.expect("whoever is in the roster can join");
            honest.insert(leaf, (member, vec![join]));
        }
        let leaves = roster.into_iter().filter(|leaf| *leaf >= HONEST).collect();
        Self {
            mates: Mates::new(&fold, plan, leaves),
            fold,
            plan,
            honest,
            entries: 0,
            heard: Vec::new(),
        }
    }

    fn play(mut self) -> (Sequence, End) {
        loop {
            let phase = self.fold.phase();
            let ended = match phase {
                Some(Phase::Releases) => self.release(),
                Some(phase) => self.phase(phase),
                None => return (self.fold, End::Without(Vec::new())),
            };
            if let Some(end) = ended {
                return (self.fold, end);
            }
        }
    }

    /// All messages of a phase, then CLOSE where somebody is silent.
    fn phase(&mut self, phase: Phase) -> Option<End> {
        let mut said = Vec::new();
        if phase == Phase::Reveals && self.plan.contains(&Deed::LeaveAtReveals) {
            let ctx = self.fold.ctx_r();
            let leaver = self.mates.leaves.first().copied();
            said.extend(leaver.map(|leaf| (leaf, Message::Leave(Leave { ctx }))));
        }
        for (leaf, (_, due)) in &mut self.honest {
            said.extend(due.drain(..).map(|message| (*leaf, message)));
        }
        if let Some(nogo) = self.nogo(phase) {
            said.insert(0, nogo);
        }
        for (leaf, message) in said {
            if let Some(end) = self.post(leaf, message) {
                return Some(end);
            }
        }
        if self.fold.phase() != Some(phase) {
            return None;
        }
        for (leaf, message) in self.mates.say(&self.fold, self.plan, phase, &self.heard) {
            if let Some(end) = self.post(leaf, message) {
                return Some(end);
            }
        }
        if self.fold.phase() != Some(phase) {
            return None;
        }
        let close = Close {
            ctx: self.fold.ctx_r(),
            phase,
        };
        self.entries += self.fold.deadline_ms();
        self.post(0, Message::Close(close))
    }

    fn nogo(&self, phase: Phase) -> Option<(u32, Message)> {
        let [_, _, t3, _] = parts::transcripts(&self.fold);
        let (about, evidence) = match phase {
            Phase::Vectors if self.plan.contains(&Deed::NogoAtTags) => (Phase::Slots, t3?),
            Phase::Verdicts if self.plan.contains(&Deed::LateNogoAtTags) => (Phase::Slots, t3?),
            Phase::Verdicts if self.plan.contains(&Deed::NogoAtVectors) => {
                (Phase::Vectors, self.fold.evidence()?)
            }
            Phase::Joins
            | Phase::Kems
            | Phase::Slots
            | Phase::Vectors
            | Phase::Verdicts
            | Phase::Releases
            | Phase::Reveals => return None,
        };
        let nogo = Nogo {
            ctx: self.fold.ctx_r(),
            phase: about,
            evidence,
        };
        Some((*self.mates.leaves.first()?, Message::Nogo(nogo)))
    }

    /// Appends an entry, and lets the honest answer.
    fn post(&mut self, from: u32, message: Message) -> Option<End> {
        self.entries += 1;
        let mut head = [0; 32];
        head[..8].copy_from_slice(&self.entries.to_be_bytes());
        let entry = Entry {
            from: Some(from),
            time_ms: self.entries,
            head,
        };
        let verdict = self.fold.apply(entry, &message);
        self.heard.push((from, message));
        match verdict {
            Verdict::RunEnded(end) | Verdict::BelowFloor(end) => {
                return Some(End::Without(end.out));
            }
            Verdict::Opened(_) => return Some(End::Texts),
            Verdict::GaveUp(_) => return Some(End::Without(Vec::new())),
            Verdict::Void(_)
            | Verdict::Counted
            | Verdict::SenderAbsent(_)
            | Verdict::PhaseDone(_)
            | Verdict::Disturbed(_)
            | Verdict::AllGo => {}
        }
        for (leaf, (member, due)) in &mut self.honest {
            let mut rng = seeded(&self.fold.ctx_r(), *leaf, 0, 1);
            let mut payloads = || Payload::text("text", 64).into_iter().collect();
            match member.next(&self.fold, &mut payloads, &mut rng) {
                Some(Said::Message(said) | Said::Reveal(said)) => *due = vec![said],
                Some(Said::Release(share)) => *due = vec![share.message()],
                None => {}
            }
        }
        None
    }

    fn release(&mut self) -> Option<End> {
        let mut said: Vec<(u32, Message)> = Vec::new();
        for (leaf, (_, due)) in &mut self.honest {
            said.extend(due.drain(..).map(|message| (*leaf, message)));
        }
        let ctx = self.fold.ctx_r();
        for (leaf, share) in self.mates.shares() {
            let member = parts::index(&self.fold, leaf).expect("it is in this run");
            let member = round::MemberIndex(member);
            said.push((leaf, Message::Release(Release { ctx, member, share })));
        }
        for (leaf, message) in said {
            if let Some(end) = self.post(leaf, message) {
                return Some(end);
            }
        }
        panic!("everybody released and nothing opened")
    }
}
