//! What the cheats can say on a view. They know every log and each other's secrets, and act as one; what
//! they cannot do is speak for the honest or know their secrets.

use round::{Go, Message, Nogo, Phase, Reveal};

use super::view::{Hand, SaidId, ViewId};
use super::{Cells, SLOT, World};

/// More selves than any model gives to a member.
const SELVES: u8 = 6;

impl Cells {
    /// Ways in which all cheats of the roster can be heard in this phase: one message each.
    pub(super) fn plans(&mut self, world: &World, view: ViewId) -> Vec<Vec<SaidId>> {
        if let Some(known) = self.plans.get(&view) {
            return known.clone();
        }
        let roster = self.roster(view);
        let cheats: Vec<u32> = roster
            .into_iter()
            .filter(|l| !world.is_honest(*l))
            .collect();
        let plans = match cheats.first() {
            None => Vec::new(),
            Some(_) => self.plan(world, view, &cheats),
        };
        let keep = |cells: &mut Self, plan: Vec<Message>| -> Vec<SaidId> {
            let each = cheats.iter().zip(plan);
            each.map(|(cheat, message)| cells.keep(*cheat, message))
                .collect()
        };
        let plans: Vec<Vec<SaidId>> = plans.into_iter().map(|plan| keep(self, plan)).collect();
        self.plans.insert(view, plans.clone());
        plans
    }

    fn plan(&mut self, world: &World, view: ViewId, cheats: &[u32]) -> Vec<Vec<Message>> {
        match self.sequence(view).phase() {
            Some(Phase::Joins) => (0..world.joins)
                .filter_map(|version| self.joins(view, cheats, version))
                .collect(),
            Some(Phase::Kems) => self.kems(world, view, cheats),
            Some(Phase::Slots) => self.sums(world, view, cheats),
            Some(Phase::Vectors) => self.vectors(world, view, cheats),
            Some(Phase::Verdicts) => self.gos(world, view, cheats),
            Some(Phase::Reveals) => self.roots(world, view, cheats),
            Some(Phase::Releases) | None => Vec::new(),
        }
    }

    fn joins(&mut self, view: ViewId, cheats: &[u32], version: u8) -> Option<Vec<Message>> {
        let said = cheats.iter().enumerate().map(|(at, cheat)| {
            let instance = if at == 0 { version } else { 0 };
            self.says(
                view,
                *cheat,
                Hand {
                    instance,
                    vector: 0,
                },
            )
        });
        let said: Option<Vec<SaidId>> = said.collect();
        Some(self.bodies(&said?))
    }

    fn kems(&mut self, world: &World, view: ViewId, cheats: &[u32]) -> Vec<Vec<Message>> {
        let Some(plain) = self.as_they_should(view, cheats, 0) else {
            return Vec::new();
        };
        let mut plans = vec![plain.clone()];
        if let (true, Message::Kem(kem)) = (world.bad_tags, &plain[0]) {
            let mut kem = kem.clone();
            kem.ciphertexts = flipped(kem.ciphertexts.as_slice(), 0).into();
            plans.push(with_first(&plain, Message::Kem(kem)));
        }
        plans
    }

    fn sums(&mut self, world: &World, view: ViewId, cheats: &[u32]) -> Vec<Vec<Message>> {
        let plain = match self.as_they_should(view, cheats, 0) {
            Some(plain) => plain,
            // A bad ciphertext has spent this contributor: its sums do not matter any more.
            None => match self.anybody_says(world, view) {
                Some(Message::Slot(mut slot)) => {
                    slot.sums.fill(1);
                    vec![Message::Slot(slot); cheats.len()]
                }
                _ => return Vec::new(),
            },
        };
        let mut plans = vec![plain.clone()];
        if let (true, Message::Slot(slot)) = (world.bad_tags, &plain[0]) {
            let mut slot = slot.clone();
            slot.sums[0] ^= 1;
            plans.push(with_first(&plain, Message::Slot(slot)));
        }
        plans
    }

    fn vectors(&mut self, world: &World, view: ViewId, cheats: &[u32]) -> Vec<Vec<Message>> {
        let plans = (0..world.vectors).filter_map(|v| self.as_they_should(view, cheats, v));
        let mut plans: Vec<Vec<Message>> = plans.collect();
        let Some(plain) = plans.first().cloned() else {
            return plans;
        };
        let slots = self.roster(view).len();
        let spoilt = |at: usize, slot: usize| match &plain[at] {
            Message::Dc(dc) => {
                let mut dc = dc.clone();
                dc.vector = flipped(dc.vector.as_slice(), slot * SLOT as usize).into();
                Message::Dc(dc)
            }
            other => other.clone(),
        };
        if !matches!(plain[0], Message::Dc(_)) {
            // A bad lane: there is nothing to write, and this contributor says NOGO by itself.
            return Vec::new();
        }
        if world.damage {
            plans.extend((0..slots).map(|slot| with_first(&plain, spoilt(0, slot))));
        }
        if world.equal_sum && cheats.len() > 1 {
            let mut plan = plain.clone();
            plan[0] = spoilt(0, 0);
            plan[1] = spoilt(1, 0);
            plans.push(plan);
        }
        plans
    }

    /// GO, also where the own slot is damaged: the cheats did that themselves.
    fn gos(&mut self, world: &World, view: ViewId, cheats: &[u32]) -> Vec<Vec<Message>> {
        let ctx = self.sequence(view).ctx_r();
        let t4 = self
            .anybody_says(world, view)
            .and_then(|message| match message {
                Message::Go(go) => Some(go.t4),
                _ => None,
            });
        let go = t4.map(|t4| vec![Message::Go(Go { ctx, t4 }); cheats.len()]);
        go.into_iter().collect()
    }

    fn roots(&mut self, world: &World, view: ViewId, cheats: &[u32]) -> Vec<Vec<Message>> {
        let Some(Message::Reveal(reveal)) = self.anybody_says(world, view) else {
            return Vec::new();
        };
        let instance = self.instances(view, cheats);
        let root = |cells: &mut Self, at: usize| {
            let hand = Hand {
                instance: instance[at],
                vector: 0,
            };
            let said = cells.says(view, cheats[at], hand);
            said.map(|said| cells.messages[said as usize].1.clone())
        };
        let fallback = Message::Reveal(Reveal {
            root: [0; 32],
            ..reveal
        });
        let roots = (0..cheats.len()).map(|at| root(self, at));
        let plain: Vec<Message> = roots
            .map(|m| m.unwrap_or_else(|| fallback.clone()))
            .collect();
        let mut plans = vec![plain.clone()];
        if world.bad_root {
            plans.push(with_first(&plain, fallback));
        }
        plans
    }

    /// NOGOs of the first cheat of the roster, true or not.
    pub(super) fn accusations(&mut self, world: &World, view: ViewId) -> Vec<SaidId> {
        let sequence = self.sequence(view);
        let (ctx, evidence) = (sequence.ctx_r(), sequence.evidence());
        let roster = sequence.roster();
        let Some(cheat) = roster.into_iter().find(|leaf| !world.is_honest(*leaf)) else {
            return Vec::new();
        };
        let at_tags = match self.sequence(view).phase() {
            Some(Phase::Vectors) => Some(view),
            Some(Phase::Verdicts) => self.views[view as usize].parent,
            _ => None,
        };
        let t3 = at_tags
            .and_then(|at| self.anybody_says(world, at))
            .and_then(|m| match m {
                Message::Dc(dc) => Some(dc.t3),
                Message::Nogo(nogo) => Some(nogo.evidence),
                _ => None,
            });
        let nogo = |phase, evidence| {
            Message::Nogo(Nogo {
                ctx,
                phase,
                evidence,
            })
        };
        let shown = [
            t3.map(|t3| nogo(Phase::Slots, t3)),
            evidence.map(|evidence| nogo(Phase::Vectors, evidence)),
        ];
        shown
            .into_iter()
            .flatten()
            .map(|message| self.keep(cheat, message))
            .collect()
    }

    /// What the cheats' contributors say, or nothing where one of them has nothing to say.
    fn as_they_should(&mut self, view: ViewId, cheats: &[u32], vector: u8) -> Option<Vec<Message>> {
        let instances = self.instances(view, cheats);
        let said = cheats.iter().enumerate().map(|(at, cheat)| {
            let vector = if at == 0 { vector } else { 0 };
            let instance = instances[at];
            self.says(view, *cheat, Hand { instance, vector })
        });
        let said: Option<Vec<SaidId>> = said.collect();
        Some(self.bodies(&said?))
    }

    /// With which self each of these members stands in the run of a view.
    fn instances(&mut self, view: ViewId, cheats: &[u32]) -> Vec<u8> {
        let first = self.views[view as usize].first;
        let joins = self.views[view as usize].joins.clone();
        let instance = |cells: &mut Self, cheat: u32| {
            let joined = |instance: &u8| {
                let hand = Hand {
                    instance: *instance,
                    vector: 0,
                };
                cells
                    .says(first, cheat, hand)
                    .is_some_and(|said| joins.contains(&said))
            };
            (0..SELVES).find(joined).unwrap_or(0)
        };
        cheats.iter().map(|cheat| instance(self, *cheat)).collect()
    }

    /// What an honest member says on a view, if possible one who has found nothing wrong.
    fn anybody_says(&mut self, world: &World, view: ViewId) -> Option<Message> {
        let roster = self.roster(view);
        let honest: Vec<u32> = roster
            .into_iter()
            .filter(|leaf| world.is_honest(*leaf))
            .collect();
        let instances = self.instances(view, &honest);
        let mut worst = None;
        for vector in 0..SELVES {
            for (leaf, instance) in honest.iter().zip(&instances) {
                let hand = Hand {
                    instance: *instance,
                    vector,
                };
                let said = self.says(view, *leaf, hand);
                match said.map(|said| self.messages[said as usize].1.clone()) {
                    Some(nogo @ Message::Nogo(_)) => worst = worst.or(Some(nogo)),
                    Some(other) => return Some(other),
                    None => {}
                }
            }
        }
        worst
    }

    fn bodies(&self, said: &[SaidId]) -> Vec<Message> {
        said.iter()
            .map(|said| self.messages[*said as usize].1.clone())
            .collect()
    }
}

fn with_first(plan: &[Message], first: Message) -> Vec<Message> {
    let mut plan = plan.to_vec();
    plan[0] = first;
    plan
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    bytes
}
